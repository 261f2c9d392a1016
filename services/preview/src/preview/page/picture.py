"""The page with its rooms drawn on it, for people."""

import colorsys
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from preview.domain.room import PAGE_SIDE, Room
from preview.page.limits import PICTURE_MIN_SIDE_PX, PICTURE_SIDE_PX
from preview.page.raster import Gray

Colour = tuple[int, int, int]
Picture = NDArray[np.uint8]

_GOLDEN_ANGLE = 0.618034  # hues this far apart (in turns) stay distinct however many follow each other
_INK_STRENGTH = 0.75  # the plan steps back a little behind the rooms
_FILL_STRENGTH = 0.34
_PLATE_STRENGTH = 0.85
_PLATE_MARGIN = 0.3  # of the letters' size
_LARGEST_LETTERS = 1 / 60  # of the picture's long side
_SMALLEST_LETTERS = 1 / 150


@dataclass(frozen=True, slots=True)
class _DrawnRoom:
    """A room in the picture's pixels."""

    room: Room
    corners: NDArray[np.int32]
    colour: Colour


@dataclass(frozen=True, slots=True)
class _Place:
    """A spot inside a room, and how far the room stretches left to right and top to bottom there."""

    centre: tuple[float, float]
    width: float
    height: float


def draw_rooms(gray: Gray, rooms: Sequence[Room]) -> Picture:
    """Colour each room and write its name and confidence into it.

    Parameters
    ----------
    gray : ndarray of uint8, (height, width)
        The upright page.
    rooms : sequence of Room
        In page coordinates; later ones are drawn over earlier ones.

    Returns
    -------
    ndarray of uint8, (height, width, 3), RGB
        With a long side between `PICTURE_MIN_SIDE_PX` and `PICTURE_SIDE_PX`.
    """
    paper = _paper(gray)
    drawn = [_place(room, index, paper.shape) for index, room in enumerate(rooms)]
    coloured = _outline(_fill(paper, drawn), drawn)
    image = Image.fromarray(coloured)
    pen = ImageDraw.Draw(image, "RGBA")
    for room in drawn:
        _write_label(pen, room, max(paper.shape))
    return np.asarray(image)


def _paper(gray: Gray) -> Picture:
    long_side = max(gray.shape)
    scale = min(max(long_side, PICTURE_MIN_SIDE_PX), PICTURE_SIDE_PX) / long_side
    height, width = (max(1, round(side * scale)) for side in gray.shape)
    resized = cv2.resize(
        gray, (width, height), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    )
    faded = cv2.addWeighted(resized, _INK_STRENGTH, np.full_like(resized, 255), 1 - _INK_STRENGTH, 0)
    return np.asarray(cv2.cvtColor(faded, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _place(room: Room, index: int, shape: tuple[int, ...]) -> _DrawnRoom:
    pixels = np.array(room.polygon) * (shape[1] / PAGE_SIDE, shape[0] / PAGE_SIDE)
    red, green, blue = colorsys.hsv_to_rgb(index * _GOLDEN_ANGLE % 1.0, 0.75, 0.85)
    return _DrawnRoom(
        room, pixels.round().astype(np.int32), (round(red * 255), round(green * 255), round(blue * 255))
    )


def _fill(paper: Picture, rooms: Sequence[_DrawnRoom]) -> Picture:
    filled = paper.copy()
    for room in rooms:
        cv2.fillPoly(filled, [room.corners], room.colour)
    return np.asarray(cv2.addWeighted(filled, _FILL_STRENGTH, paper, 1 - _FILL_STRENGTH, 0), dtype=np.uint8)


def _outline(picture: Picture, rooms: Sequence[_DrawnRoom]) -> Picture:
    thickness = max(1, round(max(picture.shape) / 600))
    for room in rooms:
        cv2.polylines(picture, [room.corners], True, room.colour, thickness, cv2.LINE_AA)
    return picture


def _write_label(pen: ImageDraw.ImageDraw, drawn: _DrawnRoom, long_side_px: int) -> None:
    place = _roomiest_place(drawn.corners)
    name, share = _name(drawn.room), f"{round(drawn.room.confidence * 100)} %"
    largest, smallest = long_side_px * _LARGEST_LETTERS, long_side_px * _SMALLEST_LETTERS
    size, text = max(
        (_fitting_size(pen, text, place), text) for text in (f"{name}\n{share}", f"{name}  {share}")
    )
    font = _font(min(largest, max(smallest, size)))
    box = pen.multiline_textbbox(place.centre, text, font=font, anchor="mm", align="center")
    margin = font.size * _PLATE_MARGIN
    plate = (box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin)
    pen.rounded_rectangle(plate, radius=font.size * 0.4, fill=(255, 255, 255, round(255 * _PLATE_STRENGTH)))
    red, green, blue = (part // 3 for part in drawn.colour)
    pen.multiline_text(place.centre, text, (red, green, blue, 255), font, anchor="mm", align="center")


def _name(room: Room) -> str:
    return room.name_hint or f"Room {room.id.removeprefix('room_').lstrip('0')}"


def _fitting_size(pen: ImageDraw.ImageDraw, text: str, place: _Place) -> float:
    """The size in pixels at which the label on its plate fits into the place."""
    probe = 100.0
    left, top, right, bottom = pen.multiline_textbbox((0, 0), text, font=_font(probe))
    margins = 2 * probe * _PLATE_MARGIN
    return probe * min(place.width / (right - left + margins), place.height / (bottom - top + margins))


def _font(size_px: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(max(8.0, size_px))
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise TypeError("Pillow was built without FreeType")
    return font


def _roomiest_place(corners: NDArray[np.int32]) -> _Place:
    x, y, width, height = cv2.boundingRect(corners)
    mask = np.zeros((height + 2, width + 2), np.uint8)
    cv2.fillPoly(mask, [corners - (x - 1, y - 1)], 1)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    row, column = (int(i) for i in np.argwhere(distance > 0.97 * distance.max()).mean(axis=0))
    if not mask[row, column]:
        row, column = (int(i) for i in np.unravel_index(int(distance.argmax()), distance.shape))
    left, right = _run(mask[row], column)
    top, bottom = _run(mask[:, column], row)
    return _Place(((left + right) / 2 + x - 1, (top + bottom) / 2 + y - 1), right - left, bottom - top)


def _run(line: NDArray[np.uint8], inside: int) -> tuple[int, int]:
    gaps = np.flatnonzero(line == 0)
    return int(gaps[gaps < inside].max(initial=0)), int(gaps[gaps > inside].min(initial=line.size - 1))
