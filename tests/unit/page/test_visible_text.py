"""Only the text that a person sees on a PDF page is read."""

from pathlib import Path

import pytest

from blueprint_files import raw_pdf, text_content
from layered_pdfs import form, group, layers, marked, page_of
from preview.page.pdf_file import open_pdf
from preview.page.text_layer import PageText, read_text

WALL = b"0 g 90 104 400 3 re f\n"
"""Ink where the hidden text would be."""

SEEN = text_content("KITCHEN", 100, 100)
OTHER = text_content("BATHROOM", 104, 103)
OFF = b"/OFF [10 0 R]"


@pytest.fixture
def read(tmp_path: Path):
    def read(content: bytes) -> PageText:
        path = tmp_path / "blueprint.pdf"
        path.write_bytes(content)
        with open_pdf(path, 1) as pdf:
            return read_text(pdf, pdf.draw())

    return read


def words_of(text: PageText) -> list[str]:
    return [word.text for word in text.words]


HIDDEN = text_content("OLD", 100, 100)

HIDDEN_LAYERS = {
    "marked content": page_of(
        WALL + marked(b"L", HIDDEN), [group()], properties=b"/L 10 0 R", catalog=layers(OFF)
    ),
    "a form": page_of(
        WALL + b"/Fm Do\n", [group(), form(HIDDEN, b"/OC 10 0 R")], forms=b"/Fm 11 0 R", catalog=layers(OFF)
    ),
    "a form in marked content": page_of(
        WALL + marked(b"L", b"/Fm Do\n"),
        [group(), form(HIDDEN)],
        properties=b"/L 10 0 R",
        forms=b"/Fm 11 0 R",
        catalog=layers(OFF),
    ),
    "a layer in another": page_of(
        WALL + marked(b"L", marked(b"M", HIDDEN)),
        [group(), group()],
        properties=b"/L 10 0 R /M 11 0 R",
        catalog=layers(OFF, groups=2),
    ),
    "all layers off": page_of(
        WALL + marked(b"L", HIDDEN),
        [group()],
        properties=b"/L 10 0 R",
        catalog=layers(b"/BaseState /OFF /ON []"),
    ),
    "a membership of all": page_of(
        WALL + marked(b"L", HIDDEN),
        [group(), group(), b"<< /Type /OCMD /P /AllOn /OCGs [10 0 R 11 0 R] >>"],
        properties=b"/L 12 0 R",
        catalog=layers(OFF, groups=2),
    ),
    "a membership of none": page_of(
        WALL + marked(b"L", HIDDEN),
        [group(), group(), b"<< /Type /OCMD /P /AllOff /OCGs [10 0 R 11 0 R] >>"],
        properties=b"/L 12 0 R",
        catalog=layers(OFF, groups=2),
    ),
    "a membership by expression": page_of(
        WALL + marked(b"L", HIDDEN),
        [group(), group(), b"<< /Type /OCMD /OCGs 11 0 R /VE [/And 10 0 R 11 0 R] >>"],
        properties=b"/L 12 0 R",
        catalog=layers(OFF, groups=2),
    ),
    "what is only printed": page_of(
        WALL + marked(b"L", HIDDEN),
        [group(b"/Usage << /View << /ViewState /OFF >> /Print << /PrintState /ON >> >>")],
        properties=b"/L 10 0 R",
        catalog=layers(b"/AS [<< /Event /View /Category [/View] /OCGs [10 0 R] >>]"),
    ),
}


@pytest.mark.parametrize("kind", HIDDEN_LAYERS)
def test_text_of_a_layer_that_is_off_is_not_read(read, kind: str) -> None:
    text = read(HIDDEN_LAYERS[kind])
    assert (words_of(text), text.whole) == ([], False)


@pytest.mark.parametrize(
    "configuration",
    [b"", b"/ON [10 0 R]", b"/BaseState /OFF /ON [10 0 R]", b"/OFF []"],
)
def test_text_of_a_layer_that_is_on_is_read(read, configuration: bytes) -> None:
    content = WALL + marked(b"L", HIDDEN)
    text = read(page_of(content, [group()], properties=b"/L 10 0 R", catalog=layers(configuration)))
    assert (words_of(text), text.whole) == (["OLD"], True)


