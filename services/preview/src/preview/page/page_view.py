"""A part of a page at a size: a picture's pixels resized, a PDF drawn anew."""

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import shapely

from preview.domain.picture import PicturedRoom
from preview.domain.room import PAGE_SIDE, Box, Point
from preview.page.raster_file import Gray

_BEYOND = 0.05  # of the part's sides: outlines end so far outside it, where nobody sees their ends


def part_of(gray: Gray, region: Box, size_px: tuple[int, int]) -> Gray:
    """The part of a page in ``region`` as (height, width), enlarged or averaged to ``size_px``."""
    height, width = gray.shape
    left, right = _pixels(region[0], region[2], width)
    top, bottom = _pixels(region[1], region[3], height)
    return resized(gray[top:bottom, left:right], size_px)


def resized(gray: Gray, size_px: tuple[int, int]) -> Gray:
    """The picture at this width and height."""
    height, width = gray.shape
    if (width, height) == size_px:
        return gray
    shrinks = size_px[0] < width or size_px[1] < height
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(gray, size_px, interpolation=interpolation), np.uint8)


def rooms_in(rooms: Sequence[PicturedRoom], region: Box) -> list[PicturedRoom]:
    """The rooms that reach into ``region``, in coordinates of that part; of a room in pieces the largest."""
    x_min, y_min, x_max, y_max = region
    width, height = x_max - x_min, y_max - y_min
    frame = (
        x_min - _BEYOND * width,
        y_min - _BEYOND * height,
        x_max + _BEYOND * width,
        y_max + _BEYOND * height,
    )
    clipped = ((room, _clipped(room.polygon, frame)) for room in rooms)
    return [
        replace(
            room,
            polygon=tuple(
                ((x - x_min) / width * PAGE_SIDE, (y - y_min) / height * PAGE_SIDE) for x, y in ring
            ),
        )
        for room, ring in clipped
        if ring
    ]


def _clipped(polygon: tuple[Point, ...], frame: Box) -> list[Point]:
    pieces = shapely.get_parts(shapely.clip_by_rect(shapely.Polygon(polygon), *frame))
    areas = [piece for piece in pieces if isinstance(piece, shapely.Polygon)]
    if not areas:
        return []
    return list(max(areas, key=lambda piece: piece.area).exterior.coords)[:-1]


def _pixels(start: float, end: float, side_px: int) -> tuple[int, int]:
    first = min(round(start / PAGE_SIDE * side_px), side_px - 1)
    return first, max(first + 1, round(end / PAGE_SIDE * side_px))
