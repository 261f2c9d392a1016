"""Overlaps of boxes: arrays ``(n, 4)`` of ``x_min, y_min, x_max, y_max`` in one unit."""

from collections.abc import Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree
from shapely import box as shapes_of

_Real = TypeVar("_Real", np.float32, np.float64)
NO_AREA = 1e-6
"""What a pair without any area is divided by; it overlaps by nothing."""

Indices = NDArray[np.int64]

_PART = 64
"""Boxes whose neighbours are looked up at once: if all of a page's 20,000 words were such, 20 MB of pairs."""


def meeting(one: NDArray[np.float64], other: NDArray[np.float64]) -> Iterator[tuple[Indices, Indices]]:
    """Pairs ``(i, j)`` of which box ``one[i]`` meets ``other[j]``, a part at a time, by ``i``.

    Takes time in proportion to the pairs, and n log n for the rest.
    """
    tree = STRtree(shapes_of(*other.T))
    for start in range(0, len(one), _PART):
        i, j = tree.query(shapes_of(*one[start : start + _PART].T))
        yield i + start, j


def shared_areas(one: NDArray[_Real], other: NDArray[_Real]) -> NDArray[_Real]:
    """Area that every box of ``one`` (rows) shares with every box of ``other`` (columns)."""
    shared = _shared_lengths(one[:, ::2], other[:, ::2])
    shared *= _shared_lengths(one[:, 1::2], other[:, 1::2])
    return shared


def iou_matrix(one: NDArray[_Real], other: NDArray[_Real]) -> NDArray[_Real]:
    """IoU of every box of ``one`` (rows) with every box of ``other`` (columns), 0 to 1."""
    shared = shared_areas(one, other)
    either = _areas(one)[:, None] + _areas(other) - shared
    return np.asarray(shared / np.maximum(either, NO_AREA), one.dtype)


def _areas(boxes: NDArray[_Real]) -> NDArray[_Real]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=-1), boxes.dtype)


def _shared_lengths(one: NDArray[_Real], other: NDArray[_Real]) -> NDArray[_Real]:
    """What intervals ``(n, 2)`` have in common; a dimension less to go through than with both at once."""
    lengths = np.minimum(one[:, 1, None], other[:, 1])
    lengths -= np.maximum(one[:, 0, None], other[:, 0])
    return np.maximum(lengths, 0, out=lengths)
