"""Fields, examples and limits that several resources have."""

import unicodedata

import marshmallow as ma
from marshmallow import fields, validate

from jobs.domain.formats import FORMATS, SPELLINGS, either
from jobs.domain.job import JOB_ID_PATTERN

JOB_ID = "job_20240115103000_k3v9q2m4d8x1z"
UPLOAD_ID = "up_20240115103000_7c2w0n5r9f3ht"

_MAX_FILENAME_CHARACTERS = 1024  # as long as the longest S3 key
MAX_FORMAT_CHARACTERS = 32
FORMAT_DESCRIPTION = either(
    " ".join([f"`{each.name}`", *(f"(or `{other}`)" for other in each.other_names)])
    for each in FORMATS.values()
)

JOB_ID_PARAMETER = {
    "in": "path",
    "name": "job_id",
    "required": True,
    "description": "`job_id` of the answer that created the job.",
    "schema": {"type": "string", "pattern": JOB_ID_PATTERN, "example": JOB_ID},
}

_NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"  # what `check_text` wants, for the documentation


def check_text(text: str) -> None:
    """Raises ValidationError for control characters and for what is not Unicode text."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ma.ValidationError("Must not contain control characters.")


def text_field(description: str, example: str | None, *, null: bool = False) -> fields.String:
    shown = {"description": description} | ({"example": example} if example else {})
    return fields.String(required=True, allow_none=null, metadata=shown)


def count_field(description: str, example: int) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description, "example": example})


def filename_field(example: str = "ground-floor.pdf") -> fields.String:
    return fields.String(
        validate=[validate.Length(max=_MAX_FILENAME_CHARACTERS), check_text],
        metadata={
            "description": "The file's name, kept for downloads. Its extension declares no format.",
            "pattern": _NO_CONTROLS,
            "example": example,
        },
    )


def format_field(example: str = "pdf", *, required: bool = False) -> fields.String:
    return fields.String(
        required=required,
        validate=[validate.Length(min=1, max=MAX_FORMAT_CHARACTERS), check_text],
        metadata={
            "description": f"{FORMAT_DESCRIPTION}; must be what the file's content is.",
            "enum": list(SPELLINGS),
            "example": example,
        },
    )
