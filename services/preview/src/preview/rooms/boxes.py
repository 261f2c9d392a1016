"""Overlaps of boxes: arrays ``(n, 4)`` of ``x_min, y_min, x_max, y_max`` in one unit."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

_Real = TypeVar("_Real", np.float32, np.float64)
NO_AREA = 1e-6
"""What a pair without any area is divided by; it overlaps by nothing."""


def shared_areas(one: NDArray[_Real], other: NDArray[_Real]) -> NDArray[_Real]:
    """Area that every box of ``one`` (rows) shares with every box of ``other`` (columns)."""
    low = np.maximum(one[:, None, :2], other[None, :, :2])
    high = np.minimum(one[:, None, 2:], other[None, :, 2:])
    return np.asarray((high - low).clip(0).prod(axis=-1), one.dtype)


def iou_matrix(one: NDArray[_Real], other: NDArray[_Real]) -> NDArray[_Real]:
    """IoU of every box of ``one`` (rows) with every box of ``other`` (columns), 0 to 1."""
    shared = shared_areas(one, other)
    either = _areas(one)[:, None] + _areas(other) - shared
    return np.asarray(shared / np.maximum(either, NO_AREA), one.dtype)


def _areas(boxes: NDArray[_Real]) -> NDArray[_Real]:
    return np.asarray((boxes[:, 2:] - boxes[:, :2]).prod(axis=-1), boxes.dtype)
