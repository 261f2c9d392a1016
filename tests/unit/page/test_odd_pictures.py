"""Pictures that every viewer shows are drawn as it shows them."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from blueprint_files import encoded, marked_plan, two_rooms
from odd_pictures import (
    SAMSUNG_TRAILER,
    ink_on_nothing,
    print_jpg,
    sixteen_bit_png,
    without_end,
)
from preview.domain.errors import UnreadableBlueprint
from preview.page.raster_file import RasterPage, open_raster

PLAN = marked_plan((640, 1600))
UPRIGHT = np.asarray(PLAN)


@pytest.fixture
def opened(tmp_path: Path):
    def opened(content: bytes, blueprint_format: str) -> RasterPage:
        path = tmp_path / "blueprint"
        path.write_bytes(content)
        return open_raster(path, blueprint_format)

    return opened


def noisy() -> Image.Image:
    """A picture of which every row takes its share of the file."""
    noise = np.random.default_rng(0).integers(0, 256, (1600, 640), dtype=np.uint8)
    return Image.fromarray(noise)


def assert_alike(gray: np.ndarray, expected: np.ndarray, tolerance: int) -> None:
    assert gray.shape == expected.shape
    assert np.abs(gray.astype(int) - expected).max() <= tolerance


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["L", "RGB"])
@pytest.mark.parametrize("behind", [b"", bytes(500), b"\xff\xff", SAMSUNG_TRAILER], ids=len)
def test_a_jpg_without_its_end_is_drawn_and_goes_to_textract_anew(
    opened, progressive: bool, mode: str, behind: bytes
) -> None:
    content = encoded(PLAN.convert(mode), "JPEG", quality=95, progressive=progressive)
    page = opened(without_end(content) + behind, "jpg")
    assert_alike(page.gray, UPRIGHT, tolerance=12)
    assert not page.plain
    assert opened(content + behind, "jpg").plain


def test_the_last_rows_of_a_jpg_may_be_missing(opened) -> None:
    content = encoded(noisy(), "JPEG", quality=95)
    whole, cut = opened(content, "jpg"), opened(content[: int(len(content) * 0.99)], "jpg")
    assert np.array_equal(cut.gray[:1560], whole.gray[:1560])
    assert np.array_equal(cut.gray[-1], cut.gray[-2])
    assert not cut.plain


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9, 0.97])
@pytest.mark.parametrize("behind", [b"", bytes(3)], ids=len)
def test_a_jpg_of_which_more_is_missing_is_refused(opened, share: float, behind: bytes) -> None:
    content = encoded(noisy(), "JPEG", quality=95)
    with pytest.raises(UnreadableBlueprint) as refusal:
        opened(content[: int(len(content) * share)] + behind, "jpg")
    assert refusal.value.reason == "corrupt"


def test_a_progressive_jpg_without_its_last_scan_is_refused(opened) -> None:
    content = encoded(noisy(), "JPEG", quality=95, progressive=True)
    last_scan = content.rindex(b"\xff\xda")
    for end in (len(content) // 2, last_scan - 1):
        with pytest.raises(UnreadableBlueprint):
            opened(content[: min(end, last_scan - 1)], "jpg")


def test_a_png_that_is_cut_off_is_still_refused(opened) -> None:
    content = encoded(noisy(), "PNG")
    with pytest.raises(UnreadableBlueprint):
        opened(content[: int(len(content) * 0.99)], "png")


WHITE, YELLOW, PALE, BLACK, RED, GRAY = (
    (255, 255, 255),
    (255, 255, 0),
    (190, 220, 255),
    (0, 0, 0),
    (200, 0, 0),
    (90, 90, 90),
)


@pytest.mark.parametrize("ink", [WHITE, YELLOW, PALE, BLACK, RED, GRAY], ids=str)
@pytest.mark.parametrize("form", ["RGBA", "LA", "palette"])
def test_ink_on_nothing_is_dark_whatever_its_colour(opened, ink, form: str) -> None:
    clear = ink_on_nothing(two_rooms(), ink)
    if form == "palette":
        clear = clear.quantize(16)
    page = opened(encoded(clear.convert("LA") if form == "LA" else clear, "PNG"), "png")
    drawn = np.asarray(two_rooms()) < 128
    assert page.gray[~drawn].min() > 240
    assert page.gray[drawn].max() < 120
    assert not page.plain


def plan_on_white_floors() -> Image.Image:
    """Black walls and lettering on floors filled with white; nothing around the building."""
    image = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    pen.rectangle((50, 50, 550, 350), fill=(255, 255, 255, 255), outline=(0, 0, 0, 255), width=8)
    pen.line((300, 50, 300, 350), fill=(0, 0, 0, 255), width=8)
    return image


def test_white_that_is_a_filling_stays_white(opened) -> None:
    gray = opened(encoded(plan_on_white_floors(), "PNG"), "png").gray
    assert gray[100, 100] == gray[5, 5] == 255
    assert gray[52, 100] == 0


def test_coloured_lines_of_a_dark_theme_are_all_dark(opened) -> None:
    image = Image.new("RGBA", (600, 400), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    for at, colour in ((50, WHITE), (120, WHITE), (200, YELLOW), (280, (0, 255, 255)), (350, (0, 255, 0))):
        pen.rectangle((at, 50, at + 40, 350), outline=(*colour, 255), width=4)
    gray = opened(encoded(image, "PNG"), "png").gray
    assert gray[200, 51] < 30
    assert gray[200, 201] < 60
    assert gray[200, 352] < 120
    assert gray[5, 5] == 255


@pytest.mark.parametrize(
    ("colour", "bits"),
    [(0, bits) for bits in (1, 8, 10, 12, 14, 16)]
    + [(colour, bits) for colour in (2, 4, 6) for bits in (10, 12, 14, 16)],  # their high byte alone is kept
)
def test_the_bits_that_sixteen_bit_pictures_use_are_the_scale(opened, bits: int, colour: int) -> None:
    full_scale = (1 << bits) - 1
    paper = np.asarray(two_rooms()).astype(np.uint32) * full_scale // 255
    bands = [paper] * {0: 1, 2: 3, 4: 1, 6: 3}[colour]
    if colour in (4, 6):
        bands.append(np.full_like(paper, 65_535))
    page = opened(sixteen_bit_png(np.stack(bands, axis=2), colour), "png")
    assert_alike(page.gray, np.asarray(two_rooms()), tolerance=2)
    assert not page.plain


def test_opacity_may_use_twelve_bits_too(opened) -> None:
    opaque = (255 - np.asarray(two_rooms()).astype(np.uint32)) * 4095 // 255
    bands = [np.full_like(opaque, 4095)] * 3 + [opaque]
    gray = opened(sixteen_bit_png(np.stack(bands, axis=2), 6), "png").gray
    assert_alike(gray, np.asarray(two_rooms()), tolerance=2)


def test_a_black_picture_of_sixteen_bits_is_black(opened) -> None:
    assert opened(sixteen_bit_png(np.zeros((8, 8, 1), np.uint16), 0), "png").gray.max() == 0


@pytest.mark.parametrize(("inverted", "marker"), [(True, True), (True, False), (False, False)], ids=str)
def test_colours_of_print_are_seen_as_they_are_meant(opened, inverted: bool, marker: bool) -> None:
    page = opened(print_jpg(PLAN, inverted=inverted, marker=marker), "jpg")
    assert_alike(page.gray, UPRIGHT, tolerance=16)
    assert not page.plain
