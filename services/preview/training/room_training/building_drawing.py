"""Draws one floor plan in a style, and the room that each pixel belongs to."""

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from room_training.canvas import Canvas
from room_training.floor_plan import FloorPlan, Opening, Wall
from room_training.interiors import draw_fixtures, draw_floors, furnish, hatching
from room_training.parts import Part, part_of_kind
from room_training.style import Style, WallStyle
from room_training.words import dimension, room_words

At = Callable[[float, float], tuple[float, float]]
"""A point so far along an opening and so far across its wall, in millimetres."""

SMALLEST_ROOM_MM2 = 4.5e5


def draw_building(canvas: Canvas, plan: FloorPlan, style: Style, random: Random) -> list[Polygon]:
    """Draws ``plan``; the clear floors of its rooms, in millimetres, largest first."""
    groups = _wall_groups(plan, style)
    solid = unary_union([shape for _, shape in groups])
    floors = [(s.kind, _largest(s.outline.difference(solid))) for s in plan.spaces]
    rooms = [(kind, Polygon(floor.exterior)) for kind, floor in floors if not floor.is_empty]
    for kind, room in rooms:
        canvas.mark(room, part_of_kind(kind))
    draw_floors(canvas, rooms, style, random)
    covered = draw_fixtures(canvas, plan, rooms, style)
    furnish(canvas, rooms, [*covered, *_swings(plan.openings)], style, random)
    holes = unary_union(
        [
            o.line.buffer(_style_of(o.wall, style).thickness_mm / 2 + 40, cap_style="flat")
            for o in plan.openings
        ]
    )
    for wall_style, shape in groups:
        canvas.mark(shape.difference(holes), Part.WALL)
        canvas.mark(shape.intersection(holes), Part.OPENING)
        _draw_wall(canvas, shape.difference(holes), wall_style, style)
    for opening in plan.openings:
        _draw_opening(canvas, opening, style, random)
    _letter(canvas, rooms, style, random)
    kept = [room for kind, room in rooms if room.area > SMALLEST_ROOM_MM2 or kind == "closet"]
    return sorted(kept, key=lambda room: -room.area)


def _style_of(wall: Wall, style: Style) -> WallStyle:
    return style.rail if wall.rail else style.outer if wall.outer else style.inner


def _wall_groups(plan: FloorPlan, style: Style) -> list[tuple[WallStyle, BaseGeometry]]:
    by_style: dict[WallStyle, list[BaseGeometry]] = {}
    for wall in plan.walls:
        manner = _style_of(wall, style)
        strip = wall.line.buffer(manner.thickness_mm / 2, cap_style="square", join_style="mitre")
        by_style.setdefault(manner, []).append(strip)
    groups, drawn = [], Polygon()
    for manner in sorted(by_style, key=lambda m: -m.thickness_mm):
        shape = unary_union(by_style[manner])
        groups.append((manner, shape.difference(drawn)))
        drawn = drawn.union(shape)
    return groups


def _draw_wall(canvas: Canvas, shape: BaseGeometry, wall: WallStyle, style: Style) -> None:
    if wall.fill in ("solid", "tone", "outlined"):
        canvas.fill(shape, wall.ink)
    if wall.fill in ("hollow", "hatch", "outlined"):
        canvas.outline(shape, style.ink, style.line_px)
    if wall.fill == "hatch":
        for line in hatching(shape, max(60.0, 4 / canvas.px_per_mm), 45):
            canvas.line(line.coords, style.ink, 1)
    if wall.fill == "line":
        canvas.fill(_thinned(shape, wall, canvas, style), wall.ink)


def _thinned(shape: BaseGeometry, wall: WallStyle, canvas: Canvas, style: Style) -> BaseGeometry:
    thin = style.line_px / canvas.px_per_mm
    inner = shape.buffer(-(wall.thickness_mm - thin) / 2, join_style="mitre")
    return shape if inner.is_empty else inner.buffer(0.2 / canvas.px_per_mm)


def _swings(openings: list[Opening]) -> list[Polygon]:
    return [o.line.buffer(500, cap_style="flat") for o in openings if o.kind in ("door", "entry", "passage")]


def _draw_opening(canvas: Canvas, opening: Opening, style: Style, random: Random) -> None:
    half = _style_of(opening.wall, style).thickness_mm / 2
    (x0, y0), (x1, y1) = opening.line.coords
    length = opening.line.length
    ux, uy = (x1 - x0) / length, (y1 - y0) / length

    def at(along: float, across: float) -> tuple[float, float]:
        return x0 + ux * along - uy * across, y0 + uy * along + ux * across

    if style.jambs:
        for end in (0, length):
            canvas.line([at(end, -half), at(end, half)], style.ink, style.line_px)
    if opening.kind == "window":
        _draw_window(canvas, at, length, half, style)
    elif opening.kind == "closet":
        _draw_closet_doors(canvas, at, length, half, style, random)
    elif opening.kind in ("door", "entry"):
        _draw_door(canvas, at, length, half, style, random)
    elif random.random() < 0.6:
        _draw_passage(canvas, at, length, half, style, random)


def _draw_window(canvas: Canvas, at: At, length: float, half: float, style: Style) -> None:
    across = {"lines": (-1, 0, 1), "four lines": (-1, -0.3, 0.3, 1), "line": (0,), "box": (-1, 1)}
    if style.window == "bar":
        canvas.fill(LineString([at(0, 0), at(length, 0)]).buffer(half * 0.5, cap_style="flat"), style.ink)
    for share in across.get(style.window, ()):
        canvas.line([at(0, share * half), at(length, share * half)], style.ink, style.line_px)


