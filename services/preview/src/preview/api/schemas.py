"""What goes over the wire, in and out, and how the documentation describes it."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from preview.domain.job import JOB_ID_PATTERN, JobStatus
from preview.domain.preview import Degraded
from preview.domain.room import RejectionReason
from shared.http.fields import DecimalInteger, StrictBoolean, StrictInteger, Time

_JOB_ID = "job_20240115103000_k3v9q2m4d8x1z"
_MOST_PAGES = 500
JOB_ID_PARAMETER = {
    "in": "path",
    "name": "job_id",
    "required": True,
    "description": "The job's id.",
    "schema": {"type": "string", "pattern": JOB_ID_PATTERN, "example": _JOB_ID},
}
FORMATS = ("json", "geojson", "svg", "coco", "csv")


class Box(fields.List[Any]):
    """``[x_min, y_min, x_max, y_max]``."""

    def __init__(self) -> None:
        super().__init__(
            fields.Float(),
            required=True,
            validate=validate.Length(equal=4),
            metadata={
                "description": "`[x_min, y_min, x_max, y_max]`, each 0 to 1000 along its side of the page.",
                "example": [50.0, 50.0, 200.0, 300.0],
            },
        )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[float]:
        return list(value)


class Polygon(fields.List[Any]):
    """``[[x, y], …]``."""

    def __init__(self) -> None:
        super().__init__(
            fields.List(fields.Float(), validate=validate.Length(equal=2)),
            required=True,
            metadata={
                "description": "Corners `[x, y]` in order; the first is not repeated.",
                "example": [[50.0, 50.0], [200.0, 50.0], [200.0, 300.0], [50.0, 300.0]],
            },
        )

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[list[float]]:
        return [list(corner) for corner in value]


def _text(description: str, example: str, **kwargs: Any) -> fields.String:
    return fields.String(required=True, metadata={"description": description, "example": example}, **kwargs)


def _whole(description: str, example: int) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description, "example": example})


def _seconds(description: str, example: float) -> fields.Float:
    return fields.Float(required=True, metadata={"description": description, "example": example})


def _share(description: str) -> fields.Float:
    return fields.Float(
        required=True,
        validate=validate.Range(0, 1),
        metadata={"description": description, "example": 0.75},
    )


def _page_number() -> DecimalInteger:
    return DecimalInteger(
        load_default=1,
        validate=validate.Range(1, _MOST_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )


class PreviewRequestSchema(ma.Schema):
    """May be left out altogether."""

    page = StrictInteger(
        load_default=1,
        validate=validate.Range(1, _MOST_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )
    refresh = StrictBoolean(
        load_default=False,
        metadata={"description": "Compute again, also when there is a stored preview.", "example": False},
    )


class PageQuerySchema(ma.Schema):
    page = _page_number()


class PreviewQuerySchema(PageQuerySchema):
    format = fields.String(
        validate=validate.OneOf(FORMATS),
        metadata={
            "description": "Goes before the `Accept` header. `geojson` has page coordinates, not WGS84; "
            "`coco` and `svg` have pixels of the page.",
            "example": "json",
        },
    )
    withheld = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={
            "description": "Answer also the regions that were looked at and refused, with reasons. As json "
            "only: with another `format` it is refused, and `Accept` is not looked at.",
            "example": False,
        },
    )

    @ma.validates_schema
    def _withheld_is_json(self, query: dict[str, Any], **_: Any) -> None:
        if query["withheld"] and query.get("format", "json") != "json":
            raise ma.ValidationError("Only the json format has withheld regions.", "withheld")


class PageSchema(ma.Schema):
    """The page as it was analysed."""

    number = _whole("From 1.", 1)
    count = _whole("Pages of the blueprint.", 3)
    width_px = _whole("Width of the raster that was analysed, upright.", 3300)
    height_px = _whole("Height of that raster.", 2550)
    rotation = _whole("Clockwise turn in degrees that made the page upright.", 0)


class RoomSchema(ma.Schema):
    id = _text("Stable in reading order.", "room_001")
    bounding_box = Box()
    polygon = Polygon()
    name_hint = fields.String(
        metadata={"description": "Present only where text on the plan says so.", "example": "Entry Hall"}
    )
    confidence = _share("Of rooms said at 0.8, about 80 % are right.")

    @ma.post_dump
    def _without_absent_name(self, room: dict[str, Any], **_: Any) -> dict[str, Any]:
        if room["name_hint"] is None:
            del room["name_hint"]
        return room


class TimingSchema(ma.Schema):
    """Seconds by stage; text and rooms are found side by side."""

    load_seconds = _seconds("Fetching the file.", 0.05)
    render_seconds = _seconds("Drawing the page.", 0.21)
    textract_analysis_seconds = _seconds("OcrResult text.", 2.4)
    room_detection_seconds = _seconds("Finding and naming rooms.", 0.4)
    total_seconds = _seconds("All of it.", 3.2)


class PreviewSchema(ma.Schema):
    """The rooms of one page."""

    job_id = _text("The job's id.", _JOB_ID)
    stage = fields.Constant("preview", required=True)
    page = fields.Nested(PageSchema, required=True)
    rooms = fields.List(
        fields.Nested(RoomSchema), required=True, metadata={"description": "In reading order."}
    )
    processing_time_seconds = fields.Float(
        required=True, attribute="timing.total_seconds", metadata={"example": 3.2}
    )
    timing_metrics = fields.Nested(TimingSchema, required=True, attribute="timing")
    model_version = _text("Version of the room detector.", "1.0.0")
    cached = fields.Boolean(
        required=True, metadata={"description": "Whether it was there already.", "example": False}
    )
    degraded = fields.List(
        fields.Enum(Degraded, by_value=True),
        required=True,
        metadata={
            "description": "What this preview had to do without; ask again to have it repaired.",
            "example": [],
        },
    )
    timestamp = Time("When the rooms were found.")


class WithheldSchema(ma.Schema):
    """A region that was looked at and refused."""

    bounding_box = Box()
    polygon = Polygon()
    reason = fields.Enum(
        RejectionReason,
        by_value=True,
        required=True,
        metadata={"description": "Why, for a program.", "example": "furniture"},
    )
    message = fields.String(
        required=True,
        attribute="reason.message",
        metadata={"description": "Why, for a person.", "example": RejectionReason.FURNITURE.message},
    )


class StoredPreviewSchema(PreviewSchema):
    """The rooms of one page and, if asked for, what was taken for no room."""

    withheld = fields.List(
        fields.Nested(WithheldSchema),
        metadata={"description": "Only with `withheld=true`: the most room-like first."},
    )


class PreviewInProgressSchema(ma.Schema):
    """Somebody is computing the same preview; ask again after `Retry-After`."""

    job_id = _text("The job's id.", _JOB_ID)
    status = fields.Enum(
        JobStatus,
        by_value=True,
        required=True,
        metadata={"description": "Where the job stands.", "example": "processing"},
    )


class TextBlockSchema(ma.Schema):
    """A block of text or layout, as Textract has them."""

    id = _text("Unique within the page.", "5f6d2c1e-9a41-4d0e-8a32-0f5b4f0a7c11")
    kind = _text("`LINE`, `WORD`, `LAYOUT_TITLE` and so on.", "WORD")
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Null for a block that only groups others.", "example": "KITCHEN"},
    )
    confidence = _share("Textract's own, from 0 to 1.")
    bounding_box = Box()
    children = fields.List(
        fields.String(), required=True, metadata={"description": "Ids of the blocks inside.", "example": []}
    )


class _TextBlocks(fields.List[Any]):
    """A page may have 20,000; marshmallow takes twenty times as long, field by field (measured)."""

    def __init__(self) -> None:
        super().__init__(fields.Nested(TextBlockSchema), required=True)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> list[dict[str, Any]]:
        return [
            {
                "id": block.id,
                "kind": block.kind,
                "text": block.text,
                "confidence": block.confidence,
                "bounding_box": block.bounding_box,
                "children": block.children,
            }
            for block in value
        ]


class AnalysisMetadataSchema(ma.Schema):
    page = _whole("From 1.", 1)
    page_count = _whole("Pages of the blueprint.", 3)
    text_source = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf(["textract", "text_layer", None]),
        metadata={"description": "Null where there was no text to be had.", "example": "textract"},
    )
    features = fields.List(
        fields.String(), required=True, metadata={"description": "Asked of Textract.", "example": ["LAYOUT"]}
    )
    textract_model_version = fields.String(required=True, allow_none=True, metadata={"example": "1.0"})
    textract_pages = _whole("Pages sent to Textract.", 1)
    text_layer_words = _whole("Words of the PDF's own text.", 0)


class AnalysisSchema(ma.Schema):
    """Text and layout of one page."""

    job_id = _text("The job's id.", _JOB_ID)
    s3_key = _text("Where it is stored.", f"cache/textract/{_JOB_ID}/analysis.json")
    text_blocks = _TextBlocks()
    layout_blocks = _TextBlocks()
    metadata = fields.Nested(AnalysisMetadataSchema, required=True)
    timestamp = Time("When the text was read.")


class StartSchema(ma.Schema):
    job_id = fields.String(
        required=True,
        metadata={"description": "The job to preview.", "pattern": JOB_ID_PATTERN, "example": _JOB_ID},
    )


class StartedSchema(ma.Schema):
    """The job as it stands now."""

    job_id = _text("The job's id.", _JOB_ID)
    status = fields.Enum(JobStatus, by_value=True, required=True, metadata={"example": "processing"})


class ErasedSchema(ma.Schema):
    """How much was removed."""

    results = _whole("Stored previews.", 1)
    analysis = _whole("Stored analyses.", 1)
