"""The page with its rooms drawn on it, for people."""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from preview.domain.picture import PicturedRoom
from preview.domain.room import PAGE_SIDE
from preview.page.fonts import Typefaces
from preview.page.limits import PICTURE_MIN_SIDE_PX, PICTURE_SIDE_PX
from preview.page.page_view import resized
from preview.page.raster_file import Gray
from preview.page.room_labels import Labels, Marks

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]

_GOLDEN_ANGLE = 0.618034  # hues this far apart (in turns) stay distinct however many follow each other
_INK_STRENGTH = 0.75  # the plan steps back a little behind the rooms
_FILL_STRENGTH = 0.3
_SATURATION, _BRIGHTNESS = 0.6, 0.8  # of the colours, which stay calm beside each other
_PRINTED_CONTRAST = 40  # of 255 between neighbouring pixels: more is print, less is paper, shadow or grain


@dataclass(frozen=True, slots=True)
class _DrawnRoom:
    """A room in the picture's pixels."""

    lines: tuple[str, str]
    corners: NDArray[np.int32]
    colour: Colour


def draw_rooms(gray: Gray, rooms: Sequence[PicturedRoom], *, keep_size: bool = False) -> Picture:
    """Colour each room and write its lines into it, beside what is printed there.

    Parameters
    ----------
    gray : ndarray of uint8, (height, width)
        The upright page.
    rooms : sequence of PicturedRoom
        In page coordinates; later ones are drawn over earlier ones.
    keep_size : bool
        Do not make the picture fit a screen.

    Returns
    -------
    ndarray of uint8, (height, width, 3), RGB
        With a long side between `PICTURE_MIN_SIDE_PX` and `PICTURE_SIDE_PX`, unless it keeps its size.
    """
    paper = _paper(gray if keep_size else _fitted(gray))
    drawn = [_placed(room, paper.shape) for room in rooms]
    coloured = _outline(_fill(paper, drawn), drawn)
    image = Image.fromarray(coloured)
    typefaces = Typefaces.of(line for room in drawn for line in room.lines)
    labels = Labels(ImageDraw.Draw(image, "RGBA"), _marks(paper, drawn), typefaces)
    for room in sorted(
        drawn, key=lambda room: cv2.contourArea(room.corners)
    ):  # small ones have little choice
        labels.write(room.corners, room.lines, _dark(room.colour))
    return np.asarray(image)


def _fitted(gray: Gray) -> Gray:
    long_side = max(gray.shape)
    scale = min(max(long_side, PICTURE_MIN_SIDE_PX), PICTURE_SIDE_PX) / long_side
    height, width = (max(1, round(side * scale)) for side in gray.shape)
    return resized(gray, (width, height))


def _paper(gray: Gray) -> Picture:
    faded = cv2.addWeighted(gray, _INK_STRENGTH, np.full_like(gray, 255), 1 - _INK_STRENGTH, 0)
    return np.asarray(cv2.cvtColor(faded, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _placed(room: PicturedRoom, shape: tuple[int, ...]) -> _DrawnRoom:
    pixels = np.array(room.polygon) * (shape[1] / PAGE_SIDE, shape[0] / PAGE_SIDE)
    red, green, blue = colorsys.hsv_to_rgb((room.number - 1) * _GOLDEN_ANGLE % 1.0, _SATURATION, _BRIGHTNESS)
    return _DrawnRoom(
        room.lines, pixels.round().astype(np.int32), (round(red * 255), round(green * 255), round(blue * 255))
    )


def _fill(paper: Picture, rooms: Sequence[_DrawnRoom]) -> Picture:
    filled = paper.copy()
    for room in rooms:
        cv2.fillPoly(filled, [room.corners], room.colour)
    return np.asarray(cv2.addWeighted(filled, _FILL_STRENGTH, paper, 1 - _FILL_STRENGTH, 0), dtype=np.uint8)


def _outline(picture: Picture, rooms: Sequence[_DrawnRoom]) -> Picture:
    for room in rooms:
        cv2.polylines(picture, [room.corners], True, room.colour, _thickness(picture), cv2.LINE_AA)
    return picture


def _thickness(picture: Picture) -> int:
    return max(1, round(float(max(picture.shape)) / 1000))


def _marks(paper: Picture, rooms: Sequence[_DrawnRoom]) -> Marks:
    """1 where no label should be: on print, whether dark on light or light on dark, and on outlines."""
    contrast = cv2.morphologyEx(paper[..., 0], cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    marks = (contrast > _PRINTED_CONTRAST * _INK_STRENGTH).astype(np.uint8)
    for room in rooms:
        cv2.polylines(marks, [room.corners], True, 1, _thickness(paper))
    return np.asarray(marks, np.uint8)


def _dark(colour: Colour) -> Colour:
    red, green, blue = (part // 3 for part in colour)
    return red, green, blue
