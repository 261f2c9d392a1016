"""What goes over the wire, in and out, and how the documentation describes it."""

import unicodedata
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from jobs.domain.job import JOB_ID_PATTERN, JobStage, JobStatus
from shared.http.fields import DecimalInteger, StrictBoolean, StrictInteger, Time

_JOB_ID = "job_20240115103000_k3v9q2m4d8x1z"
_UPLOAD_ID = "up_20240115103000_7c2w0n5r9f3ht"
_S3_KEY = f"blueprints/{_JOB_ID}/ground-floor.pdf"
_SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
_ONE_PIXEL_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQAAAAA3bvkkAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
_STATUSES = [status.value for status in JobStatus]
_STAGES = [stage.value for stage in JobStage]
_TARGETS = [JobStatus.PROCESSING.value, JobStatus.COMPLETED.value, JobStatus.FAILED.value]
_JOB_ERROR_CODES = [
    "BLUEPRINT_MISSING",
    "INTERNAL_ERROR",
    "PROCESSING_TIMED_OUT",
    "SERVICE_UNAVAILABLE",
    "UNREADABLE_BLUEPRINT",
]
_MAX_FILENAME_CHARACTERS = 1024  # as long as the longest S3 key
_FORMATS = ["png", "jpg", "jpeg", "pdf"]
_MAX_FORMAT_CHARACTERS = 32
_IDEMPOTENCY_KEY = r"^[!-~]{1,255}$"


JOB_ID_PARAMETER = {
    "in": "path",
    "name": "job_id",
    "required": True,
    "description": "As creating the job answered it.",
    "schema": {"type": "string", "pattern": JOB_ID_PATTERN, "example": _JOB_ID},
}


_NO_CONTROLS = "^[^\\u0000-\\u001f\\u007f-\\u009f]*$"  # what `check_text` wants, for the documentation


def check_text(text: str) -> None:
    """Raises ValidationError for control characters and for what is not Unicode text."""
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        raise ma.ValidationError("Must not contain control characters.")


def _text(description: str, example: str | None, *, null: bool = False) -> fields.String:
    shown = {"description": description} | ({"example": example} if example else {})
    return fields.String(required=True, allow_none=null, metadata=shown)


def _count(description: str, example: int) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description, "example": example})


def _filename(example: str = "ground-floor.pdf") -> fields.String:
    return fields.String(
        validate=[validate.Length(max=_MAX_FILENAME_CHARACTERS), check_text],
        metadata={
            "description": "The file's name, kept for downloads. Its extension declares no format.",
            "pattern": _NO_CONTROLS,
            "example": example,
        },
    )


def _format(example: str = "pdf", *, required: bool = False) -> fields.String:
    return fields.String(
        required=required,
        validate=[validate.Length(min=1, max=_MAX_FORMAT_CHARACTERS), check_text],
        metadata={
            "description": "`png`, `jpg` (or `jpeg`) or `pdf`; must be what the file's content is.",
            "enum": _FORMATS,
            "example": example,
        },
    )


class InlineBlueprintSchema(ma.Schema):
    """The file itself, in base64, or a URL to fetch it from."""

    file = fields.String(
        required=True,
        validate=validate.Length(min=1, error="The file is empty."),
        metadata={
            "description": "The file in base64 (RFC 4648 with padding); line breaks are allowed. Or, where "
            "this is switched on, an `https://` URL from which anybody gets the file.",
            "example": _ONE_PIXEL_PNG,
        },
    )
    format = _format("png", required=True)
    filename = _filename("one-pixel.png")


class UploadedBlueprintSchema(ma.Schema):
    """A file that was sent to an upload before."""

    upload_id = fields.String(
        required=True, metadata={"description": "As `POST /api/v1/uploads` answered.", "example": _UPLOAD_ID}
    )
    format = _format()
    filename = _filename()


class OptionsSchema(ma.Schema):
    preview = StrictBoolean(
        load_default=False,
        metadata={"description": "Also start a preview, without waiting for it.", "example": True},
    )


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
        validate=[validate.Length(max=_MAX_FORMAT_CHARACTERS), check_text],
        metadata={
            "description": "`png`, `jpg` (or `jpeg`) or `pdf`; must be what the file's content is. Empty, as "
            "a web page sends what was not filled in, it is as if it were not there.",
            "enum": ["", *_FORMATS],
        },
    )
    preview = fields.String(
        load_default="false",
        validate=validate.OneOf(["true", "false"]),
        metadata={"description": "Also start a preview, without waiting for it.", "example": "true"},
    )


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
            "description": "A new one for each job you want. Send a create again within 24 hours, with its "
            "key, file and options, and the first answer comes instead of a second job.",
        },
    )


class OpenUploadSchema(ma.Schema):
    """What is known about the file before it is sent."""

    filename = _filename()
    format = _format()


class UploadTicketSchema(ma.Schema):
    """Where to send a large file."""

    upload_id = fields.String(
        required=True,
        attribute="upload.upload_id",
        metadata={"description": "Create the job with it once the file is sent.", "example": _UPLOAD_ID},
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
            "example": {"key": f"uploads/{_UPLOAD_ID}"},
        },
    )
    expires_at = Time("When the upload can no longer be sent or used.", attribute="upload.usable_until")


