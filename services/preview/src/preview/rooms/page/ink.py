"""Stage 1: gray levels to ink, whatever the paper's shade."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask
from preview.rooms.options import DetectorOptions

Gray = NDArray[np.uint8]

WHITE_GRAY = 245
"""Paper of at least this gray level everywhere is white, and is left as it is."""
PAPER_GRAIN_GRAY = 16
"""What is darker than the sheet by less is the sheet itself, not black."""
LEAST_NOISE_ROWS = 20
"""A page of fewer rows is too low to tell its noise."""


def find_ink(gray: Gray, options: DetectorOptions) -> Drawing:
    """Ink of a page of gray levels ``(height, width)``, at most ``working_side_px`` long.

    Thresholds at full resolution and shrinks afterwards: shrinking first would average one-pixel lines away.
    """
    gray = _dark_on_light(gray, options)
    paper = _even_paper(gray, options)
    noisy = _row_noise(paper) > options.noise_gray
    if noisy:
        paper = np.asarray(cv2.GaussianBlur(paper, (3, 3), 0), np.uint8)
    otsu, _ = cv2.threshold(paper[::2, ::2], 0, 255, cv2.THRESH_OTSU)
    level = min(max(otsu, options.ink_gray_min), options.ink_gray_max)
    ink = np.asarray(cv2.threshold(paper, level, 255, cv2.THRESH_BINARY_INV)[1], np.uint8)
    size = _working_size(ink, options)
    if size is None:
        return Drawing.whole_page(ink, paper)
    share = cv2.resize(ink, size, interpolation=cv2.INTER_AREA)
    shrunk = cv2.threshold(share, 255 * options.ink_share, 255, cv2.THRESH_BINARY)[1]
    tone = cv2.resize(paper, size, interpolation=cv2.INTER_AREA)
    return Drawing.whole_page(np.asarray(shrunk, np.uint8), np.asarray(tone, np.uint8))


def _dark_on_light(gray: Gray, options: DetectorOptions) -> Gray:
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


def _even_paper(gray: Gray, options: DetectorOptions) -> Gray:
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


def _row_noise(gray: Gray) -> float:
    rows = gray[: gray.shape[0] // 2 * 2, 1::5].astype(np.int16)
    if len(rows) < LEAST_NOISE_ROWS or not rows.size:
        return 0.0
    return float(np.median(np.abs(rows[0::10] - rows[1::10][: len(rows[0::10])])))


def _working_size(ink: Mask, options: DetectorOptions) -> tuple[int, int] | None:
    """Width and height to shrink to; None for a page that is small enough."""
    height, width = ink.shape
    scale = options.working_side_px / max(height, width)
    return None if scale >= 1 else (max(1, round(width * scale)), max(1, round(height * scale)))
