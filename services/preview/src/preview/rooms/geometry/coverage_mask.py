"""Coverage masks: the cells of a coarse grid that a region covers, for overlaps and labels inside."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Box
from preview.rooms.evidence.region import Region

CELLS = 500
"""Cells of the grid along each side of the page: two units of page coordinates each."""


class CoverageMask:
    """The cells that ``region`` covers: ``cells`` masks the window of the grid at ``left``, ``top``.

    ``area`` counts the cells and is at least 1.
    """

    def __init__(self, region: Region) -> None:
        ring = np.array(region.polygon) * (CELLS / PAGE_SIDE)
        self.left, self.top = np.floor(ring.min(axis=0)).astype(int).tolist()
        width, height = (np.ceil(ring.max(axis=0)).astype(int) - (self.left, self.top) + 1).tolist()
        cells = np.zeros((height, width), np.uint8)
        cv2.fillPoly(cells, [np.round(ring - (self.left, self.top)).astype(np.int32)], 1)
        self.cells = cells[: CELLS - self.top, : CELLS - self.left].astype(bool)
        self.area = max(1, int(self.cells.sum()))

    @property
    def page_box(self) -> Box:
        """The window's box in page coordinates."""
        height, width = self.cells.shape
        sides = (self.left, self.top, self.left + width, self.top + height)
        x_min, y_min, x_max, y_max = (side * PAGE_SIDE / CELLS for side in sides)
        return (x_min, y_min, x_max, y_max)

    def window(self, grid: NDArray[np.int32]) -> NDArray[np.int32]:
        """The part of ``grid`` ``(CELLS, CELLS)`` under the region's box, as a view; ``cells`` masks it."""
        height, width = self.cells.shape
        return grid[self.top : self.top + height, self.left : self.left + width]

    def iou(self, other: "CoverageMask") -> float:
        """IoU of the cells that the two regions cover, 0 to 1."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right = min(self.left + self.cells.shape[1], other.left + other.cells.shape[1])
        bottom = min(self.top + self.cells.shape[0], other.top + other.cells.shape[0])
        if left >= right or top >= bottom:
            return 0.0
        one, two = (
            mask.cells[top - mask.top : bottom - mask.top, left - mask.left : right - mask.left]
            for mask in (self, other)
        )
        shared = int((one & two).sum())
        return shared / (self.area + other.area - shared)

    def covers(self, points: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which of ``points`` ``(n, 2)`` of the page the region covers."""
        columns, rows = ((points * (CELLS / PAGE_SIDE)).astype(np.int64) - (self.left, self.top)).T
        height, width = self.cells.shape
        within = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
        covered = np.zeros(len(points), np.bool_)
        covered[within] = self.cells[rows[within], columns[within]]
        return covered
