"""Stage 14: of overlapping candidates, the ones that together are worth most."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preview.rooms.footprint import CELLS, Footprint
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring import Candidate


def select(
    candidates: Sequence[Candidate], footprints: Sequence[Footprint], options: DetectorOptions
) -> list[Candidate]:
    """Candidates that hardly overlap, smallest first; ``footprints`` are theirs.

    Goes from small to large; a candidate replaces those it overlaps if it is worth more than all of them.
    So a room with furniture in it wins over the furniture, and two rooms win over both as one. A small one
    that is likely enough stays in a much larger one: a closet in a bedroom.
    """
    owner = np.full((CELLS, CELLS), -1, np.int32)
    values = [_value(c, f, options) for c, f in zip(candidates, footprints, strict=True)]
    chosen: set[int] = set()
    for index in sorted(range(len(candidates)), key=lambda i: footprints[i].area):
        if values[index] <= 0:
            continue
        shared = _shared(footprints[index], owner, footprints, options)
        inlets = {i for i in shared if _is_inlet(candidates[i], footprints[i], footprints[index], options)}
        rivals = [rival for rival in shared if rival not in inlets]
        if values[index] <= sum(values[rival] for rival in rivals):
            continue
        for rival in rivals:
            window = footprints[rival].window(owner)
            window[window == rival] = -1
        chosen = chosen - set(rivals) | {index}
        window = footprints[index].window(owner)
        window[footprints[index].cells & ~np.isin(window, list(inlets))] = index
    return [candidates[index] for index in sorted(chosen, key=lambda i: footprints[i].area)]


def _value(candidate: Candidate, footprint: Footprint, options: DetectorOptions) -> float:
    return float((candidate.score - options.least_score) * footprint.area**options.area_exponent)


def _is_inlet(
    candidate: Candidate, footprint: Footprint, around: Footprint, options: DetectorOptions
) -> bool:
    return footprint.area <= options.inlet_area * around.area and candidate.score >= options.inlet_score


def _shared(
    footprint: Footprint, owner: NDArray[np.int32], footprints: Sequence[Footprint], options: DetectorOptions
) -> list[int]:
    owners, cells = np.unique(footprint.window(owner)[footprint.cells], return_counts=True)
    return [
        other
        for other, shared in zip(owners.tolist(), cells.tolist(), strict=True)
        if other >= 0 and shared > options.most_overlap * min(footprint.area, footprints[other].area)
    ]
