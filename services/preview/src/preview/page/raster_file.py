"""PNG and JPG files to upright grayscale."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from preview.domain.blueprint import MAX_PIXELS
from preview.domain.errors import UnreadableBlueprint
from preview.page import unreadable
from preview.page.formats import PILLOW_FORMATS
from preview.page.grayscale import Gray, to_gray
from preview.page.limits import MAX_PROGRESSIVE_BYTES
from preview.page.truncated_jpg import load_jpg

__all__ = ["Gray", "RasterPage", "open_raster"]

Image.MAX_IMAGE_PIXELS = None  # Pillow's own limit lies elsewhere; ours is checked before the decode

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
    no turn, no transparency, no colours of print, 8 bits, and its end where it should be."""

    gray: Gray
    rotation: int
    plain: bool


def open_raster(path: Path, blueprint_format: str) -> RasterPage:
    """Decode the whole picture.

    Parameters
    ----------
    path : Path
        The file.
    blueprint_format : str
        What it is, of `PILLOW_FORMATS`; a file of another format is not read.

    Raises
    ------
    UnreadableBlueprint
        ``too_many_pixels`` or ``too_complex`` (told by the header, before the decode), or ``corrupt``.
    """
    with _opened(path, blueprint_format) as image:
        sixteen_bits = _has_sixteen_bits(image)
        whole = _decode(image)
        mirrored, rotation = _ORIENTATIONS.get(_orientation(image), (False, 0))
        plain = image.mode in _PLAIN_MODES and not image.has_transparency_data and not sixteen_bits and whole
        gray = to_gray(image, sixteen_bits)
    del image  # four bytes a pixel, where it is in colour
    upright = not mirrored and rotation == 0
    return RasterPage(gray if upright else _turn(gray, mirrored, rotation), rotation, plain and upright)


@contextmanager
def _opened(path: Path, blueprint_format: str) -> Iterator[Image.Image]:
    try:
        with Image.open(path, formats=(PILLOW_FORMATS[blueprint_format],)) as image:
            yield image
    except (UnreadableBlueprint, MemoryError):
        raise
    except Exception as exc:  # a damaged file makes Pillow raise almost anything
        raise unreadable.corrupt() from exc


def _has_sixteen_bits(image: Image.Image) -> bool:
    """Of an opened file, whose pixels are not yet decoded: Pillow keeps the high byte of colours."""
    return any("16" in str(tile.args) for tile in image.tile)  # type: ignore[attr-defined]  # an image file's


def _decode(image: Image.Image) -> bool:
    """Whether the file is whole; of one that is not only the last rows are missing."""
    if image.width * image.height > MAX_PIXELS:
        raise unreadable.too_many_pixels()
    if isinstance(image, JpegImageFile):
        image.draft("L", None)  # leaves colour undecoded, which takes half the time
        if _progressive_bytes(image) > MAX_PROGRESSIVE_BYTES:
            raise unreadable.too_complex()
        return load_jpg(image)
    image.load()
    return True


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


def _turn(gray: Gray, mirrored: bool, rotation: int) -> Gray:
    turned = cv2.flip(gray, 1) if mirrored else gray
    if rotation:
        turned = cv2.rotate(turned, _CLOCKWISE[rotation])
    return np.asarray(turned, dtype=np.uint8)
