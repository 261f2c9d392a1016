"""How right a plan's scale is: each printed size held back in turn, and compared with what the others say."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from preview.domain.measures import area
from preview.domain.room import Point
from preview.domain.scale import PageSize, Scale
from preview.measures.evidence import Evidence
from preview.measures.outlines import ring
from preview.measures.page_reading import evidence_of, read_page
from preview.measures.printed import PrintedText, measures_by_room
from preview.measures.scale import find_scale

WRONG = 0.10
"""Error of a scale from which it is wrong."""
SURE = 0.8
"""Confidence above which a scale must not be wrong."""

Outlines = Sequence[Sequence[Point]]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """One printed size or area, and by how much the scale of all others misses it.

    ``error`` is the mean relative error of a size's two sides, or half that of an area: that of the scale.
    """

    error: float
    confidence: float
    is_area: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of one plan: its scale, what was held back, and its error by the annotated outlines where they tell."""

    scale: Scale | None
    prints: int
    held_back: tuple[HeldBack, ...]
    error_by_truth: float | None

    @property
    def error(self) -> float | None:
        """That by annotated outlines, else the median of what was held back; None where neither tells."""
        if self.error_by_truth is not None or not self.held_back:
            return self.error_by_truth
        return median(each.error for each in self.held_back)

    @property
    def is_wrong(self) -> bool:
        return self.scale is not None and self.error is not None and self.error > WRONG

    @property
    def is_surely_wrong(self) -> bool:
        return self.is_wrong and self.scale is not None and self.scale.confidence > SURE


def judge(
    outlines: Outlines, true_outlines: Outlines, texts: Sequence[PrintedText], page: PageSize
) -> Judgement:
    """``true_outlines`` are those annotated, without outlines that are boxes only."""
    scale = read_page(outlines, texts, page).scale
    rings_px = [ring(outline, page.px_per_unit) for outline in outlines]
    areas_px = [area(outline.tolist()) for outline in rings_px]
    evidence = evidence_of(rings_px, measures_by_room(outlines, texts))
    held_back = [
        HeldBack(_error(each, others, page), others.confidence, each.is_area)
        for each in evidence
        if (others := find_scale([x for x in evidence if x.room != each.room], (), page, areas_px))
    ]
    truth = read_page(true_outlines, texts, page).scale if true_outlines else None
    sure = truth if truth and truth.confidence > SURE and len(evidence) > 1 else None
    by_truth = _difference(scale, sure) if scale and sure else None
    return Judgement(scale, len(evidence), tuple(held_back), by_truth)


def _error(held: Evidence, scale: Scale, page: PageSize) -> float:
    x, y = page.px_per_unit
    logs = np.log([scale.metres_per_unit[0] / x, scale.metres_per_unit[1] / y])
    return float(np.abs(np.expm1(held.logs - logs)).mean(axis=1).min())


def _difference(scale: Scale, truth: Scale) -> float:
    pairs = zip(scale.metres_per_unit, truth.metres_per_unit, strict=True)
    return max(abs(said / true - 1) for said, true in pairs)
