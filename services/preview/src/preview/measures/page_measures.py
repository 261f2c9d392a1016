"""The measures of a page's rooms: the last step, which reads as the list of the others."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from preview.domain.room import Point
from preview.measures.areas import PrintedArea
from preview.measures.evidence import Evidence, area_evidence, size_evidence
from preview.measures.outlines import Ring, area, perimeter, ring, smallest_rectangle
from preview.measures.printed import PrintedText, RoomPrints, prints_by_room
from preview.measures.scale import GivenLength, GivenRatio, PageSize, Scale, ScaleSource, find_scale
from preview.measures.sizes import PrintedSize, SizeKind

_SAME_AREA = 0.25
"""Largest difference, of the measured area, of a number that is its area: others are lengths, or of parts."""
_SAME_SIZE = 0.15
"""Largest log of a side by that measured of one of several sizes that is the room's: others are of parts."""
_SAME_TWICE = 0.04
"""Largest log of a side in metres by the same in feet: both are rounded."""
_AREAS_ARE_BARE = 0.6
"""Confidence of a scale by areas from which a lone number in a room is its area."""


@dataclass(frozen=True, slots=True)
class RoomMeasures:
    """Of one room: what its outline measures where there is a scale, and what the plan prints in it.

    ``width_m`` and ``length_m`` are the shorter and the longer side of the smallest rectangle around the
    outline; ``printed_size_m`` are sides in the order printed.
    """

    area_m2: float | None = None
    perimeter_m: float | None = None
    width_m: float | None = None
    length_m: float | None = None
    printed_area_m2: float | None = None
    printed_size_m: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """The scale of a page, None where none is known, and the measures of its rooms in their order."""

    scale: Scale | None
    rooms: tuple[RoomMeasures, ...]


def measure_page(
    outlines: Sequence[Sequence[Point]],
    texts: Sequence[PrintedText],
    page: PageSize,
    given: GivenLength | GivenRatio | None = None,
) -> PageMeasures:
    """The scale of a page, and the measures of rooms on it.

    Parameters
    ----------
    outlines
        Rings of rooms in page coordinates.
    texts
        What the page prints of sizes, areas and its scale.
    page
        Its size in pixels, and for a PDF in millimetres.
    given
        What the caller says of the scale.
    """
    rings_px = [ring(outline, page.px_per_unit) for outline in outlines]
    prints = prints_by_room(outlines, texts)
    evidence = evidence_of(rings_px, prints)
    notes = [text.text for text in texts]
    scale = find_scale(evidence, notes, page, rings_px, given)
    measures = (_measured(outline, each, scale) for outline, each in zip(outlines, prints, strict=True))
    return PageMeasures(scale, tuple(measures))


def evidence_of(rings_px: Sequence[Ring], prints: Sequence[RoomPrints]) -> list[Evidence]:
    """What all rooms say of the scale, by their rings in pixels."""
    pieces = (
        (size_evidence(room, outline, each.sizes), area_evidence(room, outline, each.areas))
        for room, (outline, each) in enumerate(zip(rings_px, prints, strict=True))
    )
    return [piece for of_room in pieces for piece in of_room if piece]


def _measured(outline: Sequence[Point], prints: RoomPrints, scale: Scale | None) -> RoomMeasures:
    if scale is None:
        return RoomMeasures(
            printed_area_m2=_printed_area(prints.areas, None, None),
            printed_size_m=_printed_size(prints.sizes, None),
        )
    in_metres = ring(outline, scale.metres_per_unit)
    area_m2, (width_m, length_m) = area(in_metres), smallest_rectangle(in_metres)
    return RoomMeasures(
        area_m2=round(area_m2, 2),
        perimeter_m=round(perimeter(in_metres), 2),
        width_m=round(width_m, 2),
        length_m=round(length_m, 2),
        printed_area_m2=_printed_area(prints.areas, area_m2, scale),
        printed_size_m=_printed_size(prints.sizes, in_metres),
    )


def _printed_size(sizes: Sequence[PrintedSize], in_metres: Ring | None) -> tuple[float, float] | None:
    """The size that a room prints: of several readings the one closest to its outline."""
    if not sizes:
        return None
    if in_metres is None:
        best = sizes[0].sides_m[0]
        return _in_metres(best, sizes) if all(_near(best, size) for size in sizes) else None
    measured = sorted(float(side) for side in np.ptp(in_metres, axis=0))
    best = min((sides for size in sizes for sides in size.sides_m), key=lambda sides: _off(sides, measured))
    one_text = all(_near(best, size) for size in sizes)
    return _in_metres(best, sizes) if one_text or _off(best, measured) <= _SAME_SIZE else None


def _off(sides: Sequence[float], others: Sequence[float]) -> float:
    """The larger difference of two sizes' sides, as a logarithm, whichever way round they are."""
    return max(abs(float(np.log(a / b))) for a, b in zip(sorted(sides), sorted(others), strict=True))


def _near(sides: tuple[float, float], size: PrintedSize) -> bool:
    return any(_off(sides, other) <= _SAME_TWICE for other in size.sides_m)


def _in_metres(sides: tuple[float, float], sizes: Sequence[PrintedSize]) -> tuple[float, float]:
    """``sides`` as a text in metres gives them, if one says the same."""
    metric = (
        other
        for size in sizes
        if size.kind is SizeKind.METRIC
        for other in size.sides_m
        if _off(sides, other) <= _SAME_TWICE
    )
    a, b = next(metric, sides)
    return round(a, 2), round(b, 2)


def _printed_area(
    areas: Sequence[PrintedArea], measured_m2: float | None, scale: Scale | None
) -> float | None:
    """The area that a room prints; bare numbers only where the page is known to print areas so."""
    told = [each.areas_m2 for each in areas if not each.bare]
    firsts = [readings[0] for readings in told]
    if told and max(firsts) <= (1 + _SAME_TWICE) * min(firsts) and (len(told) > 1 or len(told[0]) == 1):
        return round(firsts[0], 2)
    if measured_m2 is None or scale is None:
        return round(firsts[0], 2) if len(firsts) == 1 else None
    if not told and len(areas) == 1 and _prints_bare_areas(scale):
        return areas[0].areas_m2[0]
    every = [area for readings in told or [each.areas_m2 for each in areas] for area in readings]
    best = min(every, key=lambda each: abs(each - measured_m2), default=None)
    return round(best, 2) if best and abs(best - measured_m2) <= _SAME_AREA * measured_m2 else None


def _prints_bare_areas(scale: Scale) -> bool:
    return scale.source is ScaleSource.AREAS and scale.confidence >= _AREAS_ARE_BARE
