"""The bodies of ``POST /jobs``."""

import marshmallow as ma
from marshmallow import fields, validate

from jobs.api.schemas.fields import (
    FORMAT_DESCRIPTION,
    MAX_FORMAT_CHARACTERS,
    UPLOAD_ID,
    check_text,
    filename_field,
    format_field,
)
from jobs.domain.formats import SPELLINGS
from jobs.domain.pages import MAX_PAGES_CHARACTERS, PAGES_PATTERN
from shared.http.fields import StrictBoolean

_ONE_PIXEL_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
_IDEMPOTENCY_KEY = r"^[!-~]{1,255}$"


class InlineBlueprintSchema(ma.Schema):
    """The file itself, in base64, or a URL to fetch it from."""

    file = fields.String(
        required=True,
        validate=validate.Length(min=1, error="The file is empty."),
        metadata={
            "description": "The file in base64 (RFC 4648 with padding); line breaks are allowed. Or, where "
            "the operator has enabled it, an `https://` URL of the file that needs no credentials.",
            "example": _ONE_PIXEL_PNG,
        },
    )
    format = format_field("png", required=True)
    filename = filename_field("one-pixel.png")


class UploadedBlueprintSchema(ma.Schema):
    """A file that was sent to an upload before."""

    upload_id = fields.String(
        required=True,
        metadata={
            "description": "`upload_id` of the answer to `POST /api/v1/uploads`.",
            "example": UPLOAD_ID,
        },
    )
    format = format_field()
    filename = filename_field()


_PREVIEW_DESCRIPTION = "Also have page 1 previewed, without waiting for it."
_PAGES_DESCRIPTION = (
    "Have these pages previewed, whatever `preview` says: `all`, or numbers and ranges as in `1-3,7`. "
    "They are queued, and done however long the queue is."
)


def _pages_field(pattern: str, description: str) -> fields.String:
    error = "Must be 'all', or numbers and ranges as in '1-3,7'."
    return fields.String(
        validate=[validate.Length(max=MAX_PAGES_CHARACTERS), validate.Regexp(pattern, error=error)],
        metadata={"description": description, "example": "1"},
    )


class OptionsSchema(ma.Schema):
    preview = StrictBoolean(
        load_default=False, metadata={"description": _PREVIEW_DESCRIPTION, "example": True}
    )
    pages = _pages_field(PAGES_PATTERN, _PAGES_DESCRIPTION)


def _options() -> fields.Nested:
    return fields.Nested(OptionsSchema, load_default=lambda: {"preview": False})


class CreateJobInlineSchema(ma.Schema):
    """A job from a file in base64 or from a URL."""

    blueprint = fields.Nested(InlineBlueprintSchema, required=True)
    options = _options()


class CreateJobFromUploadSchema(ma.Schema):
    """A job from an upload."""

    blueprint = fields.Nested(UploadedBlueprintSchema, required=True)
    options = _options()


class FormFieldsSchema(ma.Schema):
    """The fields of a form besides its file."""

    format = fields.String(
        validate=[validate.Length(max=MAX_FORMAT_CHARACTERS), check_text],
        metadata={
            "description": f"{FORMAT_DESCRIPTION}; must be what the file's content is. An "
            "empty value, as web pages send for a blank field, counts as absent.",
            "enum": ["", *SPELLINGS],
        },
    )
    preview = fields.String(
        load_default="false",
        validate=validate.OneOf(["true", "false"]),
        metadata={"description": _PREVIEW_DESCRIPTION, "example": "true"},
    )
    pages = _pages_field(f"^$|{PAGES_PATTERN}", f"{_PAGES_DESCRIPTION} An empty value counts as absent.")


class CreateJobFormSchema(FormFieldsSchema):
    """A job from a form; for the documentation, the file never being in memory."""

    file = fields.Raw(
        required=True,
        metadata={"type": "string", "format": "binary", "description": "The file itself."},
    )


class IdempotencyKeySchema(ma.Schema):
    """A header, so that a create can be sent again safely."""

    idempotency_key = fields.String(
        data_key="Idempotency-Key",
        validate=validate.Regexp(
            _IDEMPOTENCY_KEY, error="Must be 1 to 255 visible ASCII characters, such as a UUID."
        ),
        metadata={
            "description": "A new key for each job. A request that is sent again within 24 hours, with the "
            "same key, file and options, gets the first answer and creates no second job.",
        },
    )
