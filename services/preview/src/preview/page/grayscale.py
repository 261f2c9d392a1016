"""Decoded pictures of any mode to gray, so that their ink is seen.

A strip at a time: with its copies, a whole page of 100 megapixels in colour would take a gigabyte.
"""

import math
from collections.abc import Callable, Iterator
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops

Gray = NDArray[np.uint8]
_ToGray = Callable[[Image.Image], Gray]

_STRIP_PX = 256  # of the longer side: 2.5 megapixels at a time at most, and few enough strips

_SAMPLED_STRIPS = 12
"""Strips that tell the colour of the ink. Source: all of a picture up to 3,000 px long."""

_LIGHT_INK = 0.4
"""Ink is light where white ground shows less than this share of the edges that black ground shows. Source:
black letters with a white halo have half of them on white, a dark theme's coloured lines a third (drawn)."""

_SAMPLE_SIDE_PX = 64
"""A CMYK picture is seen at this size, to tell how its samples are meant."""


def to_gray(image: Image.Image, sixteen_bits: bool = False) -> Gray:
    """A decoded picture of any mode as (height, width) uint8, 0 black to 255 white.

    Transparent places are white like paper. Where all ink is so light that paper would hide it, it is drawn
    dark instead. ``sixteen_bits`` says that the file has as many: of those the ones in use are taken, as
    scanners and converters store ten or twelve bits that way.
    """
    if image.mode.startswith("I"):
        return _by_strips(image, partial(_of_samples, image.info.get("transparency"), _in_use(image)))
    if image.has_transparency_data:
        return _on_a_ground(image, sixteen_bits)
    if image.mode == "CMYK" and _is_light_inverted(image):
        return _by_strips(image, lambda strip: _opaque(ImageChops.invert(strip)))
    if sixteen_bits:
        largest, _ = _largest_levels(image)
        return _by_strips(image, lambda strip: _stretched(_opaque(strip), largest))
    return _by_strips(image, _opaque)


def _by_strips(image: Image.Image, convert: _ToGray) -> Gray:
    gray = np.empty((image.height, image.width), np.uint8)
    for box in _strips(*image.size):
        left, top, right, bottom = box
        gray[top:bottom, left:right] = convert(image.crop(box))
    return gray


def _strips(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """Boxes that cover the picture, across its longer side."""
    for start in range(0, max(width, height), _STRIP_PX):
        end = min(start + _STRIP_PX, max(width, height))
        yield (start, 0, end, height) if width > height else (0, start, width, end)


def _opaque(image: Image.Image) -> Gray:
    if image.mode not in ("1", "L", "RGB", "P"):
        image = image.convert("RGB")
    return np.asarray(image.convert("L"))


def _in_use(image: Image.Image) -> int:
    """The largest number that fits the bits that the samples of a gray picture use."""
    _, largest = image.getextrema()
    return _full_scale(min(int(largest), 65_535))  # type: ignore[arg-type]  # one band


def _full_scale(largest: int) -> int:
    return (1 << max(largest, 1).bit_length()) - 1


def _of_samples(transparent: int | None, full_scale: int, image: Image.Image) -> Gray:
    samples = np.asarray(image)
    gray: Gray = cv2.convertScaleAbs(samples, alpha=255 / full_scale).astype(np.uint8, copy=False)
    if isinstance(transparent, int):
        gray[samples == transparent] = 255
    return gray


def _stretched(levels: Gray, largest: int) -> Gray:
    """The high bytes of 16-bit samples, whose largest is ``largest``, over the whole scale."""
    full_scale = _full_scale(largest)
    if full_scale >= 255:
        return levels
    table = np.minimum(np.arange(256) * 255 // full_scale, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(levels, table), dtype=np.uint8)


def _is_light_inverted(image: Image.Image) -> bool:
    """Whether a CMYK picture without Adobe's marker stores ink, not its absence: then it is paper that way.

    Adobe stores the absence, and Pillow takes every file for one of Adobe's.
    """
    if "adobe" in image.info:
        return False
    sample = image.resize((_SAMPLE_SIDE_PX, _SAMPLE_SIDE_PX), Image.Resampling.NEAREST)
    as_adobe, as_ink = _opaque(sample), _opaque(ImageChops.invert(sample))
    return bool(as_ink.mean() > as_adobe.mean())


def _on_a_ground(image: Image.Image, sixteen_bits: bool) -> Gray:
    bands = partial(_gray_and_alpha, _largest_levels(image) if sixteen_bits else (255, 255))
    edges = np.zeros(2)
    strips = list(_strips(*image.size))
    for box in strips[:: math.ceil(len(strips) / _SAMPLED_STRIPS)]:
        gray, alpha = bands(image.crop(box))
        edges += _edges(_on_white(gray, alpha)), _edges(_on_black(gray, alpha))
    on_white, on_black = edges
    if on_white >= _LIGHT_INK * on_black:
        return _by_strips(image, lambda strip: _on_white(*bands(strip)))
    return _by_strips(image, lambda strip: _inverted(_on_black(*bands(strip))))


def _largest_levels(image: Image.Image) -> tuple[int, int]:
    """Of colour, and of opacity where there is any."""
    largest = [int(most) for _, most in image.getextrema()]  # type: ignore[misc]  # of several bands
    return (max(largest[:-1]), largest[-1]) if image.mode.endswith("A") else (max(largest), 255)


def _gray_and_alpha(largest: tuple[int, int], image: Image.Image) -> tuple[Gray, Gray]:
    image = image.convert("RGBA")
    gray, alpha = np.asarray(image.convert("L")), np.asarray(image.getchannel("A"))
    return _stretched(gray, largest[0]), _stretched(alpha, largest[1])


def _on_white(gray: Gray, alpha: Gray) -> Gray:
    return _inverted(_on_black(_inverted(gray), alpha))


def _on_black(gray: Gray, alpha: Gray) -> Gray:
    return np.asarray(cv2.multiply(gray, alpha, scale=1 / 255), dtype=np.uint8)


def _inverted(gray: Gray) -> Gray:
    return np.asarray(cv2.bitwise_not(gray), dtype=np.uint8)


def _edges(gray: Gray) -> float:
    """How much neighbouring pixels differ, in all."""
    across, down = cv2.absdiff(gray[:, 1:], gray[:, :-1]), cv2.absdiff(gray[1:], gray[:-1])
    return float(np.sum(across, dtype=np.int64) + np.sum(down, dtype=np.int64))
