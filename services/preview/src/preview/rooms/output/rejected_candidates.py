"""Rejected candidates: what was considered and is no room, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, box

from preview.domain.room import PAGE_SIDE, RejectedCandidate, RejectionReason
from preview.rooms.geometry.coverage_mask import CELLS, CoverageMask
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind


@dataclass(frozen=True, slots=True)
class RejectionOptions:
    """Which rejected candidates are listed, and for what reasons."""

    most_listed: int = 50
    """Rejected candidates listed: more than a person looks through."""
    same_place_iou: float = 0.7
    """IoU above which a region is another tracing of a room or of a region listed already."""
    inside_share: float = 0.8
    """Share of a region's area in a room from which it is a part of that room. Drawn."""
    largest_furniture: float = 0.25
    """Largest area of furniture, share of its room's: a double bed of 3 m2 in a bedroom of 12 m2. Drawn."""
    notes_labels: int = 5
    """Unknown labels that make a region a block of notes."""
    notes_words: int = 12
    """Words in one label that no room's name has. Drawn."""
    building_rooms: int = 4
    """Rooms found from which their convex hull is taken for the building. Drawn."""
    share_in_building: float = 0.5
    """Share of a region's area in that hull below which it lies outside."""
    smallest_room: float = 0.05
    """Area, share of the median room's, below which a region is too small: 0.6 m2 beside rooms of 12 m2.
    Drawn."""


def rejected_candidates(
    candidates: Sequence[Candidate],
    masks: Sequence[CoverageMask],
    chosen: Sequence[Candidate],
    most_overlap: float,
    options: RejectionOptions,
) -> list[RejectedCandidate]:
    """Candidates that are none of ``chosen``, the most room-like first; ``masks`` are theirs.

    Left out are what is nearly the same as a room or as one listed already, all but the best of
    those that overlap the same rooms, and what comes after the most that are listed. Rooms share at most
    ``most_overlap`` of the smaller.
    """
    rooms = _Rooms(chosen, most_overlap, options)
    seen, reread = list[CoverageMask](), set[frozenset[int]]()
    listed: list[RejectedCandidate] = []
    for index in sorted(range(len(candidates)), key=lambda i: -candidates[i].score):
        candidate, mask = candidates[index], masks[index]
        overlapping = rooms.overlapping(mask)
        near = (*rooms.near(mask), *seen)
        if overlapping in reread or any(mask.iou(other) > options.same_place_iou for other in near):
            continue
        seen.append(mask)
        reread |= {overlapping} if overlapping else set()
        reason = RejectionReason.OVERLAPS_ROOM if overlapping else _reason(candidate, mask, rooms, options)
        listed.append(RejectedCandidate(candidate.region.box, candidate.region.polygon, reason))
        if len(listed) == options.most_listed:
            break
    return listed


class _Rooms:
    """The rooms chosen, by their place in the list."""

    def __init__(self, chosen: Sequence[Candidate], most_overlap: float, options: RejectionOptions) -> None:
        self._most_overlap = most_overlap
        self._options = options
        self._masks = [CoverageMask(candidate.region) for candidate in chosen]
        self._owner = np.full((CELLS, CELLS), -1, np.int32)
        for index, mask in enumerate(self._masks):
            mask.window(self._owner)[mask.cells] = index
        self._tree = STRtree([box(*mask.page_box) for mask in self._masks])
        self.median_area = float(np.median([room.area for room in self._masks] or [0]))
        self._building = _hull(chosen) if len(chosen) >= options.building_rooms else None

    def near(self, mask: CoverageMask) -> list[CoverageMask]:
        """Masks of rooms whose windows meet that of ``mask``."""
        return [self._masks[index] for index in self._tree.query(box(*mask.page_box)).tolist()]

    def overlapping(self, mask: CoverageMask) -> frozenset[int]:
        """Rooms that cannot be with ``mask``; none for a small part of a room."""
        if self.has_part(mask):
            return frozenset()
        return frozenset(
            room
            for room, cells in self._shared_with(mask)
            if cells > self._most_overlap * min(mask.area, self._masks[room].area)
        )

    def has_part(self, mask: CoverageMask) -> bool:
        """Whether ``mask`` is a small part of one room."""
        least, most = self._options.inside_share, self._options.largest_furniture
        return any(
            cells >= least * mask.area and mask.area <= most * self._masks[room].area
            for room, cells in self._shared_with(mask)
        )

    def _shared_with(self, mask: CoverageMask) -> list[tuple[int, int]]:
        owners, cells = np.unique(mask.window(self._owner)[mask.cells], return_counts=True)
        return [
            (room, count) for room, count in zip(owners.tolist(), cells.tolist(), strict=True) if room >= 0
        ]

    def share_in_building(self, mask: CoverageMask) -> float:
        """Share of ``mask`` in the convex hull of the rooms; 1 where they are too few for one."""
        if self._building is None:
            return 1.0
        return float(mask.window(self._building)[mask.cells].sum() / mask.area)


def _hull(chosen: Sequence[Candidate]) -> NDArray[np.int32]:
    corners = np.concatenate([np.array(candidate.region.polygon) for candidate in chosen])
    hull = cv2.convexHull(np.round(corners * (CELLS / PAGE_SIDE)).astype(np.int32))
    return np.asarray(cv2.fillConvexPoly(np.zeros((CELLS, CELLS), np.int32), hull, 1), np.int32)


def _reason(
    candidate: Candidate, mask: CoverageMask, rooms: _Rooms, options: RejectionOptions
) -> RejectionReason:
    by_text = _reason_in_text(candidate.labels, options)
    if by_text or rooms.has_part(mask):
        return by_text or RejectionReason.FURNITURE
    if rooms.share_in_building(mask) < options.share_in_building:
        return RejectionReason.OUTSIDE
    too_small = mask.area < options.smallest_room * rooms.median_area
    return RejectionReason.TOO_SMALL if too_small else RejectionReason.UNLIKELY


def _reason_in_text(labels: Sequence[Label], options: RejectionOptions) -> RejectionReason | None:
    kinds = [label.kind for label in labels]
    if kinds.count(TextKind.SHEET) > kinds.count(TextKind.ROOM):
        return RejectionReason.TITLE_BLOCK
    long = any(len(label.name.split()) >= options.notes_words for label in labels)
    return RejectionReason.NOTES if long or kinds.count(TextKind.OTHER) >= options.notes_labels else None
