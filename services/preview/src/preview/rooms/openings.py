"""Stage 5: doors and windows closed, at several sizes."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.morphology import Mask, opened
from preview.rooms.options import DetectorOptions
from preview.rooms.walls import Walls


def close_openings(walls: Walls, building_px: float, options: DetectorOptions) -> Iterator[Mask]:
    """The wall mask with gaps bridged along rows and columns, one mask per size in ``gap_sizes``.

    Only bridges about as wide as a wall is thick are kept: two long walls that face each other across a
    corridor are not joined.
    """
    widest = int(options.bridge_width * walls.thickness_px) + 2
    across = _gap_lengths(walls.mask)
    down = _gap_lengths(_transposed(walls.mask))
    for share in options.gap_sizes:
        gap_px = max(4, int(share * building_px))
        yield walls.mask | _bridges(across, gap_px, widest) | _transposed(_bridges(down, gap_px, widest))


def _gap_lengths(mask: Mask) -> NDArray[np.uint16]:
    """At pixels between two walls of their row the walls' distance; 0 elsewhere. Rows begin and end blank."""
    width = mask.shape[1]
    flat = mask.ravel()
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    starts, ends = np.concatenate([[0], changes]), np.concatenate([changes, [flat.size]])
    lengths = ends - starts
    within_row = (starts % width != 0) & (starts // width == ends // width)
    gaps = np.where(within_row & (flat[starts] == 0), lengths, 0).astype(np.uint16)
    return np.repeat(gaps, lengths).reshape(mask.shape)


def _bridges(gaps: NDArray[np.uint16], gap_px: int, widest: int) -> Mask:
    short = np.asarray(cv2.inRange(gaps, np.array(1), np.array(gap_px - 1)), np.uint8)
    return np.asarray(short & ~opened(short, 1, widest), np.uint8)


def _transposed(mask: Mask) -> Mask:
    return np.asarray(cv2.transpose(mask), np.uint8)
