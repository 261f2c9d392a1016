"""The task that a sandboxed child does on an uploaded file: read its header and nothing more.

The fork server imports this module once, so that no child has to.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from PIL import Image

from jobs.domain.blueprint_file import MAX_PAGES, MAX_PIXELS
from jobs.domain.errors import NotABlueprint
from jobs.domain.formats import FORMATS
from shared.sandbox import SandboxRefused

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit lies elsewhere; ours is checked here
Image.preinit()


def read_header(request: dict[str, Any]) -> Iterator[tuple[dict[str, Any], bytes]]:
    """``request`` has ``path`` and ``format``, which the leading bytes gave. Answers ``page_count``,
    ``width_px`` and ``height_px`` (None for a PDF).

    Raises
    ------
    SandboxRefused
        `NotABlueprint.reason`, ``encrypted``, ``too_many_pixels``, ``too_many_pages`` or ``corrupt``.
    """
    path, pillow_name = Path(request["path"]), FORMATS[request["format"]].pillow_name
    yield (_picture(path, pillow_name) if pillow_name else _pdf(path)), b""


def _picture(path: Path, pillow_name: str) -> dict[str, Any]:
    width_px, height_px = _picture_size(path, pillow_name)
    if width_px < 1 or height_px < 1:
        raise _not_a_blueprint()
    if width_px * height_px > MAX_PIXELS:
        megapixels = MAX_PIXELS // 1_000_000
        raise SandboxRefused(
            "too_many_pixels", f"The image has more than {megapixels} megapixels. Export it smaller."
        )
    return {"page_count": 1, "width_px": width_px, "height_px": height_px}


def _picture_size(path: Path, pillow_name: str) -> tuple[int, int]:
    try:
        with Image.open(path, formats=(pillow_name,)) as image:
            return image.size
    except MemoryError:
        raise
    except Exception as exc:  # a damaged header makes Pillow raise almost anything
        raise _not_a_blueprint() from exc


def _pdf(path: Path) -> dict[str, Any]:
    try:
        with pdfium.PdfDocument(path) as document:
            page_count = len(document)
    except pdfium.PdfiumError as exc:
        raise _pdf_refusal(exc.err_code) from exc
    if page_count > MAX_PAGES:
        raise SandboxRefused(
            "too_many_pages", f"The PDF has more than {MAX_PAGES} pages. Send the pages with plans only."
        )
    return {"page_count": page_count, "width_px": None, "height_px": None}


def _pdf_refusal(error_code: int | None) -> SandboxRefused:
    if error_code in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
        return SandboxRefused("encrypted", "The PDF asks for a password. Save it without one.")
    if error_code == pdfium_c.FPDF_ERR_SUCCESS:  # it opened, and is empty
        return SandboxRefused("corrupt", "The PDF has no pages. Export it again.")
    return _not_a_blueprint()


def _not_a_blueprint() -> SandboxRefused:
    return SandboxRefused(NotABlueprint.reason, "The header cannot be read.")
