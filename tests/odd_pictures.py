"""Pictures as people send them: without an end, on transparent ground, of 16 bits, in colours of print."""

import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

from blueprint_files import encoded
from hostile_pictures import png, png_header

SAMSUNG_TRAILER = b"\0\0\0\x18ftypmp42" + bytes(range(255)) * 40 + b"SEFT"
_END_OF_IMAGE = b"\xff\xd9"
_ADOBE = b"\xff\xee\x00\x0eAdobe"


def without_end(jpg: bytes) -> bytes:
    return jpg.removesuffix(_END_OF_IMAGE)


def without_adobe_marker(jpg: bytes) -> bytes:
    start = jpg.index(_ADOBE)
    return jpg[:start] + jpg[start + 16 :]


def print_jpg(image: Image.Image, *, inverted: bool, marker: bool) -> bytes:
    """A CMYK JPG; ``inverted`` stores the absence of ink, as Adobe does, and as Pillow writes it."""
    colours = image.convert("RGB").convert("CMYK")
    content = encoded(colours if inverted else ImageChops.invert(colours), "JPEG", quality=100)
    return content if marker else without_adobe_marker(content)


def sixteen_bit_png(samples: NDArray[np.uint16], colour: int) -> bytes:
    """``samples`` are (height, width, bands); ``colour`` is PNG's type: 0 gray, 2 RGB, 4 and 6 with alpha."""
    height, width = samples.shape[:2]
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in samples)
    return png(png_header(width, height, 16, colour), zlib.compress(rows))


def ink_on_nothing(image: Image.Image, ink: tuple[int, int, int]) -> Image.Image:
    """The dark of ``image`` as opacity, in one colour everywhere."""
    clear = Image.new("RGBA", image.size, ink)
    clear.putalpha(ImageChops.invert(image))
    return clear
