"""Which predicted room is which annotated one."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from plans import TrueRoom
from scipy.optimize import linear_sum_assignment
from shapely import STRtree
from shapely.geometry import Polygon

from preview.domain.room import Box, Room

Overlaps = NDArray[np.float64]
"""IoU of every predicted (rows) with every annotated room (columns)."""


@dataclass(frozen=True, slots=True)
class Matching:
    """Pairs (predicted, annotated), and predictions that lie on rooms to ignore: neither right nor wrong."""

    pairs: tuple[tuple[int, int], ...]
    excused: frozenset[int]


def match_rooms(truth: Sequence[TrueRoom], overlaps: Overlaps, level: float) -> Matching:
    """One-to-one matching at IoU ``level``; what no asked room takes may lie on one to ignore."""
    asked = [k for k, room in enumerate(truth) if not room.ignore]
    ignored = [k for k, room in enumerate(truth) if room.ignore]
    pairs = tuple((i, asked[k]) for i, k in _assigned(overlaps[:, asked], level))
    taken = {i for i, _ in pairs}
    free = [i for i in range(len(overlaps)) if i not in taken]
    excused = frozenset(free[i] for i, _ in _assigned(overlaps[np.ix_(free, ignored)], level))
    return Matching(pairs, excused)


def box_overlaps(rooms: Sequence[Room], truth: Sequence[TrueRoom]) -> Overlaps:
    """IoU of bounding boxes."""
    a = _corners([room.bounding_box for room in rooms])[:, None]
    b = _corners([room.box for room in truth])[None]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = sides.clip(0).prod(axis=-1)
    areas = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1)
    return np.asarray(shared / np.maximum(areas - shared, 1e-9), np.float64)


def polygon_overlaps(rooms: Sequence[Room], truth: Sequence[TrueRoom]) -> Overlaps:
    """IoU of outlines; every room of ``truth`` has one."""
    predicted = [Polygon(room.polygon).buffer(0) for room in rooms]
    annotated = [Polygon(room.polygon).buffer(0) for room in truth]
    overlaps = np.zeros((len(predicted), len(annotated)))
    for i, k in STRtree(annotated).query(predicted, predicate="intersects").T.tolist() if predicted else ():
        shared = predicted[i].intersection(annotated[k]).area
        overlaps[i, k] = shared / (predicted[i].area + annotated[k].area - shared)
    return overlaps


def _assigned(overlaps: Overlaps, level: float) -> list[tuple[int, int]]:
    """Pairs of at least IoU ``level`` whose IoU sums to the most (Hungarian method)."""
    rows, columns = linear_sum_assignment(np.where(overlaps >= level, overlaps, 0.0), maximize=True)
    return [(int(i), int(k)) for i, k in zip(rows, columns, strict=True) if overlaps[i, k] >= level]


def _corners(boxes: Sequence[Box]) -> NDArray[np.float64]:
    return np.array(boxes, np.float64).reshape(-1, 4)
