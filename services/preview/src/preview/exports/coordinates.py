"""Coordinates of maps and drawings: metres, or parts of the page, y upwards from the lower left corner."""

from dataclasses import dataclass
from typing import Literal

from preview.domain.preview import Preview
from preview.domain.room import PAGE_SIDE, Point

_DECIMALS = 4  # a tenth of a millimetre; page coordinates have two decimals

METRES: Literal["m"] = "m"
PAGE_UNITS: Literal["page"] = "page"


@dataclass(frozen=True, slots=True)
class PlaneCoordinates:
    """``units`` are metres, or ``page``: thousandths of the page's longer side. Both axes are alike.

    ``per_unit`` is how many of them a unit of page coordinates is, along x and y.
    """

    units: Literal["m", "page"]
    per_unit: tuple[float, float]

    @classmethod
    def of(cls, preview: Preview) -> "PlaneCoordinates":
        """Metres where the page has a scale."""
        if preview.scale is not None:
            return cls(METRES, preview.scale.metres_per_unit)
        page = preview.page
        longer = max(page.width_px, page.height_px)
        return cls(PAGE_UNITS, (page.width_px / longer, page.height_px / longer))

    @property
    def page_size(self) -> tuple[float, float]:
        return PAGE_SIDE * self.per_unit[0], PAGE_SIDE * self.per_unit[1]

    def of_point(self, point: Point) -> Point:
        """A point in page coordinates, which has y downwards."""
        x, y = point
        return (
            round(x * self.per_unit[0], _DECIMALS),
            round((PAGE_SIDE - y) * self.per_unit[1], _DECIMALS),
        )


def signed_area(polygon: tuple[Point, ...]) -> float:
    """Positive where the corners turn counterclockwise and y goes upwards."""
    following = (*polygon[1:], polygon[0])
    return (
        sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(polygon, following, strict=True)) / 2
    )


def in_pixels(preview: Preview, polygon: tuple[Point, ...]) -> tuple[Point, ...]:
    """Corners in pixels of the page as it was analysed, y downwards."""
    x_scale, y_scale = preview.page.size.px_per_unit
    return tuple((round(x * x_scale, 2), round(y * y_scale, 2)) for x, y in polygon)
