"""What stands in annotations and form fields is drawn and read like the page's content."""

from pathlib import Path

import numpy as np
import pytest

from blueprint_files import text_content
from layered_pdfs import annotated, annotation, appearance
from preview.domain.room import Word
from preview.page.pdf_file import open_pdf
from preview.page.raster_file import Gray
from preview.page.text_layer import read_text

DA = b"/DA (/Helv 20 Tf 0 g)"
FIELD = DA + b"/FT /Tx /T (a) /V (KITCHEN)"
CHOICE = DA + b"/FT /Ch /Ff 131072 /T (a) /V (KITCHEN) /Opt [(HALL) (KITCHEN)]"
AP = b"/AP << /N 11 0 R >>"


@pytest.fixture
def read(tmp_path: Path):
    def read(content: bytes) -> tuple[Gray, list[Word], bool]:
        path = tmp_path / "blueprint.pdf"
        path.write_bytes(content)
        with open_pdf(path, 1) as pdf:
            gray = pdf.draw()
            return gray, read_text(pdf, gray).words, pdf.plain

    return read


SHOWN = {
    "free text": (annotation(b"FreeText", AP + DA + b"/Contents (KITCHEN)"), True),
    "free text without its picture": (annotation(b"FreeText", DA + b"/Contents (KITCHEN)"), False),
    "a stamp": (annotation(b"Stamp", AP), True),
    "a field": (annotation(b"Widget", AP + FIELD), True),
    "a field without its picture": (annotation(b"Widget", FIELD), False),
    "a choice": (annotation(b"Widget", CHOICE), False),
}  # fmt: skip


@pytest.mark.parametrize("kind", SHOWN)
@pytest.mark.parametrize(
    "page", [b"/MediaBox [0 0 792 612]", b"/MediaBox [0 0 792 612] /CropBox [50 50 700 500] /Rotate 90"]
)
def test_what_an_annotation_shows_is_read(read, kind: str, page: bytes) -> None:
    entry, has_appearance = SHOWN[kind]
    appearances = [appearance("KITCHEN")] if has_appearance else []
    gray, words, plain = read(annotated([entry], appearances, page=page))
    assert [word.text for word in words] == ["KITCHEN"]
    assert ink_share(gray, words[0]) > 0.4  # the rest is a border, and the arrow of a choice
    assert not plain


def ink_share(gray: Gray, word: Word) -> float:
    """How much of the page's ink the word is."""
    rows, columns = np.nonzero(gray < 128)
    x, y = columns * 1000 / gray.shape[1], rows * 1000 / gray.shape[0]
    x_min, y_min, x_max, y_max = word.box
    return float(((x >= x_min - 1) & (x <= x_max) & (y >= y_min - 1) & (y <= y_max)).mean())


UNSEEN = {
    "a hidden one": annotation(b"Stamp", AP + b" /F 2"),
    "a note": annotation(b"Text", b"/Contents (KITCHEN) /Open false"),
    "a note's window": annotation(b"Popup", b"/Contents (KITCHEN)"),
    "a link": annotation(b"Link", b"/Contents (KITCHEN)"),
    "a hidden field": annotation(b"Widget", FIELD).replace(b"/F 4", b"/F 2"),
}


@pytest.mark.parametrize("kind", UNSEEN)
def test_what_an_annotation_does_not_show_is_not_read(read, kind: str) -> None:
    entry = UNSEEN[kind].replace(b"/F 4  ", b"")
    _, words, _ = read(annotated([entry], [appearance("KITCHEN")], content=text_content("HALL", 400, 400)))
    assert [word.text for word in words] == ["HALL"]


def test_annotations_show_all_over_a_sheet_whose_size_its_tree_says(read) -> None:
    entry = annotation(b"Stamp", AP, rect=b"2000 1500 2200 1540")
    content = annotated([entry], [appearance("KITCHEN")], page=b"", tree=b"/MediaBox [0 0 2384 1684]")
    gray, words, _ = read(content)
    assert gray.shape == (2332, 3300)
    assert [word.text for word in words] == ["KITCHEN"]


def test_a_field_that_was_filled_in_over_a_plan_leaves_the_plan(read) -> None:
    field = annotation(b"Widget", FIELD)
    _, words, _ = read(annotated([field], content=text_content("HALL", 400, 400)))
    assert sorted(word.text for word in words) == ["HALL", "KITCHEN"]
