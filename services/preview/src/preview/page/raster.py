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
from preview.page.limits import MAX_PIXELS

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
        ``too_many_pixels`` (told by the header, before the decode) or ``corrupt``.
    """
    with _opened(path, blueprint_format) as image:
        mirrored, rotation = _ORIENTATIONS.get(_orientation(image), (False, 0))
        plain = image.mode in _PLAIN_MODES and not image.has_transparency_data
        gray = to_gray(image)
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
    image.load()


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - a damaged note about the picture leaves the picture as it is
        return 1


def to_gray(image: Image.Image) -> Gray:
    """A decoded picture of any mode as (height, width) uint8, transparent places white like paper."""
    if image.mode.startswith("I"):
        samples: NDArray[np.int64] = np.clip(np.asarray(image), 0, 65_535)  # 16 bits, in whatever type
        return (samples >> 8).astype(np.uint8)
    if image.has_transparency_data:
        return _over_white(image.convert("RGBA"))
    if image.mode not in _PLAIN_MODES:
        image = image.convert("RGB")
    return np.array(image if image.mode == "L" else image.convert("L"))


def _over_white(image: Image.Image) -> Gray:
    gray = np.array(image.convert("L"))
    cv2.bitwise_not(gray, dst=gray)  # in place throughout: at 100 megapixels each copy costs 0.1 s
    cv2.multiply(gray, np.asarray(image.getchannel("A")), dst=gray, scale=1 / 255)
    cv2.bitwise_not(gray, dst=gray)
    return gray


def _turn(gray: Gray, mirrored: bool, rotation: int) -> Gray:
    turned = cv2.flip(gray, 1) if mirrored else gray
    if rotation:
        turned = cv2.rotate(turned, _CLOCKWISE[rotation])
    return np.asarray(turned, dtype=np.uint8)
