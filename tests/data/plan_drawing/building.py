"""A floor of a building: spaces, the walls around them, doors and windows, fittings.

Everything is in metres on the centre lines of walls, x to the right, y down.
"""

import math
from dataclasses import dataclass
from typing import Literal

from shapely import union_all
from shapely.geometry import LineString, MultiPolygon, Polygon
from shapely.geometry import Point as Spot
from shapely.geometry.base import BaseGeometry

from .paper import Point

OpeningKind = Literal["door", "double", "sliding", "gap", "window", "garage"]


@dataclass(frozen=True, slots=True)
class Space:
    """A room, or a balcony or terrace when ``outdoors``: those have railings in place of walls.

    ``name`` is what the plan prints; a line break in it is one on the plan. ``label_at`` moves the label
    off the middle; ``sized`` prints the clear dimensions below the name; an empty name prints nothing and is
    no room of the truth.
    """

    name: str
    corners: tuple[Point, ...]
    label_at: Point | None = None
    sized: bool = True
    outdoors: bool = False
    small: bool = False
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole in a wall from ``start`` to ``end``; a door hangs at ``start`` and opens to the ``side``.

    ``side`` is 1 for the right hand of somebody walking from start to end on the plan, -1 for the left.
    """

    kind: OpeningKind
    start: Point
    end: Point
    side: int = 1

    @property
    def width(self) -> float:
        return math.dist(self.start, self.end)

    @property
    def along(self) -> Point:
        """Unit vector from start to end."""
        return (self.end[0] - self.start[0]) / self.width, (self.end[1] - self.start[1]) / self.width

    @property
    def across(self) -> Point:
        """Unit vector towards the side the door opens to."""
        return -self.along[1] * self.side, self.along[0] * self.side


@dataclass(frozen=True, slots=True)
class Fitting:
    """A symbol such as ``bed`` whose top-left corner is at ``at``, turned by quarter turns clockwise.

    ``size`` is width and depth before turning; the back of the fitting (headboard, cistern) is its top.
    """

    symbol: str
    at: Point
    size: tuple[float, float]
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Building:
    """One floor."""

    spaces: tuple[Space, ...]
    openings: tuple[Opening, ...] = ()
    fittings: tuple[Fitting, ...] = ()
    outer_wall: float = 0.3
    inner_wall: float = 0.12
    railing: float = 0.08

    def bounds(self) -> tuple[float, float, float, float]:
        """Return x_min, y_min, x_max, y_max over the outside of the walls."""
        x_min, y_min, x_max, y_max = self.solid_walls().bounds
        return x_min, y_min, x_max, y_max

    def solid_walls(self) -> BaseGeometry:
        """Return the walls as if they had no openings."""
        indoors = [Polygon(space.corners) for space in self.spaces if not space.outdoors]
        outdoors = [Polygon(space.corners) for space in self.spaces if space.outdoors]
        shell = union_all(indoors)
        rings = [_band(room, self.inner_wall) for room in indoors]
        railings = [_band(place, self.railing).difference(shell) for place in outdoors]
        return union_all([*rings, *railings, _band(shell, self.outer_wall)])

    def walls(self) -> list[Polygon]:
        """Return the pieces of wall between the openings."""
        holes = [_hole(opening, self.outer_wall) for opening in self.openings]
        return polygons_in(self.solid_walls().difference(union_all(holes)))

    def floor(self, space: Space) -> Polygon:
        """Return the clear floor of a space, wall to wall."""
        inside = Polygon(space.corners).difference(self.solid_walls())
        return max(polygons_in(inside), key=lambda part: part.area)

    def wall_thickness_at(self, opening: Opening) -> float:
        """Return the thickness of the wall that an opening is in."""
        middle = Spot((opening.start[0] + opening.end[0]) / 2, (opening.start[1] + opening.end[1]) / 2)
        shell = union_all([Polygon(space.corners) for space in self.spaces if not space.outdoors])
        on_outside = shell.boundary.distance(middle) < self.outer_wall / 2
        return self.outer_wall if on_outside else self.inner_wall


def polygons_in(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a shape, the largest first."""
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return sorted((part for part in parts if part.area > 0), key=lambda part: (-part.area, part.bounds))


def _band(shape: BaseGeometry, thickness: float) -> BaseGeometry:
    half = thickness / 2
    return shape.buffer(half, join_style="mitre").difference(shape.buffer(-half, join_style="mitre"))


def _hole(opening: Opening, thickness: float) -> BaseGeometry:
    return LineString([opening.start, opening.end]).buffer(thickness, cap_style="flat")
