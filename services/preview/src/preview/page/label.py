"""Writing on a room, as large as fits where the room is widest."""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw, ImageFont

_PLATE_MARGIN = 0.3  # of the letters' size, as all of these
_PLATE_RADIUS = 0.4
_PLATE_OPACITY = 217
_LARGEST_LETTERS = 1 / 60  # of the picture's long side
_SMALLEST_LETTERS = 1 / 150
_STEP = 0.9  # from one size that is tried to the next


@dataclass(frozen=True, slots=True)
class _Inside:
    """The inside of a room, 1 in ``mask``, and the middle of its widest place there, in (x, y)."""

    mask: NDArray[np.uint8]
    middle: tuple[int, int]
    offset: tuple[int, int]

    @property
    def middle_in_picture(self) -> tuple[float, float]:
        return self.middle[0] + self.offset[0], self.middle[1] + self.offset[1]

    def has_room_for(self, width: float, height: float) -> bool:
        left, top = self.middle[0] - width / 2, self.middle[1] - height / 2
        if left < 0 or top < 0 or left + width > self.mask.shape[1] or top + height > self.mask.shape[0]:
            return False
        return bool(self.mask[int(top) : int(top + height) + 1, int(left) : int(left + width) + 1].all())


def write_label(
    pen: ImageDraw.ImageDraw,
    corners: NDArray[np.int32],
    lines: tuple[str, str],
    colour: tuple[int, int, int],
    long_side_px: int,
) -> None:
    """Write two lines, or one of both, on a light plate inside the polygon ``corners`` (n, 2) in pixels.

    The letters are as large as the polygon allows there, between 1/150 and 1/60 of ``long_side_px``, the
    picture's long side; in a room too small for the smallest they stand over its edge.
    """
    inside = _inside(corners)
    ways = [
        (_largest_size(pen, text, inside, long_side_px), text)
        for text in ("\n".join(lines), "  ".join(lines))
    ]
    size, text = max(ways, key=lambda way: way[0])
    font, at = _font(size), inside.middle_in_picture
    left, top, right, bottom = pen.multiline_textbbox(at, text, font, anchor="mm", align="center")
    margin = size * _PLATE_MARGIN
    plate = (left - margin, top - margin, right + margin, bottom + margin)
    pen.rounded_rectangle(plate, radius=size * _PLATE_RADIUS, fill=(255, 255, 255, _PLATE_OPACITY))
    pen.multiline_text(at, text, colour, font, anchor="mm", align="center")


def _largest_size(pen: ImageDraw.ImageDraw, text: str, inside: _Inside, long_side_px: int) -> float:
    largest, smallest = long_side_px * _LARGEST_LETTERS, long_side_px * _SMALLEST_LETTERS
    left, top, right, bottom = pen.multiline_textbbox((0, 0), text, _font(largest))
    width = (right - left) / largest + 2 * _PLATE_MARGIN
    height = (bottom - top) / largest + 2 * _PLATE_MARGIN
    fitting = (size for size in _sizes(largest, smallest) if inside.has_room_for(size * width, size * height))
    return next(fitting, smallest)


def _sizes(largest: float, smallest: float) -> Iterator[float]:
    size = largest
    while size > smallest:
        yield size
        size *= _STEP


def _font(size_px: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size_px)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font


def _inside(corners: NDArray[np.int32]) -> _Inside:
    x, y, width, height = cv2.boundingRect(corners)
    offset = (x - 1, y - 1)
    mask = np.zeros((height + 2, width + 2), np.uint8)
    cv2.fillPoly(mask, [corners - offset], 1)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    row, column = np.argwhere(distance > 0.97 * distance.max()).mean(axis=0).astype(int)
    if not mask[row, column]:
        row, column = np.unravel_index(int(distance.argmax()), distance.shape)
    return _Inside(mask, (int(column), int(row)), offset)
