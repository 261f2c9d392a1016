"""Outlines of rooms: polygons in page coordinates, 0 to 1000 along each side of the page."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

Point = tuple[float, float]
Outline = tuple[Point, ...]
"""Corners in order, the first not repeated."""
Box = tuple[float, float, float, float]
"""``(x_min, y_min, x_max, y_max)``."""

PAGE_SIDE = 1000.0
MIN_CORNERS = 3
MAX_CORNERS = 500

_PER_UNIT = 100
_Corner = tuple[int, int]
"""In hundredths, so that a corner on a side is found on it whatever floats would make of it."""


class _Side(NamedTuple):
    """From ``a`` to ``b``; its left end comes first for the sweep, of two above each other the upper one."""

    left: _Corner
    right: _Corner
    number: int
    a: _Corner
    b: _Corner


def box_outline(box: Box) -> Outline:
    """The corners of ``box``, clockwise from the top left."""
    x_min, y_min, x_max, y_max = box
    return (x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max)


def is_on_page(outline: Sequence[Point]) -> bool:
    return all(0 <= x <= PAGE_SIDE and 0 <= y <= PAGE_SIDE for x, y in outline)


def is_simple(outline: Sequence[Point]) -> bool:
    """Whether the outline encloses an area and no two of its sides touch but neighbours at their corner.

    Its coordinates have two decimals. A line sweeps over the corners from left to right, and sides are
    compared as they come to lie beside each other on it.
    Source: Shamos and Hoey, Geometric intersection problems, 1976.
    """
    corners = [(round(x * _PER_UNIT), round(y * _PER_UNIT)) for x, y in outline]
    if len(set(corners)) < len(corners) or area(corners) == 0:
        return False
    ends = zip(corners, (*corners[1:], corners[0]), strict=True)
    sides = [_Side(min(a, b), max(a, b), number, a, b) for number, (a, b) in enumerate(ends)]
    swept: list[_Side] = []
    order = sorted(range(len(corners)), key=corners.__getitem__)
    return all(
        _sweep(swept, corners[number], sides[number - 1], sides[number], len(sides) - 1) for number in order
    )


def _sweep(swept: list[_Side], corner: _Corner, before: _Side, after: _Side, last: int) -> bool:
    """Move the line that meets ``swept``, from top to bottom, over a corner; whether nothing collides there.

    ``before`` and ``after`` are the sides at the corner.
    """
    ended = {side for side in (before, after) if side.right == corner}
    begun = [side for side in (before, after) if side.left == corner]
    if len(begun) > 1 and _turn(corner, begun[0].right, begun[1].right) < 0:
        begun.reverse()
    start = bisect_left(swept, 0, key=lambda side: -_turn(side.left, side.right, corner))
    end = start + len(ended)
    if set(swept[start:end]) != ended:
        return False
    swept[start:end] = begun
    beside = swept[max(start - 1, 0) : start + len(begun) + 1]
    return not any(_collide(upper, lower, last) for upper, lower in pairwise(beside))


def area(outline: Sequence[Point]) -> float:
    """The area inside a simple outline, whichever way round."""
    sides = zip(outline, (*outline[1:], outline[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in sides)) / 2


def _collide(one: _Side, another: _Side, last: int) -> bool:
    first, second = (one, another) if one.number < another.number else (another, one)
    if second.number == first.number + 1:
        return _turns_back(first.a, first.b, second.b)
    if first.number == 0 and second.number == last:
        return _turns_back(second.a, second.b, first.b)
    return _touch(first.a, first.b, second.a, second.b)


def _turns_back(a: _Corner, corner: _Corner, b: _Corner) -> bool:
    """Whether the way from ``a`` over ``corner`` to ``b`` goes back along itself."""
    along = (a[0] - corner[0]) * (b[0] - corner[0]) + (a[1] - corner[1]) * (b[1] - corner[1])
    return _turn(a, corner, b) == 0 and along > 0


def _touch(a: _Corner, b: _Corner, c: _Corner, d: _Corner) -> bool:
    """Whether two sides that a line from top to bottom meets both have a point in common."""
    to_c, to_d = _turn(a, b, c), _turn(a, b, d)
    if (to_c > 0 and to_d > 0) or (to_c < 0 and to_d < 0):
        return False
    to_a, to_b = _turn(c, d, a), _turn(c, d, b)
    return not ((to_a > 0 and to_b > 0) or (to_a < 0 and to_b < 0))


def _turn(a: _Corner, b: _Corner, c: _Corner) -> int:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def iou(one: Sequence[Point], another: Sequence[Point]) -> float:
    """Intersection over union of the areas inside two simple outlines, 0 to 1.

    Exact: between two heights at which a corner lies or sides cross, every width changes evenly.
    """
    heights = sorted({y for _, y in (*one, *another)} | set(_crossings(one, another)))
    common = sum(
        (low - high) * _common_width(one, another, (high + low) / 2) for high, low in pairwise(heights)
    )
    union = area(one) + area(another) - common
    return common / union if union else 0.0


def _crossings(one: Sequence[Point], another: Sequence[Point]) -> Iterator[float]:
    for a, b in zip(one, (*one[1:], one[0]), strict=True):
        for c, d in zip(another, (*another[1:], another[0]), strict=True):
            across = (b[0] - a[0]) * (d[1] - c[1]) - (b[1] - a[1]) * (d[0] - c[0])
            if across:
                along = ((c[0] - a[0]) * (d[1] - c[1]) - (c[1] - a[1]) * (d[0] - c[0])) / across
                if 0 <= along <= 1:
                    yield a[1] + along * (b[1] - a[1])


def _common_width(one: Sequence[Point], another: Sequence[Point], y: float) -> float:
    return sum(
        max(0.0, min(right, other_right) - max(left, other_left))
        for left, right in _spans(one, y)
        for other_left, other_right in _spans(another, y)
    )


def _spans(outline: Sequence[Point], y: float) -> list[tuple[float, float]]:
    """From where to where along x the outline encloses the height ``y``, at which no corner lies."""
    sides = zip(outline, (*outline[1:], outline[0]), strict=True)
    met = sorted(
        a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) for a, b in sides if (a[1] > y) != (b[1] > y)
    )
    return list(zip(met[::2], met[1::2], strict=True))
