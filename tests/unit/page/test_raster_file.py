"""PNG and JPG in every mode, turn and state of damage."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from blueprint_files import encoded, marked_plan, png_bomb, turned
from preview.domain.errors import UnreadableBlueprint
from preview.page.raster_file import RasterPage, open_raster

UPRIGHT = np.asarray(marked_plan())


@pytest.fixture
def store(tmp_path: Path):
    def store(content: bytes) -> Path:
        path = tmp_path / "blueprint"
        path.write_bytes(content)
        return path

    return store


def assert_upright(page: RasterPage, tolerance: int = 2) -> None:
    assert page.gray.dtype == np.uint8
    assert page.gray.flags.c_contiguous
    assert page.gray.shape == UPRIGHT.shape
    assert np.abs(page.gray.astype(int) - UPRIGHT).max() <= tolerance


def with_alpha(image: Image.Image) -> Image.Image:
    """Black ink of varying opacity on transparent black, as drawing programs export it."""
    clear = Image.new("RGBA", image.size, (0, 0, 0, 0))
    clear.putalpha(Image.eval(image, lambda level: 255 - level))
    return clear


def palette_with_transparency() -> bytes:
    image = marked_plan().convert("P")
    return encoded(image, "PNG", transparency=255)


def sixteen_bits() -> Image.Image:
    return Image.fromarray(UPRIGHT.astype(np.uint16) * 257)


PNGS = {
    "gray": encoded(marked_plan(), "PNG"),
    "colour": encoded(marked_plan().convert("RGB"), "PNG"),
    "palette": encoded(marked_plan().convert("P"), "PNG"),
    "transparent palette": palette_with_transparency(),
    "alpha": encoded(with_alpha(marked_plan()), "PNG"),
    "gray and alpha": encoded(marked_plan().convert("LA"), "PNG"),
    "16 bits": encoded(sixteen_bits(), "PNG"),
    "a colour that means transparent": encoded(marked_plan().convert("RGB"), "PNG", transparency=(1, 2, 3)),
    "bytes after its end": encoded(marked_plan(), "PNG") + b"PK\x03\x04 and more",
}


@pytest.mark.parametrize("content", PNGS.values(), ids=PNGS.keys())
def test_a_png_of_any_kind_becomes_the_same_gray(store, content: bytes) -> None:
    page = open_raster(store(content), "png")
    assert_upright(page)
    assert page.rotation == 0


def test_one_bit_becomes_black_and_white(store) -> None:
    content = encoded(marked_plan().convert("1", dither=Image.Dither.NONE), "PNG")
    page = open_raster(store(content), "png")
    assert set(np.unique(page.gray)) == {0, 255}
    assert page.gray[0, 0] == 0
    assert page.gray[0, -1] == 255


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_a_jpg_of_any_kind_becomes_the_same_gray(store, mode: str) -> None:
    content = encoded(marked_plan().convert("RGB").convert(mode), "JPEG", quality=100)
    assert_upright(open_raster(store(content), "jpg"), tolerance=12)


@pytest.mark.parametrize(
    ("orientation", "rotation"),
    [(1, 0), (2, 0), (3, 180), (4, 180), (5, 270), (6, 90), (7, 90), (8, 270)],
)
@pytest.mark.parametrize(("image_format", "blueprint_format"), [("JPEG", "jpg"), ("PNG", "png")])
def test_exif_orientation_is_undone_and_reported(
    store, orientation: int, rotation: int, image_format: str, blueprint_format: str
) -> None:
    content = turned(marked_plan(), orientation, image_format)
    page = open_raster(store(content), blueprint_format)
    assert_upright(page, tolerance=40 if image_format == "JPEG" else 2)
    assert page.rotation == rotation
    assert page.plain == (orientation == 1)


@pytest.mark.parametrize("orientation", [0, 9, 700])
def test_an_orientation_that_does_not_exist_is_ignored(store, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert_upright(open_raster(store(encoded(marked_plan(), "PNG", exif=exif)), "png"))


@pytest.mark.parametrize(
    ("kind", "plain"),
    [("gray", True), ("colour", True), ("palette", True)]
    + [(kind, False) for kind in ("transparent palette", "alpha", "16 bits")],
)
def test_only_what_every_reader_shows_alike_is_plain(store, kind: str, plain: bool) -> None:
    assert open_raster(store(PNGS[kind]), "png").plain == plain


def test_one_pixel_is_a_page(store) -> None:
    page = open_raster(store(encoded(Image.new("L", (1, 1), 7), "PNG")), "png")
    assert page.gray.tolist() == [[7]]


def test_a_bomb_is_refused_before_it_is_unpacked(store) -> None:
    with pytest.raises(UnreadableBlueprint) as refusal:
        open_raster(store(png_bomb(20_000, 20_032)), "png")
    assert refusal.value.reason == "too_many_pixels"


@pytest.mark.parametrize("blueprint_format", ["png", "jpg"])
def test_a_file_cut_off_anywhere_is_refused(store, blueprint_format: str) -> None:
    image_format = {"png": "PNG", "jpg": "JPEG"}[blueprint_format]
    noise = np.random.default_rng(0).integers(0, 255, (64, 64)).astype(np.uint8)
    content = encoded(Image.fromarray(noise), image_format)
    for share in range(10):
        path = store(content[: len(content) * share // 10])
        with pytest.raises(UnreadableBlueprint) as refusal:
            open_raster(path, blueprint_format)
        assert refusal.value.reason == "corrupt"


@pytest.mark.parametrize("blueprint_format", ["png", "jpg"])
def test_damaged_bytes_are_refused_or_drawn_but_nothing_else(store, blueprint_format: str) -> None:
    image_format = {"png": "PNG", "jpg": "JPEG"}[blueprint_format]
    content = np.frombuffer(encoded(marked_plan(), image_format), np.uint8)
    random = np.random.default_rng(0)
    for _ in range(100):
        damaged = content.copy()
        damaged[random.integers(8, content.size, 5)] = random.integers(0, 255, 5)
        try:
            page = open_raster(store(damaged.tobytes()), blueprint_format)
        except UnreadableBlueprint:
            continue
        assert page.gray.ndim == 2


def test_a_file_of_the_other_format_is_refused(store) -> None:
    with pytest.raises(UnreadableBlueprint):
        open_raster(store(PNGS["gray"]), "jpg")


def test_a_progressive_jpg_that_no_child_can_hold_is_too_complex_and_not_damaged(store) -> None:
    small = encoded(Image.new("RGB", (16, 16)), "JPEG", progressive=True, subsampling="4:4:4")
    size_at = small.index(b"\xff\xc2") + 5
    claims_100_megapixels = small[:size_at] + struct.pack("!HH", 8000, 12_500) + small[size_at + 4 :]
    with pytest.raises(UnreadableBlueprint) as refusal:
        open_raster(store(claims_100_megapixels), "jpg")
    assert refusal.value.reason == "too_complex"


@pytest.mark.parametrize("size", [(700, 300), (300, 700), (1, 600), (600, 1)])
def test_every_strip_of_a_picture_lies_where_it_was(store, size: tuple[int, int]) -> None:
    gray = np.random.default_rng(1).integers(0, 256, (size[1], size[0]), dtype=np.uint8)
    assert np.array_equal(open_raster(store(encoded(Image.fromarray(gray), "PNG")), "png").gray, gray)
