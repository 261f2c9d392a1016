"""Removes the border lines of the sheet and cuts the raster to what is drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import BARE_PAPER, Drawing
from preview.rooms.geometry.morphology import Mask

_Extent = tuple[int, int, int, int]
"""First and past-the-last row, then column."""

MOST_NESTED_BORDERS = 3
"""Sheets have a trim line, a border and sometimes a grid border."""
LEAST_PX = 4
"""Bands and margins are at least so broad: below, antialiasing is all there is to see."""
BORDER_BLUR_PX = 3
"""What lies so close inside a border's last line still belongs to it."""
LEAST_PAGE_PX = 50
"""A page narrower than this has no border."""
LEAST_BLANK_PX = 8
"""The blank margin around a small drawing."""


@dataclass(frozen=True, slots=True)
class SheetBorderOptions:
    """Thresholds for borders of sheets."""

    edge_distance: float = 0.04
    """A border line of the sheet lies within this share of the inked area's side from its edge. Drawn."""
    line_coverage: float = 0.8
    """Share of a side that a border line covers; title blocks and folds interrupt the rest. Drawn."""
    band_width: float = 0.008
    """Width of the band examined inside a border, share of the long side: 5 mm on an A1 sheet."""
    band_ink: tuple[float, ...] = (-1.0, 0.03, 0.12)
    """Share of ink that may lie in that band on any side (tick marks, zone letters, notes) if nothing
    touches none, one, more sides of the border from inside: a title block takes up to three, and inner
    walls meet the outer walls of a building on all four. Drawn."""
    page_margin: float = 0.2
    """Share of the page's width and height that the margins around a border take at most, together.
    Drawn."""
    blank_margin: float = 0.015
    """Blank margin put around the drawing, share of the long side, so that a plan at the page's edge has an
    outside."""


def remove_sheet_border(drawing: Drawing, options: SheetBorderOptions) -> Drawing:
    """The drawing without sheet borders, cut to its ink with a blank margin; a blank sheet as it is.

    A border is four straight lines around the page with an empty band inside, and a side that nothing
    touches; a looser rule would take the outer walls of plans that fill the page.
    """
    ink, tone = drawing.ink, drawing.tone
    for _ in range(MOST_NESTED_BORDERS):
        inner = _inside_border(ink, options)
        if inner is None:
            break
        ink = _blanked_outside(ink, inner, 0)
        tone = _blanked_outside(tone, inner, BARE_PAPER)
    return _cut(Drawing(ink, tone, drawing.to_page), options)


def _blanked_outside(raster: NDArray[np.uint8], inner: _Extent, outside: int) -> NDArray[np.uint8]:
    top, bottom, left, right = inner
    blanked = np.full_like(raster, outside)
    blanked[top:bottom, left:right] = raster[top:bottom, left:right]
    return blanked


def _extent(ink: Mask) -> _Extent | None:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    if not len(rows):
        return None
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _inside_border(ink: Mask, options: SheetBorderOptions) -> _Extent | None:
    extent = _extent(ink)
    if extent is None or not _fills_page(extent, ink.shape, options):
        return None
    top, bottom, left, right = extent
    inside = ink[top:bottom, left:right] > 0
    rows, columns = inside.mean(axis=1), inside.mean(axis=0)
    ends = [_border_end(profile, options) for profile in (rows, rows[::-1], columns, columns[::-1])]
    a, b, c, d = (end or 0 for end in ends)
    core = inside[a : len(rows) - b, c : len(columns) - d]
    band = max(LEAST_PX, round(options.band_width * max(inside.shape)))
    if None in ends or min(core.shape) <= 2 * band:
        return None
    crossed = [float(side.mean()) for side in (core[:band], core[-band:], core[:, :band], core[:, -band:])]
    if max(crossed) > options.band_ink[min(crossed.count(0.0), len(options.band_ink) - 1)]:
        return None
    return top + a, bottom - b, left + c, right - d


def _fills_page(extent: _Extent, page: tuple[int, ...], options: SheetBorderOptions) -> bool:
    top, bottom, left, right = extent
    height, width = page
    wide = right - left >= (1 - options.page_margin) * width
    return wide and bottom - top >= (1 - options.page_margin) * height and min(page) >= LEAST_PAGE_PX


def _border_end(profile: NDArray[np.float64], options: SheetBorderOptions) -> int | None:
    """Where the border near the beginning of ``profile`` (share of ink per line) ends; None without one."""
    margin = max(LEAST_PX, int(options.edge_distance * len(profile)))
    lines = np.flatnonzero(profile[:margin] > options.line_coverage)
    if not len(lines) or lines[-1] >= margin - LEAST_PX:
        return None
    return int(lines[-1]) + BORDER_BLUR_PX


def _cut(drawing: Drawing, options: SheetBorderOptions) -> Drawing:
    extent = _extent(drawing.ink)
    if extent is None:
        return drawing
    top, bottom, left, right = extent
    margin = max(LEAST_BLANK_PX, round(options.blank_margin * max(bottom - top, right - left)))
    ink = np.pad(drawing.ink[top:bottom, left:right], margin)
    tone = np.pad(drawing.tone[top:bottom, left:right], margin, constant_values=BARE_PAPER)
    return drawing.warped(ink, tone, np.array([[1.0, 0.0, left - margin], [0.0, 1.0, top - margin]]))
