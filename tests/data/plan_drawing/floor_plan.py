"""Draws one floor of a building on paper: walls, openings, fittings, labels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from .building import Building, Opening, Space
from .fittings import Line, arc, outline
from .paper import BLACK, WHITE, Colour, Paper, Point

METRES_PER_FOOT = 0.3048


@dataclass(frozen=True, slots=True)
class Style:
    """How a drawing looks; widths and text sizes in millimetres on paper."""

    ink: Colour = BLACK
    paper: Colour = WHITE
    walls: Literal["solid", "outline", "hatched", "grey"] = "solid"
    wall_line: float = 0.35
    thin_line: float = 0.18
    fitting_ink: Colour = (70, 70, 70)
    name_size: float = 3.2
    size_size: float = 2.3
    bold: bool = False
    units: Literal["feet", "metres", "none"] = "feet"
    floors: dict[str, Colour] = field(default_factory=dict)
    """Fill of a floor by the first word of the room's name; rooms not named here stay unfilled."""


@dataclass(frozen=True, slots=True)
class DrawnRoom:
    """A room as it came to lie on the sheet: its clear floor in millimetres."""

    name: str
    ring: tuple[Point, ...]


class FloorPlan:
    """A building placed on a sheet: ``origin`` is where its (0, 0) lies, in mm; ``scale`` is mm per metre."""

    def __init__(self, building: Building, paper: Paper, origin: Point, scale: float, style: Style) -> None:
        self.building = building
        self.paper = paper
        self.style = style
        self._origin = origin
        self._scale = scale

    def on_sheet(self, point: Point) -> Point:
        """Return where a point of the building lies on the sheet, in mm."""
        return self._origin[0] + point[0] * self._scale, self._origin[1] + point[1] * self._scale

    def draw(self) -> list[DrawnRoom]:
        """Draw it all and return where the rooms came to lie."""
        for space in self.building.spaces:
            self._floor(space)
        for fitting in self.building.fittings:
            for line in outline(fitting):
                self._line(line, self.style.thin_line, self.style.fitting_ink)
        for wall in self.building.walls():
            self._wall(wall)
        for opening in self.building.openings:
            self._opening(opening)
        for space in self.building.spaces:
            self._label(space)
        return [self._drawn(space) for space in self.building.spaces if space.name]

    def _drawn(self, space: Space) -> DrawnRoom:
        ring = self.building.floor(space).normalize().exterior.coords[:-1]
        return DrawnRoom(space.name.replace("\n", " "), tuple(self.on_sheet((x, y)) for x, y in ring))

    def _line(
        self, points: Sequence[Point], width: float, colour: Colour | None = None, dash: float = 0
    ) -> None:
        self.paper.path([self.on_sheet(point) for point in points], colour or self.style.ink, width, dash)

    def _rings(self, shape: Polygon) -> list[list[Point]]:
        rings = [shape.exterior, *shape.interiors]
        return [[self.on_sheet((x, y)) for x, y in ring.coords[:-1]] for ring in rings]

    def _floor(self, space: Space) -> None:
        words = space.name.split()
        fill = self.style.floors.get(words[0]) if words else None
        if fill is not None:
            self.paper.area([[self.on_sheet(point) for point in space.corners]], fill, None)

    def _wall(self, wall: Polygon) -> None:
        style = self.style
        fill = {"solid": style.ink, "grey": (178, 178, 178)}.get(style.walls, style.paper)
        self.paper.area(self._rings(wall), fill, style.ink, style.wall_line)
        if style.walls == "hatched":
            for start, end in _hatching(wall, spacing=1.6 / self._scale):
                self._line([start, end], 0.1)

    def _opening(self, opening: Opening) -> None:
        draw = {
            "door": self._door, "double": self._double_door, "sliding": self._sliding_door,
            "window": self._window, "garage": self._garage_door,
        }.get(opening.kind)  # fmt: skip
        if draw:
            draw(opening)

    def _door(self, door: Opening) -> None:
        self._leaf(door.start, door.end, door.across, door.width)

    def _double_door(self, door: Opening) -> None:
        middle = _between(door.start, door.end, 0.5)
        self._leaf(door.start, middle, door.across, door.width / 2)
        self._leaf(door.end, middle, door.across, door.width / 2)

    def _leaf(self, hinge: Point, closed: Point, across: Point, width: float) -> None:
        tip = (hinge[0] + across[0] * width, hinge[1] + across[1] * width)
        begin = math.degrees(math.atan2(closed[1] - hinge[1], closed[0] - hinge[0]))
        turn = math.degrees(math.atan2(across[1], across[0])) - begin
        turn = (turn + 180) % 360 - 180
        self._line([hinge, tip], self.style.wall_line)
        self._line(arc(hinge, width, width, begin, begin + turn), self.style.thin_line)

    def _sliding_door(self, door: Opening) -> None:
        shift = self.building.wall_thickness_at(door) / 6
        for side, (begin, end) in ((shift, (0.0, 0.55)), (-shift, (0.45, 1.0))):
            self._line(_beside(door, side, begin, end), self.style.wall_line)

    def _window(self, window: Opening) -> None:
        half = self.building.wall_thickness_at(window) / 2
        frame = [*_beside(window, half, 0.0, 1.0), *reversed(_beside(window, -half, 0.0, 1.0))]
        self.paper.area([[self.on_sheet(point) for point in frame]], self.style.paper, None)
        for side in (-half, 0.0, half):
            self._line(_beside(window, side, 0.0, 1.0), self.style.thin_line)

    def _garage_door(self, door: Opening) -> None:
        for part in range(2):
            self._line(_beside(door, 0.05 * part, 0.0, 1.0), self.style.thin_line, dash=1.2)

    def _label(self, space: Space) -> None:
        if not space.name:
            return
        floor = self.building.floor(space)
        x, y = self.on_sheet(space.label_at or _middle(floor))
        shrink = 0.72 if space.small else 1.0
        lines = [(line, self.style.name_size * shrink, self.style.bold) for line in space.name.split("\n")]
        if space.sized and self.style.units != "none":
            lines.append((dimensions(floor, self.style.units), self.style.size_size * shrink, False))
        self._write(lines, (x, y), space.upright)

    def _write(self, lines: list[tuple[str, float, bool]], at: Point, upright: bool) -> None:
        total = sum(size for _, size, _ in lines) * 1.35
        offset = -total / 2
        for text, size, bold in lines:
            offset += size * 1.35 / 2
            place = (at[0] + offset, at[1]) if upright else (at[0], at[1] + offset)
            self.paper.text(place, text, size, self.style.ink, bold=bold, upwards=upright)
            offset += size * 1.35 / 2


