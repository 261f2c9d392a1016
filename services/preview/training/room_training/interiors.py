"""What stands in rooms: fixtures, furniture, stairs, floors; drawn so that none of it is a wall."""

import math
from random import Random

import numpy as np
from shapely import affinity
from shapely.geometry import LineString, Polygon, box
from shapely.geometry.base import BaseGeometry

from room_training.canvas import Canvas
from room_training.floor_plan import BoxMm, FloorPlan
from room_training.parts import Part
from room_training.style import Style


def draw_floors(canvas: Canvas, rooms: list[tuple[str, Polygon]], style: Style, random: Random) -> None:
    """Tones, tiles and boards."""
    for kind, room in rooms:
        if style.floors:
            canvas.fill(room, random.choice([252, 240, 225, 210, 190, 160]))
        if random.random() < style.tiles * (1 if kind in ("bathroom", "balcony", "washing_room") else 0.3):
            _ruled(canvas, room, random.choice([120, 200, 300, 600]), random.random() < 0.5, style, random)


def _ruled(canvas: Canvas, room: Polygon, step: float, crossed: bool, style: Style, random: Random) -> None:
    angle = random.choice([0, 0, 90, 45])
    tone = random.choice([style.ink, 120, 180, 210])
    for turn in (angle, angle + 90)[: 1 + crossed]:
        for line in hatching(room, step, turn):
            canvas.line(line.coords, tone, 1)


def hatching(shape: BaseGeometry, step: float, angle: float) -> list[LineString]:
    """Parallel lines ``step`` apart inside ``shape``."""
    if shape.is_empty:
        return []
    turned = affinity.rotate(shape, -angle, origin=(0, 0))
    x0, y0, x1, y1 = turned.bounds
    lines = []
    for y in np.arange(y0 + step / 2, y1, step)[:400]:
        cut = LineString([(x0, y), (x1, y)]).intersection(turned)
        lines += [g for g in getattr(cut, "geoms", [cut]) if isinstance(g, LineString) and g.length > 20]
    return [affinity.rotate(line, angle, origin=(0, 0)) for line in lines]


def draw_fixtures(
    canvas: Canvas, plan: FloorPlan, rooms: list[tuple[str, Polygon]], style: Style
) -> list[Polygon]:
    """The plan's own fixtures, each held inside its room; what they cover."""
    covered = []
    for kind, corners in plan.fixtures:
        host = next((room for _, room in rooms if room.contains(box(*corners).centroid)), None)
        held = box(*corners).intersection(host.buffer(-20)) if host else Polygon()
        if held.is_empty or held.area < 4e4:
            continue
        covered.append(held)
        canvas.mark(held, Part.STAIRS if kind == "stairs" else Part.FIXTURE)
        _FIXTURES.get(kind, _basin)(canvas, held.bounds, style)
    return covered


def _basin(canvas: Canvas, b: BoxMm, style: Style) -> None:
    canvas.outline(box(*b), style.ink, style.line_px)
    _oval(canvas, _inset(b, 0.18), style)


def _toilet(canvas: Canvas, b: BoxMm, style: Style) -> None:
    upright = b[3] - b[1] >= b[2] - b[0]
    tank = (
        (b[0], b[1], b[2], b[1] + 0.3 * (b[3] - b[1]))
        if upright
        else (b[0], b[1], b[0] + 0.3 * (b[2] - b[0]), b[3])
    )
    bowl = (b[0], tank[3], b[2], b[3]) if upright else (tank[2], b[1], b[2], b[3])
    canvas.outline(box(*tank), style.ink, style.line_px)
    _oval(canvas, bowl, style)


def _counter(canvas: Canvas, b: BoxMm, style: Style) -> None:
    canvas.outline(box(*b), style.ink, style.line_px)
    side = min(b[2] - b[0], b[3] - b[1])
    for i in (0.3, 0.7):
        for j in (0.3, 0.7):
            x, y, r = b[0] + side * i, b[1] + side * j, 0.13 * side
            _oval(canvas, (x - r, y - r, x + r, y + r), style)
    canvas.outline(box(*_inset((b[2] - side, b[3] - side, b[2], b[3]), 0.2)), style.ink, style.line_px)


def _stairs(canvas: Canvas, b: BoxMm, style: Style) -> None:
    wide = b[2] - b[0] > b[3] - b[1]
    for t in np.linspace(0, 1, max(4, int(max(b[2] - b[0], b[3] - b[1]) / 260))):
        x, y = b[0] + t * (b[2] - b[0]), b[1] + t * (b[3] - b[1])
        canvas.line([(x, b[1]), (x, b[3])] if wide else [(b[0], y), (b[2], y)], style.ink, style.line_px)
    middle = ((b[0] + b[2]) / 2, (b[1] + b[3]) / 2)
    canvas.line(
        [(b[0], middle[1]), (b[2], middle[1])] if wide else [(middle[0], b[1]), (middle[0], b[3])],
        style.ink,
        style.line_px,
    )


_FIXTURES = {"toilet": _toilet, "cooking_counter": _counter, "stairs": _stairs}


