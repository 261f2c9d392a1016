"""PDF pages: turned, cropped, locked, huge, damaged; and where their words lie."""

from pathlib import Path

import numpy as np
import pytest

from blueprint_files import encrypted_pdf, plan_pdf, raw_pdf, self_referring_pdf, text_content
from preview.domain.errors import NoSuchPage, UnreadableBlueprint
from preview.domain.room import Word
from preview.page.pdf_file import open_pdf
from preview.page.raster_file import Gray
from preview.page.text_layer import read_text


@pytest.fixture
def store(tmp_path: Path):
    def store(content: bytes) -> Path:
        path = tmp_path / "blueprint.pdf"
        path.write_bytes(content)
        return path

    return store


def draw(path: Path, page_number: int = 1) -> tuple[Gray, list[Word]]:
    with open_pdf(path, page_number) as pdf:
        gray = pdf.draw()
        return gray, read_text(pdf, gray).words


def dark_corner(gray: Gray) -> str:
    height, width = gray.shape
    corners = {
        "top left": gray[height // 4, width // 4],
        "top right": gray[height // 4, width * 3 // 4],
        "bottom left": gray[height * 3 // 4, width // 4],
        "bottom right": gray[height * 3 // 4, width * 3 // 4],
    }
    return min(corners, key=lambda corner: corners[corner])


@pytest.mark.parametrize(
    ("points", "pixels"),
    [
        ((792, 612), (3300, 2550)),  # letter: 300 DPI
        ((2384, 1684), (3300, 2332)),  # A1: by its long side
        ((14400, 14400), (3300, 3300)),
        ((72, 36), (300, 150)),
        ((1, 1), (5, 5)),
        ((14400, 3), (3300, 1)),
    ],
)
def test_pages_are_drawn_to_one_long_side_at_most(store, points, pixels) -> None:
    width, height = points
    gray, _ = draw(store(raw_pdf([b""], f"/MediaBox [0 0 {width} {height}]")))
    assert (gray.shape[1], gray.shape[0]) == pixels
    assert gray.min() == 255


@pytest.mark.parametrize(
    ("turn", "corner", "size"),
    [
        (0, "top left", (3300, 2550)),
        (90, "top right", (2550, 3300)),
        (180, "bottom right", (3300, 2550)),
        (270, "bottom left", (2550, 3300)),
        (-90, "bottom left", (2550, 3300)),
    ],
)
def test_a_turned_page_is_drawn_as_a_person_views_it(store, turn: int, corner: str, size) -> None:
    path = store(plan_pdf(f"/MediaBox [0 0 792 612] /Rotate {turn}"))
    with open_pdf(path, 1) as pdf:
        gray = pdf.draw()
        assert pdf.rotation == turn % 360
        assert pdf.plain == (turn == 0)
    assert dark_corner(gray) == corner
    assert (gray.shape[1], gray.shape[0]) == size


def ink_box(gray: Gray) -> tuple[float, ...]:
    rows, columns = np.nonzero(gray < 128)
    height, width = gray.shape
    sides = columns.min() / width, rows.min() / height, (columns.max() + 1) / width, (rows.max() + 1) / height
    return tuple(1000 * side for side in sides)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", ["", " /CropBox [200 50 700 400]", " /CropBox [-500 -500 5000 5000]"])
@pytest.mark.parametrize("origin", [0, 100])
def test_words_lie_where_they_are_drawn(store, turn: int, crop: str, origin: int) -> None:
    box = f"/MediaBox [{origin} {origin} {792 + origin} {612 + origin}]{crop} /Rotate {turn}"
    gray, words = draw(store(raw_pdf([text_content("KITCHEN", 396, 200)], box)))
    assert [word.text for word in words] == ["KITCHEN"]
    assert words[0].box == pytest.approx(ink_box(gray), abs=1.5)
    assert (words[0].confidence, words[0].source) == (1.0, "text_layer")


def test_text_is_split_into_words(store) -> None:
    content = text_content("LIVING ROOM", 100, 500) + text_content("12 x 10", 100, 470)
    content += b"BT /F1 10 Tf 1 0 0 1 100 300 Tm (WC) Tj 1 0 0 1 400 300 Tm (HALL) Tj ET"
    _, words = draw(store(raw_pdf([content])))
    assert [word.text for word in words] == ["LIVING", "ROOM", "12", "x", "10", "WC", "HALL"]


def test_vertical_lettering_stays_one_word(store) -> None:
    gray, words = draw(store(raw_pdf([b"BT /F1 20 Tf 0 1 -1 0 300 200 Tm (BALCONY) Tj ET"])))
    assert [word.text for word in words] == ["BALCONY"]
    assert words[0].box == pytest.approx(ink_box(gray), abs=1.5)


@pytest.mark.parametrize(
    "hidden",
    [
        b"1 g " + text_content("WHITE", 100, 100),
        text_content("NEVER", 100, 100, mode=3),
        text_content("OUTSIDE", 900, 900),
        text_content("BLANK", 100, 100, size=0),
        text_content("   ", 100, 100),
        b"0 0 10 10 re W n " + text_content("CLIPPED", 100, 100),
    ],
)
def test_words_that_nobody_sees_are_left_out(store, hidden: bytes) -> None:
    _, words = draw(store(raw_pdf([b"q " + hidden + b" Q " + text_content("SEEN", 300, 300)])))
    assert [word.text for word in words] == ["SEEN"]


def test_the_invisible_text_over_a_scan_is_read(store) -> None:
    scan = b"0 g 95 95 200 40 re f 1 g 100 100 60 4 re f\n"
    _, words = draw(store(raw_pdf([scan + text_content("SCANNED", 100, 100, mode=3)])))
    assert [word.text for word in words] == ["SCANNED"]


def test_words_are_bounded(store) -> None:
    lines = b"".join(text_content("a " * 400, 5, 1 + n * 1.5, size=1) for n in range(400))
    _, words = draw(store(raw_pdf([lines])))
    assert len(words) == 20_000


def test_a_page_is_chosen_by_its_number(store) -> None:
    path = store(raw_pdf([text_content("ONE", 100, 100), text_content("TWO", 100, 100)]))
    assert [word.text for word in draw(path, 2)[1]] == ["TWO"]
    with open_pdf(path, 1) as pdf:
        assert pdf.page_count == 2
        assert not pdf.plain


@pytest.mark.parametrize("number", [0, -1, 3, 10**9])
def test_a_page_that_is_not_there_is_named(store, number: int) -> None:
    with pytest.raises(NoSuchPage) as missing, open_pdf(store(plan_pdf(pages=2)), number):
        pass
    assert missing.value.details["page_count"] == 2


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted_pdf(), "encrypted"),
        (plan_pdf(pages=501), "too_many_pages"),
        (self_referring_pdf(), "too_many_pages"),
        (b"%PDF-1.7\nnothing", "corrupt"),
        (b"", "corrupt"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 50, "corrupt"),
        (raw_pdf([]), "corrupt"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_reason(store, content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableBlueprint) as refusal, open_pdf(store(content), 1):
        pass
    assert refusal.value.reason == reason


def test_a_pdf_cut_off_anywhere_is_refused_or_drawn_but_nothing_else(store) -> None:
    content = plan_pdf()
    for end in range(0, len(content), 7):
        try:
            gray, _ = draw(store(content[:end]))
        except UnreadableBlueprint:
            continue
        assert gray.ndim == 2


@pytest.mark.parametrize(
    ("content", "plain"),
    [
        (plan_pdf(), True),
        (plan_pdf() + b"\nand bytes after the end", True),
        (b"junk before\n" + plan_pdf(), False),
        (plan_pdf("/MediaBox [0 0 2880 612]"), True),
        (plan_pdf("/MediaBox [0 0 2881 612]"), False),
        (plan_pdf("/MediaBox [0 0 792 612] /CropBox [0 0 700 600]"), False),
        (encrypted_pdf(user_password=""), False),
    ],
)
def test_only_what_textract_reads_alike_is_plain(store, content: bytes, plain: bool) -> None:
    with open_pdf(store(content), 1) as pdf:
        assert pdf.plain == plain
        assert pdf.draw().min() < 255
