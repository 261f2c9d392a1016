"""The tasks that a sandboxed child does on one file: `analyse` a page, `name` its rooms, or `draw` them.

The fork server imports this module once, so that no child has to.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import cv2
from pypdfium2 import PdfiumError

from preview.domain.errors import NoSuchPage, UnreadableBlueprint
from preview.domain.page import PageInfo
from preview.domain.picture import PagePart
from preview.domain.room import Word
from preview.measures.page_reading import with_measures
from preview.page import unreadable
from preview.page.formats import PDF
from preview.page.limits import PDF_LONG_SIDE_PX, PICTURE_SIDE_PX
from preview.page.messages import (
    DrawRequest,
    NameRequest,
    PageAnswer,
    PageRequest,
    from_json,
    to_json,
)
from preview.page.page_view import part_of, resized, rooms_in
from preview.page.pdf_file import PdfPage, open_pdf
from preview.page.png import encode_png
from preview.page.raster_file import Gray, open_raster
from preview.page.room_overlay import Picture, draw_rooms
from preview.page.text_layer import PageText, read_text
from preview.page.textract_input import encode_for_textract, takes_stored_file
from preview.rooms import Region, find_regions, name_rooms
from preview.rooms.text.word_merging import merged_words
from shared.sandbox import SandboxRefused

Answers = Iterator[tuple[dict[str, Any], bytes]]
R = TypeVar("R")

FindRegions = Callable[[Gray, list[Word]], list[Region]]

cv2.setNumThreads(1)  # the pool decides how many children work at once


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """An upright page; ``textract_takes_file`` says whether Textract may be given the stored file."""

    gray: Gray
    count: int
    rotation: int
    words: list[Word]
    textract_takes_file: bool
    size_mm: tuple[float, float] | None = None


def analyse(request: dict[str, Any]) -> Answers:
    """Draw a page, then find regions on it.

    ``request`` is a `PageRequest`. The first answer is a `PageAnswer` with the PNG for Textract, empty where
    that reads the stored file; the second has ``regions``.

    Raises
    ------
    SandboxRefused
        With the reasons of `UnreadableBlueprint`, or ``no_such_page`` and the ``page_count``.
    """
    return analyse_with(find_regions, request)


def analyse_with(detect: FindRegions, request: dict[str, Any]) -> Answers:
    """`analyse` with a detector of the caller's."""
    with _one_memory_error():
        yield from _analyse(detect, from_json(request, PageRequest))


def name(request: dict[str, Any]) -> Answers:
    """Choose and name the rooms of a page, and read its measures: ``request`` is a `NameRequest`.

    Answers a `Detection`.
    """
    with _one_memory_error():
        message = from_json(request, NameRequest)
        regions = [Region.from_json(region) for region in message.regions]
        words = merged_words(message.textract, message.text_layer)
        yield to_json(with_measures(name_rooms(regions, words), words, message.page)), b""


def draw(request: dict[str, Any]) -> Answers:
    """Draw a page, a part of it, and its rooms: ``request`` is a `DrawRequest`. Answers a PNG.

    Raises
    ------
    SandboxRefused
        As `analyse` does.
    """
    with _one_memory_error():
        message = from_json(request, DrawRequest)
        with _refuse_unreadable():
            picture = _drawn_page(message) if message.part is None else _drawn_part(message, message.part)
        yield {}, encode_png(picture)


def _drawn_page(message: DrawRequest) -> Picture:
    return draw_rooms(_open(message, PICTURE_SIDE_PX, with_words=False).gray, message.rooms or ())


def _drawn_part(message: DrawRequest, part: PagePart) -> Picture:
    gray = _part(message, part)
    if message.rooms is None:
        return gray
    return draw_rooms(gray, rooms_in(message.rooms, part.region), keep_size=True)


def _part(message: DrawRequest, part: PagePart) -> Gray:
    if message.blueprint_format != PDF or part.in_own_pixels:
        page = _open(message, PDF_LONG_SIDE_PX, with_words=False)
        return part_of(resized(page.gray, part.page_px), part.region, part.size_px)
    with open_pdf(Path(message.path), message.page_number) as pdf:
        return _rendered(lambda: resized(pdf.draw_part(part.region, part.size_px), part.size_px))


def _analyse(detect: FindRegions, request: PageRequest) -> Answers:
    with _refuse_unreadable():
        page = _open(request, PDF_LONG_SIDE_PX, with_words=True)
    height_px, width_px = page.gray.shape
    size_mm = page.size_mm or (None, None)
    info = PageInfo(request.page_number, page.count, width_px, height_px, page.rotation, *size_mm)
    png = b"" if page.textract_takes_file else encode_for_textract(page.gray)
    yield to_json(PageAnswer(info, tuple(page.words), page.textract_takes_file)), png
    regions = detect(page.gray, page.words)
    yield {"regions": [region.to_json() for region in regions]}, b""


def _open(request: PageRequest, pdf_long_side_px: int, with_words: bool) -> OpenedPage:
    if request.blueprint_format == PDF:
        return _open_pdf(request, pdf_long_side_px, with_words)
    return _open_raster(request)


def _open_pdf(request: PageRequest, long_side_px: int, with_words: bool) -> OpenedPage:
    with open_pdf(Path(request.path), request.page_number) as pdf:
        gray, text = _render(pdf, long_side_px, with_words)
        stored = takes_stored_file(request.byte_size, pdf.plain and text.whole, None)
        return OpenedPage(gray, pdf.page_count, pdf.rotation, text.words, stored, pdf.size_mm)


def _render(pdf: PdfPage, long_side_px: int, with_words: bool) -> tuple[Gray, PageText]:
    def render() -> tuple[Gray, PageText]:
        began = time.process_time()
        gray = pdf.draw(long_side_px)
        draw_seconds = time.process_time() - began
        return gray, read_text(pdf, gray, draw_seconds) if with_words else PageText([], whole=True)

    return _rendered(render)


def _rendered(render: Callable[[], R]) -> R:
    try:
        return render()
    except (PdfiumError, ValueError, OverflowError) as exc:  # a page of absurd numbers
        raise unreadable.corrupt() from exc


def _open_raster(request: PageRequest) -> OpenedPage:
    if request.page_number != 1:
        raise NoSuchPage(request.page_number, 1)
    page = open_raster(Path(request.path), request.blueprint_format)
    height_px, width_px = page.gray.shape
    stored = takes_stored_file(request.byte_size, page.plain, (width_px, height_px))
    return OpenedPage(page.gray, 1, page.rotation, [], stored)


@contextmanager
def _refuse_unreadable() -> Iterator[None]:
    try:
        yield
    except UnreadableBlueprint as exc:
        raise SandboxRefused(exc.reason, str(exc)) from exc
    except NoSuchPage as exc:
        raise SandboxRefused("no_such_page", str(exc), exc.details) from exc


@contextmanager
def _one_memory_error() -> Iterator[None]:
    """Raise MemoryError also where OpenCV runs out of memory; its own error would count as a bug."""
    try:
        yield
    except cv2.error as exc:
        if getattr(exc, "code", None) == cv2.Error.StsNoMem or "bad_alloc" in str(exc):
            raise MemoryError from exc
        raise
