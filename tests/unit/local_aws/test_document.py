"""Textract's documented limits, each with the error code of its own."""

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from layered_pdfs import page_with_letters
from local_aws.textract.document import WORKING_SIDE_PX, open_page
from local_aws.textract.errors import BadDocument, DocumentTooLarge, TextractError, UnsupportedDocument


def image(
    size: tuple[int, int] = (60, 40), mode: str = "L", image_format: str = "PNG", **options: Any
) -> bytes:
    file = BytesIO()
    Image.new(mode, size).save(file, image_format, **options)
    return file.getvalue()


def pdf(*sizes: tuple[float, float], password: str | None = None) -> bytes:
    file = BytesIO()
    canvas = Canvas(file, encrypt=password)
    for size in sizes or ((200, 100),):
        canvas.setPageSize(size)
        canvas.drawString(20, 20, "KITCHEN")
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def scanned_pdf(text: str = "") -> bytes:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(200, 100))
    canvas.drawImage(ImageReader(Image.new("L", (40, 20), 200)), 0, 0, 200, 100)
    canvas.drawString(20, 20, text)
    canvas.save()
    return file.getvalue()


@pytest.mark.parametrize(
    "document",
    [
        image(),
        image(mode="1"),
        image(mode="RGBA"),
        image(mode="I;16"),
        image(mode="P"),
        image(image_format="JPEG"),
        image(image_format="JPEG", mode="CMYK"),
        image(image_format="TIFF"),
    ],
)
def test_pictures_of_every_kind_become_gray(document: bytes) -> None:
    page = open_page(document)
    assert page.picture is not None
    assert page.picture.shape == (40, 60)
    assert page.picture.dtype == np.uint8


def test_a_see_through_page_is_white_paper() -> None:
    page = open_page(image(mode="RGBA"))
    assert page.picture is not None
    assert page.picture.min() == 255


def test_a_large_page_is_read_at_the_working_size() -> None:
    page = open_page(image((10_000, 50), mode="1"))
    assert page.picture is not None
    assert page.picture.shape[1] == WORKING_SIDE_PX


def test_a_pdf_with_text_needs_no_picture() -> None:
    page = open_page(pdf())
    assert [line.text for line in page.text_layer] == ["KITCHEN"]
    assert page.picture is None


def test_a_scan_in_a_pdf_is_drawn_and_its_text_layer_kept() -> None:
    page = open_page(scanned_pdf("TITLE"))
    assert [line.text for line in page.text_layer] == ["TITLE"]
    assert page.picture is not None
    assert page.picture.shape == (278, 556)


@pytest.mark.parametrize("hidden", ["by white", "by other text", "by its place"])
def test_a_pdf_that_hides_text_is_read_by_its_pixels(hidden: str) -> None:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(200, 100))
    canvas.drawString(20, 20, "OLD OFFICE")
    if hidden == "by white":
        canvas.setFillGray(1)
        canvas.rect(10, 10, 150, 30, stroke=0, fill=1)
        canvas.setFillGray(0)
    canvas.drawString(20, 21 if hidden == "by other text" else 60, "KITCHEN")
    if hidden == "by its place":
        canvas.setFillGray(1)
        canvas.drawString(100, 60, "UNSEEN")
    canvas.save()
    page = open_page(file.getvalue())
    assert page.text_layer == ()
    assert page.picture is not None


def test_only_latin_letters_are_read() -> None:
    page = open_page(page_with_letters("מטבח", b"BT /F1 20 Tf 100 100 Td <41424344> Tj ET"))
    assert page.text_layer == ()


def test_a_pdf_of_lines_alone_is_drawn() -> None:
    file = BytesIO()
    canvas = Canvas(file, pagesize=(200, 100))
    canvas.line(0, 0, 200, 100)
    canvas.save()
    assert open_page(file.getvalue()).picture is not None


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (b"x" * (10 * 1024 * 1024 + 1), DocumentTooLarge),
        (b"GIF89a" + bytes(100), UnsupportedDocument),
        (b"\x00" * 64, UnsupportedDocument),
        (image(image_format="GIF"), UnsupportedDocument),
        (image(image_format="WEBP"), UnsupportedDocument),
        (image((10_001, 2), mode="1"), BadDocument),
        (image((2, 10_001), mode="1"), BadDocument),
        (image((400, 400))[:-60], BadDocument),
        (
            image(image_format="TIFF", save_all=True, append_images=[Image.new("L", (60, 40))]),
            UnsupportedDocument,
        ),
        (pdf((200, 100), (200, 100)), UnsupportedDocument),
        (pdf(password="secret"), UnsupportedDocument),
        (pdf((2881, 100)), BadDocument),
        (pdf((100, 2881)), BadDocument),
        (b"%PDF-1.7\nnot really", BadDocument),
    ],
    ids=[
        "larger than 10 MB",
        "gif header",
        "zeros",
        "gif",
        "webp",
        "too wide",
        "too high",
        "truncated",
        "two pages of tiff",
        "two pages of pdf",
        "encrypted",
        "pdf too wide",
        "pdf too high",
        "broken pdf",
    ],
)
def test_outside_the_limits(document: bytes, error: type[TextractError]) -> None:
    with pytest.raises(error):
        open_page(document)


@pytest.mark.parametrize("document", [image((10_000, 10), mode="1"), pdf((2880, 2880))])
def test_exactly_at_the_limits(document: bytes) -> None:
    open_page(document)
