"""Stage 9: how likely a region is to be a room, from its evidence and from the labels inside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from preview.rooms.footprint import Footprint
from preview.rooms.labels import Label, TextKind
from preview.rooms.options import DetectorOptions
from preview.rooms.region import Region


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region, the labels whose anchors lie in it, and its score: the higher, the likelier it is a room."""

    region: Region
    labels: tuple[Label, ...]
    score: float


def score_candidates(
    regions: Sequence[Region],
    footprints: Sequence[Footprint],
    labels: Sequence[Label],
    options: DetectorOptions,
) -> list[Candidate]:
    """A candidate for each of ``regions``, in their order."""
    ample = _ample_breadth(regions, options)
    page_is_named = sum(label.kind is TextKind.ROOM for label in labels) >= options.named_page
    candidates = []
    for region, footprint in zip(regions, footprints, strict=True):
        inside = tuple(label for label in labels if footprint.covers(label.anchor))
        total = score(region, inside, ample, options)
        if page_is_named and not any(label.kind in (TextKind.ROOM, TextKind.NUMBER) for label in inside):
            total -= options.unnamed_penalty
        candidates.append(Candidate(region, inside, total))
    return candidates


def score(region: Region, labels: Sequence[Label], ample_breadth: float, options: DetectorOptions) -> float:
    """Score of ``region`` with ``labels`` inside: a sum of evidence, in no unit; 0 is nothing, 6 is sure."""
    return _pixel_score(region, ample_breadth, options) + _label_score(
        [label.kind for label in labels], options
    )


def _ample_breadth(regions: Sequence[Region], options: DetectorOptions) -> float:
    """Breadth from which a region of this page is as wide as a room: between the page's own and the usual."""
    likely = [
        r
        for r in regions
        if r.agreement >= options.likely_agreement and r.wall_support >= options.likely_support
    ]
    likely = sorted(likely or regions, key=lambda region: region.breadth)
    if not likely:
        return options.ample_breadth
    weights = np.cumsum([region.area**0.5 for region in likely])
    typical = likely[int(np.searchsorted(weights, weights[-1] / 2))].breadth
    return float(typical**options.adapt * options.ample_breadth ** (1 - options.adapt))


def _pixel_score(region: Region, ample_breadth: float, options: DetectorOptions) -> float:
    return (
        options.breadth_weight * min(1.0, region.breadth / ample_breadth)
        + options.corner_weight * min(1.0, len(region.polygon) / options.many_corners)
        + options.agreement_weight * region.agreement
        + options.wall_weight * region.wall_support
        + options.ink_weight * region.ink_support
        + options.squareness_weight * min(1.0, region.squareness / options.ample_squareness)
        + options.compactness_weight * region.compactness
    )


def _label_score(kinds: Sequence[TextKind], options: DetectorOptions) -> float:
    rooms, numbers, others = (kinds.count(kind) for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER))
    total = options.room_label_worth[min(rooms, len(options.room_label_worth) - 1)]
    if not rooms:
        total += options.number_worth * (numbers == 1) + options.unknown_label_worth * (others == 1)
    total -= options.sheet_penalty * min(2, kinds.count(TextKind.SHEET))
    return total - options.text_block_penalty * (others >= options.text_block)
