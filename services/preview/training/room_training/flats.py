"""Flats from Raster-to-Vector annotations (Liu et al., ICCV 2017): one element a line of a text file.

Walls and doors are centre lines, icons and rooms rectangles, in units of a picture that is not at hand.
"""

import math
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from random import Random

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box
from shapely.ops import polygonize, unary_union

from room_training.floor_plan import BoxMm, FloorPlan, Opening, Space, nearest_wall, sided_walls

ROOM_KINDS = (
    "living_room", "kitchen", "bedroom", "bathroom", "washing_room", "restroom", "corridor", "balcony",
    "closet",
)  # fmt: skip
"""In the order in which they name a space that holds several."""
FIXTURES = ("washing_basin", "cooking_counter", "bathtub", "toilet", "stairs")
SNAP, OVERSHOOT, STUB = 3.5, 3.6, 4.5
"""Source units: walls closer than this are in line; walls are drawn longer by this to meet; leftovers
shorter than this are cut off again."""
CLOSET_REACH_MM = 100.0
"""A door so near a closet is its door."""
NARROWEST_MM = 300.0
"""Narrower openings are slips of the annotator's."""
BEDROOM_M2 = (9.0, 15.0)


def read_flat(path: Path, random: Random) -> FloorPlan | None:
    """The flat in ``path``, scaled so that its middle bedroom has a usual size; None if it is not closed."""
    elements = list(_elements(path.read_text(errors="ignore")))
    walls = [_numbers for kind, _numbers in elements if kind == "wall"]
    if len(walls) < 6:
        return None
    net = unary_union([_longer(line) for line in _snapped(walls)])
    faces = [_opened(face) for face in polygonize(net) if face.area > 60]
    spaces = [Space(face, _kind_of(face, elements)) for face in faces if not face.is_empty]
    if not _usable(spaces):
        return None
    scale = _mm_per_unit(spaces, random)
    return _scaled(spaces, net, elements, scale)


def _elements(text: str) -> Iterable[tuple[str, BoxMm]]:
    for line in text.splitlines():
        parts = line.split()
        if len(parts) >= 5:
            try:
                x0, y0, x1, y1 = (float(part) for part in parts[:4])
            except ValueError:
                continue
            yield parts[4], (x0, y0, x1, y1)


def _snapped(walls: list[BoxMm]) -> list[LineString]:
    xs = _merged([v for wall in walls for v in (wall[0], wall[2])])
    ys = _merged([v for wall in walls for v in (wall[1], wall[3])])
    lines = []
    for x0, y0, x1, y1 in walls:
        a, b = (xs[x0], ys[y0]), (xs[x1], ys[y1])
        if min(abs(a[0] - b[0]), abs(a[1] - b[1])) <= 4:
            b = (b[0], a[1]) if abs(a[0] - b[0]) >= abs(a[1] - b[1]) else (a[0], b[1])
        if math.dist(a, b) > 2:
            lines.append(LineString([a, b]))
    return lines


def _merged(values: list[float]) -> dict[float, float]:
    means: dict[float, float] = {}
    group: list[float] = []
    for value in [*sorted(set(values)), math.inf]:
        if group and value - group[-1] > SNAP:
            means |= dict.fromkeys(group, sum(group) / len(group))
            group = []
        group.append(value)
    return means


def _longer(line: LineString) -> LineString:
    (x0, y0), (x1, y1) = line.coords
    dx, dy = (OVERSHOOT * (x1 - x0) / line.length, OVERSHOOT * (y1 - y0) / line.length)
    return LineString([(x0 - dx, y0 - dy), (x1 + dx, y1 + dy)])


def _opened(face: Polygon) -> Polygon:
    opened = face.buffer(-2, join_style="mitre").buffer(2, join_style="mitre")
    return max(getattr(opened, "geoms", [opened]), key=lambda part: part.area)


def _kind_of(face: Polygon, elements: list[tuple[str, BoxMm]]) -> str:
    found = {kind for kind, corners in elements if face.contains(box(*corners).centroid)}
    if "stairs" in found:
        return "stairs"
    return next((kind for kind in ROOM_KINDS if kind in found), "entry" if "entrance" in found else "shaft")


def _usable(spaces: list[Space]) -> bool:
    whole = sum(space.outline.area for space in spaces)
    unnamed = [space for space in spaces if space.kind == "shaft"]
    return 4 <= len(spaces) - len(unnamed) <= 30 and all(s.outline.area < 0.05 * whole for s in unnamed)


def _mm_per_unit(spaces: list[Space], random: Random) -> float:
    whole = sum(space.outline.area for space in spaces)
    bedrooms = sorted(s.outline.area for s in spaces if s.kind == "bedroom") or [whole / 6]
    scale = math.sqrt(random.uniform(*BEDROOM_M2) * 1e6 / bedrooms[len(bedrooms) // 2])
    if 28e6 < whole * scale**2 < 320e6:
        return scale
    return math.sqrt(random.uniform(55e6, 150e6) / whole)


def _scaled(
    spaces: list[Space], net: LineString, elements: list[tuple[str, BoxMm]], scale: float
) -> FloorPlan:
    rooms = [Space(affinity.scale(s.outline, scale, scale, origin=(0, 0)), s.kind) for s in spaces]
    walls = sided_walls([affinity.scale(g, scale, scale, origin=(0, 0)) for g in _segments(net)], rooms)
    entrances = [_mm(corners, scale) for kind, corners in elements if kind == "entrance"]
    closets = [room.outline for room in rooms if room.kind == "closet"]
    openings = []
    for kind, corners in elements:
        line = LineString(
            [(corners[0] * scale, corners[1] * scale), (corners[2] * scale, corners[3] * scale)]
        )
        wall = (
            nearest_wall(line, walls, 60.0 + SNAP * scale) if kind == "door" and line.length > 350 else None
        )
        placed = _onto(line, wall.line) if wall and not wall.rail else None
        if wall and placed and placed.length > NARROWEST_MM:
            use = _opening_kind(line, wall.outer, entrances)
            of_closet = any(closet.distance(placed.centroid) < CLOSET_REACH_MM for closet in closets)
            openings.append(Opening(placed, wall, "closet" if of_closet and use != "window" else use))
    fixtures = [(kind, _mm(corners, scale)) for kind, corners in elements if kind in FIXTURES]
    return FloorPlan(rooms, walls, openings, fixtures)


def _segments(net: LineString) -> list[LineString]:
    pieces = [LineString(pair) for g in getattr(net, "geoms", [net]) for pair in pairwise(g.coords)]
    ends: dict[tuple[float, ...], int] = {}
    for piece in pieces:
        for point in piece.coords:
            ends[point] = ends.get(point, 0) + 1
    return [p for p in pieces if p.length > STUB or min(ends[point] for point in p.coords) > 1]


def _mm(corners: BoxMm, scale: float) -> BoxMm:
    x0, y0, x1, y1 = corners
    return min(x0, x1) * scale, min(y0, y1) * scale, max(x0, x1) * scale, max(y0, y1) * scale


def _onto(line: LineString, wall: LineString) -> LineString:
    return LineString([wall.interpolate(wall.project(Point(end))) for end in line.coords])


def _opening_kind(line: LineString, outer: bool, entrances: list[BoxMm]) -> str:
    if not outer:
        return "door" if line.length < 1250 else "passage"
    near = any(box(*corners).centroid.distance(line) < 1300 for corners in entrances)
    return "entry" if near and line.length < 1600 else "window"
