"""Areas, perimeters and sides of outlines, in the units of their points."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import atan2, cos, hypot, pi, sin, tau

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
    width, length = min(_around(hull), key=lambda sides: sides[0] * sides[1])
    return min(width, length), max(width, length)


def _sides(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return zip(ring, (*ring[1:], ring[0]), strict=True)


def _around(hull: Ring) -> Iterator[tuple[float, float]]:
    """The extents of a hull along each of its sides and across it.

    The corner that lies farthest along a side begins the first side a quarter turn on from it (rotating
    calipers; Shamos, 1978), so it is looked up among the directions of the sides, which only grow.
    """
    directions = list(accumulate((_direction(a, b) for a, b in _sides(hull)), max))
    twice_round = [*directions, *(direction + tau for direction in directions)]
    for start, direction in zip(hull, directions, strict=True):
        front, top, back = (
            hull[bisect_left(twice_round, direction + quarters * tau / 4) % len(hull)]
            for quarters in (1, 2, 3)
        )
        along, across = cos(direction), sin(direction)
        yield (
            abs((front[0] - back[0]) * along + (front[1] - back[1]) * across),
            abs((top[1] - start[1]) * along - (top[0] - start[0]) * across),
        )


def _direction(a: Point, b: Point) -> float:
    """The direction of a side of a convex hull: from -1/4 turn, and from 1/4 for the half that leads back."""
    x, y = b[0] - a[0], b[1] - a[1]
    return atan2(y, x) if a <= b else atan2(-y, -x) + pi


def _convex_hull(ring: Ring) -> list[Point]:
    """By Andrew's monotone chain: counter-clockwise from the first corner in order of x, then y."""
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
