"""What the jobs service asks of this one, and what it is answered."""

import marshmallow as ma
from marshmallow import fields

from preview.api.schemas.fields import JOB_ID_EXAMPLE, integer_field, string_field
from preview.domain.job import JOB_ID_PATTERN, JobStatus


class StartSchema(ma.Schema):
    job_id = fields.String(
        required=True,
        metadata={"description": "The job to preview.", "pattern": JOB_ID_PATTERN, "example": JOB_ID_EXAMPLE},
    )


class StartedSchema(ma.Schema):
    """The job as it stands now."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    status = fields.Enum(JobStatus, by_value=True, required=True, metadata={"example": "processing"})


class ErasedSchema(ma.Schema):
    """How much was removed."""

    results = integer_field("Stored previews.", 1)
    analysis = integer_field("Stored analyses.", 1)
