"""Stage 11: a score made by hand from a region's evidence and labels; the learned one starts from it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from preview.rooms.evidence.region import Region
from preview.rooms.options import DetectorOptions
from preview.rooms.text.labels import Label, TextKind


@dataclass(frozen=True, slots=True)
class PageHabits:
    """What the whole page says: from which breadth a region is as wide as a room, and if rooms are named."""

    ample_breadth: float
    rooms_are_named: bool


def habits_of(regions: Sequence[Region], labels: Sequence[Label], options: DetectorOptions) -> PageHabits:
    """The habits of a page with these regions and labels."""
    names = sum(label.kind is TextKind.ROOM for label in labels)
    return PageHabits(_ample_breadth(regions, options), names >= options.named_page)


def hand_score(region: Region, inside: Sequence[Label], page: PageHabits, options: DetectorOptions) -> float:
    """A sum of evidence, in no unit: 4 is doubtful, 6 is sure; ``inside`` are the labels in ``region``."""
    return _pixel_score(region, page, options) + _label_score(inside, page, options)


def _ample_breadth(regions: Sequence[Region], options: DetectorOptions) -> float:
    """Geometric mean of what is typical of the page's likely regions and what is usual."""
    likely = [r for r in regions if _is_likely(r, options)] or regions
    if not likely:
        return options.usual_breadth
    breadths, areas = np.array([(region.breadth, region.area) for region in likely]).T
    order = np.argsort(breadths, kind="stable")
    weights = np.cumsum(np.sqrt(areas[order]))
    typical = breadths[order][np.searchsorted(weights, weights[-1] / 2)]
    return float(np.sqrt(typical * options.usual_breadth))


def _is_likely(region: Region, options: DetectorOptions) -> bool:
    return region.agreement >= options.likely_agreement and region.wall_support >= options.likely_support


def _pixel_score(region: Region, page: PageHabits, options: DetectorOptions) -> float:
    return (
        options.breadth_weight * min(1.0, region.breadth / page.ample_breadth)
        + options.agreement_weight * region.agreement
        + options.wall_weight * region.wall_support
        + options.ink_weight * region.ink_support
        + options.squareness_weight * min(1.0, region.squareness / options.ample_squareness)
        + options.compactness_weight * region.compactness
    )


def _label_score(labels: Sequence[Label], page: PageHabits, options: DetectorOptions) -> float:
    kinds = [label.kind for label in labels]
    rooms, numbers, others = (kinds.count(kind) for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER))
    total = options.room_label_worth[min(rooms, len(options.room_label_worth) - 1)]
    if not rooms:
        total += options.number_worth * (numbers == 1) + options.unknown_label_worth * (others == 1)
    if page.rooms_are_named and not rooms + numbers:
        total -= options.unnamed_penalty
    total -= options.sheet_penalty * min(2, kinds.count(TextKind.SHEET))
    return total - options.text_block_penalty * (others >= options.text_block)
