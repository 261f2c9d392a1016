"""Hebrew and Arabic names are read from the right, however their letters are stored."""

from pathlib import Path

import pytest

from layered_pdfs import page_with_letters
from preview.page.pdf_file import open_pdf
from preview.page.text_layer import read_text

WIDTH = 14.0
"""Of every letter, in points: the font of these files has one width."""


def as_painted(text: str) -> bytes:
    """From the left, in one piece: the last letter of a name that is read from the right comes first."""
    letters = sorted(set(text))
    codes = bytes(65 + letters.index(letter) for letter in text)
    return page_with_letters("".join(letters), b"BT /F1 20 Tf 100 100 Td <%b> Tj ET" % codes.hex().encode())


def letter_by_letter(painted: str, order: list[int]) -> bytes:
    """``painted``, from the left, its letters stored one by one in ``order``."""
    letters = sorted(set(painted))
    shown = b"".join(
        b"BT /F1 20 Tf %d 100 Td <%02x> Tj ET\n" % (100 + n * WIDTH, 65 + letters.index(painted[n]))
        for n in order
    )
    return page_with_letters("".join(letters), shown)


@pytest.fixture
def read(tmp_path: Path):
    def read(content: bytes) -> list[str]:
        path = tmp_path / "blueprint.pdf"
        path.write_bytes(content)
        with open_pdf(path, 1) as pdf:
            return [word.text for word in read_text(pdf, pdf.draw()).words]

    return read


NAMES = {
    "מטבח": "חבטמ",
    "سلم": "ملس",
    "ﻣﻄﺒﺦ": "ﺦﺒﻄﻣ",
    "KITCHEN": "KITCHEN",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_stored_as_painted_is_read_from_its_first_letter(read, name: str) -> None:
    expected = {"ﻣﻄﺒﺦ": "مطبخ"}.get(name, name)
    assert read(as_painted(NAMES[name])) == [expected]


def test_joined_letters_are_read_one_by_one(read) -> None:
    assert read(as_painted("oﬃce")) == ["office"]


@pytest.mark.parametrize("name", ["מטבח", "سلم", "KITCHEN"])
@pytest.mark.parametrize("backwards", [True, False])
def test_the_order_in_which_letters_are_stored_does_not_matter(read, name: str, backwards: bool) -> None:
    painted = NAMES[name]
    order = list(range(len(painted)))
    assert read(letter_by_letter(painted, order[::-1] if backwards else order)) == [name]
