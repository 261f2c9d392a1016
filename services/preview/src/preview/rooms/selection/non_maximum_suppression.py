"""Stage 14: of overlapping candidates, the ones that together are worth most."""

from collections.abc import Sequence

import numpy as np

from preview.rooms.geometry.coverage_mask import CELLS, Footprint
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring.region_scorer import Candidate


def select(
    candidates: Sequence[Candidate], footprints: Sequence[Footprint], options: DetectorOptions
) -> list[Candidate]:
    """Candidates that hardly overlap, smallest first; ``footprints`` are theirs.

    Goes from small to large; a candidate replaces those it overlaps if it is worth more than all of them.
    So a room with furniture in it wins over the furniture, and two rooms win over both as one. A small one
    that is likely enough stays in a much larger one: a closet in a bedroom. Goes again until nothing
    changes: what has replaced others may be replaced in turn, and leaves ground on which they fit.
    """
    ground = _Ground(candidates, footprints, options)
    smallest_first = sorted(range(len(candidates)), key=lambda index: footprints[index].area)
    changed = True
    while changed:  # ends, as every change raises what all are worth together
        changed = False
        for index in smallest_first:
            changed |= ground.take(index)
    return [candidates[index] for index in smallest_first if index in ground.chosen]


class _Ground:
    """The page, whose cells belong to the candidates chosen so far, named by their indices."""

    def __init__(
        self, candidates: Sequence[Candidate], footprints: Sequence[Footprint], options: DetectorOptions
    ) -> None:
        self.chosen: set[int] = set()
        self._owner = np.full((CELLS, CELLS), -1, np.int32)
        self._candidates = candidates
        self._footprints = footprints
        self._options = options

    def take(self, index: int) -> bool:
        """Choose a candidate instead of those it overlaps, if it is worth more; whether that was done."""
        if index in self.chosen or self._worth(index) <= 0:
            return False
        footprint = self._footprints[index]
        shared = self._sharing(index)
        rivals = {other for other in shared if not self._one_within_the_other(index, other)}
        if self._worth(index) <= sum(map(self._worth, rivals)):
            return False
        for rival in rivals:
            window = self._footprints[rival].window(self._owner)
            window[window == rival] = -1
        self.chosen = self.chosen - rivals | {index}
        within = [other for other in shared - rivals if self._footprints[other].area < footprint.area]
        window = footprint.window(self._owner)
        window[footprint.cells & ~np.isin(window, within)] = index
        return True

    def _worth(self, index: int) -> float:
        above = self._candidates[index].score - self._options.least_score
        return float(above * self._footprints[index].area ** self._options.area_exponent)

    def _sharing(self, index: int) -> set[int]:
        """Those chosen that overlap more than rooms may."""
        footprint = self._footprints[index]
        owners, cells = np.unique(footprint.window(self._owner)[footprint.cells], return_counts=True)
        return {
            other
            for other, shared in zip(owners.tolist(), cells.tolist(), strict=True)
            if other >= 0
            and shared > self._options.most_overlap * min(footprint.area, self._footprints[other].area)
        }

    def _one_within_the_other(self, index: int, other: int) -> bool:
        """Whether one is a likely room in a much larger one."""
        inner, around = sorted((index, other), key=lambda each: self._footprints[each].area)
        small = self._footprints[inner].area <= self._options.inlet_area * self._footprints[around].area
        return small and self._candidates[inner].score >= self._options.inlet_score
