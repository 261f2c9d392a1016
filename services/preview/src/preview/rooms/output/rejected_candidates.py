"""Stage 16: why what was looked at and not chosen is no room, as far as the evidence tells."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, box

from preview.domain.room import PAGE_SIDE, Withheld, WithheldReason
from preview.rooms.geometry.coverage_mask import CELLS, Footprint
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.text.labels import Label, TextKind


def withhold(
    candidates: Sequence[Candidate],
    footprints: Sequence[Footprint],
    chosen: Sequence[Candidate],
    options: DetectorOptions,
) -> list[Withheld]:
    """Candidates that are none of ``chosen``, the most room-like first; ``footprints`` are theirs.

    Left out are what is nearly the same as a room or as one listed already, all but the best of the
    other readings of the same rooms, and what comes after the most that are listed.
    """
    rooms = _Rooms(chosen, options)
    seen, reread = list[Footprint](), set[frozenset[int]]()
    listed: list[Withheld] = []
    for index in sorted(range(len(candidates)), key=lambda i: -candidates[i].score):
        candidate, footprint = candidates[index], footprints[index]
        rivals = rooms.read_otherwise_by(footprint)
        near = (*rooms.near(footprint), *seen)
        if rivals in reread or any(_overlap(footprint, other) > options.same_place_iou for other in near):
            continue
        seen.append(footprint)
        if rivals:
            reread.add(rivals)
        reason = WithheldReason.OVERLAPS_ROOM if rivals else _reason(candidate, footprint, rooms, options)
        listed.append(Withheld(candidate.region.box, candidate.region.polygon, reason))
        if len(listed) == options.most_withheld:
            break
    return listed


class _Rooms:
    """The rooms chosen, by their place in the list."""

    def __init__(self, chosen: Sequence[Candidate], options: DetectorOptions) -> None:
        self._options = options
        self.footprints = [Footprint(candidate.region) for candidate in chosen]
        self._owner = np.full((CELLS, CELLS), -1, np.int32)
        for index, footprint in enumerate(self.footprints):
            footprint.window(self._owner)[footprint.cells] = index
        self._tree = STRtree([box(*footprint.page_box) for footprint in self.footprints])
        self.usual_area = float(np.median([room.area for room in self.footprints] or [0]))
        self.building = _hull(chosen) if len(chosen) >= options.building_rooms else None

    def near(self, footprint: Footprint) -> list[Footprint]:
        """Footprints of rooms whose windows meet that of ``footprint``."""
        return [self.footprints[index] for index in self._tree.query(box(*footprint.page_box)).tolist()]

    def read_otherwise_by(self, footprint: Footprint) -> frozenset[int]:
        """Rooms that cannot be with ``footprint``; none for a small part of a room."""
        if self.has_part(footprint):
            return frozenset()
        least = self._options.most_overlap
        return frozenset(
            room
            for room, cells in self._shared_with(footprint)
            if cells > least * min(footprint.area, self.footprints[room].area)
        )

    def has_part(self, footprint: Footprint) -> bool:
        """Whether ``footprint`` is a small part of one room."""
        least, most = self._options.lies_within, self._options.largest_part
        return any(
            cells >= least * footprint.area and footprint.area <= most * self.footprints[room].area
            for room, cells in self._shared_with(footprint)
        )

    def _shared_with(self, footprint: Footprint) -> list[tuple[int, int]]:
        owners, cells = np.unique(footprint.window(self._owner)[footprint.cells], return_counts=True)
        return [
            (room, count) for room, count in zip(owners.tolist(), cells.tolist(), strict=True) if room >= 0
        ]

    def share_in_building(self, footprint: Footprint) -> float:
        if self.building is None:
            return 1.0
        return float(footprint.window(self.building)[footprint.cells].sum() / footprint.area)


def _hull(chosen: Sequence[Candidate]) -> NDArray[np.int32]:
    corners = np.concatenate([np.array(candidate.region.polygon) for candidate in chosen])
    hull = cv2.convexHull(np.round(corners * (CELLS / PAGE_SIDE)).astype(np.int32))
    return np.asarray(cv2.fillConvexPoly(np.zeros((CELLS, CELLS), np.int32), hull, 1), np.int32)


def _overlap(one: Footprint, other: Footprint) -> float:
    """IoU."""
    left, top = max(one.left, other.left), max(one.top, other.top)
    right = min(one.left + one.cells.shape[1], other.left + other.cells.shape[1])
    bottom = min(one.top + one.cells.shape[0], other.top + other.cells.shape[0])
    if left >= right or top >= bottom:
        return 0.0
    a, b = (f.cells[top - f.top : bottom - f.top, left - f.left : right - f.left] for f in (one, other))
    shared = int((a & b).sum())
    return shared / (one.area + other.area - shared)


def _reason(
    candidate: Candidate, footprint: Footprint, rooms: _Rooms, options: DetectorOptions
) -> WithheldReason:
    by_text = _reason_in_text(candidate.labels, options)
    if by_text or rooms.has_part(footprint):
        return by_text or WithheldReason.FURNITURE
    if rooms.share_in_building(footprint) < options.share_in_building:
        return WithheldReason.OUTSIDE
    too_small = footprint.area < options.small_room * rooms.usual_area
    return WithheldReason.TOO_SMALL if too_small else WithheldReason.UNLIKELY


def _reason_in_text(labels: Sequence[Label], options: DetectorOptions) -> WithheldReason | None:
    kinds = [label.kind for label in labels]
    if kinds.count(TextKind.SHEET) > kinds.count(TextKind.ROOM):
        return WithheldReason.TITLE_BLOCK
    long = any(len(label.name.split()) >= options.notes_words for label in labels)
    return WithheldReason.NOTES if long or kinds.count(TextKind.OTHER) >= options.notes_labels else None
