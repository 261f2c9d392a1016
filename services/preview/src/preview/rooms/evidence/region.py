"""What the pixels say about one place that may be a room."""

from dataclasses import asdict, dataclass
from typing import Any

from preview.domain.room import Box, Point


@dataclass(frozen=True, slots=True)
class Region:
    """An enclosed area of a page with the evidence for its being a room.

    ``polygon`` is a simple ring in page coordinates (0-1000, origin top-left) and ``box`` its tight box.
    The rest are shares from 0 to 1: ``area`` of the drawn part of the page; ``breadth``, its mean width, of
    the drawing's long side; ``agreement`` of the wall hypotheses that found it; ``ink_support`` and
    ``wall_support``, of its boundary, on ink and on walls; ``compactness``, how much of its box it fills;
    ``squareness``, short side of its box by long side; ``wall_votes``, ``line_votes`` and ``gap_votes``,
    of the hypotheses of each sort that found it, and ``floor_votes``, of those that rest on the network;
    ``ink_inside``, of its ground that is ink. What the network says of its cells, as means: ``floor`` and
    ``edge`` within, ``rim``, edge along its outline, ``box_match``, the IoU of the boxes they vote for with
    its own, ``box_share``, of the cells that vote for its box, and ``claim``, of those that no other region
    fits better.
    """

    polygon: tuple[Point, ...]
    box: Box
    area: float
    breadth: float
    agreement: float
    ink_support: float
    wall_support: float
    compactness: float
    squareness: float
    wall_votes: float = 0.0
    line_votes: float = 0.0
    gap_votes: float = 0.0
    floor_votes: float = 0.0
    ink_inside: float = 0.0
    floor: float = 0.0
    edge: float = 0.0
    rim: float = 0.0
    box_match: float = 0.0
    box_share: float = 0.0
    claim: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The region as JSON types; ``from_json`` gives an equal one back."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Region":
        """The region that ``to_json`` described.

        Raises
        ------
        KeyError, TypeError
            If ``data`` is not such a description.
        """
        polygon = tuple((float(x), float(y)) for x, y in data["polygon"])
        x_min, y_min, x_max, y_max = data["box"]
        return cls(**{**data, "polygon": polygon, "box": (x_min, y_min, x_max, y_max)})
