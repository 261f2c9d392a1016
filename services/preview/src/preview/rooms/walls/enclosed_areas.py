"""Stage 6: the areas that closed walls enclose, and which of them are the same area found again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from preview.rooms.geometry.morphology import Mask, dilated
from preview.rooms.options import DetectorOptions

Contour = NDArray[np.int32]
PixelBox = tuple[int, int, int, int]
"""``(x, y, width, height)``."""
LEAST_SIDE_PX = 8.0
"""Narrower areas are gaps between strokes, however small the raster."""


@dataclass(slots=True)
class Enclosed:
    """Outer contour ``(n, 2)`` of an enclosed area in pixels; the hypotheses and gap sizes that found it."""

    contour: Contour
    box: PixelBox
    area_px: float
    hypotheses: set[int] = field(default_factory=set)
    gap_sizes: set[int] = field(default_factory=set)


def enclosed_areas(closed_walls: Mask, thickness_px: float, options: DetectorOptions) -> Iterator[Enclosed]:
    """Areas of ``closed_walls`` that could be rooms by size; what touches the raster's edge is outside."""
    height, width = closed_walls.shape
    least_side = max(
        LEAST_SIDE_PX, options.least_thickness * thickness_px, options.narrowest * max(width, height)
    )
    # OpenCV follows regions through diagonal neighbours; walls grown by a pixel have no such leaks.
    free = cv2.bitwise_not(dilated(closed_walls, 2, 2))
    contours, hierarchy = cv2.findContours(free, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    for index, contour in enumerate(contours):
        x, y, box_width, box_height = cv2.boundingRect(contour)
        box = (x, y, box_width, box_height)
        if hierarchy[0][index][3] >= 0 or min(box[2:]) < least_side or _at_edge(box, width, height):
            continue
        area = cv2.contourArea(contour)
        page_area = width * height
        if not options.smallest_area * page_area <= area <= options.largest_area * page_area:
            continue
        if box_width * box_height > options.largest_box * page_area:
            continue
        if 2 * area / cv2.arcLength(contour, closed=True) < options.least_breadth * least_side:
            continue
        if _hole_area(index, contours, hierarchy[0]) > options.surrounded_share * area:
            continue
        yield Enclosed(np.asarray(contour[:, 0], np.int32), box, area)


class AreaPool:
    """Distinct enclosed areas; finding one again adds to what speaks for it."""

    def __init__(self, options: DetectorOptions) -> None:
        self._options = options
        self._areas: list[Enclosed] = []
        self._corners = np.empty((256, 5))

    def add(self, found: Enclosed, hypothesis: int, gap_size: int) -> None:
        """Adds ``found``, or its vote to the area it repeats."""
        same = self._same(found)
        if same is None:
            same = found
            self._remember(found)
        same.hypotheses.add(hypothesis)
        same.gap_sizes.add(gap_size)

    def usual_breadth(self, long_side_px: int) -> float:
        """Mean width, share of the long side, of the areas found often, larger ones counting more."""
        found = [
            area for area in self._areas if len(area.hypotheses) >= self._options.often_found
        ] or self._areas
        if not found:
            return self._options.usual_breadth
        breadths = np.array([2 * a.area_px / cv2.arcLength(a.contour, closed=True) for a in found])
        order = np.argsort(breadths)
        weights = np.cumsum(np.sqrt([a.area_px for a in found])[order])
        return float(breadths[order][np.searchsorted(weights, weights[-1] / 2)] / long_side_px)

    @property
    def areas(self) -> list[Enclosed]:
        """Areas in the order in which they were first found."""
        return self._areas

    def _same(self, found: Enclosed) -> Enclosed | None:
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

    def _remember(self, found: Enclosed) -> None:
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
