"""Areas, perimeters and sides of outlines, in the units of their points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import atan2, cos, hypot, sin

from preview.domain.room import Point
from preview.domain.scale import Scale

Ring = Sequence[Point]
"""Corners of an outline in order, the first not repeated."""


@dataclass(frozen=True, slots=True)
class Measures:
    """What an outline measures; ``width_m`` and ``length_m`` are the sides of its smallest rectangle."""

    area_m2: float
    perimeter_m: float
    width_m: float
    length_m: float


def measure(outline: Ring, scale: Scale) -> Measures:
    """The measures of an outline in page coordinates, to the centimetre."""
    x, y = scale.metres_per_unit
    in_metres = [(corner[0] * x, corner[1] * y) for corner in outline]
    figures = (area(in_metres), perimeter(in_metres), *smallest_rectangle(in_metres))
    return Measures(*(round(figure, 2) for figure in figures))


def area(ring: Ring) -> float:
    """The area inside, whichever way round."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in _sides(ring))) / 2


def perimeter(ring: Ring) -> float:
    """The length of the outline."""
    return sum(hypot(b[0] - a[0], b[1] - a[1]) for a, b in _sides(ring))


def smallest_rectangle(ring: Ring) -> tuple[float, float]:
    """The shorter and the longer side of the rectangle of least area around the outline.

    One of its sides lies along a side of the convex hull (Freeman and Shapira, 1975).
    """
    hull = _convex_hull(ring)
    rectangles = (_around(hull, atan2(b[1] - a[1], b[0] - a[0])) for a, b in _sides(hull))
    width, length = min(rectangles, key=lambda sides: sides[0] * sides[1])
    return min(width, length), max(width, length)


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def _around(hull: Ring, angle: float) -> tuple[float, float]:
    """The extent of the hull along a direction and across it."""
    along, across = cos(angle), sin(angle)
    u = [x * along + y * across for x, y in hull]
    v = [y * along - x * across for x, y in hull]
    return max(u) - min(u), max(v) - min(v)


def _convex_hull(ring: Ring) -> list[Point]:
    """By Andrew's monotone chain."""
    corners = sorted(set(ring))
    lower, upper = _chain(corners), _chain(corners[::-1])
    return [*lower[:-1], *upper[:-1]] or corners


def _chain(corners: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for corner in corners:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], corner) <= 0:
            chain.pop()
        chain.append(corner)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
