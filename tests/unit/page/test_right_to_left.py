"""Hebrew and Arabic names are read from the right, however their letters are stored."""

from pathlib import Path

import pytest

from blueprint_files import pdf_of, pdf_stream
from preview.page.pdf import opened_pdf
from preview.page.text_layer import read_text

WIDTH = 14.0
"""Of every letter, in points: the font of these files has one width."""


def page(letters: str, content: bytes) -> bytes:
    """``content`` shows codes 65 and up, drawn as A, B and so on, which stand for ``letters``."""
    meanings = b"".join(
        b"<%02X> <%b>\n" % (65 + n, letter.encode("utf-16-be").hex().encode())
        for n, letter in enumerate(letters)
    )
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        b"1 begincodespacerange <00> <FF> endcodespacerange\n%d beginbfchar\n%bendbfchar\n"
        b"endcmap end end" % (len(letters), meanings)
    )
    widths = b" ".join([b"700"] * 60)
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier /ToUnicode 6 0 R"
        b" /FirstChar 32 /LastChar 91 /Widths [%b] >>" % widths
    )
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            font,
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 792 612] /Contents 5 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>",
            pdf_stream(content),
            pdf_stream(cmap),
        ]
    )


def as_painted(text: str) -> bytes:
    """From the left, in one piece: the last letter of a name that is read from the right comes first."""
    letters = sorted(set(text))
    codes = bytes(65 + letters.index(letter) for letter in text)
    return page("".join(letters), b"BT /F1 20 Tf 100 100 Td <%b> Tj ET" % codes.hex().encode())


def letter_by_letter(painted: str, order: list[int]) -> bytes:
    """``painted``, from the left, its letters stored one by one in ``order``."""
    letters = sorted(set(painted))
    shown = b"".join(
        b"BT /F1 20 Tf %d 100 Td <%02x> Tj ET\n" % (100 + n * WIDTH, 65 + letters.index(painted[n]))
        for n in order
    )
    return page("".join(letters), shown)


@pytest.fixture
def read(tmp_path: Path):
    def read(content: bytes) -> list[str]:
        path = tmp_path / "blueprint.pdf"
        path.write_bytes(content)
        with opened_pdf(path, 1) as pdf:
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


@pytest.mark.parametrize("name", ["מטבח", "سلم", "KITCHEN"])
@pytest.mark.parametrize("backwards", [True, False])
def test_the_order_in_which_letters_are_stored_does_not_matter(read, name: str, backwards: bool) -> None:
    painted = NAMES[name]
    order = list(range(len(painted)))
    assert read(letter_by_letter(painted, order[::-1] if backwards else order)) == [name]
