"""Rooms and words on a page.

Everything is in page coordinates: 0 to 1000 along each side of the page, origin at the top-left corner
of the page as a person views it, x to the right, y down.
"""

from dataclasses import dataclass
from typing import Literal

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""``(x_min, y_min, x_max, y_max)``."""

PAGE_SIDE = 1000.0


@dataclass(frozen=True, slots=True)
class Word:
    """One word read on the page; ``confidence`` is 0 to 1, and 1 for a PDF's own text."""

    text: str
    box: Box
    confidence: float
    source: Literal["textract", "text_layer"]


@dataclass(frozen=True, slots=True)
class Room:
    """One room: ``id`` is ``room_001`` onwards in reading order, ``confidence`` is 0 to 1.

    ``polygon`` is a simple ring without the closing point repeated; ``bounding_box`` is its tight box.
    ``name_hint`` is None unless text on the page names the room.
    """

    id: str
    bounding_box: Box
    polygon: tuple[Point, ...]
    name_hint: str | None
    confidence: float
