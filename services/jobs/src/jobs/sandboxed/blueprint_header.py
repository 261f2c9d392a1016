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
from shared.sandbox import SandboxRefused

_PILLOW_FORMATS = {"png": ("PNG",), "jpg": ("JPEG",)}

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
    path, blueprint_format = Path(request["path"]), request["format"]
    yield (_pdf(path) if blueprint_format == "pdf" else _picture(path, blueprint_format)), b""


def _picture(path: Path, blueprint_format: str) -> dict[str, Any]:
    width_px, height_px = _picture_size(path, blueprint_format)
    if width_px < 1 or height_px < 1:
        raise _not_a_blueprint()
    if width_px * height_px > MAX_PIXELS:
        megapixels = MAX_PIXELS // 1_000_000
        raise SandboxRefused(
            "too_many_pixels", f"The image has more than {megapixels} megapixels. Export it smaller."
        )
    return {"page_count": 1, "width_px": width_px, "height_px": height_px}


def _picture_size(path: Path, blueprint_format: str) -> tuple[int, int]:
    try:
        with Image.open(path, formats=_PILLOW_FORMATS[blueprint_format]) as image:
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
