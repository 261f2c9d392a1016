"""Stage 5: doors and windows closed, at several sizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.drawing import Drawing
from preview.rooms.morphology import Mask, dilated, opened
from preview.rooms.options import DetectorOptions
from preview.rooms.walls import Walls

Lengths = NDArray[np.uint16]
_Pixel = TypeVar("_Pixel", bound=np.integer)


def close_openings(walls: Walls, drawing: Drawing, options: DetectorOptions) -> Iterator[Mask]:
    """The wall mask with gaps bridged along rows and columns, one mask per size in ``gap_sizes``.

    Only bridges about as wide as a wall is thick are kept: two long walls that face each other across a
    corridor are not joined. For solid walls a last mask bridges also the longer gaps at a wall's end that
    strokes span, as windows, sliding doors and garage doors do, in the thickest walls too.
    """
    rows = _Openings.along_rows(walls.mask)
    columns = _Openings.along_rows(_transposed(walls.mask))
    widest = int(options.bridge_width * walls.thickness_px) + 2
    closed_walls = walls.mask
    for share in options.gap_sizes:
        gap_px = max(4, int(share * drawing.long_side_px))
        bridges = rows.bridges(gap_px, widest) | _transposed(columns.bridges(gap_px, widest))
        closed_walls = closed_walls | bridges
        yield closed_walls
    if walls.solid:
        strokes = _near(drawing.ink & ~walls.mask, walls.thickest_px)
        side = drawing.long_side_px
        across = rows.glazed(strokes, walls, side, options)
        down = columns.glazed(_transposed(strokes), walls, side, options)
        yield closed_walls | across | _transposed(down)


@dataclass(frozen=True, slots=True)
class _Openings:
    """Gaps along the rows of ``walls``; ``along`` and ``athwart`` are the lengths of runs through a pixel."""

    walls: Mask
    along: Lengths
    athwart: Lengths

    @classmethod
    def along_rows(cls, walls: Mask) -> "_Openings":
        return cls(walls, _run_lengths(walls), _transposed(_run_lengths(_transposed(walls))))

    def bridges(self, gap_px: int, widest_px: int) -> Mask:
        """Gaps shorter than ``gap_px``, where they are at most ``widest_px`` wide."""
        return _narrow(self._gaps(gap_px), widest_px)

    def glazed(self, strokes: Mask, walls: Walls, long_side_px: int, options: DetectorOptions) -> Mask:
        """Gaps at a wall's end, about as wide as the wall, that are short or have ``strokes`` along them."""
        widest_px = int(options.glazed_width * walls.thickest_px) + 2
        gaps = self._gaps(int(options.glazed_gap * long_side_px)).ravel()
        starts, ends = _runs(gaps)
        inside = gaps[starts] > 0
        starts, ends = starts[inside], ends[inside]
        inked = np.concatenate([[0], np.cumsum(strokes.ravel() > 0, dtype=np.int32)])
        spanned = inked[ends] - inked[starts] >= options.glazed_share * (ends - starts)
        is_door = ends - starts < options.plain_gap * long_side_px
        thickness = self.athwart.ravel()
        at_wall_end = np.minimum(thickness[starts - 1], thickness[ends]) <= widest_px
        kept = (spanned | is_door) & at_wall_end
        bridges = _narrow(_drawn_runs(starts[kept], ends[kept], self.walls.shape), widest_px)
        return opened(bridges, 1, int(options.least_glazed_width * walls.thickness_px))

    def _gaps(self, gap_px: int) -> Mask:
        short = np.asarray(cv2.inRange(self.along, np.array(1), np.array(gap_px - 1)), np.uint8)
        return np.asarray(short & ~self.walls, np.uint8)


def _near(strokes: Mask, reach_px: int) -> Mask:
    return dilated(strokes, 2 * reach_px + 1, 2 * reach_px + 1)


def _narrow(gaps: Mask, widest_px: int) -> Mask:
    return np.asarray(gaps & ~opened(gaps, 1, widest_px), np.uint8)


def _run_lengths(mask: Mask) -> Lengths:
    """At each pixel the length of its row's run of equal pixels; 0 where that run is blank and at an end."""
    width = mask.shape[1]
    flat = mask.ravel()
    starts, ends = _runs(flat)
    lengths = ends - starts
    between_walls = (starts % width != 0) & (starts // width == ends // width)
    known = np.where(between_walls | (flat[starts] > 0), lengths, 0).clip(0, 65535).astype(np.uint16)
    return np.repeat(known, lengths).reshape(mask.shape)


def _runs(flat: Mask) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where runs of equal pixels of a flat mask start and end."""
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    return np.concatenate([[0], changes]), np.concatenate([changes, [flat.size]])


def _drawn_runs(starts: NDArray[np.int64], ends: NDArray[np.int64], shape: tuple[int, ...]) -> Mask:
    steps = np.zeros(shape[0] * shape[1], np.int8)
    steps[starts] = 1
    steps[ends] = -1
    return (np.cumsum(steps, dtype=np.int8).reshape(shape) * np.uint8(255)).astype(np.uint8)


def _transposed(raster: NDArray[_Pixel]) -> NDArray[_Pixel]:
    return np.asarray(cv2.transpose(raster), raster.dtype)
