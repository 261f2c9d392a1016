"""Stage 12: what the learned scorer is told of each region: evidence, its rivals, and its labels."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preview.rooms.evidence.region import Region
from preview.rooms.geometry.boxes import NO_AREA, shared_areas
from preview.rooms.scoring.heuristic_score import PageHabits
from preview.rooms.text.labels import Label, TextKind

Table = NDArray[np.float32]

EVIDENCE = (
    "agreement", "ink_support", "wall_support", "compactness", "squareness", "wall_votes", "line_votes",
    "gap_votes", "floor_votes", "ink_inside", "floor", "edge", "rim", "box_match", "box_share", "claim",
)  # fmt: skip
"""Fields of a region that are told as they are."""
CONTESTED = ("box_match", "claim", "rim", "wall_support", "agreement")
"""Fields in which regions of one place are compared."""
RIVALRY = (
    *(f"{where}_{name}" for where in ("inner", "outer", "twin") for name in CONTESTED),
    "inner_cover",
    "inner_claimed",
)
"""The best of each that regions inside and around this one have to show, and how much better the best that
is nearly equal to this one is; the share of it that the best inside covers, and that all inside claim."""
LETTERING = ("rooms", "numbers", "others", "sheet", "off_centre", "named_page", "page_has_words")
FEATURES = (
    "log_area",
    "relative_area",
    "log_breadth",
    "relative_breadth",
    *EVIDENCE,
    *RIVALRY,
    *LETTERING,
    "hand_score",
)
"""Columns of the table, in order."""

# These five belong to what the trees have learned: to change one is to fit them again.
MOST_LABELS = 3
"""More labels of a kind than so many are told as so many."""
WITHIN = 0.85
"""Share of a box that lies in another for being inside it."""
SMALLER = 0.75
"""Areas nearer than this ratio are the same reading of a place, not one inside the other."""
TWIN = 0.6
"""IoU of boxes from which regions are readings of the same place."""
SUREST = 20
"""As many regions with the best ``box_match`` tell what size is usual on a page."""


def features_of(
    regions: Sequence[Region],
    inside: Sequence[Sequence[Label]],
    labels: Sequence[Label],
    hand_scores: Sequence[float],
    habits: PageHabits,
) -> Table:
    """A row of ``FEATURES`` for each of ``regions``, with the labels ``inside`` each and all ``labels``."""
    if not regions:
        return np.zeros((0, len(FEATURES)), np.float32)
    evidence = np.array([[getattr(region, name) for name in EVIDENCE] for region in regions])
    areas = np.array([region.area for region in regions])
    breadths = np.array([region.breadth for region in regions])
    typical = float(np.median(areas[evidence[:, EVIDENCE.index("box_match")].argsort()[-SUREST:]]))
    sizes = np.column_stack(
        [np.log(areas), np.log(areas / typical), np.log(breadths), breadths / habits.ample_breadth]
    )
    page = np.tile([float(habits.rooms_are_named), float(bool(labels))], (len(regions), 1))
    lettering = np.array([_lettering(r, found) for r, found in zip(regions, inside, strict=True)])
    rivalry = _rivalry(np.array([region.box for region in regions]), areas, evidence)
    columns = [sizes, evidence, rivalry, lettering, page, np.array(hand_scores)[:, None]]
    return np.hstack(columns).astype(np.float32)


def _lettering(region: Region, inside: Sequence[Label]) -> list[float]:
    kinds = [label.kind for label in inside]
    counts = [
        float(min(MOST_LABELS, kinds.count(kind)))
        for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER, TextKind.SHEET)
    ]
    naming = [label.anchor for label in inside if label.kind in (TextKind.ROOM, TextKind.NUMBER)]
    return [*counts, min((_off_centre(region, anchor) for anchor in naming), default=1.0)]


def _off_centre(region: Region, anchor: tuple[float, float]) -> float:
    x_min, y_min, x_max, y_max = region.box
    across = abs(2 * anchor[0] - x_min - x_max) / max(1e-6, x_max - x_min)
    down = abs(2 * anchor[1] - y_min - y_max) / max(1e-6, y_max - y_min)
    return min(1.0, max(across, down))


def _rivalry(
    boxes: NDArray[np.float64], areas: NDArray[np.float64], evidence: NDArray[np.float64]
) -> NDArray[np.float64]:
    shared = np.maximum(shared_areas(boxes, boxes), NO_AREA)
    sizes = shared.diagonal()
    share_inside = shared / sizes[:, None]
    iou = shared / (sizes[:, None] + sizes[None] - shared)
    smaller = areas[:, None] < SMALLER * areas[None]
    inner = (share_inside > WITHIN) & smaller
    twin = (iou > TWIN) & ~inner & ~inner.T
    np.fill_diagonal(twin, False)
    contested = [evidence[:, EVIDENCE.index(name)] for name in CONTESTED]
    match, claim = contested[:2]
    cover = np.where(inner, (match * areas)[:, None], 0.0).max(axis=0) / areas
    claimed = np.where(inner, (claim * areas)[:, None], 0.0).sum(axis=0) / areas
    return np.column_stack(
        [
            *(_best(values, inner) for values in contested),
            *(_best(values, inner.T) for values in contested),
            *(_best(values, twin) - values for values in contested),
            cover.clip(0, 1),
            claimed.clip(0, 2),
        ]
    )


def _best(values: NDArray[np.float64], rivals: NDArray[np.bool_]) -> NDArray[np.float64]:
    """For each column the greatest of ``values`` among its rivals, 0 without any."""
    return np.asarray(np.where(rivals, values[:, None], 0.0).max(axis=0), np.float64)
