"""The network's context of each area, pooled into a few numbers, and how the boxes told there agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.morphology import Mask
from preview.rooms.network.floor_network import CONTEXT_CHANNELS, CONTEXT_STEP, FloorMaps, Map, Part

AROUND = 2
"""Blocks of context around an area that are its surroundings: a wall, and what lies beyond."""
_NEAR = np.ones((2 * AROUND + 1, 2 * AROUND + 1), np.uint8)
_MARGIN = AROUND + 2
"""Blocks of a window around an area: what surrounds it ends before the window does, also where it is drawn a
block too large."""
VOTE_FEATURES = ("wider_votes", "narrower_votes", "vote_scatter", "votes_around", "deeper")
"""How much larger than the area, as a logarithm along the side where it is most and least, the mean box is
that its blocks vote for; how much these boxes scatter, in sides of the area; the IoU of the boxes that its
surroundings vote for with its own: high where it is a part of a larger room; and the logarithm of how much
farther away the outline is said to be than that of the area is."""
PART_FEATURES = (
    *(f"{part.name.lower()}_{where}" for where in ("inside", "around") for part in Part),
    "opening_length",
)
"""Means of what its blocks, and those of its surroundings, show; and the logarithm of how many of the latter
are openings: a room has a door."""
CONTEXT_FEATURES = tuple(f"context_{number:02}" for number in range(CONTEXT_CHANNELS))
POOLED_FEATURES = (*VOTE_FEATURES, *PART_FEATURES, *CONTEXT_FEATURES)
"""The numbers in ``Region.pooled``, in order."""
POOLED_DIGITS = 4
"""Decimals that travel between processes, and that the trees have learned from."""

# These three belong to what the trees have learned: to change one is to fit them again.
MOST_VOTING = 64
"""Blocks of an area, or of its surroundings, that vote."""
LEAST_WEIGHT = 1e-3
"""Weight of a block that is no floor at all; others weigh as much as they are floor."""
LEAST_BLOCKS = 0.25
"""Smallest side of a mean box, in blocks."""

Rings = Sequence[NDArray[np.float64]]
_Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Place:
    """The blocks of an area, ``inside``, and of its surroundings, on a window that begins at ``left`` and
    ``top`` and may reach over the border."""

    inside: Mask
    around: Mask
    left: int
    top: int


def pooled_evidence(rings: Rings, maps: FloorMaps) -> _Values:
    """A row of ``POOLED_FEATURES`` for each of ``rings``, outlines in cells."""
    if not rings:
        return np.zeros((0, len(POOLED_FEATURES)))
    boxes = _boxes(rings) / CONTEXT_STEP
    shape = maps.context.shape
    places = [_place(ring / CONTEXT_STEP, box, shape) for ring, box in zip(rings, boxes, strict=True)]
    inside = [place.inside for place in places]
    return np.hstack(
        [
            _vote_features(places, boxes, maps),
            _deeper(maps, inside, places),
            _part_features(maps.parts, places),
            _means(maps.context, inside, places),
        ]
    )


def _boxes(rings: Rings) -> _Values:
    points = np.concatenate(rings)
    first = np.cumsum([0, *map(len, rings[:-1])])
    return np.hstack([np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)])


def _place(ring: _Values, box: _Values, shape: tuple[int, ...]) -> _Place:
    height, width = shape[:2]
    x_min, y_min, x_max, y_max = box.tolist()
    left, top = min(max(0, floor(x_min)), width - 1), min(max(0, floor(y_min)), height - 1)
    right, bottom = max(left + 1, min(ceil(x_max), width)), max(top + 1, min(ceil(y_max), height))
    inside = np.zeros((bottom - top + 2 * _MARGIN, right - left + 2 * _MARGIN), np.uint8)
    shifted = ring - (left - _MARGIN, top - _MARGIN)
    cv2.fillPoly(inside, [np.round(shifted * 16 - 8).astype(np.int32)], 1, shift=4)
    if not inside.any():
        inside[_MARGIN, _MARGIN] = 1
    around = np.asarray(cv2.dilate(inside, _NEAR) - inside, np.uint8)
    return _Place(inside, around, left - _MARGIN, top - _MARGIN)


def _means(values: Map, masks: Sequence[Mask], places: Sequence[_Place]) -> Map:
    """Means of all channels under each of ``masks`` of ``places``, from running sums along rows: the cost is
    that of its rows."""
    height, width = values.shape[:2]
    running = np.zeros((height, width + 1, values.shape[2]), np.float32)
    np.cumsum(values, axis=1, out=running[:, 1:])
    rows, starts, ends, counts = [], [], [], []
    for mask, place in zip(masks, places, strict=True):
        steps = np.diff(mask.view(np.int8), axis=1)  # which begins and ends with blocks of neither
        row, start = np.nonzero(steps == 1)
        rows.append(row + place.top)
        starts.append(start + (place.left + 1))
        ends.append(np.nonzero(steps == -1)[1] + (place.left + 1))
        counts.append(len(row))
    row = np.concatenate(rows).clip(0, height - 1)
    start = np.concatenate(starts).clip(0, width - 1)
    end = np.maximum(np.concatenate(ends).clip(0, width), start + 1)
    first = np.cumsum([0, *counts[:-1]])
    sums = np.add.reduceat(running[row, end] - running[row, start], first, axis=0)
    return np.asarray(sums / np.add.reduceat(end - start, first)[:, None], np.float32)


def _deeper(maps: FloorMaps, masks: Sequence[Mask], places: Sequence[_Place]) -> _Values:
    """Logarithm of how much farther the outline is said to be than that of the area is."""
    height, width = maps.context.shape[:2]
    depth = cv2.resize(maps.depth, (width, height), interpolation=cv2.INTER_AREA) / np.float32(CONTEXT_STEP)
    said = _means(depth[..., None], masks, places)[:, 0]
    own = [cv2.distanceTransform(mask, cv2.DIST_L2, 3)[mask > 0].mean() - 0.5 for mask in masks]
    return np.asarray(np.log((said + 0.25) / (np.array(own) + 0.25)), np.float64)[:, None]


def _part_features(parts: Map, places: Sequence[_Place]) -> _Values:
    around = [place.around for place in places]
    shown_inside, shown_around = (
        _means(parts, [place.inside for place in places], places),
        _means(parts, around, places),
    )
    blocks = np.array([cv2.countNonZero(mask) for mask in around])
    openings = np.log1p(shown_around[:, Part.OPENING] * blocks)
    return np.column_stack([shown_inside, shown_around, openings])


def _vote_features(places: Sequence[_Place], boxes: _Values, maps: FloorMaps) -> _Values:
    inside = _Voters([place.inside for place in places], places, maps)
    around = _Voters([place.around for place in places], places, maps)
    sides = np.maximum(1.0, boxes[:, 2:] - boxes[:, :2])
    mean = inside.mean(inside.boxes)
    away = (inside.boxes - mean[inside.area]) / np.tile(sides, 2)[inside.area]
    larger = np.log(np.maximum(LEAST_BLOCKS, mean[:, 2:] - mean[:, :2]) / sides)
    return np.column_stack(
        [
            larger.max(axis=1),
            larger.min(axis=1),
            np.sqrt(inside.mean(away**2)).mean(axis=1),
            around.mean(_iou(around.boxes, boxes[around.area])[:, None]),
        ]
    )


class _Voters:
    """Some blocks under each of ``masks``, one area's after another's: ``area`` is whose each is, ``boxes``
    what it votes for."""

    def __init__(self, masks: Sequence[Mask], places: Sequence[_Place], maps: FloorMaps) -> None:
        height, width = maps.context.shape[:2]
        found = [np.divmod(_some(mask), mask.shape[1]) for mask in masks]
        counts = [len(rows) for rows, _ in found]
        rows = [rows + place.top for (rows, _), place in zip(found, places, strict=True)]
        columns = [columns + place.left for (_, columns), place in zip(found, places, strict=True)]
        row = CONTEXT_STEP * np.concatenate(rows).clip(0, height - 1)
        column = CONTEXT_STEP * np.concatenate(columns).clip(0, width - 1)
        self.area = np.repeat(np.arange(len(masks)), counts)
        self.boxes = maps.boxes[row, column] / np.float64(CONTEXT_STEP)
        self._weights = maps.floor[row, column] + LEAST_WEIGHT
        self._first = np.cumsum([0, *counts[:-1]])

    def mean(self, values: _Values) -> _Values:
        """Means for each area, in which floor counts."""
        sums = np.add.reduceat(values * self._weights[:, None], self._first, axis=0)
        return np.asarray(sums / np.add.reduceat(self._weights, self._first)[:, None], np.float64)


def _some(mask: Mask) -> NDArray[np.int64]:
    blocks = np.flatnonzero(mask)
    return blocks[:: max(1, len(blocks) // MOST_VOTING)]


def _iou(a: _Values, b: _Values) -> _Values:
    shared = (np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])).clip(0).prod(axis=1)
    areas = (a[:, 2:] - a[:, :2]).prod(axis=1) + (b[:, 2:] - b[:, :2]).prod(axis=1)
    return np.asarray(shared / np.maximum(areas - shared, 1e-6), np.float64)
