"""Opens a document within Textract's documented limits.

Limits: https://docs.aws.amazon.com/textract/latest/dg/limits-document.html
"""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from local_aws.textract.errors import BadDocument, DocumentTooLarge, UnsupportedDocument
from local_aws.textract.lines import ReadLine
from local_aws.textract.text_layer import has_large_picture, read_text_layer, shows_all

MAX_DOCUMENT_BYTES = 10 * 1024 * 1024
MAX_SIDE_PX = 10_000
MAX_PDF_SIDE_POINTS = 40 * 72

WORKING_SIDE_PX = 4_000
"""Larger pages are read at this size: four times the side that text is looked for at is plenty to read it."""

PDF_DPI = 200

GrayPage = NDArray[np.uint8]
"""(height, width), 0 is black."""

_pdfium_lock = threading.Lock()  # PDFium is not thread-safe.


@dataclass(frozen=True, slots=True)
class Page:
    """``picture`` is None where the text layer says everything there is to read; where some of that is hidden
    it says nothing."""

    text_layer: tuple[ReadLine, ...]
    picture: GrayPage | None


def open_page(document: bytes) -> Page:
    """The one page of ``document`` (PNG, JPEG, TIFF or PDF).

    Raises
    ------
    DocumentTooLarge, UnsupportedDocument, BadDocument
        As Textract does for a file outside its limits.
    """
    if len(document) > MAX_DOCUMENT_BYTES:
        raise DocumentTooLarge("Document is larger than 10 MB, the limit of synchronous operations")
    if document.startswith(b"%PDF-"):
        return _open_pdf(document)
    return Page((), _open_image(document))


def _open_image(document: bytes) -> GrayPage:
    try:
        with warnings.catch_warnings():
            # Textract's own limit of 10,000 px a side lies above Pillow's warning.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(document), formats=("PNG", "JPEG", "TIFF")) as image:
                _check_image(image)
                return _gray_pixels(image)
    except UnidentifiedImageError as error:
        raise UnsupportedDocument("Request has unsupported document format") from error
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadDocument("Document could not be decoded") from error


def _check_image(image: Image.Image) -> None:
    if max(image.size) > MAX_SIDE_PX:
        raise BadDocument(f"Document exceeds {MAX_SIDE_PX} pixels on a side")
    if getattr(image, "n_frames", 1) > 1 and image.format == "TIFF":
        raise UnsupportedDocument("Synchronous operations take one page; this TIFF has more")


def _gray_pixels(image: Image.Image) -> GrayPage:
    image.draft("L", (WORKING_SIDE_PX, WORKING_SIDE_PX))  # a JPEG decodes straight to a smaller gray
    opaque = _on_white(image)
    if opaque.mode.startswith("I;16") or opaque.mode == "I":
        opaque = Image.fromarray((np.asarray(opaque) >> 8).astype(np.uint8))
    gray = opaque.convert("L")
    if max(gray.size) > WORKING_SIDE_PX:
        gray.thumbnail((WORKING_SIDE_PX, WORKING_SIDE_PX), Image.Resampling.BOX)
    return np.asarray(gray)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return Image.alpha_composite(white, rgba)


def _open_pdf(document: bytes) -> Page:
    with _pdfium_lock, _pdf_page(document) as page:
        width, height = page.get_size()
        if max(width, height) > MAX_PDF_SIDE_POINTS:
            raise BadDocument("PDF page is larger than 40 inches on a side")
        lines = tuple(read_text_layer(page))
        if lines and not shows_all(page, lines):
            lines = ()
        elif lines and not has_large_picture(page):
            return Page(lines, None)
        scale = min(PDF_DPI / 72, WORKING_SIDE_PX / max(width, height))
        bitmap = page.render(scale=scale, grayscale=True)
        return Page(lines, np.array(bitmap.to_numpy()).reshape(bitmap.height, bitmap.width))


@contextmanager
def _pdf_page(document: bytes) -> Iterator[Any]:
    try:
        pdf = pypdfium2.PdfDocument(document)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise UnsupportedDocument("Request has unsupported document format (encrypted)") from error
        raise BadDocument("Document could not be opened as a PDF") from error
    try:
        if len(pdf) != 1:
            raise UnsupportedDocument(f"Synchronous operations take one page; this PDF has {len(pdf)}")
        try:
            page = pdf[0]
        except pypdfium2.PdfiumError as error:
            raise BadDocument("The PDF's page could not be opened") from error
        yield page
    finally:
        pdf.close()
