"""Invented floors: a footprint split into rooms and corridors, as in offices, schools and houses."""

from itertools import pairwise
from random import Random

from shapely.geometry import LineString, MultiLineString, Polygon, box
from shapely.ops import linemerge, unary_union

from room_training.floor_plan import FloorPlan, Opening, Space, Wall, sided_walls

LEAST_SIDE_MM = 2000.0
"""Rooms narrower than this have no closets."""

Rect = tuple[float, float, float, float]


def invent(random: Random) -> FloorPlan:
    """A floor of a few to a hundred rooms, drawn anew from ``random``."""
    large = random.random() < 0.45
    width = random.uniform(16e3, 60e3) if large else random.uniform(6e3, 18e3)
    depth = random.uniform(10e3, min(30e3, width)) if large else random.uniform(5e3, min(14e3, 1.6 * width))
    room_m2 = random.uniform(12, 35) if large else random.uniform(6, 16)
    spaces = [Space(box(*rect), kind) for rect, kind in _floor((0, 0, width, depth), room_m2, large, random)]
    spaces += _closets(spaces, random) if random.random() < 0.6 else []
    if random.random() < 0.35 and len(spaces) > 5:
        spaces = _without_corner(spaces, width, depth, random)
    if random.random() < 0.4:
        spaces.append(_balcony(width, depth, random))
    spaces = _cut_out(spaces)
    walls = sided_walls(_centre_lines(spaces), spaces)
    closets = [space.outline for space in spaces if space.kind == "closet"]
    fronts = [front for closet in closets for front in _front(closet, walls)]
    others = [wall for wall in walls if not any(_bounds(closet, wall) for closet in closets)]
    return FloorPlan(spaces, walls, [*_openings(others, random), *_closet_doors(fronts, random)])


def _floor(rect: Rect, room_m2: float, large: bool, random: Random) -> list[tuple[Rect, str]]:
    if not large and random.random() < 0.4:
        return _rooms(rect, room_m2, random)
    x0, y0, x1, y1 = rect
    corridor = random.uniform(1200, 2600) if large else random.uniform(900, 1500)
    at = y0 + (y1 - y0) * random.uniform(0.3, 0.65)
    if random.random() < 0.25:
        return [
            *_rooms((x0, y0, x1, at), room_m2, random),
            *_row((x0, at, x1, y1), room_m2, random),
        ]
    end = x1 if random.random() < 0.6 else x0 + (x1 - x0) * random.uniform(0.6, 0.9)
    parts = [((x0, at, end, at + corridor), "corridor")]
    if end < x1:
        parts += _rooms((end, at, x1, at + corridor), room_m2, random)
    fill = _row if large else _rooms
    return [
        *fill((x0, y0, x1, at), room_m2, random),
        *parts,
        *fill((x0, at + corridor, x1, y1), room_m2, random),
    ]


def _row(rect: Rect, room_m2: float, random: Random) -> list[tuple[Rect, str]]:
    x0, y0, x1, y1 = rect
    rooms, x = [], x0
    while x < x1 - 100:
        end = min(x1, x + max(1500.0, room_m2 * 1e6 / (y1 - y0)) * random.choice([0.5, 0.8, 1, 1, 1.3, 2]))
        end = x1 if x1 - end < 1500 else end
        rooms += _rooms((x, y0, end, y1), room_m2 * 1.2, random)
        x = end
    return rooms


def _rooms(rect: Rect, room_m2: float, random: Random) -> list[tuple[Rect, str]]:
    x0, y0, x1, y1 = rect
    width, depth = x1 - x0, y1 - y0
    if width * depth < room_m2 * 1e6 * random.uniform(0.7, 2.4) or max(width, depth) < 2200:
        area = width * depth / 1e6
        kind = "bathroom" if area < 5 else random.choice(["bedroom", "living_room", "kitchen", "office"])
        return [(rect, "closet" if area < 2.2 else kind)]
    share = random.uniform(0.28, 0.72)
    if width > depth * random.uniform(0.8, 1.25):
        at = x0 + width * share
        halves: tuple[Rect, Rect] = (x0, y0, at, y1), (at, y0, x1, y1)
    else:
        at = y0 + depth * share
        halves = (x0, y0, x1, at), (x0, at, x1, y1)
    return [room for half in halves for room in _rooms(half, room_m2, random)]


def _closets(spaces: list[Space], random: Random) -> list[Space]:
    """Closets in rows along a side of rooms, beginning in a corner."""
    share = random.uniform(0.2, 0.9)
    return [
        closet
        for space in spaces
        if min(_sides(space)) > LEAST_SIDE_MM and random.random() < share
        for closet in _closet_row(space.outline.bounds, random)
    ]


