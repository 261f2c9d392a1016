"""Rooms and words on a page, and candidates for rooms that were rejected.

Everything is in page coordinates: 0 to 1000 along each side of the page, origin at the top-left corner
of the page as a person views it, x to the right, y down.
"""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from preview.domain.room_type import RoomType

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""``(x_min, y_min, x_max, y_max)``."""

PAGE_SIDE = 1000.0

_REMOVED_CATEGORIES = ("Cc", "Cs", "Cn")  # controls, halves of a character, what Unicode does not define
_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""The property Bidi_Control of https://www.unicode.org/Public/UCD/latest/ucd/PropList.txt"""


def single_line(text: str) -> str:
    """``text`` in one line: white space as single spaces, without control characters and bidi controls.

    Empty where only characters without a width would be left, such as join letters in some scripts.
    """
    line = " ".join("".join(c for c in text if c.isspace() or _is_text(c)).split())
    return line if any(c != " " and unicodedata.category(c) != "Cf" for c in line) else ""


def _is_text(c: str) -> bool:
    return c not in _BIDI_CONTROLS and unicodedata.category(c) not in _REMOVED_CATEGORIES


@dataclass(frozen=True, slots=True)
class Word:
    """One word read on the page; ``confidence`` is 0 to 1, and 1 for a PDF's own text.

    ``vertical`` says whether it runs up or down the page. None where its reader does not know: a box tells
    only as much as the page's proportions allow, which page coordinates do not keep.
    """

    text: str
    box: Box
    confidence: float
    source: Literal["textract", "text_layer"]
    vertical: bool | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """One room: ``id`` is ``room_001`` onwards in reading order, ``confidence`` is 0 to 1.

    ``polygon`` is a simple ring without the closing point repeated; ``bounding_box`` is its tight box.
    ``name_hint`` is None unless text on the page names the room, ``room_number`` unless it numbers the room
    apart from a name; both are always `single_line`. ``printed_area_m2`` and ``printed_size_m``, whose sides
    are in the order printed, are what the plan says, whatever the outline measures. ``corrected`` and
    ``confirmed`` are what people said of it, and never stored.
    """

    id: str
    bounding_box: Box
    polygon: tuple[Point, ...]
    name_hint: str | None
    confidence: float
    room_number: str | None = None
    room_type: RoomType | None = None
    printed_area_m2: float | None = None
    printed_size_m: tuple[float, float] | None = None
    corrected: bool = False
    confirmed: bool = False

    def __post_init__(self) -> None:
        for name in ("name_hint", "room_number"):
            object.__setattr__(self, name, single_line(getattr(self, name) or "") or None)

    @property
    def label(self) -> str | None:
        """Name and number in one line; None without either."""
        return " ".join(filter(None, (self.name_hint, self.room_number))) or None


class RejectionReason(StrEnum):
    """Why a candidate is no room."""

    TITLE_BLOCK = "title_block"
    NOTES = "notes"
    FURNITURE = "furniture"
    TOO_SMALL = "too_small"
    OUTSIDE = "outside"
    OVERLAPS_ROOM = "overlaps_room"
    UNLIKELY = "unlikely"

    @property
    def message(self) -> str:
        """The same, for a person."""
        return _MESSAGES[self]


_MESSAGES = {
    RejectionReason.TITLE_BLOCK: (
        "Its text is about the drawing, such as a scale or a date, not about a room."
    ),
    RejectionReason.NOTES: "It frames a block of text.",
    RejectionReason.FURNITURE: "It is a small part of a room that was found, such as furniture or a door.",
    RejectionReason.TOO_SMALL: "It is far smaller than the rooms that were found.",
    RejectionReason.OUTSIDE: "It lies beside the rooms that were found, outside the area they take up.",
    RejectionReason.OVERLAPS_ROOM: "It overlaps rooms that were found, which are the better reading here.",
    RejectionReason.UNLIKELY: "Too little of what was seen there speaks for a room.",
}


@dataclass(frozen=True, slots=True)
class RejectedCandidate:
    """A region that was considered and is no room, `withheld` in answers; its geometry is as a `Room`'s."""

    bounding_box: Box
    polygon: tuple[Point, ...]
    reason: RejectionReason
