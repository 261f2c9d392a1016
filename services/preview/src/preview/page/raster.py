"""PNG and JPG files to upright grayscale."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from preview.domain.errors import UnreadableBlueprint
from preview.page import refusals
from preview.page.limits import MAX_PIXELS, MAX_PROGRESSIVE_BYTES

Gray = NDArray[np.uint8]

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit lies elsewhere; ours is checked before the decode

_PILLOW_FORMATS = {"png": ("PNG",), "jpg": ("JPEG",)}
_EXIF_ORIENTATION = 0x0112
_PLAIN_MODES = ("1", "L", "RGB", "P")

_ORIENTATIONS = {
    1: (False, 0),
    2: (True, 0),
    3: (False, 180),
    4: (True, 180),
    5: (True, 270),
    6: (False, 90),
    7: (True, 90),
    8: (False, 270),
}
"""EXIF orientation: is it mirrored left to right first, and how far turned clockwise then, to be upright.
Source: Exif 2.32, 4.6.4 A."""

_STRIP_PX = 256  # of the longer side: 2.5 megapixels at a time at most, and few enough strips

_CLOCKWISE = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


@dataclass(frozen=True, slots=True)
class RasterPage:
    """``gray`` is (height, width), upright, 0 black to 255 white; ``rotation`` is the clockwise turn in
    degrees that made it so. ``plain`` says that any reader shows the stored file as just this picture:
    no turn, no transparency, no colours of print, 8 bits."""

    gray: Gray
    rotation: int
    plain: bool


def open_raster(path: Path, blueprint_format: str) -> RasterPage:
    """Decode the whole picture.

    Parameters
    ----------
    path : Path
        The file.
    blueprint_format : {"png", "jpg"}
        What it is; a file of the other format is not read.

    Raises
    ------
    UnreadableBlueprint
        ``too_many_pixels`` or ``too_complex`` (told by the header, before the decode), or ``corrupt``.
    """
    with _opened(path, blueprint_format) as image:
        mirrored, rotation = _ORIENTATIONS.get(_orientation(image), (False, 0))
        plain = image.mode in _PLAIN_MODES and not image.has_transparency_data
        gray = to_gray(image)
    del image  # four bytes a pixel, where it is in colour
    upright = not mirrored and rotation == 0
    return RasterPage(gray if upright else _turn(gray, mirrored, rotation), rotation, plain and upright)


@contextmanager
def _opened(path: Path, blueprint_format: str) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=_PILLOW_FORMATS[blueprint_format]) as image:
            _decode(image)
            yield image
    except (UnreadableBlueprint, MemoryError):
        raise
    except Exception as exc:  # a damaged file makes Pillow raise almost anything
        raise refusals.corrupt() from exc


def _decode(image: Image.Image) -> None:
    if image.width * image.height > MAX_PIXELS:
        raise refusals.too_many_pixels()
    if image.format == "JPEG":
        image.draft("L", None)  # leaves colour undecoded, which takes half the time
        if _progressive_bytes(image) > MAX_PROGRESSIVE_BYTES:
            raise refusals.too_complex()
    image.load()


def _progressive_bytes(image: Image.Image) -> int:
    """What decoding a progressive JPG takes: all its coefficients are kept until the last scan was read."""
    if "progressive" not in image.info:
        return 0
    sampling = [(across, down) for _, across, down, _ in image.layer]  # type: ignore[attr-defined]  # a JPG's
    most = max(across for across, _ in sampling) * max(down for _, down in sampling)
    a_pixel: float = 2 * sum(across * down for across, down in sampling) / most
    return round(image.width * image.height * (a_pixel + (1 if image.mode == "L" else 4)))


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a damaged note about the picture leaves the picture as it is
        return 1


def to_gray(image: Image.Image) -> Gray:
    """A decoded picture of any mode as (height, width) uint8, transparent places white like paper.

    Strip by strip: with its copies, a whole page of 100 megapixels in colour would take a gigabyte.
    """
    gray = np.empty((image.height, image.width), np.uint8)
    transparent = image.has_transparency_data
    for left, top, right, bottom in _strips(*image.size):
        strip = image.crop((left, top, right, bottom))
        gray[top:bottom, left:right] = _over_white(strip) if transparent else _opaque_to_gray(strip)
    return gray


def _strips(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Boxes that cover the picture, across its longer side."""
    for start in range(0, max(width, height), _STRIP_PX):
        end = min(start + _STRIP_PX, max(width, height))
        yield (start, 0, end, height) if width > height else (0, start, width, end)


def _opaque_to_gray(image: Image.Image) -> Gray:
    if image.mode.startswith("I"):
        samples: NDArray[np.int64] = np.clip(np.asarray(image), 0, 65_535)  # 16 bits, in whatever type
        return (samples >> 8).astype(np.uint8)
    if image.mode not in _PLAIN_MODES:
        image = image.convert("RGB")
    return np.asarray(image.convert("L"))


def _over_white(image: Image.Image) -> Gray:
    image = image.convert("RGBA")
    gray = np.array(image.convert("L"))
    cv2.bitwise_not(gray, dst=gray)
    cv2.multiply(gray, np.asarray(image.getchannel("A")), dst=gray, scale=1 / 255)
    cv2.bitwise_not(gray, dst=gray)
    return gray


def _turn(gray: Gray, mirrored: bool, rotation: int) -> Gray:
    turned = cv2.flip(gray, 1) if mirrored else gray
    if rotation:
        turned = cv2.rotate(turned, _CLOCKWISE[rotation])
    return np.asarray(turned, dtype=np.uint8)
