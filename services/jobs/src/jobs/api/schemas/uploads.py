"""Opening an upload, and where to send the file then."""

import marshmallow as ma
from marshmallow import fields

from jobs.api.schemas.fields import UPLOAD_ID, filename_field, format_field
from shared.http.fields import Time


class OpenUploadSchema(ma.Schema):
    """What is known about the file before it is sent."""

    filename = filename_field()
    format = format_field()


class UploadTicketSchema(ma.Schema):
    """Where to send a large file."""

    upload_id = fields.String(
        required=True,
        attribute="upload.upload_id",
        metadata={"description": "Create the job with it once the file is sent.", "example": UPLOAD_ID},
    )
    url = fields.String(
        required=True,
        attribute="post.url",
        metadata={
            "description": "POST a `multipart/form-data` here: all of `fields`, then the file as `file`.",
            "example": "https://location-detection-dev-blueprints.s3.amazonaws.com/",
        },
    )
    fields_ = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        required=True,
        attribute="post.fields",
        data_key="fields",
        metadata={
            "description": "Form fields to send unchanged.",
            "example": {"key": f"uploads/{UPLOAD_ID}"},
        },
    )
    expires_at = Time("When the upload can no longer be sent or used.", attribute="upload.usable_until")
