"""A page of a blueprint as it was drawn."""

from dataclasses import dataclass

from preview.domain.room import Word


@dataclass(frozen=True, slots=True)
class PageInfo:
    """``number`` from 1; ``width_px`` by ``height_px`` is the raster that was analysed, upright.

    ``rotation`` is the clockwise turn in degrees that made the page upright.
    """

    number: int
    count: int
    width_px: int
    height_px: int
    rotation: int


@dataclass(frozen=True, slots=True)
class LoadedPage:
    """``words`` are a PDF's own text; ``textract_png`` is None when Textract may read the stored file."""

    page: PageInfo
    words: tuple[Word, ...]
    textract_png: bytes | None
