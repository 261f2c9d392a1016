"""A plan as geometry: rooms, walls, openings and fixtures, in millimetres, y down."""

from dataclasses import dataclass, field

from shapely import Point, STRtree
from shapely.geometry import LineString, Polygon
from shapely.ops import unary_union

OUTDOORS = {"balcony"}
SIDE_MM = 150.0
"""Distance from a wall's centre line at which it is asked what lies there."""

BoxMm = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Space:
    """A room up to the centre lines of its walls; ``kind`` is one word such as ``bedroom``."""

    outline: Polygon
    kind: str


@dataclass(frozen=True, slots=True)
class Wall:
    """A centre line; ``outer`` to the open air, ``rail`` around a balcony, otherwise a partition."""

    line: LineString
    outer: bool
    rail: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """A door, window or passage along a wall; ``kind`` is ``door``, ``entry``, ``window`` or ``passage``."""

    line: LineString
    wall: Wall
    kind: str


@dataclass(frozen=True, slots=True)
class FloorPlan:
    """One building or flat."""

    spaces: list[Space]
    walls: list[Wall]
    openings: list[Opening]
    fixtures: list[tuple[str, BoxMm]] = field(default_factory=list)


def sided_walls(lines: list[LineString], spaces: list[Space]) -> list[Wall]:
    """Walls of ``lines`` with what lies on both sides; lines with nothing on either side are left out."""
    indoors = unary_union([space.outline for space in spaces if space.kind not in OUTDOORS])
    outdoors = unary_union([space.outline for space in spaces if space.kind in OUTDOORS])
    walls = []
    for line in lines:
        if line.length < 1:
            continue
        sides = [_beside(line, sign, indoors, outdoors) for sign in (1, -1)]
        if sides != ["out", "out"]:
            walls.append(Wall(line, outer="in" in sides and sides != ["in", "in"], rail="in" not in sides))
    return walls


def _beside(line: LineString, sign: int, indoors: Polygon, outdoors: Polygon) -> str:
    (x0, y0), (x1, y1) = line.coords
    along = line.length
    point = Point(
        (x0 + x1) / 2 - sign * SIDE_MM * (y1 - y0) / along, (y0 + y1) / 2 + sign * SIDE_MM * (x1 - x0) / along
    )
    return "in" if indoors.contains(point) else "balcony" if outdoors.contains(point) else "out"


def nearest_wall(line: LineString, walls: list[Wall], reach_mm: float) -> Wall | None:
    """The wall nearest to the middle of ``line``, if within ``reach_mm``."""
    tree = STRtree([wall.line for wall in walls])
    middle = line.centroid
    wall = walls[int(tree.nearest(middle))]
    return wall if wall.line.distance(middle) <= reach_mm else None
