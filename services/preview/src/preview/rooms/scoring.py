"""Stage 9: how likely a region is to be a room, from its evidence and from the labels inside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from preview.rooms.footprint import Footprint
from preview.rooms.labels import Label, TextKind
from preview.rooms.options import DetectorOptions
from preview.rooms.region import Region

NAMING = (TextKind.ROOM, TextKind.NUMBER)


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
    candidates = []
    for region, footprint in zip(regions, footprints, strict=True):
        inside = tuple(label for label in labels if footprint.covers(label.anchor))
        candidates.append(Candidate(region, inside, score(region, inside, options)))
    return candidates


def score(region: Region, labels: Sequence[Label], options: DetectorOptions) -> float:
    """Score of ``region`` with ``labels`` inside; 0.3 is doubtful and 0.8 sure."""
    total = _pixel_score(region, options) + _label_score(labels, options)
    if not any(label.kind in NAMING for label in labels):
        total -= options.slim_penalty * (region.squareness < options.slim)
        total -= options.small_penalty * (region.area < options.small_area)
        total -= options.unwalled_penalty * (region.solid_walls and region.wall_support < options.walled)
    return total


def _pixel_score(region: Region, options: DetectorOptions) -> float:
    ink, wall = options.support_weights_solid if region.solid_walls else options.support_weights_lines
    return (
        ink * region.ink_support
        + wall * region.wall_support
        + options.agreement_weight * region.agreement
        + options.compactness_weight * region.compactness
    )


def _label_score(labels: Sequence[Label], options: DetectorOptions) -> float:
    kinds = [label.kind for label in labels]
    naming = sum(kind in NAMING for kind in kinds)
    others = kinds.count(TextKind.OTHER)
    worth = options.label_worth
    total = worth[min(naming, len(worth) - 1)]
    if not naming and others:
        total = options.unknown_label_worth
    total -= options.sheet_penalty * min(2, kinds.count(TextKind.SHEET))
    return total - options.text_block_penalty * (others >= options.text_block)
