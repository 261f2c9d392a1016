"""The raster that the stages work on, and the way back from its pixels to the page."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Box
from preview.rooms.geometry.morphology import Mask

BARE_PAPER = 255
"""Tone of paper with nothing on it."""
LEAST_INK_SHARE = 0.25
"""Share of ink that makes a pixel of a resampled raster ink: a one-pixel line survives shrinking to a
quarter."""


def resampled_ink(shares: MatLike) -> Mask:
    """Ink again, 0 or 255, of a raster that was resampled to shares of ink, 0 to 255."""
    ink = cv2.threshold(shares, 255 * LEAST_INK_SHARE, 255, cv2.THRESH_BINARY)[1]
    return np.asarray(ink, np.uint8)


@dataclass(frozen=True, slots=True)
class Drawing:
    """Ink of a page and its tone, 255 for bare paper, on the same raster.

    ``to_page`` is the 2 x 3 affine map from pixel corners ``(x, y)`` to the page.
    """

    ink: Mask
    tone: NDArray[np.uint8]
    to_page: NDArray[np.float64]

    @classmethod
    def whole_page(cls, ink: Mask, tone: NDArray[np.uint8]) -> "Drawing":
        """A drawing whose raster covers the page exactly."""
        height, width = ink.shape
        return cls(ink, tone, np.array([[PAGE_SIDE / width, 0.0, 0.0], [0.0, PAGE_SIDE / height, 0.0]]))

    @property
    def long_side_px(self) -> int:
        """The longer side of the raster."""
        return int(max(self.ink.shape))

    def with_ink(self, ink: Mask) -> "Drawing":
        """The same raster with other ink."""
        return replace(self, ink=ink)

    def warped(self, ink: Mask, tone: NDArray[np.uint8], to_old: NDArray[np.float64]) -> "Drawing":
        """A new raster whose pixels the 2 x 3 affine map ``to_old`` takes to this one's."""
        linear = self.to_page[:, :2] @ to_old[:, :2]
        shift = self.to_page[:, :2] @ to_old[:, 2] + self.to_page[:, 2]
        return Drawing(ink, tone, np.column_stack([linear, shift]))

    def placed(self, part: Box) -> "Drawing":
        """The same raster, of which ``to_page`` was made as if ``part`` of the page were all of it."""
        x_min, y_min, x_max, y_max = part
        scale = np.array([[x_max - x_min], [y_max - y_min]]) / PAGE_SIDE
        to_page = self.to_page * scale
        to_page[:, 2] += (x_min, y_min)
        return replace(self, to_page=to_page)

    def page_points(self, pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points ``(n, 2)`` of the raster in page coordinates, held within the page."""
        return np.clip(pixels @ self.to_page[:, :2].T + self.to_page[:, 2], 0.0, PAGE_SIDE)

    def pixel_points(self, page: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points ``(n, 2)`` of the page in pixels of the raster."""
        return np.asarray((page - self.to_page[:, 2]) @ np.linalg.inv(self.to_page[:, :2]).T, np.float64)

    def pixel_boxes(self, page: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes ``(n, 4)`` of words of the page in pixels of the raster, where they are upright too.

        On a page askew a word's box is larger than the word already; that of its turned corners would be
        larger still.
        """
        middles = self.pixel_points((page[:, :2] + page[:, 2:]) / 2)
        halves = (page[:, 2:] - page[:, :2]) / 2 / np.hypot(*self.to_page[:, :2].T)
        return np.hstack([middles - halves, middles + halves])
