"""PDF files to one upright grayscale page, with its annotations and form fields."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from preview.domain.blueprint import MAX_PAGES
from preview.domain.errors import NoSuchPage
from preview.domain.room import PAGE_SIDE, Box
from preview.page import unreadable
from preview.page.limits import (
    PDF_LONG_SIDE_PX,
    PDF_MAX_DPI,
    PDF_POINTS_PER_INCH,
    TEXTRACT_MAX_PDF_INCHES,
)
from preview.page.raster_file import Gray
from preview.page.user_unit import user_unit

_HEADER = b"%PDF-"
_ROUNDING = 1e-9
"""Keeps a product such as 792 * 300 / 72 from being rounded up to one pixel more."""

_NESTED_FORMS = 3
"""How deep in forms pictures are looked for."""

MM_PER_INCH = 25.4
LONGEST_SHEET_MM = 100_000.0
"""Longer ones are absurd numbers."""

PageObject = Any
"""PDFium's handle of what one operator of a page shows."""


@dataclass(frozen=True, slots=True)
class PdfPage:
    """One page of an open document; ``rotation`` is the clockwise turn in degrees the document asks for."""

    page: pdfium.PdfPage
    page_count: int
    rotation: int
    size_mm: tuple[float, float] | None
    """Of the sheet as it is seen; None where the file does not tell it."""
    plain: bool
    """Any reader shows the file as just this page: one page, not turned or cropped, not encrypted, and
    nothing on it but its content."""

    def draw(self, long_side_px: int = PDF_LONG_SIDE_PX, without: Sequence[PageObject] = ()) -> Gray:
        """Render upright as (height, width) uint8 on white, ``long_side_px`` long or at `PDF_MAX_DPI`,
        whichever is smaller; ``without`` leaves objects out."""
        scale = min(long_side_px / max(self.page.get_size()), PDF_MAX_DPI / PDF_POINTS_PER_INCH)
        with _inactive(without):
            bitmap = self.page.render(scale=scale * (1 - _ROUNDING), grayscale=True)
        gray = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
        bitmap.close()
        return gray

    def draw_part(self, region: Box, size_px: tuple[int, int]) -> Gray:
        """Render the part of the page in ``region``, upright on white and so large, except where the page
        ends a pixel before; nothing beside it takes memory."""
        page_width, page_height = self.page.get_size()
        scale = size_px[0] / (page_width * (region[2] - region[0]) / PAGE_SIDE)
        columns = _window(math.ceil(page_width * scale), region[0], size_px[0])
        rows = _window(math.ceil(page_height * scale), region[1], size_px[1])
        # PDFium's wrapper rounds what it cuts off up to whole pixels
        left, bottom, right, top = ((cut - 0.5) / scale for cut in (columns[0], rows[1], columns[1], rows[0]))
        bitmap = self.page.render(scale=scale, crop=(left, bottom, right, top), grayscale=True)
        gray = np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width)
        bitmap.close()
        return gray

    def pictures(self) -> list[tuple[PageObject, float]]:
        """The pictures on the page, each with the share of the page that it covers."""
        width, height = self.page.get_size()
        found = self.page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=_NESTED_FORMS)
        bounds = ((picture.raw, picture.get_bounds()) for picture in found)
        return [
            (raw, (right - left) * (top - bottom) / (width * height))
            for raw, (left, bottom, right, top) in bounds
        ]


def _window(side_px: int, start: float, length_px: int) -> tuple[int, int]:
    """How many pixels of a side to cut off before and behind ``length_px`` that begin at ``start``."""
    length_px = min(length_px, side_px)
    before = min(round(start / PAGE_SIDE * side_px), side_px - length_px)
    return before, side_px - length_px - before


@contextmanager
def _inactive(page_objects: Sequence[PageObject]) -> Iterator[None]:
    for page_object in page_objects:
        pdfium_c.FPDFPageObj_SetIsActive(page_object, False)
    try:
        yield
    finally:
        for page_object in page_objects:
            pdfium_c.FPDFPageObj_SetIsActive(page_object, True)


@contextmanager
def open_pdf(path: Path, page_number: int) -> Iterator[PdfPage]:
    """Open page ``page_number``, counted from 1.

    Raises
    ------
    NoSuchPage
    UnreadableBlueprint
        ``encrypted``, ``too_many_pages`` or ``corrupt``.
    """
    with _document(path) as document:
        page_count = len(document)
        if page_count > MAX_PAGES:
            raise unreadable.too_many_pages()
        if not 1 <= page_number <= page_count:
            raise NoSuchPage(page_number, page_count)
        page = _page(document, page_number)
        plain = _is_plain(path, document, page)
        if pdfium_c.FPDFPage_GetAnnotCount(page) > 0:
            page = _with_annotations(document, page, page_number)
        yield PdfPage(page, page_count, page.get_rotation(), _size_mm(path, page, page_count), plain)


@contextmanager
def _document(path: Path) -> Iterator[pdfium.PdfDocument]:
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as exc:
        locked = exc.err_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY)
        raise (unreadable.encrypted() if locked else unreadable.corrupt()) from exc
    with document:
        with suppress(pdfium.PdfiumError):  # a form that cannot be filled in is shown as it was stored
            document.init_forms()
        yield document


def _page(document: pdfium.PdfDocument, page_number: int) -> pdfium.PdfPage:
    try:
        page = document[page_number - 1]
    except pdfium.PdfiumError as exc:
        raise unreadable.corrupt() from exc
    if not all(math.isfinite(side) and side > 0 for side in page.get_size()):
        raise unreadable.corrupt()
    return page


def _with_annotations(document: pdfium.PdfDocument, page: pdfium.PdfPage, page_number: int) -> pdfium.PdfPage:
    """The page with what is shown of its annotations and form fields made part of its content, where its
    text layer has them."""
    box = page.get_bbox()  # PDFium looks for an inherited one on the page itself, and takes it for letter
    page.set_mediabox(*box)
    page.set_cropbox(*box)
    pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)  # where that fails the page stays as it is
    page.close()
    return _page(document, page_number)


def _size_mm(path: Path, page: pdfium.PdfPage, page_count: int) -> tuple[float, float] | None:
    unit = user_unit(path, page_count)
    if unit is None:
        return None
    width, height = (side * unit / PDF_POINTS_PER_INCH * MM_PER_INCH for side in page.get_size())
    return (round(width, 1), round(height, 1)) if max(width, height) <= LONGEST_SHEET_MM else None


def _is_plain(path: Path, document: pdfium.PdfDocument, page: pdfium.PdfPage) -> bool:
    with path.open("rb") as file:
        starts_as_pdf = file.read(len(_HEADER)) == _HEADER
    return (
        starts_as_pdf
        and len(document) == 1
        and page.get_rotation() == 0
        and page.get_bbox() == page.get_mediabox()
        and pdfium_c.FPDFPage_GetAnnotCount(page) == 0
        and max(page.get_size()) <= TEXTRACT_MAX_PDF_INCHES * PDF_POINTS_PER_INCH
        and pdfium_c.FPDF_GetSecurityHandlerRevision(document) == -1
    )
