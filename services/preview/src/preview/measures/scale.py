"""The scale of a page, from what the caller gave, what rooms print, or a scale note."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, hypot, log

import numpy as np

from preview.domain.room import PAGE_SIDE, Point
from preview.measures.evidence import Evidence
from preview.measures.notes import note_for
from preview.measures.outlines import Ring, area
from preview.measures.regression import NEAR, Expectation, Fit, fit

_LEAST_CONFIDENCE = 0.4
"""Below it no scale is said: its areas would be wrong more often than right."""
_MOST_CONFIDENCE = 0.97
_OF_ONE_SIZE, _OF_ONE_AREA = 0.5, 0.3
"""Most that is said where only one room's print is at hand: nobody confirms it but a size's other side."""
_OF_TWO_AREAS = 0.75
_OF_AREAS, _BY_SHARE = 0.4, 0.6
_BY_SHARE_BARE = 1.2
"""Most that is said of areas alone, by the share of outlines that print one. Where many print none, outlines
are parts of rooms, all too small alike, and the scale too large; the more so where areas are bare, for then
every room has one."""
_OF_SQUARE_PAGE = 0.75
"""Most that is said of areas alone on an exactly square picture: only sizes tell whether it was squashed."""
_CONFIRMING = 0.7
"""Share of a source's confidence by which it takes doubt from one that it agrees with."""
_AGAINST = 0.5
"""Share of a source's confidence by which it lowers that of the one it disagrees with."""
_SUPPORTS = 2.0
"""Log likelihood from which a room's print supports a scale."""


class ScaleSource(StrEnum):
    """Where a scale comes from, the surest first."""

    GIVEN = "given"
    DIMENSIONS = "dimensions"
    AREAS = "areas"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Scale:
    """``metres_per_unit`` of page coordinates along x and y; ``text`` is what says so, the best of several.

    ``conflicts`` are the other sources that say something else.
    """

    metres_per_unit: tuple[float, float]
    source: ScaleSource
    text: str | None
    confidence: float
    conflicts: tuple[ScaleSource, ...] = ()


@dataclass(frozen=True, slots=True)
class PageSize:
    """Of the raster that page coordinates stand for; millimetres are those of a PDF's sheet, as seen."""

    width_px: int
    height_px: int
    width_mm: float | None = None
    height_mm: float | None = None

    @property
    def px_per_unit(self) -> tuple[float, float]:
        return self.width_px / PAGE_SIDE, self.height_px / PAGE_SIDE


@dataclass(frozen=True, slots=True)
class GivenLength:
    """Two points in page coordinates, and how many metres they are apart."""

    start: Point
    end: Point
    metres: float


@dataclass(frozen=True, slots=True)
class GivenRatio:
    """One to ``denominator`` on the sheet of a PDF."""

    denominator: float


def find_scale(
    evidence: Sequence[Evidence],
    notes: Sequence[str],
    page: PageSize,
    rings_px: Sequence[Ring],
    given: GivenLength | GivenRatio | None = None,
) -> Scale | None:
    """The surest scale that is known, with those sources that disagree; None if none is."""
    told = [_given(given, page), _printed(evidence, page, rings_px), _noted(notes, page)]
    sources = [scale for scale in told if scale and scale.confidence >= _LEAST_CONFIDENCE]
    if not sources:
        return None
    best = sources[0] if given else max(sources, key=lambda scale: scale.confidence)
    weighed = best
    for other in sources:
        if other is not best:
            weighed = _weighed(weighed, other)
    return weighed


def per_unit(metres_per_px: float, page: PageSize) -> tuple[float, float]:
    """The scale of an unstretched page."""
    x, y = page.px_per_unit
    return metres_per_px * x, metres_per_px * y


def _given(given: GivenLength | GivenRatio | None, page: PageSize) -> Scale | None:
    if isinstance(given, GivenLength):
        x, y = page.px_per_unit
        length_px = hypot((given.end[0] - given.start[0]) * x, (given.end[1] - given.start[1]) * y)
        return Scale(per_unit(given.metres / length_px, page), ScaleSource.GIVEN, None, 1.0)
    ratio = given and _by_ratio(given.denominator, page)
    return Scale(ratio, ScaleSource.GIVEN, f"1:{given.denominator:g}", 1.0) if given and ratio else None


