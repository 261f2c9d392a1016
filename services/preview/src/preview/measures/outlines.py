"""Outlines of rooms as rectangles, in pixels or metres."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Point

Ring = NDArray[np.float64]
"""``(n, 2)`` corners of an outline, the first not repeated."""

_UPRIGHT_DEGREES = 3.0
"""Turn up to which a rectangle is upright: tracing is no more exact."""
_FULLER = 1.05
"""Share of area by which a turned rectangle has to fit closer than an upright one."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Sides along x and y of a rectangle around an outline; ``is_turned`` where they lie along no axis."""

    along_x: float
    along_y: float
    is_turned: bool = False


def ring(outline: Sequence[Point], per_unit: tuple[float, float]) -> Ring:
    """``outline`` in page coordinates with ``per_unit`` pixels or metres along x and y."""
    return np.asarray(np.array(outline, np.float64) * per_unit, np.float64)


def area(corners: Ring) -> float:
    """The area inside, whichever way round."""
    x, y = corners.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def perimeter(corners: Ring) -> float:
    """The length of the outline."""
    return float(np.hypot(*(np.roll(corners, -1, axis=0) - corners).T).sum())


def smallest_rectangle(corners: Ring) -> tuple[float, float]:
    """The shorter and the longer side of the smallest rectangle around the outline, by rotating calipers."""
    origin = corners.mean(axis=0)
    size = float(np.abs(corners - origin).max()) or 1.0
    (_, sides, _) = cv2.minAreaRect(((corners - origin) / size).astype(np.float32))
    shorter, longer = sorted(float(side) * size for side in sides)
    return shorter, longer


def rectangles(corners: Ring) -> list[Rectangle]:
    """Rectangles whose sides a plan may print: the upright one, and a turned one that fits clearly closer."""
    along_x, along_y = np.ptp(corners, axis=0).tolist()
    upright = Rectangle(along_x, along_y)
    shorter, longer = smallest_rectangle(corners)
    if upright.along_x * upright.along_y > _FULLER * shorter * longer and not _is_notched(corners, upright):
        return [upright, Rectangle(shorter, longer, is_turned=True)]
    return [upright]


def _is_notched(corners: Ring, upright: Rectangle) -> bool:
    """Whether most of the outline runs along the axes, so that only its shape is no rectangle."""
    steps = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(*steps.T)
    off_axis = np.abs(steps).min(axis=1) > np.tan(np.radians(_UPRIGHT_DEGREES)) * np.abs(steps).max(axis=1)
    return bool(lengths[off_axis].sum() < 0.5 * lengths.sum())