@pytest.mark.parametrize("seen_first", [True, False])
@pytest.mark.parametrize("hidden_layers", [1, 2])
def test_of_languages_at_one_place_the_one_switched_on_is_read(read, seen_first, hidden_layers) -> None:
    others = [marked(b"L", text_content(word, 102, 101)) for word in ("KOCHEN", "CUISINE")[:hidden_layers]]
    content = b"".join([SEEN, *others] if seen_first else [*others, SEEN])
    text = read(page_of(content, [group()], properties=b"/L 10 0 R", catalog=layers(OFF)))
    assert (words_of(text), text.whole) == (["KITCHEN"], False)


COVERED = {
    "by a fill": HIDDEN + b"1 g 90 90 200 40 re f 0 g\n" + WALL,
    "by a fill with other text on it": HIDDEN + b"1 g 90 90 200 40 re f 0 g\n" + SEEN,
    "by a fill in a form": HIDDEN + b"/Fm Do\n",
    "by its colour": b"1 g " + HIDDEN + WALL,
    "by a clip": b"q 0 0 50 50 re W n " + HIDDEN + b"Q " + WALL,
    "by other text": b"0.9 g " + HIDDEN + b"0 g " + OTHER * 2,
}


@pytest.mark.parametrize("kind", COVERED)
def test_text_that_is_covered_is_not_read(read, kind: str) -> None:
    cover = form(b"1 g 90 90 200 40 re f 0 g\n" + WALL)
    assert "OLD" not in words_of(read(page_of(COVERED[kind], [cover], forms=b"/Fm 10 0 R")))


def test_text_over_a_fill_is_read(read) -> None:
    text = read(raw_pdf([b"0.7 g 90 90 200 40 re f 0 g\n" + SEEN]))
    assert (words_of(text), text.whole) == (["KITCHEN"], True)


@pytest.mark.parametrize("shift", [0, 0.4])
def test_text_shown_twice_is_read_once(read, shift: float) -> None:
    content = SEEN + text_content("HALL", 400, 400) + text_content("KITCHEN", 100 + shift, 100)
    assert words_of(read(raw_pdf([content]))) == ["KITCHEN", "HALL"]


def picture(width: int, height: int) -> bytes:
    """An inline picture of a black bar on white, at (100, 90)."""
    rows = b"\xff" * 8 + b"\x00" * 4 + b"\xff" * 4
    head = b"q %d 0 0 %d 100 90 cm BI /W 1 /H 16 /BPC 8 /CS /G ID " % (width, height)
    return head + rows + b"\nEI Q\n"


@pytest.mark.parametrize("below", [True, False])
def test_the_text_of_a_scan_is_read_above_and_below_it(read, below: bool) -> None:
    checks = (b"\xff\x00" * 32 + b"\x00\xff" * 32) * 32
    scan = b"q 792 0 0 612 0 0 cm BI /W 64 /H 64 /BPC 8 /CS /G ID " + checks + b"\nEI Q\n"
    text = text_content("SCANNED", 100, 110, mode=0 if below else 3)
    assert words_of(read(raw_pdf([text + scan if below else scan + text]))) == ["SCANNED"]


def test_text_below_a_small_picture_is_not_read(read) -> None:
    assert words_of(read(raw_pdf([text_content("OLD", 105, 100) + picture(100, 40)]))) == []


def test_invisible_text_gives_way_to_what_is_seen_in_its_place(read) -> None:
    assert words_of(read(raw_pdf([text_content("KITCHFN", 100, 100, mode=3) + SEEN]))) == ["KITCHEN"]


def test_letters_that_touch_are_one_word(read) -> None:
    content = b"BT /F1 24 Tf 100 100 Td [(L) 120 (A) 160 (V) 150 (A) -20 (T) 160 (O) 30 (RY)] TJ ET"
    assert words_of(read(raw_pdf([content]))) == ["LAVATORY"]


def test_a_page_that_took_long_to_draw_is_not_drawn_again(tmp_path: Path) -> None:
    path = tmp_path / "blueprint.pdf"
    path.write_bytes(HIDDEN_LAYERS["a form"])
    with open_pdf(path, 1) as pdf:
        assert words_of(read_text(pdf, pdf.draw(), draw_seconds=2.0)) == ["OLD"]
