"""Where lettering lies over other lettering, on a grid that stands for the page."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float64]
"""``(n, 4)``: x_min, y_min, x_max, y_max of letters, in pixels."""

_CELL_PX = 2
"""Side of a cell: a quarter of the least letter that can be read."""

_LARGEST_LETTER = 1 / 64
"""Share of the page from which a letter is none of a name: where it lies is not looked at, which bounds the
work for each letter."""

_TOUCHING = 0.25
"""Share of a text's letters that others cover, from which the two are apart. Kerned letters share less."""

_SAME_PLACE = 0.5
"""As above, from which only the upper one counts."""


_Places = list[tuple[slice, slice]]
"""The cells of each letter."""


class _Grid:
    """Cells of a page that are taken."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self._taken = np.zeros((shape[0] // _CELL_PX + 1, shape[1] // _CELL_PX + 1), np.bool_)

    def share_taken(self, places: _Places) -> float:
        cells = [self._taken[place] for place in places]
        return sum(map(np.count_nonzero, cells)) / max(1, sum(cell.size for cell in cells))

    def take(self, places: _Places) -> None:
        for place in places:
            self._taken[place] = True


def _places(texts: Sequence[Boxes], shape: tuple[int, ...]) -> list[_Places]:
    """For each text the cells of its letters that are not too large."""
    boxes = np.concatenate(texts)
    text_of = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    starts = np.maximum(np.round(boxes[:, :2] / _CELL_PX), 0).astype(int)
    ends = np.maximum(np.round(boxes[:, 2:] / _CELL_PX).astype(int), starts + 1)
    small = np.prod(ends - starts, axis=1) * _CELL_PX**2 <= shape[0] * shape[1] * _LARGEST_LETTER
    found: list[_Places] = [[] for _ in texts]
    corners = np.hstack([starts, ends])[small].tolist()
    for text, (left, top, right, bottom) in zip(text_of[small].tolist(), corners, strict=True):
        found[text].append((slice(top, bottom), slice(left, right)))
    return found


def non_overlapping_groups(texts: Sequence[Boxes], shape: tuple[int, ...], most: int) -> list[list[int]]:
    """Indices of ``texts`` in at most ``most`` sets, in each of which none covers another; the last takes
    those that would need more. ``shape`` is the page's, in pixels."""
    grids: list[_Grid] = []
    sets: list[list[int]] = []
    for index, places in enumerate(_places(texts, shape) if texts else []):
        free = next((n for n, grid in enumerate(grids) if grid.share_taken(places) <= _TOUCHING), len(grids))
        if free == len(grids) < most:
            grids.append(_Grid(shape))
            sets.append([])
        chosen = min(free, most - 1)
        grids[chosen].take(places)
        sets[chosen].append(index)
    return sets


def uncovered(texts: Sequence[Boxes], shape: tuple[int, ...]) -> list[int]:
    """Indices of the ``texts`` that none of those after them covers."""
    grid = _Grid(shape)
    kept = []
    for index, places in reversed(list(enumerate(_places(texts, shape) if texts else []))):
        if grid.share_taken(places) < _SAME_PLACE:
            grid.take(places)
            kept.append(index)
    return kept[::-1]