def _by_ratio(denominator: float, page: PageSize) -> tuple[float, float] | None:
    if page.width_mm is None or page.height_mm is None:
        return None
    metres_per_mm = denominator / 1000
    return page.width_mm / PAGE_SIDE * metres_per_mm, page.height_mm / PAGE_SIDE * metres_per_mm


def _noted(notes: Sequence[str], page: PageSize) -> Scale | None:
    if page.width_mm is None or page.height_mm is None:
        return None
    note = note_for(notes, page.width_mm, page.height_mm)
    ratio = note and _by_ratio(note[0].ratio, page)
    return Scale(ratio, ScaleSource.NOTE, note[0].text, note[1]) if note and ratio else None


def _printed(evidence: Sequence[Evidence], page: PageSize, rings_px: Sequence[Ring]) -> Scale | None:
    if not evidence:
        return None
    square = page.width_px == page.height_px
    expected = Expectation.of([area(outline) for outline in rings_px], evidence, is_square=square)
    found = fit(evidence, expected)
    if not found:
        return None
    sizes = np.array([not each.is_area for each in evidence])
    gains = np.maximum(found.support, 0)
    by_sizes = bool(gains[sizes].sum() >= gains[~sizes].sum())
    source, other = ScaleSource.DIMENSIONS, ScaleSource.AREAS
    if not by_sizes:
        source, other = other, source
    telling = np.where(sizes == by_sizes, found.support, -np.inf)
    x, y = page.px_per_unit
    metres = exp(found.log_scale[0]) * x, exp(found.log_scale[1]) * y
    text = evidence[int(np.argmax(telling))].text
    scale = Scale(metres, source, text, _confidence(found, evidence, page, len(rings_px)))
    against = fit([each for each in evidence if each.is_area == by_sizes], expected)
    if against and against.confidence >= _LEAST_CONFIDENCE and not _same(found.log_scale, against.log_scale):
        return _lowered(scale, other, against.confidence)
    return scale


def _confidence(found: Fit, evidence: Sequence[Evidence], page: PageSize, outlines: int) -> float:
    supporting = [each for each, support in zip(evidence, found.support, strict=True) if support >= _SUPPORTS]
    rooms = {each.room for each in supporting}
    by_areas = all(each.is_area for each in supporting)
    limits = [found.confidence, _MOST_CONFIDENCE]
    if len(rooms) < 2:
        limits.append(_OF_ONE_AREA if by_areas else _OF_ONE_SIZE)
    if by_areas:
        share = len({each.room for each in evidence if each.is_area}) / outlines
        bare = sum(each.bare_m2 > 0 for each in supporting) > len(supporting) / 2
        limits.append(_BY_SHARE_BARE * share if bare else _OF_AREAS + _BY_SHARE * share)
        limits += [_OF_TWO_AREAS] if len(rooms) == 2 else []
        limits += [_OF_SQUARE_PAGE] if page.width_px == page.height_px else []
    return min(limits)


def _weighed(scale: Scale, other: Scale) -> Scale:
    """``scale`` with what ``other`` makes of its confidence."""
    logs = [(log(scale.metres_per_unit[axis]), log(other.metres_per_unit[axis])) for axis in (0, 1)]
    if not all(abs(one - another) <= NEAR for one, another in logs):
        return _lowered(scale, other.source, other.confidence)
    doubt = (1 - scale.confidence) * (1 - _CONFIRMING * other.confidence)
    return replace(scale, confidence=max(scale.confidence, min(_MOST_CONFIDENCE, 1 - doubt)))


def _lowered(scale: Scale, by: ScaleSource, confidence: float) -> Scale:
    return replace(
        scale,
        confidence=scale.confidence * (1 - _AGAINST * confidence),
        conflicts=(*scale.conflicts, by),
    )


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(sum(one) - sum(other)) / 2 <= NEAR
