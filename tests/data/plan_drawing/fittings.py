"""Symbols for furniture, sanitary ware and kitchens, as an architect draws them.

A symbol is a function of its width and depth in metres that returns lines; (0, 0) is its back left corner.
"""

import math
from collections.abc import Callable

from .building import Fitting
from .paper import Point

Line = list[Point]


def outline(fitting: Fitting) -> list[Line]:
    """Return the lines of a fitting where it stands, in metres."""
    width, depth = fitting.size
    return [[_placed(point, fitting) for point in line] for line in SYMBOLS[fitting.symbol](width, depth)]


def _placed(point: Point, fitting: Fitting) -> Point:
    x, y = point
    width, depth = fitting.size
    for _ in range(fitting.turns % 4):
        x, y = depth - y, x
        width, depth = depth, width
    return fitting.at[0] + x, fitting.at[1] + y


def box(x: float, y: float, width: float, depth: float) -> Line:
    """Return a closed rectangle."""
    return [(x, y), (x + width, y), (x + width, y + depth), (x, y + depth), (x, y)]


def arc(centre: Point, radius_x: float, radius_y: float, begin: float = 0, end: float = 360) -> Line:
    """Return an elliptic arc in steps of about ten degrees; angles in degrees, clockwise from x."""
    steps = max(2, round(abs(end - begin) / 10))
    angles = [math.radians(begin + (end - begin) * step / steps) for step in range(steps + 1)]
    return [(centre[0] + radius_x * math.cos(a), centre[1] + radius_y * math.sin(a)) for a in angles]


def bed(width: float, depth: float) -> list[Line]:
    pillows = [box(0.1 * width, 0.04 * depth, 0.35 * width, 0.17 * depth)]
    if width > 1.2:
        pillows.append(box(0.55 * width, 0.04 * depth, 0.35 * width, 0.17 * depth))
    fold = [(0.0, 0.3 * depth), (0.6 * width, 0.3 * depth), (width, 0.42 * depth)]
    return [box(0, 0, width, depth), *pillows, fold]


def sofa(width: float, depth: float) -> list[Line]:
    arm = 0.15
    seats = max(2, round(width / 0.75))
    seat = (width - 2 * arm) / seats
    cushions = [box(arm + seat * n, 0.25 * depth, seat, 0.75 * depth) for n in range(seats)]
    return [box(0, 0, width, depth), *cushions]


def table(width: float, depth: float) -> list[Line]:
    """A table with chairs along its front and back."""
    chair = 0.42
    count = max(1, int(width / 0.65))
    gap = width / count
    top = 0.3
    chairs = []
    for n in range(count):
        x = gap * (n + 0.5) - chair / 2
        chairs += [box(x, 0.0, chair, top - 0.03), box(x, depth - top + 0.03, chair, top - 0.03)]
    return [box(0, top, width, depth - 2 * top), *chairs]


def round_table(width: float, depth: float) -> list[Line]:
    seats = [
        arc((width * (0.5 + 0.42 * math.cos(a)), depth * (0.5 + 0.42 * math.sin(a))), 0.2, 0.2)
        for a in (math.radians(45 + 90 * n) for n in range(4))
    ]
    return [arc((width / 2, depth / 2), 0.32 * width, 0.32 * depth), *seats]


def desk(width: float, depth: float) -> list[Line]:
    """A desk with its chair in front."""
    return [
        box(0, 0, width, depth * 0.55),
        arc((width / 2, depth * 0.8), 0.22, 0.2 * depth),
        [(width / 2 - 0.2, depth * 0.97), (width / 2 + 0.2, depth * 0.97)],
    ]


def toilet(width: float, depth: float) -> list[Line]:
    return [
        box(0.08 * width, 0, 0.84 * width, 0.26 * depth),
        arc((width / 2, 0.62 * depth), 0.42 * width, 0.37 * depth),
        arc((width / 2, 0.62 * depth), 0.28 * width, 0.26 * depth),
    ]


def basin(width: float, depth: float) -> list[Line]:
    return [
        box(0, 0, width, depth),
        arc((width / 2, 0.55 * depth), 0.36 * width, 0.34 * depth),
        arc((width / 2, 0.16 * depth), 0.04, 0.04),
    ]


