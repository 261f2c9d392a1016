"""The outline of an area: its contour, simplified and grown to the faces of the walls."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.walls.enclosed_areas import Contour


def outline(contour: Contour, tolerance_px: float) -> NDArray[np.float64]:
    """A simplified ring ``(n, 2)`` in pixel corners, at most ``tolerance_px`` off.

    Simplified after Douglas and Peucker (1973); a ring of fewer than three points has collapsed.
    """
    x, y, width, height = cv2.boundingRect(contour)
    mask = np.zeros((height + 4, width + 4), np.uint8)
    cv2.drawContours(mask, [contour - np.array([x - 2, y - 2])], -1, 255, cv2.FILLED)
    grown = cv2.dilate(mask, np.ones((2, 2), np.uint8), anchor=(0, 0))
    rings, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    ring = cv2.approxPolyDP(max(rings, key=cv2.contourArea), tolerance_px, closed=True)
    in_mask = np.asarray(ring[:, 0], np.float64)
    return np.asarray(in_mask + np.array([x - 1.5, y - 1.5]), np.float64)
