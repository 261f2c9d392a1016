"""What people say about rooms, in and out."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from jobs.api.schemas.fields import JOB_ID, text_field
from jobs.domain.blueprint_file import MAX_PAGES
from jobs.domain.feedback import (
    FEEDBACK_ID_PATTERN,
    MAX_COMMENT_CHARACTERS,
    MAX_ENTRIES_OF_A_REQUEST,
    MAX_NAME_CHARACTERS,
    ROOM_TYPES,
    Verdict,
)
from shared.http.fields import DecimalInteger, StrictBoolean, StrictFloat, StrictInteger, Time

FEEDBACK_ID = "fb_20240115103000_2507c2w0n5r9f3ht00"
FEEDBACK_ID_PARAMETER = {
    "in": "path",
    "name": "feedback_id",
    "required": True,
    "description": "`feedback_id` of an entry.",
    "schema": {"type": "string", "pattern": FEEDBACK_ID_PATTERN, "example": FEEDBACK_ID},
}
_SQUARE = [[50.0, 50.0], [200.0, 50.0], [200.0, 300.0], [50.0, 300.0]]


class CorrectionSchema(ma.Schema):
    """What is right; each field left out is not spoken of."""

    polygon = fields.List(
        fields.List(StrictFloat(), validate=validate.Length(equal=2)),
        metadata={
            "description": "3 to 500 corners `[x, y]` in order on the page, each 0 to 1000 along its side; "
            "the first is not repeated, and no sides cross.",
            "example": _SQUARE,
        },
    )
    bounding_box = fields.List(
        StrictFloat(),
        validate=validate.Length(equal=4),
        metadata={
            "description": "`[x_min, y_min, x_max, y_max]`, in place of a polygon.",
            "example": [50.0, 50.0, 200.0, 300.0],
        },
    )
    name = fields.String(
        allow_none=True,
        metadata={
            "description": f"At most {MAX_NAME_CHARACTERS} characters in one line; null for none.",
            "example": "Entry Hall",
        },
    )
    room_type = fields.String(
        metadata={
            "description": "Follows the name unless given.",
            "enum": list(ROOM_TYPES),
            "example": "hall",
        }
    )
    removed = StrictBoolean(
        metadata={"description": "`true`, and alone: there is no such room.", "example": True}
    )


def _verdict(**kwargs: Any) -> fields.String:
    return fields.String(
        metadata={
            "description": "`missing` adds a room; `partial` and `wrong` need a correction or a comment.",
            "enum": [verdict.value for verdict in Verdict],
            "example": "partial",
        },
        **kwargs,
    )


def _room_id(description: str, **kwargs: Any) -> fields.String:
    return fields.String(
        allow_none=True, metadata={"description": description, "example": "room_001"}, **kwargs
    )


def _comment(**kwargs: Any) -> fields.String:
    return fields.String(
        allow_none=True,
        metadata={
            "description": f"At most {MAX_COMMENT_CHARACTERS} characters; may have line breaks.",
            "example": "The niche belongs to the hall.",
        },
        **kwargs,
    )


def _text(description: str, example: str, attribute: str) -> fields.String:
    shown = {"description": description, "example": example}
    return fields.String(required=True, attribute=attribute, metadata=shown)


def _corrected(attribute: str) -> fields.Nested:
    return fields.Nested(
        CorrectionSchema, required=True, allow_none=True, dump_default=None, attribute=attribute
    )


class SubmissionSchema(ma.Schema):
    """Feedback on one room, or on the page."""

    feedback = _verdict(required=True)
    page = StrictInteger(
        load_default=1,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )
    room_id = _room_id(
        "`id` of a room in the preview of that page. None with `missing`, and none for feedback on the page."
    )
    correction = fields.Nested(CorrectionSchema, allow_none=True)
    comment = _comment()


class FeedbackRequestSchema(SubmissionSchema):
    """One entry of feedback, or several in `items`: either all are stored or none."""

    feedback = _verdict()
    items = fields.List(
        fields.Nested(SubmissionSchema),
        metadata={
            "description": f"1 to {MAX_ENTRIES_OF_A_REQUEST} entries, in place of all other fields; each has "
            "the fields of a single entry."
        },
    )

    @ma.validates_schema(pass_original=True)
    def _one_or_several(self, _: Any, sent: Any, **__: Any) -> None:
        if "items" in sent and len(sent) > 1:
            raise ma.ValidationError("Must stand alone.", "items")
        if "items" not in sent and "feedback" not in sent:
            raise ma.ValidationError("Missing data for required field.", "feedback")


class FeedbackSchema(ma.Schema):
    """One entry of feedback."""

    feedback_id = text_field("Sorts by time.", FEEDBACK_ID)
    job_id = text_field("The job's id.", JOB_ID)
    created_at = Time("When the feedback was given.")
    feedback = _verdict(required=True, attribute="verdict")
    page = fields.Integer(required=True, metadata={"description": "Page of the blueprint.", "example": 1})
    room_id = _room_id("The room; with `missing` the one that was added.", required=True)
    correction = _corrected("correction.fields")
    comment = _comment(required=True)


class FeedbackItemsSchema(ma.Schema):
    """The stored entries, in the order in which they were sent."""

    items = fields.List(fields.Nested(FeedbackSchema), required=True)


class PageQuerySchema(ma.Schema):
    page = DecimalInteger(
        load_default=1,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Page of the blueprint, from 1.", "example": 1},
    )


class FeedbackListQuerySchema(ma.Schema):
    page = DecimalInteger(
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "Only feedback on this page of the blueprint.", "example": 1},
    )
    limit = DecimalInteger(
        load_default=100,
        validate=validate.Range(1, 500),
        metadata={"description": "How many entries at most.", "example": 100},
    )
    cursor = fields.String(
        validate=validate.Length(1, 1024),
        metadata={"description": "`next_cursor` of the page before; it is valid with the same `page` only."},
    )


class FeedbackListSchema(ma.Schema):
    """One page of feedback, oldest first."""

    feedback = fields.List(fields.Nested(FeedbackSchema), required=True)
    next_cursor = text_field("Where the next page starts; null on the last.", None, null=True)


class EntryWithOutlineSchema(ma.Schema):
    """An entry as preview applies it; of the room only as it was found then."""

    feedback_id = _text("Sorts by time.", FEEDBACK_ID, "entry.feedback_id")
    feedback = _verdict(required=True, attribute="entry.verdict")
    room_id = _room_id("The room; null about the page.", required=True, attribute="entry.room_id")
    correction = _corrected("entry.correction.fields")
    model_version = _text(
        "Detector version of the preview that the feedback is about.", "1.0.0", "entry.model_version"
    )
    computed_at = Time("When that preview was computed.", attribute="entry.computed_at")
    outline = fields.List(
        fields.List(fields.Float()),
        required=True,
        allow_none=True,
        metadata={"description": "The room's outline then; null for one that was added.", "example": _SQUARE},
    )


class FeedbackOnPageSchema(ma.Schema):
    """All feedback on a page, oldest first."""

    feedback = fields.List(fields.Nested(EntryWithOutlineSchema), required=True)
