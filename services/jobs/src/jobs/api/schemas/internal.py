"""What the services say to each other about a job."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from jobs.api.schemas.fields import check_text, text_field
from jobs.api.schemas.jobs import JobSchema
from jobs.domain.job import JobStage, JobStatus
from shared.http.fields import StrictBoolean, StrictInteger

_TARGETS = [JobStatus.PROCESSING.value, JobStatus.COMPLETED.value, JobStatus.FAILED.value]


class OwnerQuerySchema(ma.Schema):
    owner = fields.String(
        validate=[validate.Length(min=1), check_text],
        metadata={"description": "Owner that the job must belong to.", "example": "local"},
    )


class InternalJobSchema(JobSchema):
    """A job as the services see it among themselves."""

    owner = text_field("Who created the job.", "local")
    version = fields.Integer(
        required=True, metadata={"description": "Counts the job's changes.", "example": 3}
    )


def _count_field(description: str, minimum: int = 0) -> fields.Integer:
    metadata = {"description": description, "example": 3}
    return StrictInteger(required=True, validate=validate.Range(minimum, 2**31), metadata=metadata)


def _degraded_field(description: str) -> "fields.List[str]":
    return fields.List(
        fields.String(validate=validate.Regexp(r"^[a-z_]{1,40}\Z")),
        load_default=(),
        validate=validate.Length(max=20),
        metadata={"description": description, "example": ["textract_unavailable"]},
    )


class TransitionErrorSchema(ma.Schema):
    code = fields.String(required=True, validate=[validate.Length(1, 100), check_text])
    message = fields.String(required=True, validate=[validate.Length(1, 1000), check_text])


class TransitionSchema(ma.Schema):
    """What moves a job on."""

    to = fields.String(
        required=True,
        validate=validate.OneOf(_TARGETS),
        metadata={"description": "Only callers cancel jobs.", "example": "processing"},
    )
    expected_version = StrictInteger(required=True, validate=validate.Range(1, 2**31))
    stage = fields.Enum(JobStage, by_value=fields.String, allow_none=True)
    progress = StrictInteger(allow_none=True, validate=validate.Range(0, 100))
    message = fields.String(allow_none=True, validate=[validate.Length(max=1000), check_text])
    result_s3_key = fields.String(allow_none=True, validate=[validate.Length(1, 1024), check_text])
    degraded = _degraded_field("What the result lacks.")
    error = fields.Nested(TransitionErrorSchema, allow_none=True)

    @ma.validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if (data["to"] == JobStatus.FAILED) != (data.get("error") is not None):
            raise ma.ValidationError("Must be given for failed, and for nothing else.", "error")


class PageReportSchema(ma.Schema):
    """How far the pages of a job have come."""

    number = _count_field("Sequence number of the counts; grows with every change.", minimum=1)
    asked = _count_field("Pages requested.")
    done = _count_field("Pages that have ended.")
    failed = _count_field("Pages that have failed.")
    begun = StrictBoolean(required=True, metadata={"description": "Whether a worker has begun one of them."})
    result_s3_key = fields.String(allow_none=True, validate=[validate.Length(1, 1024), check_text])
    degraded = _degraded_field("What the previews lack, once all pages have ended.")
    error = fields.Nested(TransitionErrorSchema, allow_none=True)
    rooms = StrictInteger(
        allow_none=True,
        validate=validate.Range(min=0),
        metadata={"description": "Rooms found, once all pages have ended."},
    )

    @ma.validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if not data["failed"] <= data["done"] <= data["asked"]:
            raise ma.ValidationError("Must not be more than are asked for, nor fewer than failed.", "done")
