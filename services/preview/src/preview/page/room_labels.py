"""Writing on rooms where nothing is printed, as large as fits there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ImageDraw

from preview.page.fonts import Typefaces

_LINE = 1.2  # from line to line, in sizes of the letters, as all of these
_BASELINE = 0.93  # below the top of its line: accents reach it
_MARGIN_BESIDE = 0.35
_MARGIN_ABOVE = 0.1
_CLEARANCE = 0.3  # around a plate, both sides together
_PLATE_RADIUS = 0.4
_HALO = 0.12
_WHITE = (255, 255, 255, 217)
_LARGEST_LETTERS = 1 / 80  # of the picture's long side
_SMALLEST_LETTERS = 1 / 150
_STEP = 0.9  # from one size that is tried to the next
_GRID_PX = 2  # places are tried this far apart
_OUTSIDE = 1000.0  # a pixel outside the room counts as so many printed ones

Colour = tuple[int, int, int]
Marks = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the middle of lines goes, in pixels of the picture; ``printed`` if they cover what is printed."""

    lines: tuple[str, ...]
    size: float
    middle: tuple[float, float]
    printed: bool


class Labels:
    """Writes on a picture and remembers where.

    ``marks`` (height, width) is 1 where something is drawn that must stay visible; each label is added to it.
    """

    def __init__(self, pen: ImageDraw.ImageDraw, marks: Marks, typefaces: Typefaces) -> None:
        self._pen = pen
        self._marks = marks
        self._typefaces = typefaces
        self._largest = max(marks.shape) * _LARGEST_LETTERS
        self._smallest = max(marks.shape) * _SMALLEST_LETTERS

    def write(self, corners: NDArray[np.int32], lines: tuple[str, str], colour: Colour) -> None:
        """Write two lines, or both as one, inside the polygon ``corners`` (n, 2) in pixels.

        The letters have between 1/150 and 1/80 of the picture's long side. They stand on a light plate, as
        large as a free place allows. Where the room has none, the smallest stand where they cover least,
        without a plate; in a room too small for them, over its edge.
        """
        place = self._place(_Inside.of(corners, self._marks), lines)
        width, height = (place.size * side for side in self._extent(place.lines))
        left, top = place.middle[0] - width / 2, place.middle[1] - height / 2
        if not place.printed:
            radius = place.size * _PLATE_RADIUS
            self._pen.rounded_rectangle((left, top, left + width, top + height), radius, fill=_WHITE)
        for number, line in enumerate(place.lines):
            baseline = top + (_MARGIN_ABOVE + _BASELINE + number * _LINE) * place.size
            self._write_line(line, (place.middle[0], baseline), place, colour)
        rows, columns = (
            slice(max(0, int(top)), int(top + height) + 1),
            slice(max(0, int(left)), int(left + width) + 1),
        )
        self._marks[rows, columns] = 1

    def _write_line(self, line: str, middle: tuple[float, float], place: "_Place", colour: Colour) -> None:
        x, baseline = middle[0] - self._length(line, place.size) / 2, middle[1]
        halo = max(1, round(place.size * _HALO)) if place.printed else 0
        for typeface, run in self._typefaces.runs(line):
            font = typeface.at(place.size)
            self._pen.text(
                (x, baseline), run, colour, font, anchor="ls", stroke_width=halo, stroke_fill=_WHITE
            )
            x += font.getlength(run)

    def _place(self, inside: "_Inside", lines: tuple[str, str]) -> _Place:
        ways = [(way, self._extent(way)) for way in (lines, ("  ".join(lines),))]
        for size in self._sizes():
            for way, (width, height) in ways:
                if middle := inside.free_place((width + _CLEARANCE) * size, (height + _CLEARANCE) * size):
                    return _Place(way, size, middle, printed=False)
        width, height = ways[0][1]
        size = self._smallest
        return _Place(lines, size, inside.least_printed_place(width * size, height * size), printed=True)

    def _extent(self, lines: Sequence[str]) -> tuple[float, float]:
        """Width and height of the plate, in sizes of the letters."""
        length = max(self._length(line, self._largest) for line in lines) / self._largest
        return length + 2 * _MARGIN_BESIDE, len(lines) * _LINE + 2 * _MARGIN_ABOVE

    def _length(self, line: str, size: float) -> float:
        return sum(typeface.at(size).getlength(run) for typeface, run in self._typefaces.runs(line))

    def _sizes(self) -> Iterator[float]:
        size = self._largest
        while size > self._smallest:
            yield size
            size *= _STEP
        yield self._smallest


