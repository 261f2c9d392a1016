"""Requests for pages of a job, and how far they have come."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from preview.api.schemas.fields import JOB_ID_EXAMPLE, integer_field, string_field
from preview.api.schemas.preview import PreviewSchema
from preview.api.schemas.scale import ScaleRequestSchema
from preview.domain.blueprint import MAX_PAGES
from preview.domain.page_ranges import MAX_PAGES_CHARACTERS, PAGES_PATTERN
from preview.domain.page_work import PageStatus
from preview.domain.preview import Degraded
from preview.exports.formats import DOCUMENT_WRITERS
from shared.http.fields import DecimalInteger, StrictBoolean, Time

DOCUMENT_FORMATS = ("json", *DOCUMENT_WRITERS)

PAGES_DESCRIPTION = "`all`, or numbers and ranges as in `1-3,7`; a page that is named twice counts once."


def pages_field() -> fields.String:
    return fields.String(
        required=True,
        validate=[validate.Length(1, MAX_PAGES_CHARACTERS), validate.Regexp(PAGES_PATTERN[:-1] + r"\Z")],
        metadata={"description": PAGES_DESCRIPTION, "example": "1-3,7"},
    )


class PagesRequestSchema(ScaleRequestSchema):
    """Which pages to preview."""

    pages = pages_field()
    refresh = StrictBoolean(
        load_default=False,
        metadata={
            "description": "Compute again, even pages whose stored preview is complete.",
            "example": False,
        },
    )


class PageCountsSchema(ma.Schema):
    """How many pages of a job were asked for."""

    asked = integer_field("Pages requested, without those that were cancelled.", 40)
    done = integer_field("Pages that have ended, including those that failed.", 12)
    failed = integer_field("Pages that have failed.", 1)


class PagesRequestedSchema(ma.Schema):
    """The job's pages, as they stand now."""

    job_id = string_field("The job's id.", JOB_ID_EXAMPLE)
    pages = fields.Nested(
        PageCountsSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Null where no page was requested."},
    )


class PageErrorSchema(ma.Schema):
    code = string_field("What went wrong, for a program.", "UNREADABLE_BLUEPRINT")
    message = string_field("What to do about it, for a person.", "This page is damaged.")


class PageWorkSchema(ma.Schema):
    """One page, and how far it has come."""

    page = integer_field("Page of the blueprint, from 1.", 3)
    status = fields.Enum(
        PageStatus,
        by_value=True,
        required=True,
        metadata={
            "description": "`queued` waits for a worker; `cancelled` was taken back.",
            "example": "completed",
        },
    )
    rooms = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Number of rooms; null where detection did not finish.", "example": 14},
    )
    degraded = fields.List(
        fields.Enum(Degraded, by_value=True),
        required=True,
        metadata={"description": "What the preview lacks.", "example": []},
    )
    error = fields.Nested(
        PageErrorSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Why the page failed, if it did."},
    )
    updated_at = Time("When the page last changed.")


class PageListSchema(ma.Schema):
    """The pages that were asked for, by number."""

    previews = fields.List(fields.Nested(PageWorkSchema), required=True)
    next_cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Where the next page of the list starts; null on the last.",
            "example": None,
        },
    )


class ExportedPreviewsSchema(ma.Schema):
    """The completed pages in one file."""

    previews = fields.List(fields.Nested(PreviewSchema), required=True)


class PageListQuerySchema(ma.Schema):
    format = fields.String(
        validate=validate.OneOf(DOCUMENT_FORMATS),
        metadata={
            "description": "One file of all completed pages instead of the list; `limit` and `cursor` do not "
            "matter then.",
            "example": "csv",
        },
    )
    corrected = fields.Boolean(
        truthy={"true"},
        falsy={"false"},
        load_default=False,
        metadata={
            "description": "With a `format`: the rooms as people corrected them.",
            "example": False,
        },
    )
    limit = DecimalInteger(
        load_default=100,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "How many pages at most.", "example": 100},
    )
    cursor = DecimalInteger(
        load_default=0,
        validate=validate.Range(1, MAX_PAGES),
        metadata={"description": "`next_cursor` of the list before.", "example": 100},
    )

    @ma.validates_schema
    def _corrected_is_of_a_file(self, query: dict[str, Any], **_: Any) -> None:
        if query["corrected"] and "format" not in query:
            raise ma.ValidationError("Only a file has corrected rooms: name a format.", "corrected")
