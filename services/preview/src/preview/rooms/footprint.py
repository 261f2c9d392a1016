"""The cells of a coarse grid that a region covers, for overlaps and for what lies inside."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Point
from preview.rooms.region import Region

CELLS = 500
"""Cells of the grid along each side of the page: two units of page coordinates each."""


class Footprint:
    """The cells of the page that ``region`` covers; ``area`` counts them and is at least 1."""

    def __init__(self, region: Region) -> None:
        ring = np.array(region.polygon) * (CELLS / PAGE_SIDE)
        self._x, self._y = np.floor(ring.min(axis=0)).astype(int).tolist()
        width, height = (np.ceil(ring.max(axis=0)).astype(int) - (self._x, self._y) + 1).tolist()
        cells = np.zeros((height, width), np.uint8)
        cv2.fillPoly(cells, [np.round(ring - (self._x, self._y)).astype(np.int32)], 1)
        self.cells = cells[: CELLS - self._y, : CELLS - self._x].astype(bool)
        self.area = max(1, int(self.cells.sum()))

    def window(self, grid: NDArray[np.int32]) -> NDArray[np.int32]:
        """The part of ``grid`` ``(CELLS, CELLS)`` under the region's box, as a view; ``cells`` masks it."""
        height, width = self.cells.shape
        return grid[self._y : self._y + height, self._x : self._x + width]

    def covers(self, point: Point) -> bool:
        """Whether the region covers ``point`` of the page."""
        column = int(point[0] * CELLS / PAGE_SIDE) - self._x
        row = int(point[1] * CELLS / PAGE_SIDE) - self._y
        height, width = self.cells.shape
        return 0 <= row < height and 0 <= column < width and bool(self.cells[row, column])
