"""Stage 5: doors and windows closed, at several sizes."""

from collections.abc import Iterator

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
    down = _gap_lengths(walls.mask.T).T
    for share in options.gap_sizes:
        gap_px = max(4, int(share * building_px))
        bridges = _thin(across, gap_px, 1, widest) | _thin(down, gap_px, widest, 1)
        yield walls.mask | bridges


def _gap_lengths(mask: Mask) -> NDArray[np.int32]:
    """Length of the gap between walls along each row, at every pixel of the gap; 0 in walls and at the ends."""
    width = mask.shape[1]
    columns = np.arange(width, dtype=np.int32)
    before = np.maximum.accumulate(np.where(mask > 0, columns, -1).astype(np.int32), axis=1)
    after = np.where(mask > 0, columns, 2 * width).astype(np.int32)
    after = np.minimum.accumulate(after[:, ::-1], axis=1)[:, ::-1]
    gaps = after - before - 1
    gaps[(mask > 0) | (before < 0) | (after >= 2 * width)] = 0
    return np.asarray(gaps, np.int32)


def _thin(gaps: NDArray[np.int32], gap_px: int, widest_x: int, widest_y: int) -> Mask:
    bridges = np.where((gaps > 0) & (gaps < gap_px), 255, 0).astype(np.uint8)
    return np.asarray(bridges & ~opened(bridges, widest_x, widest_y), np.uint8)