def _draw_door(canvas: Canvas, at: At, length: float, half: float, style: Style, random: Random) -> None:
    side, far = random.choice([-1, 1]), random.random() < 0.5
    hinge, sign = (length, -1) if far else (0.0, 1)
    leaf = min(length, 1100.0)
    base = half * side
    thick = style.line_px * (3 if style.door == "thick leaf" else 1)
    if style.door == "closed":
        canvas.line([at(0, 0), at(length, 0)], style.ink, style.line_px)
    elif style.door == "folded":
        points = [at(length * k / 4, base + side * (length / 5 if k % 2 else 0)) for k in range(5)]
        canvas.line(points, style.ink, style.line_px)
    elif style.door != "gap":
        turn = [math.pi * k / 24 for k in range(13)]
        arc = [at(hinge + sign * leaf * math.sin(a), base + side * leaf * math.cos(a)) for a in turn]
        if style.door != "arc":
            canvas.line([at(hinge, base), at(hinge, base + side * leaf)], style.ink, thick)
        canvas.line(arc, style.ink, 1)
        canvas.mark(Polygon([at(hinge, base), *arc]), Part.OPENING)


def _draw_closet_doors(
    canvas: Canvas, at: At, length: float, half: float, style: Style, random: Random
) -> None:
    """Pairs of small leaves half open, folding or sliding doors, one leaf, or none."""
    manner = random.choice(["pairs", "pairs", "folded", "folded", "sliding", "leaf", "gap", "closed"])
    side = random.choice([-1, 1])
    if manner == "sliding":
        _draw_sliding(canvas, at, length, half, style)
    elif manner == "closed":
        canvas.line([at(0, half), at(length, half)], style.ink, style.line_px)
    elif manner == "leaf":
        _draw_door(canvas, at, length, half, replace(style, door="leaf"), random)
    elif manner != "gap":
        _draw_leaves(canvas, at, length, half * side, side, manner == "folded", style, random)


def _draw_leaves(
    canvas: Canvas,
    at: At,
    length: float,
    base: float,
    side: int,
    folded: bool,
    style: Style,
    random: Random,
) -> None:
    pairs = max(1, round(length / 1100))
    angle, arcs = math.radians(random.uniform(25, 75)), random.random() < 0.5
    leaf = length / pairs / (4 if folded else 2)
    for pair in range(pairs):
        for hinge, sign in ((pair * length / pairs, 1), ((pair + 1) * length / pairs, -1)):
            tip = (hinge + sign * leaf * math.cos(angle), base + side * leaf * math.sin(angle))
            canvas.line([at(hinge, base), at(*tip)], style.ink, style.line_px)
            if folded:
                end = hinge + 2 * sign * leaf * math.cos(angle)
                canvas.line([at(*tip), at(end, base)], style.ink, style.line_px)
            elif arcs:
                turns = [angle * k / 8 for k in range(9)]
                swing = [
                    at(hinge + sign * leaf * math.cos(a), base + side * leaf * math.sin(a)) for a in turns
                ]
                canvas.line(swing, style.ink, 1)


def _draw_sliding(canvas: Canvas, at: At, length: float, half: float, style: Style) -> None:
    canvas.line([at(0, half / 3), at(length * 0.55, half / 3)], style.ink, style.line_px)
    canvas.line([at(length * 0.45, -half / 3), at(length, -half / 3)], style.ink, style.line_px)


def _draw_passage(canvas: Canvas, at: At, length: float, half: float, style: Style, random: Random) -> None:
    if random.random() < 0.5:
        for across in (-half, half):
            canvas.line([at(0, across), at(length, across)], style.ink, 1, dash_px=5)
    else:
        _draw_sliding(canvas, at, length, half, style)


def _letter(canvas: Canvas, rooms: list[tuple[str, Polygon]], style: Style, random: Random) -> None:
    for number, (kind, room) in enumerate(rooms, start=1):
        if kind == "shaft" or random.random() > style.names:
            continue
        lines = room_words(kind, number, random)
        if random.random() < style.sizes:
            lines.append(dimension(room, random))
        _write(canvas, room, lines, style, random)


def _write(canvas: Canvas, room: Polygon, lines: list[str], style: Style, random: Random) -> None:
    centre = canvas.points([room.representative_point().coords[0]])[0]
    corners = canvas.points(room.exterior.coords)
    extent = np.ptp(corners, axis=0)
    longest = max(len(line) for line in lines)
    size = min(style.letter_mm * canvas.px_per_mm, 1.7 * extent[0] / longest, 0.5 * extent[1] / len(lines))
    turned = size < 7 and extent[1] > extent[0]
    if turned:
        size = min(style.letter_mm * canvas.px_per_mm, 1.7 * extent[1] / longest)
    if size < 5:
        return
    for row, line in enumerate(lines):
        shift = (row - (len(lines) - 1) / 2) * size * 1.25
        spot = centre + ((shift, 0) if turned else (0, shift))
        canvas.text(line, spot, size, style.ink, 1 if turned else 0)


def _largest(shape: BaseGeometry) -> Polygon:
    return max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)


def label_map(canvas: Canvas, rooms: list[Polygon], first: int, labels: NDArray[np.int32]) -> None:
    """Numbers the pixels of ``labels``, on ``canvas``'s raster, by room from ``first``."""
    for number, room in enumerate(rooms, start=first):
        page = Canvas(np.zeros(labels.shape, np.uint8), canvas.to_px)
        page.fill(room, 255)
        labels[page.gray > 127] = number
