"""What erasing a job answers."""

import marshmallow as ma
from marshmallow import fields

from jobs.api.schemas.fields import JOB_ID, count_field, text_field
from shared.http.fields import Time


class RemovedSchema(ma.Schema):
    """How much this request removed."""

    blueprint = count_field("Stored files: 1, or 0 where it was gone already.", 1)
    results = count_field("Stored previews, one a page and version of the detector.", 1)
    analysis = count_field("Stored analyses, one a page.", 1)
    feedback = count_field("Entries of feedback.", 0)


class ReceiptSchema(ma.Schema):
    """What was erased."""

    job_id = text_field("The erased job.", JOB_ID)
    erased_at = Time("When everything was deleted.")
    removed = fields.Nested(RemovedSchema, required=True)
