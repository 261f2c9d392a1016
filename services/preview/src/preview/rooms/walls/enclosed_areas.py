"""The areas that closed walls enclose, and which of them are the same area found again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from preview.rooms.geometry.morphology import Mask, dilated

Contour = NDArray[np.int32]
PixelBox = tuple[int, int, int, int]
"""``(x, y, width, height)``."""
LEAST_SIDE_PX = 8.0
"""Narrower areas are gaps between strokes, however small the raster."""


@dataclass(frozen=True, slots=True)
class EnclosedAreaOptions:
    """Sizes of areas that could be rooms, and when two areas are one."""

    smallest_area: float = 0.0006
    """Area of a room at least, share of the drawing: a closet of 0.4 m2 in a plan of 650 m2."""
    largest_area: float = 0.6
    """Area of a room at most, share of the drawing: a studio."""
    largest_box: float = 0.75
    """Share of the drawing that a room's box takes at most: the ground around a building takes all."""
    narrowest: float = 0.012
    """Least side of a room's box, share of the long side: 0.3 m on a sheet 25 m wide."""
    least_thickness: float = 1.6
    """Least side of a room's box in wall thicknesses: the inside of a hollow wall is narrower. Tuned."""
    least_mean_width: float = 0.55
    """Least mean width of a room, in least sides of its box: thinner ones are gaps between lines. Tuned."""
    surrounded_share: float = 0.5
    """A region of which more than this share is holes is the ground around a building. Drawn."""
    same_area: float = 0.12
    """Two areas are one if they differ by less than this share, and their boxes have the next IoU. Tuned."""
    same_box_iou: float = 0.85
    """IoU of their boxes from which two areas are one. Tuned."""
    often_found: int = 3
    """Hypotheses from which an area counts for what is usual on the page."""


@dataclass(slots=True)
class EnclosedArea:
    """Outer contour ``(n, 2)`` of an enclosed area in pixels; the hypotheses and gap sizes that found it."""

    contour: Contour
    box: PixelBox
    area_px: float
    hypotheses: set[int] = field(default_factory=set)
    gap_sizes: set[int] = field(default_factory=set)


def enclosed_areas(
    closed_walls: Mask, thickness_px: float, options: EnclosedAreaOptions
) -> Iterator[EnclosedArea]:
    """Areas of ``closed_walls`` that could be rooms by size; what touches the raster's edge is outside."""
    # OpenCV follows regions through diagonal neighbours; walls grown by a pixel have no such leaks.
    free = cv2.bitwise_not(dilated(closed_walls, 2, 2))
    contours, hierarchy = cv2.findContours(free, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    size = _RoomSize(closed_walls.shape, thickness_px, options)
    for index, contour in enumerate(contours):
        x, y, width, height = cv2.boundingRect(contour)
        if hierarchy[0][index][3] >= 0 or not size.allows_box((x, y, width, height)):
            continue
        area = cv2.contourArea(contour)
        if not size.allows_area(area, cv2.arcLength(contour, closed=True)):
            continue
        if _hole_area(index, contours, hierarchy[0]) > options.surrounded_share * area:
            continue
        yield EnclosedArea(np.asarray(contour[:, 0], np.int32), (x, y, width, height), area)


class _RoomSize:
    """Sizes that a room may have on a raster."""

    def __init__(self, shape: tuple[int, ...], thickness_px: float, options: EnclosedAreaOptions) -> None:
        self._options = options
        self._height, self._width = shape
        self._area = self._height * self._width
        self._least_side = max(
            LEAST_SIDE_PX, options.least_thickness * thickness_px, options.narrowest * max(shape)
        )

    def allows_box(self, box: PixelBox) -> bool:
        _, _, width, height = box
        if min(width, height) < self._least_side or _at_edge(box, self._width, self._height):
            return False
        return width * height <= self._options.largest_box * self._area

    def allows_area(self, area_px: float, perimeter_px: float) -> bool:
        options = self._options
        if not options.smallest_area * self._area <= area_px <= options.largest_area * self._area:
            return False
        return not 2 * area_px / perimeter_px < options.least_mean_width * self._least_side


class AreaPool:
    """Distinct enclosed areas; finding one again adds to what speaks for it."""

    def __init__(self, options: EnclosedAreaOptions) -> None:
        self._options = options
        self._areas: list[EnclosedArea] = []
        self._corners = np.empty((256, 5))

    def add(self, found: EnclosedArea, hypothesis: int, gap_size: int) -> None:
        """Adds ``found``, or its vote to the area it repeats."""
        same = self._same(found)
        if same is None:
            same = found
            self._remember(found)
        same.hypotheses.add(hypothesis)
        same.gap_sizes.add(gap_size)

    def usual_mean_width(self, long_side_px: int, without_areas: float) -> float:
        """Mean width, share of the long side, of the areas found often, larger ones counting more.

        ``without_areas`` is the answer if there are none.
        """
        found = [
            area for area in self._areas if len(area.hypotheses) >= self._options.often_found
        ] or self._areas
        if not found:
            return without_areas
        widths = np.array([2 * a.area_px / cv2.arcLength(a.contour, closed=True) for a in found])
        order = np.argsort(widths)
        weights = np.cumsum(np.sqrt([a.area_px for a in found])[order])
        return float(widths[order][np.searchsorted(weights, weights[-1] / 2)] / long_side_px)

    @property
    def areas(self) -> list[EnclosedArea]:
        """Areas in the order in which they were first found."""
        return self._areas

    def _same(self, found: EnclosedArea) -> EnclosedArea | None:
        known = self._corners[: len(self._areas)]
        x, y, width, height = found.box
        across = np.minimum(known[:, 2], x + width) - np.maximum(known[:, 0], x)
        down = np.minimum(known[:, 3], y + height) - np.maximum(known[:, 1], y)
        shared = across.clip(0) * down.clip(0)
        boxes = (known[:, 2] - known[:, 0]) * (known[:, 3] - known[:, 1])
        iou = shared / (boxes + width * height - shared)
        differs = np.abs(known[:, 4] - found.area_px) / np.maximum(known[:, 4], found.area_px)
        iou[differs > self._options.same_area] = 0
        best = int(iou.argmax()) if len(iou) else -1
        return self._areas[best] if best >= 0 and iou[best] > self._options.same_box_iou else None

    def _remember(self, found: EnclosedArea) -> None:
        if len(self._areas) == len(self._corners):
            self._corners = np.vstack([self._corners, np.empty_like(self._corners)])
        x, y, width, height = found.box
        self._corners[len(self._areas)] = (x, y, x + width, y + height, found.area_px)
        self._areas.append(found)


def _at_edge(box: PixelBox, width: int, height: int) -> bool:
    x, y, box_width, box_height = box
    return x <= 2 or y <= 2 or x + box_width >= width - 2 or y + box_height >= height - 2


def _hole_area(index: int, contours: Sequence[MatLike], hierarchy: MatLike) -> float:
    total, hole = 0.0, int(hierarchy[index][2])
    while hole >= 0:
        total += cv2.contourArea(contours[hole])
        hole = int(hierarchy[hole][0])
    return total
