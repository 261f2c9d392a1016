"""What each room says of the scale: its printed sizes and areas by the rectangles around its outline."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from preview.domain.measures import area
from preview.measures.areas import PrintedArea
from preview.measures.outlines import Rectangle, Ring, rectangles
from preview.measures.sizes import PrintedSize

Floats = NDArray[np.float64]
_T = TypeVar("_T")

_LIKELIEST = 0.75
"""Share of the likeliest reading of a text, and of the upright rectangle; the others have the rest."""
_TOGETHER = 0.5
"""Share of the sum where several areas are printed in one outline: an open plan names its parts."""

SIZE_HOLDS, AREA_HOLDS, BARE_AREA_HOLDS = 0.75, 0.75, 0.55
"""How often a printed size, an area and a bare number tell of the very outline around it, on agents' plans,
listings and inventories: else it is misread, or of a part or a neighbour."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of one room: ``logs`` ``(n, 2)`` of metres per pixel along x and y by reading, each with its share.

    ``holds`` is how often such evidence is right. Of an area both columns are equal; ``bare_m2`` is one that
    has no unit.
    """

    room: int
    text: str
    logs: Floats
    shares: Floats
    holds: float
    is_area: bool = False
    bare_m2: float = 0.0


def size_evidence(room: int, outline_px: Ring, sizes: Sequence[PrintedSize]) -> Evidence | None:
    """What the printed sizes of a room say, whichever way round they are; None without any."""
    rows = list(_by_sizes(rectangles(outline_px), sizes))
    return _evidence(room, sizes[0].text, rows, SIZE_HOLDS, is_area=False) if rows else None


def area_evidence(room: int, outline_px: Ring, areas: Sequence[PrintedArea]) -> Evidence | None:
    """What the printed areas of a room say; None without any."""
    if not areas:
        return None
    is_bare = all(each.bare for each in areas)
    rows = list(_by_areas(area(outline_px.tolist()), areas))
    text = next((each.text for each in areas if each.bare is is_bare), "")
    evidence = _evidence(room, text, rows, BARE_AREA_HOLDS if is_bare else AREA_HOLDS, is_area=True)
    bare_m2 = max(each.areas_m2[0] for each in areas) if is_bare else 0.0
    return replace(evidence, bare_m2=bare_m2)


def _evidence(
    room: int, text: str, rows: list[tuple[float, float, float]], holds: float, *, is_area: bool
) -> Evidence:
    table = np.array(rows, np.float64)
    return Evidence(room, text, np.log(table[:, :2]), table[:, 2] / table[:, 2].sum(), holds, is_area)


def _by_sizes(
    around: Sequence[Rectangle], sizes: Sequence[PrintedSize]
) -> Iterator[tuple[float, float, float]]:
    for rectangle, closeness in _ranked(around):
        for size in sizes:
            for (a, b), likelihood in _ranked(size.sides_m):
                share = closeness * likelihood / len(sizes)
                yield a / rectangle.along_x, b / rectangle.along_y, share / 2
                yield b / rectangle.along_x, a / rectangle.along_y, share / 2


def _ranked(choices: Sequence[_T]) -> Iterator[tuple[_T, float]]:
    for rank, choice in enumerate(choices):
        others = len(choices) - 1
        yield choice, (1 - _LIKELIEST) / others if rank else (_LIKELIEST if others else 1.0)


def _by_areas(area_px: float, areas: Sequence[PrintedArea]) -> Iterator[tuple[float, float, float]]:
    alone = 1 - _TOGETHER if len(areas) > 1 else 1.0
    for each in areas:
        for area_m2, likelihood in _ranked(each.areas_m2):
            side = float(np.sqrt(area_m2 / area_px))
            yield side, side, likelihood * alone / len(areas)
    for is_bare in (True, False):
        parts_m2 = [each.areas_m2[0] for each in areas if each.bare is is_bare]
        if len(parts_m2) > 1:
            side = float(np.sqrt(sum(parts_m2) / area_px))
            yield side, side, _TOGETHER
