"""The outline of an area: its contour, regularised and put on the faces of the walls."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import Polygon

from preview.rooms.evidence.straight_sides import (
    LEVEL,
    OBLIQUE,
    UPRIGHT,
    Side,
    StraightOptions,
    corners_of,
    regularised,
    sides_of,
)
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import closed
from preview.rooms.walls.enclosed_areas import Contour

_END_PX, _SHORTEST_PX = 2, 6
"""What of a side's ends is not asked for ink, and what must be left."""

Ring = NDArray[np.float64]
"""Corners ``(n, 2)`` in pixels of the working raster."""


@dataclass(frozen=True, slots=True)
class OutlineOptions:
    """How outlines are traced. Lengths are pixels of the working raster."""

    tolerance_px: float = 2.5
    """Greatest distance of the simplified outline from the traced one: less than a wall."""
    slit_px: int = 7
    """Breadth up to which slits are filled: the leaf of an open door, the front of a wardrobe. Tuned."""
    straight: StraightOptions = field(default_factory=StraightOptions)
    least_straight: float = 0.5
    """Least share of an outline along the axes at which it is regularised: not that of a round room."""
    most_sides: int = 80
    """Sides up to which an outline is regularised, in 5 ms at most; a room has fewer. Measured."""
    reach_px: int = 4
    """How far a side is moved to the face of its wall. Tuned."""
    least_ink: float = 0.5
    """Least share of a line along a side that is ink where a wall has its face. Drawn."""
    most_change: float = 1.25
    """Ratio of areas up to which the regularised outline stands for the traced one."""


def outlines(contours: Sequence[Contour], drawing: Drawing, options: OutlineOptions) -> list[Ring]:
    """A ring of straight sides near each of ``contours``; of fewer than three corners if it has collapsed.

    Simplified after Douglas and Peucker (1973), then regularised; the former alone where little of it runs
    along the axes of the drawing, or where the latter would change it much.
    """
    traced = [_simplified(contour, options) for contour in contours]
    sides = [_regular_sides(ring, drawing.long_side_px, options) for ring in traced]
    on_walls = _on_walls(sides, drawing, options)
    return [
        _regular_or_traced(each, ring, options.most_change)
        for each, ring in zip(on_walls, traced, strict=True)
    ]


def _regular_sides(ring: Ring, long_side_px: int, options: OutlineOptions) -> list[Side]:
    """None where too little of ``ring`` runs along the axes."""
    sides = sides_of(ring.tolist(), options.straight.slope) if 3 <= len(ring) <= options.most_sides else []
    straight = sum(side.length for side in sides if side.fixed != OBLIQUE)
    if straight <= options.least_straight * sum(side.length for side in sides):
        return []
    return regularised(sides, long_side_px, options.straight)


def _regular_or_traced(sides: Sequence[Side], traced: Ring, most_change: float) -> Ring:
    if len(sides) < 4:
        return traced
    regular = np.array(corners_of(sides))
    least, most = sorted(cv2.contourArea(ring.astype(np.float32)) for ring in (traced, regular))
    return regular if most <= most_change * least and Polygon(regular).is_valid else traced


def _on_walls(rings: Sequence[list[Side]], drawing: Drawing, options: OutlineOptions) -> list[list[Side]]:
    """Straight sides moved to the first line of ink on the way out of the room, where one is near."""
    moved = [list(sides) for sides in rings]
    for fixed, ink in ((LEVEL, drawing.ink), (UPRIGHT, drawing.ink.T)):
        found = [
            (n, k) for n, sides in enumerate(rings) for k, side in enumerate(sides) if side.fixed == fixed
        ]
        if not found:
            continue
        places = _wall_faces([rings[n][k] for n, k in found], ink > 0, options)
        for (n, k), at in zip(found, places.tolist(), strict=True):
            moved[n][k] = rings[n][k]._replace(at=at)
    return moved


def _wall_faces(
    sides: Sequence[Side], ink: NDArray[np.bool_], options: OutlineOptions
) -> NDArray[np.float64]:
    """Where each of ``sides`` of one direction is to lie; ``ink`` has a row for each line along them."""
    free = 1 - sides[0].fixed
    ends = np.sort([(side.start[free], side.end[free]) for side in sides], axis=1)
    start, end = np.rint(ends + np.array([_END_PX, -_END_PX])).astype(int).clip(0, ink.shape[1]).T
    at = np.array([side.at for side in sides])
    outwards = np.array([1 if side.heading == (side.fixed == LEVEL) else -1 for side in sides])
    steps = np.arange(-options.reach_px, options.reach_px + 1)
    faces = np.rint(at[:, None] + outwards[:, None] * steps)
    lines = (faces - (outwards < 0)[:, None]).astype(int).clip(0, len(ink) - 1)
    before = _ink_before(ink)
    length = np.maximum(1, end - start)[:, None]
    shares = (before[lines, end[:, None]] - before[lines, start[:, None]]) / length
    on_ink = (shares >= options.least_ink) & (length >= _SHORTEST_PX)
    first = np.take_along_axis(faces, on_ink.argmax(axis=1)[:, None], axis=1)[:, 0]
    return np.where(on_ink.any(axis=1), first, at)


def _ink_before(ink: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Ink of each row before each of its pixels: that of a run is a difference."""
    return np.pad(ink.cumsum(axis=1, dtype=np.int32), ((0, 0), (1, 0)))


def _simplified(contour: Contour, options: OutlineOptions) -> Ring:
    """``contour`` without slits, counterclockwise on the page, around its pixels."""
    margin = options.slit_px + 3
    x, y, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height + 2 * margin, width + 2 * margin), np.uint8)
    cv2.drawContours(mask, [contour - np.array([x - margin, y - margin])], -1, 255, cv2.FILLED)
    mask = closed(mask, options.slit_px, options.slit_px)
    grown = cv2.dilate(mask, np.ones((2, 2), np.uint8), anchor=(0, 0))
    rings, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    ring = cv2.approxPolyDP(max(rings, key=cv2.contourArea), options.tolerance_px, closed=True)
    return np.asarray(ring[:, 0] + np.array([x - margin + 1, y - margin + 1]), np.float64)
