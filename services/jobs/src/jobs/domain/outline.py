"""Outlines of rooms: polygons in page coordinates, 0 to 1000 along each side of the page."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

Point = tuple[float, float]
Outline = tuple[Point, ...]
"""Corners in order, the first not repeated."""
Box = tuple[float, float, float, float]
"""``(x_min, y_min, x_max, y_max)``."""

PAGE_SIDE = 1000.0
MIN_CORNERS = 3
MAX_CORNERS = 500

_Side = tuple[Point, Point]


def box_outline(box: Box) -> Outline:
    """The corners of ``box``, clockwise from the top left."""
    x_min, y_min, x_max, y_max = box
    return (x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max)


def is_on_page(outline: Sequence[Point]) -> bool:
    return all(0 <= x <= PAGE_SIDE and 0 <= y <= PAGE_SIDE for x, y in outline)


def is_simple(outline: Sequence[Point]) -> bool:
    """Whether the outline encloses an area and no two of its sides touch but neighbours at their corner.

    Sides are compared with those that begin before they end, from left to right.
    """
    sides = list(zip(outline, (*outline[1:], outline[0]), strict=True))
    if any(a == b for a, b in sides) or round(area(outline), 6) == 0:
        return False
    order = sorted(range(len(sides)), key=lambda at: min(sides[at][0][0], sides[at][1][0]))
    for place, one in enumerate(order):
        right = max(sides[one][0][0], sides[one][1][0])
        for another in order[place + 1 :]:
            if min(sides[another][0][0], sides[another][1][0]) > right:
                break
            if _collide(sides, one, another):
                return False
    return True


def area(outline: Sequence[Point]) -> float:
    """The area inside a simple outline, whichever way round."""
    sides = zip(outline, (*outline[1:], outline[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in sides)) / 2


def _collide(sides: Sequence[_Side], one: int, another: int) -> bool:
    first, second = min(one, another), max(one, another)
    (a, b), (c, d) = sides[first], sides[second]
    if second == first + 1:
        return _turns_back(a, b, d)
    if first == 0 and second == len(sides) - 1:
        return _turns_back(c, d, b)
    return _touch(a, b, c, d)


def _turns_back(a: Point, corner: Point, b: Point) -> bool:
    """Whether the way from ``a`` over ``corner`` to ``b`` goes back along itself."""
    along = (a[0] - corner[0]) * (b[0] - corner[0]) + (a[1] - corner[1]) * (b[1] - corner[1])
    return _turn(a, corner, b) == 0 and along > 0


def _touch(a: Point, b: Point, c: Point, d: Point) -> bool:
    if max(a[1], b[1]) < min(c[1], d[1]) or max(c[1], d[1]) < min(a[1], b[1]):
        return False
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _within(*end) for turn, end in zip(turns, ends, strict=True))


def _within(a: Point, b: Point, point: Point) -> bool:
    """Whether ``point``, which is on the line through ``a`` and ``b``, lies between them."""
    return min(a[0], b[0]) <= point[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= point[1] <= max(a[1], b[1])


def _turn(a: Point, b: Point, c: Point) -> float:
    # Coordinates have two decimals: rounded, a corner on a side is found on it whatever floats make of it
    return round((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]), 6)


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
