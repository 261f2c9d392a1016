"""Which of the sizes and areas printed in a room is the room's."""

from collections.abc import Sequence
from math import log

from preview.domain.scale import Scale, ScaleSource
from preview.measures.areas import PrintedArea
from preview.measures.sizes import PrintedSize, SizeKind

_SAME_AREA = 0.25
"""Largest difference, of the measured area, of a number that is its area: others are lengths, or of parts."""
_SAME_SIZE = 0.15
"""Largest log of a side by that measured of one of several sizes that is the room's: others are of parts."""
_SAME_TWICE = 0.04
"""Largest log of a side in metres by the same in feet: both are rounded."""
_SURE = 0.6
"""Confidence of a scale from which it tells areas of rooms from others."""
_OF_A_FLOOR = 1.8
"""By the measured area, from which a printed one is that of a whole floor."""


def printed_size(
    sizes: Sequence[PrintedSize], extent_m: tuple[float, float] | None
) -> tuple[float, float] | None:
    """The size that a room prints: of several readings the one closest to the extent of its outline."""
    if not sizes:
        return None
    if extent_m is None:
        best = sizes[0].sides_m[0]
        return _in_metres(best, sizes) if all(_near(best, size) for size in sizes) else None
    best = min((sides for size in sizes for sides in size.sides_m), key=lambda sides: _off(sides, extent_m))
    one_text = all(_near(best, size) for size in sizes)
    return _in_metres(best, sizes) if one_text or _off(best, extent_m) <= _SAME_SIZE else None


def _off(sides: Sequence[float], others: Sequence[float]) -> float:
    """The larger difference of two sizes' sides, as a logarithm, whichever way round they are."""
    return max(abs(log(a / b)) for a, b in zip(sorted(sides), sorted(others), strict=True))


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


def printed_area(
    areas: Sequence[PrintedArea], measured_m2: float | None, scale: Scale | None
) -> float | None:
    """The area that a room prints; bare numbers only where the page is known to print areas so."""
    with_unit = [each.areas_m2 for each in areas if not each.bare]
    bare = [each.areas_m2[0] for each in areas if each.bare]
    if measured_m2 is None or scale is None:
        return _alike(with_unit)
    if scale.confidence >= _SURE:
        with_unit = [readings for readings in with_unit if min(readings) <= _OF_A_FLOOR * measured_m2]
    if (area := _alike(with_unit)) is not None and all(len(readings) == 1 for readings in with_unit):
        return area
    if not with_unit and len(bare) == 1 and scale.source is ScaleSource.AREAS and scale.confidence >= _SURE:
        return bare[0]
    every = [area for readings in with_unit for area in readings] or bare
    best = min(every, key=lambda each: abs(each - measured_m2), default=None)
    return round(best, 2) if best and abs(best - measured_m2) <= _SAME_AREA * measured_m2 else None


def _alike(with_unit: Sequence[tuple[float, ...]]) -> float | None:
    """The first of areas that are one, in square metres and in square feet."""
    firsts = [readings[0] for readings in with_unit]
    same = bool(firsts) and max(firsts) <= (1 + _SAME_TWICE) * min(firsts)
    return round(firsts[0], 2) if same else None
