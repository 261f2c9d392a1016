"""Overprint: words that lie under many others cannot be read and are left out."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Word

_CELLS = 500
"""Cells along each side of the page, as in `coverage_mask`: narrower than a word."""

MOST_OVER_ONE_ANOTHER = 16
"""Words over one place. Letters are painted twice for bold, and two readers may read them; more than 4 were
not seen. Bounds the pairs of words that lie near each other, whatever their number."""


def without_overprint(words: Sequence[Word]) -> list[Word]:
    """``words`` without those that lie where more than `MOST_OVER_ONE_ANOTHER` lie over one another."""
    if len(words) <= MOST_OVER_ONE_ANOTHER:
        return list(words)
    corners = np.array([word.box for word in words], np.float64) * (_CELLS / PAGE_SIDE)
    left, top, right, bottom = corners.clip(0, _CELLS - 1).astype(np.int64).T
    most_over_one_cell = min(_most_over_one_another(left, right + 1), _most_over_one_another(top, bottom + 1))
    if most_over_one_cell <= MOST_OVER_ONE_ANOTHER:
        return list(words)
    is_overprinted = _depth(left, top, right + 1, bottom + 1) > MOST_OVER_ONE_ANOTHER
    if not is_overprinted.any():
        return list(words)
    sums = np.pad(is_overprinted, ((1, 0), (1, 0))).astype(np.int64).cumsum(axis=0).cumsum(axis=1)
    right, bottom = right + 1, bottom + 1
    cells_overprinted = sums[bottom, right] - sums[bottom, left] - sums[top, right] + sums[top, left]
    return [word for word, cells in zip(words, cells_overprinted.tolist(), strict=True) if cells == 0]


def _most_over_one_another(start: NDArray[np.int64], end: NDArray[np.int64]) -> int:
    """Along one side of the page; no cell has more boxes over it. Spares most pages the look at each cell."""
    change = np.bincount(start, minlength=_CELLS + 1) - np.bincount(end, minlength=_CELLS + 1)
    return int(change.cumsum().max())


def _depth(
    left: NDArray[np.int64], top: NDArray[np.int64], right: NDArray[np.int64], bottom: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many boxes lie over each cell; ``right`` and ``bottom`` are the first cells outside."""
    change = np.zeros((_CELLS + 1, _CELLS + 1), np.int64)
    for rows, columns, by in ((top, left, 1), (top, right, -1), (bottom, left, -1), (bottom, right, 1)):
        np.add.at(change, (rows, columns), by)
    return np.asarray(change.cumsum(axis=0).cumsum(axis=1)[:-1, :-1], np.int64)
