"""Wall hypotheses: which ink may be wall, by several rules.

No single rule fits solid, hatched, outlined and single-line walls, so each rule gives a hypothesis of its
own; regions on which hypotheses agree are trusted more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.morphology import Mask, closed, dilated, opened, without_small_marks

LINE_PX = 3.0
"""Thickness that single-line walls are given, pixels of the working raster."""
LEAST_LINE_PX = 12
"""A shorter stroke is no wall on the smallest of rasters."""
LONE_LINE = 1.5
"""Least length of a line that stands alone, in least lengths of a straight stroke."""
THICKEST_LEAST_PX = 6
"""On the smallest of rasters strokes up to this may be walls."""
LEAST_WALL_PX = 4
LEAST_KERNEL_PX = 3
"""A solid wall is thicker than a line, and the square that separates them wider than one."""


@dataclass(frozen=True, slots=True)
class WallOptions:
    """Thresholds of the wall hypotheses."""

    thickest_wall: float = 0.034
    """Thickest stroke that may be a wall, share of the long side: 0.5 m on a sheet 15 m wide. Drawn."""
    peak_share: float = 0.03
    """Least share of the thick ink in one peak of the thickness spectrum. Tuned."""
    peak_ratio: float = 1.4
    """Peaks closer than this factor are one kind of wall. Drawn."""
    solid_strength: float = 0.12
    """Least strength of the strongest thick peak against thin lines for walls to count as solid. Tuned."""
    kernel_shares: tuple[float, float] = (0.6, 0.35)
    """Sides of the squares that walls hold and thinner strokes do not, shares of a peak's thickness.
    Tuned."""
    shortest_wall: float = 5.0
    """Shortest piece of wall that stands alone, in sides of that square: a column is shorter. Tuned."""
    double_line_gaps: tuple[float, ...] = (0.0065,)
    """Distances between the faces of walls drawn as two lines, shares of the long side: 160 mm on a sheet
    25 m wide. Tuned."""
    strip_radii: tuple[float, ...] = (0.008,)
    """White areas whose widest inscribed square has this half side, share of the long side, are the inside
    of walls. Tuned."""
    shortest_line: float = 0.02
    """Shortest straight stroke that counts as a single-line wall, share of the long side. Tuned."""
    line_vote: float = 0.5
    """What lines and other ink count for beside a wall hypothesis: they enclose furniture as well."""
    letter_extent: float = 0.02
    """Marks smaller than this share of the long side in both directions are letters and symbols. Tuned."""


@dataclass(frozen=True, slots=True)
class WallHypothesis:
    """Wall pixels by one rule and how thick they are.

    ``thickest_px`` is the page's thickest wall if thickness separates walls from other ink, else 0; ``vote``
    is what its finding a region counts for.
    """

    mask: Mask
    thickness_px: float
    thickest_px: int = 0
    vote: float = 1.0

    @property
    def solid(self) -> bool:
        """Whether thickness separates these walls from other ink."""
        return self.thickest_px > 0


def find_wall_hypotheses(ink: Mask, options: WallOptions) -> list[WallHypothesis]:
    """Wall hypotheses for ``ink``, those of solid walls first."""
    side = max(ink.shape)
    peaks = _thickness_peaks(_thickness_spectrum(ink), side, options)
    hypotheses = list(_solid(ink, peaks, side, options))
    marks = without_small_marks(ink, options.letter_extent * side)
    hypotheses += [_double_line(marks, round(gap * side), side, options) for gap in options.double_line_gaps]
    hypotheses += [_filled_strips(marks, radius * side, side, options) for radius in options.strip_radii]
    hypotheses += [_long_lines(ink, side, options), WallHypothesis(marks, LINE_PX, vote=options.line_vote)]
    return hypotheses


def _thickness_spectrum(ink: Mask) -> NDArray[np.float64]:
    """Ink by stroke thickness in pixels: ridge length times thickness, smoothed."""
    distance = np.asarray(cv2.distanceTransform(ink, cv2.DIST_C, 3), np.float32)
    ridge = (distance >= cv2.dilate(distance, np.ones((3, 3), np.uint8))) & (ink > 0)
    thickness = np.clip(2 * distance[ridge] - 1, 1, 254).astype(np.int64)
    area = np.bincount(thickness, minlength=256).astype(np.float64) * np.arange(256)
    return np.convolve(area, [0.5, 1.0, 0.5], "same")


def _thickness_peaks(spectrum: NDArray[np.float64], side: int, options: WallOptions) -> list[int]:
    """Thicknesses of solid walls, thinnest first; none where lines hardly differ."""
    thickest = max(THICKEST_LEAST_PX, int(options.thickest_wall * side))
    thick = spectrum[LEAST_WALL_PX : thickest + 1]
    if not len(thick) or thick.max() <= options.solid_strength * spectrum[1:LEAST_WALL_PX].max():
        return []
    peaks: list[int] = []
    for t in range(LEAST_WALL_PX, thickest):
        is_peak = spectrum[t - 1] <= spectrum[t] >= spectrum[t + 1]
        if not is_peak or spectrum[t] < options.peak_share * thick.sum():
            continue
        if peaks and t < options.peak_ratio * peaks[-1]:
            peaks[-1] = max(t, peaks[-1], key=lambda k: spectrum[k])
        else:
            peaks.append(t)
    return peaks or [LEAST_WALL_PX + int(thick.argmax())]


def _solid(ink: Mask, peaks: list[int], side: int, options: WallOptions) -> Iterator[WallHypothesis]:
    chosen = sorted({*peaks[:2], *peaks[-1:]})
    widest, narrowest = options.kernel_shares
    kernels = {max(2, round(widest * peak)): peak for peak in chosen}
    if chosen:
        kernels.setdefault(max(2, round(narrowest * chosen[0])), chosen[0])
    else:
        kernels[LEAST_KERNEL_PX] = LEAST_WALL_PX
    for kernel, peak in sorted(kernels.items()):
        mask = dilated(_thick_parts(ink, kernel, side, options), 3, 3) & ink
        yield WallHypothesis(mask, peak, chosen[-1] if chosen else 0)


def _double_line(ink: Mask, gap_px: int, side: int, options: WallOptions) -> WallHypothesis:
    gap_px = max(LEAST_WALL_PX, gap_px)
    kernel = max(LEAST_KERNEL_PX, int(options.kernel_shares[0] * gap_px))
    return WallHypothesis(_thick_parts(closed(ink, gap_px, gap_px), kernel, side, options), gap_px)


def _filled_strips(ink: Mask, radius_px: float, side: int, options: WallOptions) -> WallHypothesis:
    white = np.asarray(cv2.bitwise_not(ink), np.uint8)
    count, areas = cv2.connectedComponents(white, connectivity=4)
    is_strip = np.ones(count, bool)
    is_strip[areas[cv2.distanceTransform(white, cv2.DIST_C, 3) > max(2.0, radius_px)]] = False
    filled = np.where(is_strip[areas], 255, 0).astype(np.uint8) | ink
    peaks = _thickness_peaks(_thickness_spectrum(filled), side, options)
    thickness = peaks[-1] if peaks else max(LEAST_WALL_PX, int(2 * radius_px))
    kernel = max(LEAST_KERNEL_PX, round(options.kernel_shares[0] * thickness))
    return WallHypothesis(_thick_parts(filled, kernel, side, options), thickness)


def _long_lines(ink: Mask, side: int, options: WallOptions) -> WallHypothesis:
    length = max(LEAST_LINE_PX, int(options.shortest_line * side))
    lines = dilated(opened(ink, length, 1) | opened(ink, 1, length), 3, 3) & ink
    return WallHypothesis(without_small_marks(lines, LONE_LINE * length), LINE_PX, vote=options.line_vote)


def _thick_parts(mask: Mask, kernel: int, side: int, options: WallOptions) -> Mask:
    """What of ``mask`` holds a square of ``kernel`` pixels and is long enough for a piece of wall."""
    longest = max(options.shortest_wall * kernel, options.letter_extent * side)
    return without_small_marks(opened(mask, kernel, kernel), longest)
