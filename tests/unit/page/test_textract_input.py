"""When Textract gets the stored file, and how the page is made to fit when it does not."""

import io

import numpy as np
import pytest
from PIL import Image

from preview.page.png import encode_png
from preview.page.textract_input import encode_for_textract, takes_stored_file

MB = 1_000_000


@pytest.mark.parametrize(
    ("byte_size", "plain", "size_px", "taken"),
    [
        (10 * MB, True, (10_000, 10_000), True),
        (10 * MB + 1, True, (100, 100), False),
        (1, True, (10_001, 1), False),
        (1, True, (1, 10_001), False),
        (1, False, (100, 100), False),
        (10 * MB, True, None, True),
        (10 * MB + 1, True, None, False),
        (1, False, None, False),
    ],
)
def test_the_stored_file_is_named_only_inside_textracts_limits(
    byte_size: int, plain: bool, size_px: tuple[int, int] | None, taken: bool
) -> None:
    assert takes_stored_file(byte_size, plain, size_px) == taken


def decoded(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png), formats=["PNG"])


def test_a_page_inside_the_limits_is_sent_pixel_by_pixel() -> None:
    gray = np.random.default_rng(0).integers(0, 255, (30, 50)).astype(np.uint8)
    image = decoded(encode_for_textract(gray))
    assert image.mode == "L"
    assert np.array_equal(np.asarray(image), gray)


def test_a_long_page_is_shrunk_to_the_side_limit() -> None:
    assert decoded(encode_for_textract(np.full((30, 12_000), 255, np.uint8))).size == (6_000, 15)
    assert decoded(encode_for_textract(np.full((20_000, 1), 255, np.uint8))).size == (1, 6_000)


def test_a_noisy_page_is_shrunk_until_its_bytes_fit() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (500, 500)).astype(np.uint8)
    png = encode_for_textract(noise, max_bytes=50_000)
    assert len(png) <= 50_000
    assert decoded(png).width > 100


def test_colours_keep_their_order() -> None:
    red = np.zeros((2, 2, 3), np.uint8)
    red[..., 0] = 255
    assert decoded(encode_png(red)).convert("RGB").getpixel((0, 0)) == (255, 0, 0)
