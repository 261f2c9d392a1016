"""A house of six rooms drawn by code, as pixels and words."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Box, Word

WALL_PX = 12
DOOR_PX = 44
NAMES = ("Living Room", "Kitchen", "Bedroom 1", "Bedroom 2", "Bath", "Hall")


@dataclass(frozen=True)
class House:
    """A drawn house: its pixels, the boxes of its rooms in page coordinates, and the words in them."""

    gray: NDArray[np.uint8]
    boxes: tuple[Box, ...]
    words: tuple[Word, ...]


def draw_house(width_px: int = 1200, height_px: int = 900, left: int = 150, top: int = 120) -> House:
    """Three by two rooms with a door in every inner wall and one in the outer wall."""
    gray = np.full((height_px, width_px), 255, np.uint8)
    columns, rows = (left, left + 330, left + 600, left + 880), (top, top + 300, top + 640)
    for x in columns:
        _line(gray, (x, rows[0]), (x, rows[-1]))
    for y in rows:
        _line(gray, (columns[0], y), (columns[-1], y))
    for y in ((rows[0] + rows[1]) // 2, (rows[1] + rows[2]) // 2):
        for x in columns[1:-1]:
            gray[y : y + DOOR_PX, x - WALL_PX : x + WALL_PX] = 255
    for x in (column + 90 for column in columns[:-1]):
        gray[rows[1] - WALL_PX : rows[1] + WALL_PX, x : x + DOOR_PX] = 255
    gray[rows[2] - WALL_PX : rows[2] + WALL_PX, columns[1] + 60 : columns[1] + 60 + DOOR_PX] = 255
    boxes, words, unit = [], [], (1000 / width_px, 1000 / height_px)
    names = iter(NAMES)
    half = WALL_PX / 2
    for y_min, y_max in pairwise(rows):
        for x_min, x_max in pairwise(columns):
            box = (x_min + half, y_min + half, x_max - half, y_max - half)
            boxes.append(_scaled(box, unit))
            words += _words(next(names), (x_min + x_max) / 2, (y_min + y_max) / 2, unit)
    return House(gray, tuple(boxes), tuple(words))


def overlap(a: Box, b: Box) -> float:
    """IoU of two boxes."""
    across = min(a[2], b[2]) - max(a[0], b[0])
    down = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(0.0, across) * max(0.0, down)
    return shared / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared)


def _line(gray: NDArray[np.uint8], start: tuple[int, int], end: tuple[int, int]) -> None:
    half = WALL_PX // 2
    gray[start[1] - half : end[1] + half, start[0] - half : end[0] + half] = 0


def _words(name: str, x: float, y: float, unit: tuple[float, float]) -> list[Word]:
    words, start = [], x - 6 * len(name)
    for token in name.split():
        box = _scaled((start, y - 10, start + 12 * len(token), y + 10), unit)
        words.append(Word(token, box, 0.95, "textract"))
        start += 12 * (len(token) + 1)
    return words


def _scaled(box: Box, unit: tuple[float, float]) -> Box:
    return (box[0] * unit[0], box[1] * unit[1], box[2] * unit[0], box[3] * unit[1])
