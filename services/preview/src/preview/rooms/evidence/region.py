"""What the pixels say about one place that may be a room."""

from dataclasses import asdict, dataclass
from typing import Any

from preview.domain.room import Box, Point
from preview.rooms.evidence.pooled_evidence import POOLED_FEATURES

NOT_POOLED = (0.0,) * len(POOLED_FEATURES)


@dataclass(frozen=True, slots=True)
class Region:
    """An enclosed area of a page with the evidence for its being a room.

    ``polygon`` is a simple ring in page coordinates (0-1000, origin top-left) and ``box`` its tight box.
    The rest are shares from 0 to 1.

    Shape: ``area`` as a share of the drawn part of the page, ``mean_width`` as one of the drawing's long
    side, ``compactness``, how much of its box it fills, ``aspect_ratio``, short side of its box by long side.

    Strokes: ``ink_support`` and ``wall_support``, shares of its boundary on ink and on walls; ``ink_inside``,
    share of its ground that is ink.

    Votes: ``agreement`` of the wall hypotheses and gap sizes that found it; ``wall_votes``, ``line_votes``,
    ``gap_votes`` and ``floor_votes``, shares of the hypotheses of each sort that did.

    Network, as means over its cells: ``floor`` and ``edge`` inside, ``boundary_edge``, edge along its
    outline, ``mean_box_iou`` of the boxes that its cells vote for with its own, ``box_vote_share`` of the
    cells that vote for its box, ``exclusive_vote_share`` of those that no other region fits better; and
    ``pooled``, the numbers called ``POOLED_FEATURES``, which are no shares.
    """

    polygon: tuple[Point, ...]
    box: Box
    area: float
    mean_width: float
    agreement: float
    ink_support: float
    wall_support: float
    compactness: float
    aspect_ratio: float
    wall_votes: float = 0.0
    line_votes: float = 0.0
    gap_votes: float = 0.0
    floor_votes: float = 0.0
    ink_inside: float = 0.0
    floor: float = 0.0
    edge: float = 0.0
    boundary_edge: float = 0.0
    mean_box_iou: float = 0.0
    box_vote_share: float = 0.0
    exclusive_vote_share: float = 0.0
    pooled: tuple[float, ...] = NOT_POOLED

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
        box = (x_min, y_min, x_max, y_max)
        pooled = tuple(data.get("pooled", NOT_POOLED))
        return cls(**{**data, "polygon": polygon, "box": box, "pooled": pooled})
