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
from preview.domain.blueprint import MAX_PAGES
from preview.domain.exports import EXPORTS
from preview.domain.job import JobStatus
from preview.domain.preview import Degraded
from preview.domain.room import RejectionReason
from shared.http.fields import StrictBoolean, StrictInteger, Time

FORMATS = ("json", *(export.name for export in EXPORTS))


class PreviewRequestSchema(ma.Schema):
    """May be left out altogether."""

    page = StrictInteger(
        load_default=1,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )
    refresh = StrictBoolean(
        load_default=False,
        metadata={"description": "Compute again, also when there is a stored preview.", "example": False},
    )


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

    number = integer_field("From 1.", 1)
    count = integer_field("Pages of the blueprint.", 3)
    width_px = integer_field("Width of the raster that was analysed, upright.", 3300)
    height_px = integer_field("Height of that raster.", 2550)
    rotation = integer_field("Clockwise turn in degrees that made the page upright.", 0)


class RoomSchema(ma.Schema):
    id = string_field("Stable in reading order.", "room_001")
    bounding_box = Box()
    polygon = Polygon()
    name_hint = fields.String(
        metadata={"description": "Present only where text on the plan says so.", "example": "Entry Hall"}
    )
    confidence = share_field("Of rooms said at 0.8, about 80 % are right.")

    @ma.post_dump
    def _without_absent_name(self, room: dict[str, Any], **_: Any) -> dict[str, Any]:
        if room["name_hint"] is None:
            del room["name_hint"]
        return room


def _seconds(description: str, example: float) -> fields.Float:
    return fields.Float(required=True, metadata={"description": description, "example": example})


class TimingSchema(ma.Schema):
    """Seconds by stage; text and rooms are found side by side."""

    load_seconds = _seconds("Fetching the file.", 0.05)
    render_seconds = _seconds("Drawing the page.", 0.21)
    textract_analysis_seconds = _seconds("OcrResult text.", 2.4)
    room_detection_seconds = _seconds("Finding and naming rooms.", 0.4)
    total_seconds = _seconds("All of it.", 3.2)


class PreviewSchema(ma.Schema):
    """The rooms of one page."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    stage = fields.Constant("preview", required=True)
    page = fields.Nested(PageSchema, required=True)
    rooms = fields.List(
        fields.Nested(RoomSchema), required=True, metadata={"description": "In reading order."}
    )
    processing_time_seconds = fields.Float(
        required=True, attribute="timing.total_seconds", metadata={"example": 3.2}
    )
    timing_metrics = fields.Nested(TimingSchema, required=True, attribute="timing")
    model_version = string_field("Version of the room detector.", "1.0.0")
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

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    status = fields.Enum(
        JobStatus,
        by_value=True,
        required=True,
        metadata={"description": "Where the job stands.", "example": "processing"},
    )
