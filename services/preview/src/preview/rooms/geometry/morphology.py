"""Rectangular morphology on masks: arrays ``(height, width)`` of uint8, 0 or 255."""

import cv2
import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.uint8]


def dilated(mask: Mask, width_px: int, height_px: int) -> Mask:
    """``mask`` grown by a rectangle."""
    return np.asarray(cv2.dilate(mask, _rectangle(width_px, height_px)), np.uint8)


def opened(mask: Mask, width_px: int, height_px: int) -> Mask:
    """What of ``mask`` a rectangle fits into."""
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, _rectangle(width_px, height_px)), np.uint8)


def closed(mask: Mask, width_px: int, height_px: int) -> Mask:
    """``mask`` with the gaps filled that a rectangle does not fit into."""
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _rectangle(width_px, height_px)), np.uint8)


def without_small_marks(mask: Mask, extent_px: float) -> Mask:
    """``mask`` without the connected marks that are smaller than ``extent_px`` in both directions."""
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    small = [contour for contour in contours if max(cv2.boundingRect(contour)[2:]) < extent_px]
    kept = mask.copy()
    cv2.drawContours(kept, small, -1, 0, cv2.FILLED)
    return kept


def _rectangle(width_px: int, height_px: int) -> Mask:
    return np.ones((max(1, height_px), max(1, width_px)), np.uint8)
