"""Jobs as they are answered, and lists of them."""

import marshmallow as ma
from marshmallow import fields, validate

from jobs.api.errors import JOB_ERROR_CODES
from jobs.api.schemas.fields import JOB_ID, count_field, text_field
from jobs.domain.formats import FORMATS, PICTURE_TITLES
from jobs.domain.job import JobStage, JobStatus
from shared.http.fields import DecimalInteger, Time

_S3_KEY = f"blueprints/{JOB_ID}/ground-floor.pdf"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_STATUSES = [status.value for status in JobStatus]
_STAGES = [stage.value for stage in JobStage]


class JobErrorSchema(ma.Schema):
    code = fields.String(
        required=True,
        metadata={
            "description": "What went wrong, for a program; later versions may have more.",
            "enum": JOB_ERROR_CODES,
            "example": "PROCESSING_TIMED_OUT",
        },
    )
    message = text_field("What to do about it, for a person.", "Processing took too long and was given up.")


class PageCountsSchema(ma.Schema):
    """How many pages of a job were asked for."""

    asked = count_field("Pages requested, without those that were cancelled.", 40)
    done = count_field("Pages that have ended, including those that failed.", 12)
    failed = count_field("Pages that have failed.", 1)


class JobSchema(ma.Schema):
    """A blueprint and what became of it."""

    job_id = text_field("The job's id.", JOB_ID)
    status = fields.String(
        required=True,
        validate=validate.OneOf(_STATUSES),
        metadata={"description": "State of the job.", "example": "completed"},
    )
    stage = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*_STAGES, None]),
        metadata={"description": "What is being done, or was done last.", "example": "preview"},
    )
    progress = fields.Integer(
        required=True,
        validate=validate.Range(0, 100),
        metadata={"description": "Progress of the job, in percent.", "example": 100},
    )
    pages = fields.Nested(
        PageCountsSchema,
        attribute="asked_pages",
        required=True,
        allow_none=True,
        metadata={"description": "Progress of the requested pages; null while none was requested."},
    )
    degraded = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "What the previews of its pages lack, taken together; empty where they lack "
            "nothing. POST to the preview of a page to repair it.",
            "example": ["textract_unavailable"],
        },
    )
    message = text_field("More about the state, for a person.", "12 rooms found on 1 page.", null=True)
    created_at = Time("When the job was created.")
    updated_at = Time("When the job last changed.")
    expires_at = Time("When the job and all its data are deleted.")
    blueprint_s3_key = text_field("Where the file is stored.", _S3_KEY)
    blueprint_format = fields.String(
        required=True,
        validate=validate.OneOf(list(FORMATS)),
        metadata={"description": "What the file is, by its content.", "example": "pdf"},
    )
    blueprint_hash = text_field("SHA-256 of the file, in hex.", _SHA256)
    blueprint_filename = text_field("The file's name as it was sent.", "ground-floor.pdf", null=True)
    blueprint_size_bytes = fields.Integer(
        required=True, metadata={"description": "The file's size.", "example": 482133}
    )
    page_count = fields.Integer(
        required=True, metadata={"description": f"1 for a {PICTURE_TITLES}.", "example": 3}
    )
    result_s3_key = text_field(
        "Where the preview of page 1 is stored.", f"cache/preview/{JOB_ID}/1.0.0.p1.json", null=True
    )
    error = fields.Nested(
        JobErrorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Why the job failed, if it did."},
    )
    request_id = text_field(
        "The request that created the job.", "req_20240115103000_k3v9q2m4d8x1z", null=True
    )
    correlation_id = text_field("The correlation id of that request.", "import-2024-01-15", null=True)
    api_version = text_field("The API version that created the job.", "v1")


class JobListQuerySchema(ma.Schema):
    status = fields.Enum(
        JobStatus,
        by_value=fields.String,
        metadata={"description": "Only jobs in this state.", "example": "completed"},
    )
    limit = DecimalInteger(
        load_default=20,
        validate=validate.Range(1, 100),
        metadata={"description": "How many jobs at most.", "example": 20},
    )
    cursor = fields.String(
        validate=validate.Length(1, 1024),
        metadata={
            "description": "`next_cursor` of the page before; it is valid with the same `status` only."
        },
    )


class JobListSchema(ma.Schema):
    """One page of jobs, newest first."""

    jobs = fields.List(fields.Nested(JobSchema), required=True)
    next_cursor = text_field("Where the next page starts; null on the last.", None, null=True)
