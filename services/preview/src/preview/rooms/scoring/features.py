"""The features of each region: what the learned scorer decides by."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from preview.rooms.evidence.pooled_evidence import CONTEXT_FEATURES, PART_FEATURES, VOTE_FEATURES
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.boxes import NO_AREA, shared_areas
from preview.rooms.scoring.page_statistics import PageStatistics
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind

Table = NDArray[np.float32]
_Values = NDArray[np.float64]
_Pairs = NDArray[np.bool_]

SIZE_FEATURES = ("log_area", "relative_area", "log_mean_width", "relative_mean_width")
"""Area and mean width, as logarithms and against what is usual on the page."""
EVIDENCE_FEATURES = (
    "agreement", "ink_support", "wall_support", "compactness", "aspect_ratio", "wall_votes", "line_votes",
    "gap_votes", "floor_votes", "ink_inside", "floor", "edge", "boundary_edge", "mean_box_iou",
    "box_vote_share", "exclusive_vote_share",
)  # fmt: skip
"""Fields of a region, as they are."""
COMPARED = ("mean_box_iou", "exclusive_vote_share", "boundary_edge", "wall_support", "agreement")
"""Fields in which overlapping regions are compared."""
OVERLAP_FEATURES = (
    *(f"{where}_{name}" for where in ("inner", "outer", "duplicate") for name in COMPARED),
    "inner_cover",
    "inner_exclusive_cover",
)
"""The best of each that regions inside and around this one have to show, and how much better the best that
is nearly equal to this one is; the share of it that the best inside covers, and that all inside cover with
cells that vote for no other."""
LABEL_FEATURES = ("rooms", "numbers", "others", "sheet", "off_centre")
"""Labels inside, by kind, and how far the name lies off the middle."""
PAGE_FEATURES = ("page_has_room_names", "page_has_words")
FEATURES = (
    *SIZE_FEATURES,
    *EVIDENCE_FEATURES,
    *OVERLAP_FEATURES,
    *LABEL_FEATURES,
    *PAGE_FEATURES,
    "heuristic_score",
    *VOTE_FEATURES,
    *PART_FEATURES,
)
"""What the trees score by, in the order of their input: it changes only with newly fitted trees."""
ALL_FEATURES = (*FEATURES, *CONTEXT_FEATURES)
"""Columns of the table, in the order of the perceptron's input: it too is fitted again when they change."""

# These five belong to what the trees have learned: to change one is to fit them again.
MOST_LABELS = 3
"""More labels of a kind than this count as so many."""
INSIDE_SHARE = 0.85
"""Share of a box that lies in another for being inside it."""
INNER_AREA_RATIO = 0.75
"""Regions whose areas are nearer than this ratio are duplicates, not one inside the other."""
DUPLICATE_IOU = 0.6
"""IoU of boxes from which regions are duplicates."""
TYPICAL_REGIONS = 20
"""The usual size on a page is that of as many regions with the best ``mean_box_iou``."""


def feature_table(
    regions: Sequence[Region],
    inside: Sequence[Sequence[Label]],
    labels: Sequence[Label],
    heuristic_scores: Sequence[float],
    statistics: PageStatistics,
) -> Table:
    """A row of ``ALL_FEATURES`` for each of ``regions``, the labels ``inside`` each and all ``labels``."""
    if not regions:
        return np.zeros((0, len(ALL_FEATURES)), np.float32)
    evidence = np.array([[getattr(region, name) for name in EVIDENCE_FEATURES] for region in regions])
    columns = [
        _size_features(regions, evidence, statistics),
        evidence,
        _overlap_features(regions, evidence),
        np.array([_label_features(r, found) for r, found in zip(regions, inside, strict=True)]),
        np.tile([float(statistics.has_room_names), float(bool(labels))], (len(regions), 1)),
        np.array(heuristic_scores)[:, None],
        np.array([region.pooled for region in regions]),
    ]
    return np.hstack(columns).astype(np.float32)


def _size_features(regions: Sequence[Region], evidence: _Values, statistics: PageStatistics) -> _Values:
    areas = np.array([region.area for region in regions])
    widths = np.array([region.mean_width for region in regions])
    typical = float(np.median(areas[_column(evidence, "mean_box_iou").argsort()[-TYPICAL_REGIONS:]]))
    return np.column_stack(
        [np.log(areas), np.log(areas / typical), np.log(widths), widths / statistics.room_width]
    )


def _column(evidence: _Values, name: str) -> _Values:
    return np.asarray(evidence[:, EVIDENCE_FEATURES.index(name)], np.float64)


def _label_features(region: Region, inside: Sequence[Label]) -> list[float]:
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


def _overlap_features(regions: Sequence[Region], evidence: _Values) -> _Values:
    areas = np.array([region.area for region in regions])
    inner, duplicate = _overlaps(np.array([region.box for region in regions]), areas)
    compared = [_column(evidence, name) for name in COMPARED]
    box_iou, exclusive = compared[:2]
    cover = np.where(inner, (box_iou * areas)[:, None], 0.0).max(axis=0) / areas
    exclusive_cover = np.where(inner, (exclusive * areas)[:, None], 0.0).sum(axis=0) / areas
    return np.column_stack(
        [
            *(_best(values, inner) for values in compared),
            *(_best(values, inner.T) for values in compared),
            *(_best(values, duplicate) - values for values in compared),
            cover.clip(0, 1),
            exclusive_cover.clip(0, 2),
        ]
    )


def _overlaps(boxes: _Values, areas: _Values) -> tuple[_Pairs, _Pairs]:
    """Which regions (rows) lie inside which (columns), and which are duplicates."""
    shared = np.maximum(shared_areas(boxes, boxes), NO_AREA)
    sizes = shared.diagonal()
    share_inside = shared / sizes[:, None]
    iou = shared / (sizes[:, None] + sizes[None] - shared)
    smaller = areas[:, None] < INNER_AREA_RATIO * areas[None]
    inner = (share_inside > INSIDE_SHARE) & smaller
    duplicate = (iou > DUPLICATE_IOU) & ~inner & ~inner.T
    np.fill_diagonal(duplicate, False)
    return inner, duplicate


def _best(values: _Values, others: _Pairs) -> _Values:
    """For each column the greatest of ``values`` among its ``others``, 0 without any."""
    return np.asarray(np.where(others, values[:, None], 0.0).max(axis=0), np.float64)