def _sides(space: Space) -> tuple[float, float]:
    x0, y0, x1, y1 = space.outline.bounds
    return x1 - x0, y1 - y0


def _closet_row(room: Rect, random: Random) -> list[Space]:
    x0, y0, x1, y1 = room
    along_x, count = random.random() < 0.5, random.choice([1, 1, 2, 3])
    free = x1 - x0 if along_x else y1 - y0
    depth = random.uniform(450, 1000)
    width = min(random.uniform(550, 2200), 0.9 * free / count)
    from_end, far = random.random() < 0.5, random.random() < 0.5
    closets = []
    for number in range(count):
        start = (free - (number + 1) * width) if from_end else number * width
        if along_x:
            top = y1 - depth if far else y0
            closets.append(Space(box(x0 + start, top, x0 + start + width, top + depth), "closet"))
        else:
            left = x1 - depth if far else x0
            closets.append(Space(box(left, y0 + start, left + depth, y0 + start + width), "closet"))
    return closets


def _without_corner(spaces: list[Space], width: float, depth: float, random: Random) -> list[Space]:
    across, down = width * random.uniform(0.2, 0.5), depth * random.uniform(0.2, 0.5)
    left = 0 if random.random() < 0.5 else width - across
    top = 0 if random.random() < 0.5 else depth - down
    corner = box(left, top, left + across, top + down)
    return [s for s in spaces if s.outline.intersection(corner).area < 0.5 * s.outline.area]


def _balcony(width: float, depth: float, random: Random) -> Space:
    long, deep = random.uniform(0.2, 0.9) * width, random.uniform(1200, 3500)
    left = random.uniform(0, width - long)
    top = depth if random.random() < 0.5 else -deep
    return Space(box(left, top, left + long, top + deep), "balcony")


def _cut_out(spaces: list[Space]) -> list[Space]:
    """Later spaces take their ground from earlier ones."""
    kept: list[Space] = []
    for space in spaces:
        kept = [Space(_largest(other.outline.difference(space.outline)), other.kind) for other in kept]
        kept.append(space)
    return [space for space in kept if space.outline.area > 5e5]


def _largest(shape: Polygon) -> Polygon:
    return max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)


def _centre_lines(spaces: list[Space]) -> list[LineString]:
    net = unary_union([space.outline.exterior for space in spaces])
    merged = linemerge(net) if isinstance(net, MultiLineString) else net
    lines = getattr(merged, "geoms", [merged])
    return [
        LineString(pair) for line in lines for pair in pairwise(line.coords) if LineString(pair).length > 50
    ]


def _openings(walls: list[Wall], random: Random) -> list[Opening]:
    doors, windows = random.uniform(0.4, 0.8), random.uniform(0.4, 0.9)
    openings = []
    for wall in walls:
        room = wall.line.length - 500
        if wall.rail or room < 600:
            continue
        if wall.outer:
            if random.random() < windows:
                openings.append(_opening(wall, min(room, random.uniform(700, 3000)), "window", random))
            elif random.random() < 0.15:
                openings.append(_opening(wall, min(room, 1100), "entry", random))
        elif random.random() < doors:
            width = min(room, random.uniform(650, 1100))
            openings.append(_opening(wall, width, "door", random))
        elif random.random() < 0.1:
            openings.append(_opening(wall, min(room, random.uniform(1200, 2500)), "passage", random))
    return openings


def _bounds(closet: Polygon, wall: Wall) -> bool:
    return bool(closet.exterior.distance(wall.line.centroid) < 1)


def _front(closet: Polygon, walls: list[Wall]) -> list[Wall]:
    """The longest inner wall of a closet; none if all its walls are outer ones."""
    inner = [wall for wall in walls if not (wall.outer or wall.rail) and _bounds(closet, wall)]
    return [max(inner, key=lambda wall: wall.line.length)] if inner else []


def _closet_doors(fronts: list[Wall], random: Random) -> list[Opening]:
    return [
        _opening(wall, share * (wall.line.length - 200), "closet", random)
        for wall in fronts
        if wall.line.length > 600 and (share := random.uniform(0.5, 1.0))
    ]


def _opening(wall: Wall, width: float, kind: str, random: Random) -> Opening:
    jamb = min(250.0, (wall.line.length - width) / 2)
    start = random.uniform(jamb, wall.line.length - width - jamb)
    if kind == "door" and random.random() < 0.5:
        start = random.choice([150.0, wall.line.length - width - 150])
    ends = (wall.line.interpolate(start), wall.line.interpolate(start + width))
    return Opening(LineString(ends), wall, kind)
