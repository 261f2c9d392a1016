"""Non-maximum suppression: of overlapping candidates, the ones that together are worth most."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from preview.rooms.geometry.coverage_mask import CELLS, CoverageMask
from preview.rooms.scoring.region_scorer import Candidate


@dataclass(frozen=True, slots=True)
class SelectionOptions:
    """What a candidate is worth, and how far rooms may overlap."""

    least_score: float = 0.21
    """Score up to which a candidate is worth nothing. Tuned."""
    area_exponent: float = 0.55
    """A region stands for the areas inside it in proportion to area to this power: 1 would favour halls
    over the rooms around them, 0 cupboards over rooms. Tuned."""
    most_overlap: float = 0.2
    """Overlap that two rooms may have, share of the smaller. Tuned."""
    nested_area: float = 0.15
    """Largest area of a nested room, share of the one around it: a closet in a bedroom. Tuned."""
    nested_score: float = 0.28
    """Least score of a nested room. Tuned."""


def non_maximum_suppression(
    candidates: Sequence[Candidate], masks: Sequence[CoverageMask], options: SelectionOptions
) -> list[Candidate]:
    """Candidates that hardly overlap, smallest first; ``masks`` are theirs.

    Goes from small to large; a candidate replaces those it overlaps if it is worth more than all of them.
    So a room with furniture in it wins over the furniture, and two rooms win over both as one. A small one
    that is likely enough stays in a much larger one: a closet in a bedroom. Goes again until nothing
    changes: what has replaced others may be replaced in turn, and leaves ground on which they fit.
    """
    selection = _Selection(candidates, masks, options)
    smallest_first = sorted(range(len(candidates)), key=lambda index: masks[index].area)
    changed = True
    while changed:  # ends, as every change raises what all are worth together
        changed = False
        for index in smallest_first:
            changed |= selection.take(index)
    return [candidates[index] for index in smallest_first if index in selection.chosen]


class _Selection:
    """The page, whose cells belong to the candidates chosen so far, named by their indices."""

    def __init__(
        self, candidates: Sequence[Candidate], masks: Sequence[CoverageMask], options: SelectionOptions
    ) -> None:
        self.chosen: set[int] = set()
        self._owner = np.full((CELLS, CELLS), -1, np.int32)
        self._candidates = candidates
        self._masks = masks
        self._options = options

    def take(self, index: int) -> bool:
        """Choose a candidate instead of those it overlaps, if it is worth more; whether that was done."""
        if index in self.chosen or self._worth(index) <= 0:
            return False
        overlapping = self._overlapping(index)
        rivals = {other for other in overlapping if not self._is_nested(index, other)}
        if self._worth(index) <= sum(map(self._worth, rivals)):
            return False
        self._replace(rivals, index, kept=overlapping - rivals)
        return True

    def _replace(self, rivals: set[int], index: int, *, kept: set[int]) -> None:
        """Give the cells of ``rivals`` and of the candidate to it, but for those of smaller ones ``kept``."""
        for rival in rivals:
            window = self._masks[rival].window(self._owner)
            window[window == rival] = -1
        self.chosen = self.chosen - rivals | {index}
        mask = self._masks[index]
        nested = [other for other in kept if self._masks[other].area < mask.area]
        window = mask.window(self._owner)
        window[mask.cells & ~np.isin(window, nested)] = index

    def _worth(self, index: int) -> float:
        above = self._candidates[index].score - self._options.least_score
        return float(above * self._masks[index].area ** self._options.area_exponent)

    def _overlapping(self, index: int) -> set[int]:
        """Those chosen that overlap more than rooms may."""
        mask = self._masks[index]
        owners, cells = np.unique(mask.window(self._owner)[mask.cells], return_counts=True)
        return {
            other
            for other, shared in zip(owners.tolist(), cells.tolist(), strict=True)
            if other >= 0 and shared > self._options.most_overlap * min(mask.area, self._masks[other].area)
        }

    def _is_nested(self, index: int, other: int) -> bool:
        """Whether one is a likely room in a much larger one."""
        inner, around = sorted((index, other), key=lambda each: self._masks[each].area)
        small = self._masks[inner].area <= self._options.nested_area * self._masks[around].area
        return small and self._candidates[inner].score >= self._options.nested_score
