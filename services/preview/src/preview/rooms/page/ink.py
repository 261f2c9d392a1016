"""Binarization: gray levels to ink, whatever the paper's shade."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import Drawing, resampled_ink
from preview.rooms.geometry.morphology import Mask

Gray = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class InkOptions:
    """Thresholds of binarization."""

    dark_mode_gray: int = 110
    """A sheet whose commonest gray level (0-255) is below this is light on dark, and inverted: white-on-
    blue prints lie at 40-90, stained paper above 150. Drawn."""
    dark_sheet_black: float = 0.02
    """Unless more than this share of it is less than half as bright, or more than is twice as bright: then it
    is dark lines on gray paper. Of sheets with light lines up to 0.004 is so dark, of such paper with white
    patches 0.075 and more. Measured on the development plans."""
    background_cells: int = 250
    """The paper's shade is estimated on a grid this many cells long: a cell is wider than a letter's
    stroke."""
    background_window: float = 0.05
    """Side of the closing that bridges ink in that grid, share of its long side: wider than any wall.
    Drawn."""
    darkest_background_gray: int = 120
    """The paper's shade is at least this (0-255): filled areas are ink, not paper. Drawn."""
    threshold_gray_min: int = 195
    threshold_gray_max: int = 212
    """Otsu's threshold (1979) is kept within these levels (0-255): below, gray partition lines are lost;
    above, JPEG noise becomes ink. Measured on the development plans."""
    noise_gray: float = 2.0
    """Median step between neighbouring rows, gray levels, from which a scan is smoothed before
    thresholding."""


WHITE_GRAY = 245
"""Paper of at least this gray level everywhere is white, and is left as it is."""
PAPER_GRAIN_GRAY = 16
"""What is darker than the sheet by less is the sheet itself, not black."""
LEAST_NOISE_ROWS = 20
"""A page of fewer rows is too short to measure noise."""


def find_ink(gray: Gray, long_side_px: int, options: InkOptions) -> Drawing:
    """Ink of a page of gray levels ``(height, width)``, at most ``long_side_px`` long.

    Thresholds at full resolution and shrinks afterwards: shrinking first would average one-pixel lines away.
    """
    paper = _smoothed(_even_paper(_dark_on_light(gray, options), options), options)
    ink = _binarized(paper, options)
    size = _working_size(ink, long_side_px)
    if size is None:
        return Drawing.whole_page(ink, paper)
    tone = cv2.resize(paper, size, interpolation=cv2.INTER_AREA)
    shares = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    return Drawing.whole_page(resampled_ink(shares), np.asarray(tone, np.uint8))


def _dark_on_light(gray: Gray, options: InkOptions) -> Gray:
    """Light lines on a dark sheet inverted, and dark lines on gray paper with the paper white."""
    levels = np.bincount(gray[::4, ::4].ravel(), minlength=256)
    mode = int(np.argmax(np.convolve(levels, np.ones(9), "same")))
    if mode >= options.dark_mode_gray:
        return gray
    below = max(0, min(mode // 2, mode - PAPER_GRAIN_GRAY))
    black, light = (part.sum() / levels.sum() for part in (levels[:below], levels[2 * mode + 1 :]))
    if black > min(light, options.dark_sheet_black):
        return np.asarray(cv2.convertScaleAbs(gray, alpha=255 / mode), np.uint8)
    return np.bitwise_not(gray)


def _even_paper(gray: Gray, options: InkOptions) -> Gray:
    height, width = gray.shape
    cell = max(4, round(max(height, width) / options.background_cells))
    grid = cv2.resize(gray, (max(1, width // cell), max(1, height // cell)), interpolation=cv2.INTER_AREA)
    window = max(5, int(options.background_window * max(grid.shape))) | 1
    shade = cv2.morphologyEx(grid, cv2.MORPH_CLOSE, np.ones((window, window), np.uint8))
    shade = cv2.GaussianBlur(shade, (0, 0), window / 4)
    shade = np.maximum(shade, options.darkest_background_gray).astype(np.uint8)
    if int(shade.min()) >= WHITE_GRAY:
        return gray
    return np.asarray(cv2.divide(gray, cv2.resize(shade, (width, height)), scale=255), np.uint8)


def _smoothed(paper: Gray, options: InkOptions) -> Gray:
    if _row_noise(paper) <= options.noise_gray:
        return paper
    return np.asarray(cv2.GaussianBlur(paper, (3, 3), 0), np.uint8)


def _row_noise(gray: Gray) -> float:
    rows = gray[: gray.shape[0] // 2 * 2, 1::5].astype(np.int16)
    if len(rows) < LEAST_NOISE_ROWS or not rows.size:
        return 0.0
    return float(np.median(np.abs(rows[0::10] - rows[1::10][: len(rows[0::10])])))


def _binarized(paper: Gray, options: InkOptions) -> Mask:
    otsu, _ = cv2.threshold(paper[::2, ::2], 0, 255, cv2.THRESH_OTSU)
    level = min(max(otsu, options.threshold_gray_min), options.threshold_gray_max)
    return np.asarray(cv2.threshold(paper, level, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)


def _working_size(ink: Mask, long_side_px: int) -> tuple[int, int] | None:
    """Width and height to shrink to; None for a page that is small enough."""
    height, width = ink.shape
    scale = long_side_px / max(height, width)
    return None if scale >= 1 else (max(1, round(width * scale)), max(1, round(height * scale)))
