"""A page of a blueprint as it was drawn."""

from dataclasses import dataclass

from preview.domain.room import Word
from preview.domain.scale import PageSize


@dataclass(frozen=True, slots=True)
class PageInfo:
    """``number`` from 1; ``width_px`` by ``height_px`` is the raster that was analysed, upright.

    ``rotation`` is the clockwise turn in degrees that made the page upright. ``width_mm`` by ``height_mm`` is
    a PDF's sheet, upright too.
    """

    number: int
    count: int
    width_px: int
    height_px: int
    rotation: int
    width_mm: float | None = None
    height_mm: float | None = None

    @property
    def size(self) -> PageSize:
        return PageSize(self.width_px, self.height_px, self.width_mm, self.height_mm)


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """``words`` are a PDF's own text; ``textract_png`` is None when Textract may read the stored file."""

    page: PageInfo
    words: tuple[Word, ...]
    textract_png: bytes | None
