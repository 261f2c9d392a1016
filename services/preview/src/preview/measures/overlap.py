"""How much two outlines have in common."""

from collections.abc import Sequence

import shapely

from preview.domain.room import Point


def iou(one: Sequence[Point], another: Sequence[Point]) -> float:
    """Intersection over union of the areas inside two outlines, 0 to 1; 0 where both are empty."""
    a, b = _area(one), _area(another)
    if not shapely.box(*a.bounds).intersects(shapely.box(*b.bounds)):
        return 0.0
    union = a.union(b).area
    return float(a.intersection(b).area / union) if union else 0.0


def _area(outline: Sequence[Point]) -> shapely.Geometry:
    """What an outline encloses; ``buffer`` mends one that touches itself."""
    polygon = shapely.Polygon(outline)
    return polygon if polygon.is_valid else polygon.buffer(0)
