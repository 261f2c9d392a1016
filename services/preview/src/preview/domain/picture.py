"""What a picture of a page shows, and how large it is."""

from dataclasses import dataclass
from math import floor

from preview.domain.blueprint import MAX_PIXELS
from preview.domain.errors import PictureTooLarge
from preview.domain.preview import MeasuredRoom, Preview
from preview.domain.room import PAGE_SIDE, Box, Point
from preview.domain.scale import PageSize

MAX_PIXELS_WITH_ROOMS = 16_000_000
"""Of a picture in colour, of which several copies are in memory while rooms are drawn on it. Source: a square
as wide as `MAX_PICTURE_WIDTH_PX`."""

MIN_PICTURE_WIDTH_PX = 64
MAX_PICTURE_WIDTH_PX = 4000

WHOLE_PAGE: Box = (0.0, 0.0, PAGE_SIDE, PAGE_SIDE)


@dataclass(frozen=True, slots=True)
class PicturedRoom:
    """A room as a picture shows it; ``number`` is its place among the rooms of the page, from 1.

    ``polygon`` is in page coordinates, ``lines`` are what is written into it.
    """

    number: int
    polygon: tuple[Point, ...]
    lines: tuple[str, str]


def pictured_rooms(preview: Preview) -> tuple[PicturedRoom, ...]:
    """The rooms of a page, each with its name and its area; its confidence where no scale is known."""
    return tuple(
        PicturedRoom(number, each.room.polygon, (each.room.label or f"Room {number}", _figure(each)))
        for number, each in enumerate(preview.measured_rooms, 1)
    )


def _figure(measured: MeasuredRoom) -> str:
    if measured.measures is None:
        return f"{round(measured.room.confidence * 100)} %"
    return f"{floor(measured.measures.area_m2 * 10 + 0.5) / 10:.1f} m²"  # halves upwards, as people round


@dataclass(frozen=True, slots=True)
class PagePart:
    """``region`` of a page of ``page_px``, at ``size_px``; both are width and height."""

    region: Box
    size_px: tuple[int, int]
    page_px: tuple[int, int]

    @property
    def in_own_pixels(self) -> bool:
        x_min, y_min, x_max, y_max = self.region
        width, height = self.page_px
        own = (x_max - x_min) / PAGE_SIDE * width, (y_max - y_min) / PAGE_SIDE * height
        return all(abs(side - px) < 1 for side, px in zip(own, self.size_px, strict=True))


@dataclass(frozen=True, slots=True)
class PictureView:
    """``region`` is the part that is shown, in page coordinates; ``width_px`` None means in the page's own
    pixels. A picture of the whole page with rooms fits a screen, unless a width is given."""

    rooms: bool = True
    region: Box = WHOLE_PAGE
    width_px: int | None = None

    @property
    def fits_screen(self) -> bool:
        return self.rooms and self.width_px is None and self.region == WHOLE_PAGE

    def part_of(self, page: PageSize) -> PagePart | None:
        """What to draw of a page; None for a picture that fits a screen. Raises PictureTooLarge."""
        if self.fits_screen:
            return None
        x_min, y_min, x_max, y_max = self.region
        across, down = page.px_per_unit
        width, height = (x_max - x_min) * across, (y_max - y_min) * down
        scale = self.width_px / width if self.width_px else 1.0
        size = max(1, round(width * scale)), max(1, round(height * scale))
        limit = MAX_PIXELS_WITH_ROOMS if self.rooms else MAX_PIXELS
        if size[0] * size[1] > limit:
            raise PictureTooLarge(size, limit)
        return PagePart(self.region, size, (page.width_px, page.height_px))


WITH_ROOMS = PictureView()