def furnish(
    canvas: Canvas, rooms: list[tuple[str, Polygon]], covered: list[Polygon], style: Style, random: Random
) -> None:
    """Beds, sofas, tables, kitchen units, wardrobes, cars and stairs, where there is room for them."""
    for kind, room in rooms:
        if kind in ("closet", "shaft") or random.random() > style.furniture:
            continue
        for piece in _pieces(kind, random):
            _place(canvas, room, piece, covered, style, random)


def _pieces(kind: str, random: Random) -> list[str]:
    if kind == "bedroom":
        return ["bed", "wardrobe", *random.sample(["table", "cupboard", "wardrobe"], 1)]
    if kind in ("living_room", "office"):
        return random.choices(["sofa", "table", "dining", "cupboard", "round", "wardrobe"], k=4)
    if kind == "kitchen":
        return ["units", "units", "dining"]
    if kind in ("bathroom", "washing_room", "restroom"):
        return ["washer", "cupboard", "shower", "bath"]
    if kind in ("corridor", "entry"):
        return ["wardrobe", "cupboard"]
    return ["treads"] if kind == "stairs" else random.choices(["round", "table", "treads"], k=1)


_SIZES_MM = {
    "bed": (1600, 2050), "wardrobe": (2000, 600), "table": (1400, 700), "cupboard": (900, 400),
    "sofa": (2100, 900), "dining": (1800, 1500), "round": (1100, 1100), "units": (2600, 600),
    "washer": (600, 600), "shower": (900, 900), "bath": (1700, 750), "treads": (900, 2400),
}  # fmt: skip
_AGAINST_WALL = {"bed", "wardrobe", "cupboard", "units", "washer", "shower", "bath", "treads", "sofa"}


def _place(
    canvas: Canvas, room: Polygon, piece: str, covered: list[Polygon], style: Style, random: Random
) -> None:
    long, deep = (side * random.uniform(0.7, 1.3) for side in _SIZES_MM[piece])
    for _ in range(4):
        width, depth = (long, deep) if random.random() < 0.5 else (deep, long)
        x0, y0, x1, y1 = room.bounds
        if piece in ("wardrobe", "units") and random.random() < 0.4:
            width, depth = (x1 - x0 - 2, deep) if width > depth else (deep, y1 - y0 - 2)
        free_x, free_y = x1 - x0 - width, y1 - y0 - depth
        if min(free_x, free_y) < 0:
            continue
        at_x, at_y = random.random() * free_x, random.random() * free_y
        if piece in _AGAINST_WALL:
            at_x = random.choice([0, free_x]) if depth >= width else random.choice([0, at_x, free_x])
            at_y = random.choice([0, free_y]) if width >= depth else random.choice([0, at_y, free_y])
        spot = box(x0 + at_x, y0 + at_y, x0 + at_x + width, y0 + at_y + depth)
        if room.buffer(5).contains(spot) and not any(spot.intersects(other) for other in covered):
            covered.append(spot)
            canvas.mark(spot, Part.STAIRS if piece == "treads" else Part.FIXTURE)
            _draw_piece(canvas, piece, spot.bounds, style, random)
            return


def _draw_piece(canvas: Canvas, piece: str, b: BoxMm, style: Style, random: Random) -> None:
    ink = style.ink if random.random() < 0.7 else random.choice([80, 130, 180])
    if random.random() < 0.15:
        canvas.fill(box(*b), random.choice([245, 220, 180, 120]))
    if piece == "round":
        _oval(canvas, b, style)
        return
    dashed = piece == "wardrobe" and random.random() < 0.3
    canvas.line(box(*b).exterior.coords, ink, style.line_px, 5 if dashed else 0)
    wide = b[2] - b[0] > b[3] - b[1]
    if piece == "treads":
        _stairs(canvas, b, style)
    elif piece in ("wardrobe", "units"):
        for t in np.arange(600, max(b[2] - b[0], b[3] - b[1]), 600):
            canvas.line(
                [(b[0] + t, b[1]), (b[0] + t, b[3])] if wide else [(b[0], b[1] + t), (b[2], b[1] + t)],
                ink,
                style.line_px,
            )
        if piece == "wardrobe" and random.random() < 0.4:
            canvas.line([(b[0], b[1]), (b[2], b[3])], ink, style.line_px)
    elif piece in ("shower", "cupboard") and random.random() < 0.6:
        canvas.line([(b[0], b[1]), (b[2], b[3])], ink, style.line_px)
        canvas.line([(b[0], b[3]), (b[2], b[1])], ink, style.line_px)
    elif piece == "dining":
        canvas.outline(box(*_inset(b, 0.25)), ink, style.line_px)
    else:
        canvas.outline(box(*_inset(b, 0.15)), ink, style.line_px)


def _oval(canvas: Canvas, b: BoxMm, style: Style) -> None:
    cx, cy, rx, ry = (b[0] + b[2]) / 2, (b[1] + b[3]) / 2, (b[2] - b[0]) / 2, (b[3] - b[1]) / 2
    turn = [math.pi * k / 12 for k in range(25)]
    canvas.line([(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in turn], style.ink, style.line_px)


def _inset(b: BoxMm, share: float) -> BoxMm:
    dx, dy = share * (b[2] - b[0]), share * (b[3] - b[1])
    return b[0] + dx, b[1] + dy, b[2] - dx, b[3] - dy
