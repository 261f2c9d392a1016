"""What the label of a room says, where it stands, and how large its letters are."""

from collections.abc import Sequence

from shapely import Polygon, point_on_surface

from preview.domain.preview import MeasuredRoom
from preview.domain.room import Point

_LETTER_WIDTH = 0.9  # of its height, for the widest usual letters
_LINE = 1.7  # from line to line, in heights of the letters
_LABEL_SHARE = 0.8  # of the room's width and height, at most


def label_lines(measured: MeasuredRoom) -> list[str]:
    """Name with number, and area: those of them that are known."""
    area = f"{measured.measures.area_m2:.2f} m²" if measured.measures else None
    return [line for line in (measured.room.label, area) if line]


def label_point(polygon: tuple[Point, ...]) -> Point:
    """A point inside the outline, half-way up, where it is widest."""
    point = point_on_surface(Polygon(polygon))
    return round(point.x, 4), round(point.y, 4)


def letter_height(polygon: tuple[Point, ...], lines: Sequence[str], largest: float) -> float:
    """Of lines that stay within the width and the height of the room; at most ``largest``."""
    xs, ys = [x for x, _ in polygon], [y for _, y in polygon]
    of_width = (max(xs) - min(xs)) * _LABEL_SHARE / (max(map(len, lines)) * _LETTER_WIDTH)
    of_height = (max(ys) - min(ys)) * _LABEL_SHARE / (len(lines) * _LINE)
    return min(largest, of_width, of_height)
