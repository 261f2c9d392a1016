"""The heuristic score: a weighted sum of a region's evidence and labels, and a feature of the trees."""

from collections.abc import Sequence
from dataclasses import dataclass

from preview.rooms.evidence.region import Region
from preview.rooms.scoring.page_statistics import PageStatistics
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind


@dataclass(frozen=True, slots=True)
class HeuristicScoreOptions:
    """Weights: rounded from logistic regressions of "this region is a room" on plans free to ship
    (r2v_render), which on the other sets gave the same signs and order; then tuned."""

    mean_width_weight: float = 2.4
    agreement_weight: float = 1.2
    wall_support_weight: float = 1.5
    ink_support_weight: float = 0.5
    aspect_ratio_weight: float = 0.8
    ample_aspect_ratio: float = 0.5
    """Short side by long side from which a region is no strip."""
    compactness_weight: float = -0.5
    """Negative: furniture fills its box, rooms have corners and door swings."""
    room_label_worth: tuple[float, ...] = (0.0, 1.2, 0.2, 0.0)
    """Worth of none, one, two, more labels with a room word: the more, the likelier several rooms in
    one."""
    number_worth: float = 0.6
    """Worth of a single room number where no room word is."""
    unknown_label_worth: float = 0.35
    """Worth of a single label of unknown words where no room word is."""
    unnamed_penalty: float = 0.4
    """For a region without name or number on a page that names its rooms."""
    sheet_penalty: float = 1.0
    """For each of up to two labels of sheet words (scale, drawn by, revision)."""
    text_block_labels: int = 5
    """Unknown labels that make a region a block of notes."""
    text_block_penalty: float = 1.0


def heuristic_score(
    region: Region, inside: Sequence[Label], page: PageStatistics, options: HeuristicScoreOptions
) -> float:
    """A sum of evidence, in no unit: 4 is doubtful, 6 is sure; ``inside`` are the labels in ``region``."""
    return _evidence_score(region, page, options) + _label_score(inside, page, options)


def _evidence_score(region: Region, page: PageStatistics, options: HeuristicScoreOptions) -> float:
    return (
        options.mean_width_weight * min(1.0, region.mean_width / page.room_width)
        + options.agreement_weight * region.agreement
        + options.wall_support_weight * region.wall_support
        + options.ink_support_weight * region.ink_support
        + options.aspect_ratio_weight * min(1.0, region.aspect_ratio / options.ample_aspect_ratio)
        + options.compactness_weight * region.compactness
    )


def _label_score(labels: Sequence[Label], page: PageStatistics, options: HeuristicScoreOptions) -> float:
    kinds = [label.kind for label in labels]
    rooms, numbers, others = (kinds.count(kind) for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER))
    total = options.room_label_worth[min(rooms, len(options.room_label_worth) - 1)]
    if not rooms:
        total += options.number_worth * (numbers == 1) + options.unknown_label_worth * (others == 1)
    if page.has_room_names and not rooms + numbers:
        total -= options.unnamed_penalty
    total -= options.sheet_penalty * min(2, kinds.count(TextKind.SHEET))
    return total - options.text_block_penalty * (others >= options.text_block_labels)