class JobErrorSchema(ma.Schema):
    code = fields.String(
        required=True,
        metadata={
            "description": "What went wrong, for a program; later versions may have more.",
            "enum": _JOB_ERROR_CODES,
            "example": "PROCESSING_TIMED_OUT",
        },
    )
    message = _text("What to do about it, for a person.", "Processing took too long and was given up.")


class JobSchema(ma.Schema):
    """A blueprint and what became of it."""

    job_id = _text("The job's id.", _JOB_ID)
    status = fields.String(
        required=True,
        validate=validate.OneOf(_STATUSES),
        metadata={"description": "Where the job stands.", "example": "completed"},
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
        metadata={"description": "How far that is, in percent.", "example": 100},
    )
    degraded = fields.List(
        fields.String(),
        required=True,
        metadata={
            "description": "What the preview of page 1 had to do without, as it says itself; empty while "
            "there is none. POST to the job's preview to have it repaired.",
            "example": ["textract_unavailable"],
        },
    )
    message = _text("More about the state, for a person.", "12 rooms found.", null=True)
    created_at = Time("When the job was created.")
    updated_at = Time("When the job last changed.")
    blueprint_s3_key = _text("Where the file is stored.", _S3_KEY)
    blueprint_format = fields.String(
        required=True,
        validate=validate.OneOf(["png", "jpg", "pdf"]),
        metadata={"description": "What the file is, by its content.", "example": "pdf"},
    )
    blueprint_hash = _text("SHA-256 of the file, in hex.", _SHA256)
    blueprint_filename = _text("The file's name as it was sent.", "ground-floor.pdf", null=True)
    blueprint_size_bytes = fields.Integer(
        required=True, metadata={"description": "The file's size.", "example": 482133}
    )
    page_count = fields.Integer(required=True, metadata={"description": "1 for a PNG or JPG.", "example": 3})
    result_s3_key = _text(
        "Where the preview of page 1 is stored.", f"cache/preview/{_JOB_ID}/1.0.0.p1.json", null=True
    )
    error = fields.Nested(
        JobErrorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Why the job failed, if it did."},
    )
    request_id = _text("The request that created the job.", "req_20240115103000_k3v9q2m4d8x1z", null=True)
    correlation_id = _text("The correlation id of that request.", "import-2024-01-15", null=True)
    api_version = _text("The API version that created the job.", "v1")


class RemovedSchema(ma.Schema):
    """How much this request removed."""

    blueprint = _count("Stored files: 1, or 0 where it was gone already.", 1)
    results = _count("Stored previews, one a page and version of the detector.", 1)
    analysis = _count("Stored analyses, one a page.", 1)
    feedback = _count("Pieces of feedback.", 0)


class ReceiptSchema(ma.Schema):
    """What was erased."""

    job_id = _text("The job that is gone.", _JOB_ID)
    erased_at = Time("When nothing of it was left.")
    removed = fields.Nested(RemovedSchema, required=True)


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
    next_cursor = _text("Where the next page starts; null on the last.", None, null=True)


class OwnerQuerySchema(ma.Schema):
    owner = fields.String(
        validate=[validate.Length(min=1), check_text],
        metadata={"description": "Whose job it has to be.", "example": "local"},
    )


class InternalJobSchema(JobSchema):
    """A job as the services see it among themselves."""

    owner = _text("Who created the job.", "local")
    version = fields.Integer(
        required=True, metadata={"description": "Counts the job's changes.", "example": 3}
    )


class TransitionErrorSchema(ma.Schema):
    code = fields.String(required=True, validate=[validate.Length(1, 100), check_text])
    message = fields.String(required=True, validate=[validate.Length(1, 1000), check_text])


class TransitionSchema(ma.Schema):
    """What moves a job on."""

    to = fields.String(
        required=True,
        validate=validate.OneOf(_TARGETS),
        metadata={"description": "Cancelling is the caller's alone.", "example": "processing"},
    )
    expected_version = StrictInteger(required=True, validate=validate.Range(1, 2**31))
    stage = fields.Enum(JobStage, by_value=fields.String, allow_none=True)
    progress = StrictInteger(allow_none=True, validate=validate.Range(0, 100))
    message = fields.String(allow_none=True, validate=[validate.Length(max=1000), check_text])
    result_s3_key = fields.String(allow_none=True, validate=[validate.Length(1, 1024), check_text])
    degraded = fields.List(
        fields.String(validate=validate.Regexp(r"^[a-z_]{1,40}\Z")),
        load_default=(),
        validate=validate.Length(max=20),
        metadata={"description": "What the result lacks.", "example": ["textract_unavailable"]},
    )
    error = fields.Nested(TransitionErrorSchema, allow_none=True)

    @ma.validates_schema
    def _check(self, data: dict[str, Any], **_: Any) -> None:
        if (data["to"] == JobStatus.FAILED) != (data.get("error") is not None):
            raise ma.ValidationError("Must be given for failed, and for nothing else.", "error")
