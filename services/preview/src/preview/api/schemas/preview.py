"""Requests for a preview, and the preview of a page."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from preview.api.schemas.fields import (
    JOB_ID_EXAMPLE,
    Box,
    PageQuerySchema,
    Polygon,
    integer_field,
    share_field,
    string_field,
)
from preview.api.schemas.scale import ScaleRequestSchema
from preview.domain.blueprint import MAX_PAGES
from preview.domain.job import JobStatus
from preview.domain.picture import MAX_PICTURE_WIDTH_PX, MIN_PICTURE_WIDTH_PX
from preview.domain.preview import Degraded
from preview.domain.room import PAGE_SIDE, RejectionReason
from preview.domain.room_type import RoomType
from preview.domain.scale import ScaleSource
from preview.exports.formats import EXPORTS
from shared.http.fields import DecimalInteger, StrictBoolean, StrictInteger, Time

_COORDINATE = r"[0-9]{1,4}(\.[0-9]{1,6})?"

FORMATS = ("json", *(export.name for export in EXPORTS))


class PreviewRequestSchema(ScaleRequestSchema):
    """May be left out altogether."""

    page = StrictInteger(
        load_default=1,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )
    refresh = StrictBoolean(
        load_default=False,
        metadata={"description": "Compute again, even if a preview is stored.", "example": False},
    )


class CorrectedQuerySchema(PageQuerySchema):
    corrected = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={"description": "The rooms as people corrected them.", "example": False},
    )


class PreviewQuerySchema(CorrectedQuerySchema):
    format = fields.String(
        validate=validate.OneOf(FORMATS),
        metadata={
            "description": "Takes precedence over the `Accept` header. `geojson` is in metres where the page "
            "has a scale, else in thousandths of its longer side, y upwards; `coco` and `svg` are in "
            "pixels of the page. `csv` and `xlsx` are tables for programs, `schedule` is a workbook for "
            "people.",
            "example": "json",
        },
    )
    withheld = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={
            "description": "Also answer the regions that were considered and rejected, with reasons. In JSON "
            "only: another `format` is refused, and `Accept` is ignored.",
            "example": False,
        },
    )

    @ma.validates_schema
    def _withheld_is_json(self, query: dict[str, Any], **_: Any) -> None:
        if query["withheld"] and query.get("format", "json") != "json":
            raise ma.ValidationError("Only the json format has withheld regions.", "withheld")


class Region(fields.String):
    """``x_min,y_min,x_max,y_max`` in page coordinates, at least one unit each way."""

    def __init__(self) -> None:
        super().__init__(
            validate=validate.Regexp(rf"^{_COORDINATE}(,{_COORDINATE}){{3}}\Z"),
            metadata={
                "description": "`x_min,y_min,x_max,y_max`: the part of the page that is shown, in page "
                "coordinates, at least one unit each way.",
                "example": "100,200,400.5,500",
            },
        )

    def deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super().deserialize(value, *args, **kwargs)
        if not isinstance(text, str):
            return text
        box = tuple(float(side) for side in text.split(","))
        if not (0 <= box[0] <= box[2] - 1 <= PAGE_SIDE - 1 and 0 <= box[1] <= box[3] - 1 <= PAGE_SIDE - 1):
            raise ma.ValidationError("It lies on the page, 0 to 1000, and is at least one unit each way.")
        return box


class PictureQuerySchema(CorrectedQuerySchema):
    rooms = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=True,
        metadata={
            "description": "`false` is the bare page, without `region` and `width` at exactly `width_px` by "
            "`height_px`.",
            "example": True,
        },
    )
    region = Region()
    width = DecimalInteger(
        validate=validate.Range(MIN_PICTURE_WIDTH_PX, MAX_PICTURE_WIDTH_PX),
        metadata={
            "description": "Width in pixels; a PDF is drawn anew at that size. Without it a region is in "
            "the page's own pixels.",
            "example": 800,
        },
    )


def _optional_float(description: str, example: float | None, attribute: str | None = None) -> fields.Float:
    return fields.Float(
        required=True,
        allow_none=True,
        dump_default=None,
        attribute=attribute,
        metadata={"description": description, "example": example},
    )


def _pair_of_floats(description: str, example: list[float], **kwargs: Any) -> fields.List[Any]:
    return fields.List(
        fields.Float(),
        validate=validate.Length(equal=2),
        metadata={"description": description, "example": example},
        **kwargs,
    )


class PageSchema(ma.Schema):
    """The page as it was analysed."""

    number = integer_field("From 1.", 1)
    count = integer_field("Pages of the blueprint.", 3)
    width_px = integer_field("Width of the page image that was analysed, upright.", 3300)
    height_px = integer_field("Height of that image.", 2550)
    rotation = integer_field("Clockwise turn in degrees that made the page upright.", 0)
    width_mm = _optional_float("Width of a PDF's sheet, upright; null for a picture.", 279.4)
    height_mm = _optional_float("Height of that sheet.", 215.9)


class ScaleSchema(ma.Schema):
    """How many metres a unit of page coordinates is."""

    metres_per_unit = _pair_of_floats("Along x and along y.", [0.02794, 0.02159], required=True)
    source = fields.Enum(
        ScaleSource,
        by_value=True,
        required=True,
        metadata={
            "description": "What the caller gave (`given`), sizes (`dimensions`) or `areas` printed in "
            "rooms, or a scale `note` of a sheet.",
            "example": "dimensions",
        },
    )
    text = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Text on the plan that gives the scale, the strongest of several, or the ratio "
            "that was given.",
            "example": "13'-9\" x 17'-8\"",
        },
    )
    confidence = share_field("Probability that the scale is right; lower where sources disagree.")
    conflicts = fields.List(
        fields.Enum(ScaleSource, by_value=True),
        required=True,
        metadata={"description": "Sources that give another scale.", "example": []},
    )


def _said(description: str, attribute: str) -> fields.Boolean:
    return fields.Boolean(attribute=attribute, metadata={"description": description, "example": True})


class RoomSchema(ma.Schema):
    id = string_field("Stable in reading order.", "room_001", attribute="room.id")
    bounding_box = Box(attribute="room.bounding_box")
    polygon = Polygon(attribute="room.polygon")
    name_hint = fields.String(
        attribute="room.name_hint",
        metadata={"description": "Present only where text on the plan says so.", "example": "Entry Hall"},
    )
    room_number = fields.String(
        attribute="room.room_number",
        required=True,
        allow_none=True,
        metadata={"description": "The number that the plan gives it apart from a name.", "example": "101A"},
    )
    room_type = fields.Enum(
        RoomType,
        by_value=True,
        attribute="room.room_type",
        required=True,
        allow_none=True,
        metadata={"description": "From the name; null where that tells none.", "example": "hall"},
    )
    confidence = share_field(
        "Calibrated: of rooms with a confidence of 0.8, about 80 % are right.", attribute="room.confidence"
    )
    area_m2 = _optional_float(
        "Inside the outline; null, as all measures, where no scale is known.", 22.62, "measures.area_m2"
    )
    perimeter_m = _optional_float("Length of the outline.", 19.18, "measures.perimeter_m")
    width_m = _optional_float(
        "Shorter side of the smallest rectangle around the outline.", 4.19, "measures.width_m"
    )
    length_m = _optional_float("Longer side of that rectangle.", 5.4, "measures.length_m")
    printed_area_m2 = _optional_float(
        "What the plan prints, whatever is measured.", None, "room.printed_area_m2"
    )
    printed_size_m = _pair_of_floats(
        "Sides that the plan prints, in the order printed.",
        [4.19, 5.38],
        attribute="room.printed_size_m",
        allow_none=True,
        required=True,
    )

    corrected = _said(
        "Only with `corrected=true`: `true` where a person drew or named the room.", "room.corrected"
    )
    confirmed = _said(
        "Only with `corrected=true`: `true` where a person found the room right.", "room.confirmed"
    )

    @ma.post_dump
    def _without_absent(self, room: dict[str, Any], **_: Any) -> dict[str, Any]:
        absent = {"name_hint": None, "corrected": False, "confirmed": False}
        return {name: value for name, value in room.items() if absent.get(name, room) != value}


def _seconds(description: str, example: float) -> fields.Float:
    return fields.Float(required=True, metadata={"description": description, "example": example})


class TimingSchema(ma.Schema):
    """Seconds by stage; text and rooms are found side by side."""

    load_seconds = _seconds("Fetching the file.", 0.05)
    render_seconds = _seconds("Drawing the page.", 0.21)
    textract_analysis_seconds = _seconds("Reading text with Textract.", 2.4)
    room_detection_seconds = _seconds("Finding and naming rooms.", 0.4)
    total_seconds = _seconds("All of it.", 3.2)


class PreviewSchema(ma.Schema):
    """The rooms of one page."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    stage = fields.Constant("preview", required=True)
    page = fields.Nested(PageSchema, required=True)
    scale = fields.Nested(
        ScaleSchema, required=True, allow_none=True, metadata={"description": "Null where none is known."}
    )
    rooms = fields.List(
        fields.Nested(RoomSchema),
        required=True,
        attribute="measured_rooms",
        metadata={"description": "In reading order."},
    )
    processing_time_seconds = fields.Float(
        required=True, attribute="timing.total_seconds", metadata={"example": 3.2}
    )
    timing_metrics = fields.Nested(TimingSchema, required=True, attribute="timing")
    model_version = string_field("Version of the room detector.", "1.0.0")
    cached = fields.Boolean(
        required=True, metadata={"description": "Whether the preview was stored already.", "example": False}
    )
    degraded = fields.List(
        fields.Enum(Degraded, by_value=True),
        required=True,
        metadata={
            "description": "What this preview lacks; POST again to have it repaired.",
            "example": [],
        },
    )
    timestamp = Time("When the rooms were found.")


class WithheldSchema(ma.Schema):
    """A region that was considered and rejected."""

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
    """The preview is being computed, or the page is queued; ask again after `Retry-After`."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    status = fields.Enum(
        JobStatus,
        by_value=True,
        required=True,
        metadata={"description": "State of the job.", "example": "processing"},
    )
