"""The scale that a page tells by itself: by what its rooms print, or by a scale note."""

from collections.abc import Sequence
from dataclasses import replace
from math import exp

import numpy as np

from preview.domain.scale import MOST_CONFIDENCE, SAME_SCALE, PageSize, Scale, ScaleSource
from preview.measures.evidence import Evidence
from preview.measures.notes import note_for
from preview.measures.regression import Expectation, Fit, fit

_CALIBRATION = ((0.4, 0.5, 0.75, 0.9, 0.97), (0.25, 0.35, 0.6, 0.9, 0.97))
"""Probability by the regression, and how often scales said with it were within 10 % (half 0 of the plans)."""
_LEAST_CONFIDENCE = 0.3
"""Below it no scale is said: its areas would be wrong more often than right."""
_OF_ONE_SIZE, _OF_ONE_AREA = 0.5, 0.3
"""Most that is said where only one room's print is at hand: nobody confirms it but a size's other side."""
_OF_TWO_AREAS, _OF_A_MINORITY = 0.75, 0.75
"""Most that is said of two areas alone, and where no more than half of the rooms that print an area agree."""
_OF_AREAS, _BY_SHARE = 0.4, 0.6
_BY_SHARE_BARE = 1.2
"""Most that is said of areas alone, by the share of outlines that print one. Where many print none, outlines
are parts of rooms, all too small alike, and the scale too large; the more so where areas are bare, for then
every room has one."""
_OF_SQUARE_PAGE = 0.75
"""Most that is said of areas alone on an exactly square picture: only sizes tell whether it was squashed."""
_CONTRADICTS = 0.4
"""Probability from which areas or sizes alone contradict what all say together."""
_SUPPORTS = 2.0
"""Log likelihood from which a room's print supports a scale."""


def find_scale(
    evidence: Sequence[Evidence], notes: Sequence[str], page: PageSize, areas_px: Sequence[float]
) -> Scale | None:
    """The surest scale that is told, with those sources that disagree; None if none is.

    Parameters
    ----------
    evidence
        What the rooms print.
    notes
        Texts that may be scale notes.
    page
        Its size in pixels, and for a PDF in millimetres.
    areas_px
        Of all outlines on the page, whether they print anything or not.
    """
    told = [_printed(evidence, page, areas_px), _noted(notes, page)]
    sources = [scale for scale in told if scale and scale.confidence >= _LEAST_CONFIDENCE]
    if not sources:
        return None
    best = max(sources, key=lambda scale: scale.confidence)
    weighed = best.compared_with(scale for scale in sources if scale is not best)
    x, y = weighed.metres_per_unit
    return replace(
        weighed, metres_per_unit=(round(x, 6), round(y, 6)), confidence=round(weighed.confidence, 2)
    )


def _noted(notes: Sequence[str], page: PageSize) -> Scale | None:
    if page.width_mm is None or page.height_mm is None:
        return None
    note = note_for(notes, page.width_mm, page.height_mm)
    metres = note and page.metres_per_unit_at(note[0].ratio)
    return Scale(metres, ScaleSource.NOTE, note[0].text, note[1]) if note and metres else None


def _printed(evidence: Sequence[Evidence], page: PageSize, areas_px: Sequence[float]) -> Scale | None:
    if not evidence:
        return None
    square = page.width_px == page.height_px
    expected = Expectation.of(areas_px, evidence, is_square=square)
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
    scale = Scale(metres, source, text, _confidence(found, evidence, page, len(areas_px)))
    against = fit([each for each in evidence if each.is_area == by_sizes], expected)
    if against and against.confidence >= _CONTRADICTS and not _same(found.log_scale, against.log_scale):
        return scale.contradicted_by(other, against.confidence)
    return scale


def _confidence(found: Fit, evidence: Sequence[Evidence], page: PageSize, outlines: int) -> float:
    supporting = [each for each, support in zip(evidence, found.support, strict=True) if support >= _SUPPORTS]
    rooms = {each.room for each in supporting}
    by_areas = all(each.is_area for each in supporting)
    limits = [found.confidence, MOST_CONFIDENCE]
    if len(rooms) < 2:
        limits.append(_OF_ONE_AREA if by_areas else _OF_ONE_SIZE)
    if by_areas:
        printing = {each.room for each in evidence if each.is_area}
        share = len(printing) / outlines
        bare = sum(each.bare_m2 > 0 for each in supporting) > len(supporting) / 2
        limits.append(_BY_SHARE_BARE * share if bare else _OF_AREAS + _BY_SHARE * share)
        limits += [_OF_TWO_AREAS] if len(rooms) == 2 else []
        limits += [_OF_A_MINORITY] if len(rooms) <= len(printing) / 2 else []
        limits += [_OF_SQUARE_PAGE] if page.width_px == page.height_px else []
    return float(np.interp(min(limits), *_CALIBRATION))


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return abs(sum(one) - sum(other)) / 2 <= SAME_SCALE
