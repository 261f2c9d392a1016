"""What the jobs service asks of this one, and what it is answered."""

from datetime import UTC

import marshmallow as ma
from marshmallow import fields, validate

from preview.api.schemas.fields import JOB_ID_EXAMPLE, integer_field, string_field
from preview.api.schemas.pages import PageCountsSchema, PageErrorSchema, pages_field
from preview.domain.blueprint import MAX_PAGES
from preview.domain.job import JOB_ID_PATTERN, JobStatus
from preview.domain.preview import Degraded
from shared.http.fields import StrictInteger


class JobSummarySchema(ma.Schema):
    """The job whose pages are asked for; what else is said of it is not looked at."""

    class Meta:
        unknown = ma.EXCLUDE

    job_id = fields.String(
        required=True,
        metadata={"description": "The job's id.", "pattern": JOB_ID_PATTERN, "example": JOB_ID_EXAMPLE},
    )
    owner = fields.String(
        required=True,
        validate=validate.Length(min=1),
        metadata={"description": "Who created it.", "example": "local"},
    )
    status = fields.Enum(JobStatus, by_value=True, required=True, metadata={"example": "pending"})
    page_count = StrictInteger(
        required=True,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Pages of its blueprint.", "example": 40},
    )
    expires_at = fields.AwareDateTime(
        required=True,
        default_timezone=UTC,
        metadata={
            "description": "When it and its pages expire.",
            "example": "2024-01-22T10:30:00.000Z",
        },
    )


class JobPagesRequestSchema(ma.Schema):
    """A job, and which of its pages to preview."""

    job = fields.Nested(JobSummarySchema, required=True)
    pages = pages_field()


class PagesReportSchema(PageCountsSchema):
    """How far the pages of a job have come; of two reports that with the higher number holds."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    number = integer_field(
        "Sequence number of the counts; grows with every change, 0 while no page was requested.", 7
    )
    begun = fields.Boolean(required=True, metadata={"description": "Whether a worker has begun any of them."})
    unfinished = fields.Boolean(
        required=True, metadata={"description": "Whether any page waits or is being processed."}
    )
    result_s3_key = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The stored preview of page 1, once all have ended."},
    )
    degraded = fields.List(
        fields.Enum(Degraded, by_value=True),
        required=True,
        metadata={"description": "What the previews lack, once all pages have ended."},
    )
    error = fields.Nested(
        PageErrorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "That of the lowest page, once all have failed."},
    )
    rooms = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "How many were found, once all pages have ended."},
    )


class ErasedSchema(ma.Schema):
    """How much was removed."""

    results = integer_field("Stored previews.", 1)
    analysis = integer_field("Stored analyses.", 1)
