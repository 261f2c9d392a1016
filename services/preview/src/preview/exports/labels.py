"""What the label of a room says, where it stands, and how large its letters are."""

from shapely import Polygon, point_on_surface

from preview.domain.preview import MeasuredRoom
from preview.domain.room import Point

_LETTER_WIDTH = 0.9  # of its height, for the widest usual letters
_LABEL_WIDTH = 0.8  # of the room's width, at most


def label_lines(measured: MeasuredRoom) -> list[str]:
    """Name with number, and area: those of them that are known."""
    area = f"{measured.measures.area_m2:.2f} m²" if measured.measures else None
    return [line for line in (measured.room.label, area) if line]


def label_point(polygon: tuple[Point, ...]) -> Point:
    """A point inside the outline, half-way up, where it is widest."""
    point = point_on_surface(Polygon(polygon))
    return round(point.x, 4), round(point.y, 4)


def letter_height(polygon: tuple[Point, ...], letters: int, largest: float) -> float:
    """Of a line of so many letters that stays within the room's width; at most ``largest``."""
    xs = [x for x, _ in polygon]
    return min(largest, (max(xs) - min(xs)) * _LABEL_WIDTH / (letters * _LETTER_WIDTH))
