"""Closes openings, doors and windows, at several sizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask, dilated, opened
from preview.rooms.walls.wall_hypotheses import WallHypothesis

Lengths = NDArray[np.uint16]
_Pixel = TypeVar("_Pixel", bound=np.integer)


@dataclass(frozen=True, slots=True)
class OpeningOptions:
    """Thresholds for gaps in walls."""

    gap_sizes: tuple[float, ...] = (0.02, 0.042, 0.07, 0.11)
    """Openings to bridge, shares of the long side: a door of 0.8 m in a building of 20 m is 0.04. Tuned."""
    longest_glazed: float = 0.25
    """Longest gap bridged because strokes span it, share of the long side: a row of windows, a garage
    door. Drawn."""
    longest_plain: float = 0.06
    """Longest gap at a wall's end that is bridged without such strokes: a front door in a thick wall.
    Drawn."""
    glazed_strokes: float = 0.8
    """Least share of such a gap along which there are strokes: dashed lines of garage doors. Drawn."""
    narrowest_glazed: float = 0.5
    """Narrowest such gap, in wall thicknesses: narrower ones begin at a notch, not at a wall's end. Drawn."""
    widest_glazed: float = 1.5
    """Widest such gap, in thicknesses of the thickest wall, which is also how far its strokes may lie from
    it. Drawn."""
    widest_bridge: float = 2.2
    """Widest bridge, in wall thicknesses: wider ones would fill rooms and corridors. Tuned."""


def close_openings(walls: WallHypothesis, drawing: Drawing, options: OpeningOptions) -> Iterator[Mask]:
    """The wall mask with gaps bridged along rows and columns, one mask per size in ``gap_sizes``.

    Only bridges about as wide as a wall is thick are kept: two long walls that face each other across a
    corridor are not joined. For solid walls a last mask bridges also the longer gaps at a wall's end that
    strokes span, as windows, sliding doors and garage doors do, in the thickest walls too.
    """
    rows, columns = _Runs.along_rows(walls.mask), _Runs.along_rows(_transposed(walls.mask))
    across, down = rows.gap_lengths(), _transposed(columns.gap_lengths())
    widest = _odd(int(options.widest_bridge * walls.thickness_px) + 2)
    closed_walls = walls.mask
    for share in options.gap_sizes:
        gap_px = max(4, int(share * drawing.long_side_px))
        bridges = _without_taller(_shorter(across, gap_px), widest)
        bridges |= _without_wider(_shorter(down, gap_px), widest)
        closed_walls = closed_walls | bridges
        yield closed_walls
    if walls.solid:
        strokes = _near(drawing.ink & ~walls.mask, walls.thickest_px)
        side = drawing.long_side_px
        glazed_across = _glazed(rows, columns, strokes, walls, side, options)
        glazed_down = _glazed(columns, rows, _transposed(strokes), walls, side, options)
        yield closed_walls | glazed_across | _transposed(glazed_down)


@dataclass(frozen=True, slots=True)
class _Runs:
    """Runs of equal pixels along the rows of a mask of walls, one after another over all its rows.

    ``lengths`` are in pixels; ``is_gap`` marks the blank runs that have a wall at either end.
    """

    shape: tuple[int, ...]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    is_wall: NDArray[np.bool_]
    is_gap: NDArray[np.bool_]

    @classmethod
    def along_rows(cls, mask: Mask) -> "_Runs":
        flat, width = mask.ravel(), mask.shape[1]
        breaks = flat[1:] != flat[:-1]
        breaks[width - 1 :: width] = True
        starts = np.concatenate([[0], np.flatnonzero(breaks) + 1])
        ends = np.append(starts[1:], flat.size)
        is_wall = flat[starts] > 0
        inside = (starts % width != 0) & (ends % width != 0)
        return cls(mask.shape, starts, ends - starts, is_wall, inside & ~is_wall)

    def drawn(self, values: NDArray[_Pixel]) -> NDArray[_Pixel]:
        """A raster of ``values``, one for each run."""
        return np.repeat(values, self.lengths).reshape(self.shape)

    def gap_lengths(self) -> Lengths:
        """At each pixel of a gap the gap's length, 0 elsewhere."""
        return self._lengths_where(self.is_gap)

    def wall_lengths(self) -> Lengths:
        """At each pixel of a wall the length of its run, 0 elsewhere."""
        return self._lengths_where(self.is_wall)

    def _lengths_where(self, chosen: NDArray[np.bool_]) -> Lengths:
        return self.drawn(np.where(chosen, self.lengths, 0).clip(0, 65535).astype(np.uint16))


def _glazed(
    along: _Runs,
    athwart: _Runs,
    strokes: Mask,
    walls: WallHypothesis,
    long_side_px: int,
    options: OpeningOptions,
) -> Mask:
    """Gaps at a wall's end, about as wide as the wall, that are short or have ``strokes`` along them."""
    widest_px = _odd(int(options.widest_glazed * walls.thickest_px) + 2)
    gaps = np.flatnonzero(along.is_gap & (along.lengths < int(options.longest_glazed * long_side_px)))
    starts, lengths = along.starts[gaps], along.lengths[gaps]
    ends = starts + lengths
    inked = np.concatenate([[0], np.cumsum(strokes.ravel() > 0, dtype=np.int32)])
    spanned = inked[ends] - inked[starts] >= options.glazed_strokes * lengths
    is_door = lengths < options.longest_plain * long_side_px
    thickness = _transposed(athwart.wall_lengths()).ravel()
    at_wall_end = np.minimum(thickness[starts - 1], thickness[ends]) <= widest_px
    kept = np.zeros(len(along.starts), np.uint8)
    kept[gaps[(spanned | is_door) & at_wall_end]] = 255
    bridges = _without_taller(along.drawn(kept), widest_px)
    return opened(bridges, 1, int(options.narrowest_glazed * walls.thickness_px))


def _odd(length_px: int) -> int:
    """An opening with an even side moves what it keeps by a pixel: of a wide gap a thin line would remain."""
    return length_px | 1


def _shorter(gap_lengths: Lengths, than_px: int) -> Mask:
    return np.asarray(cv2.inRange(gap_lengths, np.array(1), np.array(than_px - 1)), np.uint8)


def _near(strokes: Mask, reach_px: int) -> Mask:
    return dilated(strokes, 2 * reach_px + 1, 2 * reach_px + 1)


def _without_taller(gaps: Mask, than_px: int) -> Mask:
    return gaps - opened(gaps, 1, than_px)


def _without_wider(gaps: Mask, than_px: int) -> Mask:
    return gaps - opened(gaps, than_px, 1)


def _transposed(raster: NDArray[_Pixel]) -> NDArray[_Pixel]:
    return np.asarray(cv2.transpose(raster), raster.dtype)