def bath(width: float, depth: float) -> list[Line]:
    """A bath with its drain at the left."""
    radius = depth * 0.36
    inside = [
        *arc((width - 0.12 - radius, depth / 2), radius, radius, -90, 90),
        (0.1, depth / 2 + radius),
        (0.1, depth / 2 - radius),
        (width - 0.12 - radius, depth / 2 - radius),
    ]
    return [box(0, 0, width, depth), inside, arc((0.25, depth / 2), 0.04, 0.04)]


def shower(width: float, depth: float) -> list[Line]:
    cross = [[(0.0, 0.0), (width, depth)], [(width, 0.0), (0.0, depth)]]
    return [box(0, 0, width, depth), *cross, arc((width / 2, depth / 2), 0.07, 0.07)]


def sink(width: float, depth: float) -> list[Line]:
    """A stretch of worktop with a double sink."""
    bowls = [box(width * at, 0.2 * depth, 0.2 * width, 0.6 * depth) for at in (0.28, 0.52)]
    return [box(0, 0, width, depth), *bowls]


def hob(width: float, depth: float) -> list[Line]:
    rings = [
        arc((width * x, depth * y), 0.15 * width, 0.15 * depth) for x in (0.28, 0.72) for y in (0.28, 0.72)
    ]
    return [box(0, 0, width, depth), *rings]


def worktop(width: float, depth: float) -> list[Line]:
    return [box(0, 0, width, depth)]


def fridge(width: float, depth: float) -> list[Line]:
    return [
        box(0, 0, width, depth),
        [(0.0, 0.0), (width, depth)],
        [(0.0, 0.88 * depth), (width, 0.88 * depth)],
    ]


def wardrobe(width: float, depth: float) -> list[Line]:
    hangers = [
        [(x, 0.2 * depth), (x + 0.04, 0.8 * depth)]
        for x in (0.15 + 0.2 * n for n in range(int(width / 0.2) - 1))
    ]
    return [box(0, 0, width, depth), [(0.0, depth / 2), (width, depth / 2)], *hangers]


def stairs(width: float, depth: float) -> list[Line]:
    """A straight flight that goes up from the front, with its arrow."""
    treads = max(3, round(depth / 0.27))
    lines: list[Line] = [[(0.0, depth * n / treads), (width, depth * n / treads)] for n in range(treads + 1)]
    middle = width / 2
    arrow = [(middle - 0.12, 0.35), (middle, 0.1), (middle + 0.12, 0.35)]
    return [
        *lines,
        [(0.0, 0.0), (0.0, depth)],
        [(width, 0.0), (width, depth)],
        [(middle, depth), (middle, 0.1)],
        arrow,
    ]


def car(width: float, depth: float) -> list[Line]:
    body = [
        *arc((0.3, 0.35), 0.3, 0.35, 180, 270),
        *arc((width - 0.3, 0.35), 0.3, 0.35, 270, 360),
        *arc((width - 0.3, depth - 0.3), 0.3, 0.3, 0, 90),
        *arc((0.3, depth - 0.3), 0.3, 0.3, 90, 180),
        (0.0, 0.35),
    ]
    roof = box(0.16, 0.38 * depth, width - 0.32, 0.36 * depth)
    screen = [(0.1, 0.28 * depth), (0.5 * width, 0.25 * depth), (width - 0.1, 0.28 * depth)]
    return [body, roof, screen]


def lift(width: float, depth: float) -> list[Line]:
    return [box(0, 0, width, depth), [(0.0, 0.0), (width, depth)], [(width, 0.0), (0.0, depth)]]


def column(width: float, depth: float) -> list[Line]:
    diagonals = [[(0.0, 0.0), (width, depth)], [(width, 0.0), (0.0, depth)]]
    return [box(0, 0, width, depth), *diagonals]


def rug(width: float, depth: float) -> list[Line]:
    return [box(0, 0, width, depth), box(0.08, 0.08, width - 0.16, depth - 0.16)]


def plant(width: float, depth: float) -> list[Line]:
    centre = (width / 2, depth / 2)
    spokes = [
        [centre, (centre[0] + width / 2 * math.cos(a), centre[1] + depth / 2 * math.sin(a))]
        for a in (math.radians(40 * n) for n in range(9))
    ]
    return [arc(centre, width / 2, depth / 2), *spokes]


SYMBOLS: dict[str, Callable[[float, float], list[Line]]] = {
    symbol.__name__: symbol
    for symbol in (
        bed, sofa, table, round_table, desk, toilet, basin, bath, shower, sink, hob, worktop, fridge,
        wardrobe, stairs, car, lift, column, rug, plant,
    )
}  # fmt: skip
