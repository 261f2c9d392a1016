"""Where a label of a room stands."""

from shapely import Polygon, point_on_surface

from preview.domain.room import Point


def label_point(polygon: tuple[Point, ...]) -> Point:
    """A point inside the outline, half-way up, where it is widest."""
    point = point_on_surface(Polygon(polygon))
    return round(point.x, 4), round(point.y, 4)