@dataclass(frozen=True, slots=True)
class _Inside:
    """Sums of what a label would cover in a room, and the room's widest place, from its corner ``offset``."""

    sums: NDArray[np.float64]
    middle: tuple[float, float]
    offset: tuple[int, int]

    @classmethod
    def of(cls, corners: NDArray[np.int32], marks: Marks) -> "_Inside":
        x, y, width, height = cv2.boundingRect(corners)
        offset = (x - 1, y - 1)
        mask = np.zeros((height + 2, width + 2), np.uint8)
        cv2.fillPoly(mask, [corners - offset], 1)
        covered = np.where(mask, _part(marks, offset, mask.shape), np.float32(_OUTSIDE))
        sums = np.asarray(cv2.integral(covered, sdepth=cv2.CV_64F), np.float64)
        return cls(sums, _widest(mask), offset)

    def free_place(self, width: float, height: float) -> tuple[float, float] | None:
        """The middle of a plate of this size that covers nothing, as near the widest place as can be."""
        costs = self._costs(width, height)
        if not costs.size or costs.min() > 0:
            return None
        return self._nearest(costs <= 0, width, height)

    def least_printed_place(self, width: float, height: float) -> tuple[float, float]:
        """The middle of a plate of this size that covers least."""
        costs = self._costs(width, height)
        if not costs.size:
            return self.middle[0] + self.offset[0], self.middle[1] + self.offset[1]
        return self._nearest(costs <= costs.min(), width, height)

    def _costs(self, width: float, height: float) -> NDArray[np.float64]:
        """What plates cover whose upper left corner is at each place of the grid."""
        rows, columns = int(np.ceil(height)), int(np.ceil(width))
        if rows >= self.sums.shape[0] or columns >= self.sums.shape[1]:
            return np.empty((0, 0))
        above, below = self.sums[:-rows:_GRID_PX], self.sums[rows::_GRID_PX]
        bands = below - above
        return np.asarray(bands[:, columns::_GRID_PX] - bands[:, :-columns:_GRID_PX])

    def _nearest(self, places: NDArray[np.bool_], width: float, height: float) -> tuple[float, float]:
        middles = np.argwhere(places)[:, ::-1] * _GRID_PX + (width / 2, height / 2)
        x, y = middles[np.square(middles - self.middle).sum(axis=1).argmin()] + self.offset
        return float(x), float(y)


def _part(marks: Marks, offset: tuple[int, int], shape: tuple[int, ...]) -> Marks:
    """The part of ``marks`` at ``offset``; what lies beside the picture is marked."""
    part = np.ones(shape, np.uint8)
    (left, top), (height, width) = offset, shape
    rows, columns = _shared(top, height, marks.shape[0]), _shared(left, width, marks.shape[1])
    inside = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
    part[inside] = marks[rows, columns]
    return part


def _shared(start: int, length: int, available: int) -> slice:
    first = min(max(start, 0), available)
    return slice(first, max(first, min(start + length, available)))


def _widest(mask: Marks) -> tuple[float, float]:
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 3)
    row, column = np.argwhere(distance > 0.97 * distance.max()).mean(axis=0).astype(int)
    if not mask[row, column]:
        row, column = np.unravel_index(int(distance.argmax()), distance.shape)
    return float(column), float(row)
