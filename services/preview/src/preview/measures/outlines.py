"""Outlines of rooms in pixels, and the rectangles around them whose sides a plan may print."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from preview.domain.measures import smallest_rectangle
from preview.domain.room import Point

Ring = NDArray[np.float64]
"""``(n, 2)`` corners of an outline, the first not repeated."""

_UPRIGHT_SLOPE = 0.05
"""Slope up to which a side is upright: tracing is no more exact."""
_FULLER = 1.05
"""Share of area by which a turned rectangle has to fit closer than an upright one."""


@dataclass(frozen=True, slots=True)
class Rectangle:
    """Sides along x and y of a rectangle around an outline; ``is_turned`` where they lie along no axis."""

    along_x: float
    along_y: float
    is_turned: bool = False


def ring(outline: Sequence[Point], px_per_unit: tuple[float, float]) -> Ring:
    """``outline``, which is in page coordinates, in pixels."""
    return np.asarray(np.array(outline, np.float64) * px_per_unit, np.float64)


def rectangles(corners: Ring) -> list[Rectangle]:
    """The upright rectangle around an outline, and a turned one if that fits clearly closer."""
    along_x, along_y = np.ptp(corners, axis=0).tolist()
    upright = Rectangle(along_x, along_y)
    if _is_upright(corners):
        return [upright]
    shorter, longer = smallest_rectangle([(x, y) for x, y in corners.tolist()])
    closer = along_x * along_y > _FULLER * shorter * longer
    return [upright, Rectangle(shorter, longer, is_turned=True)] if closer else [upright]


def _is_upright(corners: Ring) -> bool:
    """Whether most of the outline runs along the axes, however notched it is."""
    steps = np.abs(np.roll(corners, -1, axis=0) - corners)
    along_axis = steps.min(axis=1) <= _UPRIGHT_SLOPE * steps.max(axis=1)
    lengths = np.hypot(*steps.T)
    return bool(lengths[along_axis].sum() > 0.5 * lengths.sum())
