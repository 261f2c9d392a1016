"""The tasks that a sandboxed child does on one file: `analyse` a page, `name` its rooms, or `draw` them.

The fork server imports this module once, so that no child has to.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import cv2
from pypdfium2 import PdfiumError

from preview.domain.errors import NoSuchPage, UnreadableBlueprint
from preview.domain.room import Room, Word
from preview.page import unreadable
from preview.page.limits import PDF_LONG_SIDE_PX, PICTURE_SIDE_PX
from preview.page.pdf_file import PdfPage, open_pdf
from preview.page.png import encode_png
from preview.page.raster_file import Gray, open_raster
from preview.page.room_overlay import draw_rooms
from preview.page.text_layer import PageText, read_text
from preview.page.textract_input import png_of, takes_stored_file
from preview.rooms import Region, find_regions, name_rooms
from preview.rooms.text.word_merging import merge
from shared.sandbox import SandboxRefused

Answers = Iterator[tuple[dict[str, Any], bytes]]
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


def analyse(request: dict[str, Any]) -> Answers:
    """Draw a page, then look for rooms on it.

    ``request`` has ``path``, ``blueprint_format``, ``page_number`` and ``byte_size``. The first answer has
    ``page`` (number, count, width_px, height_px, rotation), ``as_stored``, ``words``, and the PNG for
    Textract, empty when ``as_stored``; the second has ``regions``.

    Raises
    ------
    SandboxRefused
        With the reasons of `UnreadableBlueprint`, or ``no_such_page`` and the ``page_count``.
    """
    return analyse_with(find_regions, request)


def analyse_with(detect: FindRegions, request: dict[str, Any]) -> Answers:
    """`analyse` with a detector of the caller's."""
    with _one_memory_error():
        yield from _analysed(detect, request)


def name(request: dict[str, Any]) -> Answers:
    """Choose and name the rooms of a page.

    ``request`` has the ``regions`` that `analyse` answered, and ``textract`` and ``text_layer``, words as
    rows of text, box, confidence and whether it runs vertically. Answers ``rooms`` and ``rejected``.
    """
    with _one_memory_error():
        regions = [Region.from_json(region) for region in request["regions"]]
        words = merge(_words(request, "textract"), _words(request, "text_layer"))
        yield asdict(name_rooms(regions, words)), b""


def _words(request: dict[str, Any], source: Literal["textract", "text_layer"]) -> list[Word]:
    return [
        Word(text, tuple(box), confidence, source, vertical)
        for text, box, confidence, vertical in request[source]
    ]


def draw(request: dict[str, Any]) -> Answers:
    """Draw a page and its rooms: ``request`` as for `analyse`, with ``rooms``. Answers a PNG.

    Raises
    ------
    SandboxRefused
        As `analyse` does.
    """
    with _one_memory_error():
        yield {}, _picture(request)


def _analysed(detect: FindRegions, request: dict[str, Any]) -> Answers:
    with _refusals():
        page = _open(request, PDF_LONG_SIDE_PX, with_words=True)
    height_px, width_px = page.gray.shape
    info = {
        "number": request["page_number"],
        "count": page.count,
        "width_px": width_px,
        "height_px": height_px,
        "rotation": page.rotation,
    }
    png = b"" if page.textract_takes_file else png_of(page.gray)
    words = [asdict(word) for word in page.words]
    yield {"page": info, "as_stored": page.textract_takes_file, "words": words}, png
    regions = detect(page.gray, page.words)
    yield {"regions": [region.to_json() for region in regions]}, b""


def _picture(request: dict[str, Any]) -> bytes:
    with _refusals():
        page = _open(request, PICTURE_SIDE_PX, with_words=False)
    return encode_png(draw_rooms(page.gray, [_room(room) for room in request["rooms"]]))


def _open(request: dict[str, Any], pdf_long_side_px: int, with_words: bool) -> OpenedPage:
    path, number, byte_size = Path(request["path"]), request["page_number"], request["byte_size"]
    if request["blueprint_format"] != "pdf":
        return _open_raster(path, request["blueprint_format"], number, byte_size)
    with open_pdf(path, number) as pdf:
        gray, text = _drawn(pdf, pdf_long_side_px, with_words)
        stored = takes_stored_file(byte_size, pdf.plain and text.whole, None)
        return OpenedPage(gray, pdf.page_count, pdf.rotation, text.words, stored)


def _drawn(pdf: PdfPage, long_side_px: int, with_words: bool) -> tuple[Gray, PageText]:
    try:
        began = time.process_time()
        gray = pdf.draw(long_side_px)
        draw_seconds = time.process_time() - began
        return gray, read_text(pdf, gray, draw_seconds) if with_words else PageText([], whole=True)
    except (PdfiumError, ValueError, OverflowError) as exc:  # a page of absurd numbers
        raise unreadable.corrupt() from exc


def _open_raster(path: Path, blueprint_format: str, number: int, byte_size: int) -> OpenedPage:
    if number != 1:
        raise NoSuchPage(number, 1)
    page = open_raster(path, blueprint_format)
    height_px, width_px = page.gray.shape
    stored = takes_stored_file(byte_size, page.plain, (width_px, height_px))
    return OpenedPage(page.gray, 1, page.rotation, [], stored)


def _room(data: dict[str, Any]) -> Room:
    corners = tuple((float(x), float(y)) for x, y in data["polygon"])
    x_min, y_min, x_max, y_max = data["bounding_box"]
    return Room(data["id"], (x_min, y_min, x_max, y_max), corners, data["name_hint"], data["confidence"])


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except UnreadableBlueprint as exc:
        raise SandboxRefused(exc.reason, str(exc)) from exc
    except NoSuchPage as exc:
        raise SandboxRefused("no_such_page", str(exc), exc.details) from exc


@contextmanager
def _one_memory_error() -> Iterator[None]:
    """OpenCV has errors of its own for want of memory, which would look like a fault of ours."""
    try:
        yield
    except cv2.error as exc:
        if getattr(exc, "code", None) == cv2.Error.StsNoMem or "bad_alloc" in str(exc):
            raise MemoryError from exc
        raise