def dimensions(floor: Polygon, units: str) -> str:
    """Return the clear size of a room as plans print it: ``12'-0" x 10'-6"`` or ``3.66 x 3.20 m``."""
    x_min, y_min, x_max, y_max = floor.bounds
    if units == "feet":
        return f"{feet(x_max - x_min)} x {feet(y_max - y_min)}"
    return f"{x_max - x_min:.2f} x {y_max - y_min:.2f} m"


def feet(metres: float) -> str:
    """Return a length in feet and whole inches, such as ``12'-6"``."""
    inches = round(metres / METRES_PER_FOOT * 12)
    return f"{inches // 12}'-{inches % 12}\""


def _middle(floor: Polygon) -> Point:
    centre = floor.centroid
    spot = centre if floor.contains(centre) else floor.representative_point()
    return spot.x, spot.y


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _beside(opening: Opening, offset: float, begin: float, end: float) -> Line:
    shift = (opening.across[0] * offset, opening.across[1] * offset)
    ends = (_between(opening.start, opening.end, share) for share in (begin, end))
    return [(x + shift[0], y + shift[1]) for x, y in ends]


def _hatching(wall: Polygon, spacing: float) -> list[tuple[Point, Point]]:
    x_min, y_min, x_max, y_max = wall.bounds
    height = y_max - y_min
    strokes = []
    for step in range(math.ceil((x_max - x_min + height) / spacing)):
        x = x_min - height + step * spacing
        cut: BaseGeometry = LineString([(x, y_max), (x + height, y_min)]).intersection(wall)
        for piece in getattr(cut, "geoms", [cut]):
            if isinstance(piece, LineString) and not piece.is_empty:
                strokes.append((piece.coords[0], piece.coords[-1]))
    return strokes
