from dataclasses import replace

import cv2
import pytest

from builders_rooms import House, overlap
from preview.domain.room import Box, RejectionReason
from preview.rooms import find_regions, name_rooms
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.output.rejected_candidates import RejectionOptions, rejected_candidates
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind

OPTIONS = RejectionOptions()
MOST_OVERLAP = 0.2


def candidate(box: Box, score: float = 1.0, labels: tuple[Label, ...] = ()) -> Candidate:
    x_min, y_min, x_max, y_max = box
    ring = ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))
    return Candidate(Region(ring, box, 0.1, 0.05, 0.5, 0.9, 0.9, 1.0, 1.0), labels, score)


def label(kind: TextKind, name: str = "") -> Label:
    return Label(kind, name, (0.0, 0.0))


ROOM = candidate((100, 100, 300, 300), 9.0)
ROOMS = (
    ROOM,
    candidate((310, 100, 500, 300), 9.0),
    candidate((100, 310, 300, 500), 9.0),
    candidate((400, 400, 500, 500), 9.0),
)
"""A building from 100 to 500 with a hole at 310 to 390."""


def reasons(
    *rejected: Candidate, rooms: tuple[Candidate, ...] = ROOMS, options: RejectionOptions = OPTIONS
) -> list[RejectionReason]:
    candidates = [*rooms, *rejected]
    masks = [CoverageMask(candidate.region) for candidate in candidates]
    return [region.reason for region in rejected_candidates(candidates, masks, rooms, MOST_OVERLAP, options)]


SCALE, ROOM_NAME = label(TextKind.SHEET), label(TextKind.ROOM, "Kitchen")
NOTE = label(TextKind.OTHER, "all sizes are to be checked on site before any work begins here")
UNKNOWN = label(TextKind.OTHER, "Orangery")
HOLE: Box = (316, 316, 384, 384)


@pytest.mark.parametrize(
    ("box", "labels", "reason"),
    [
        ((102, 102, 160, 160), (), RejectionReason.FURNITURE),
        ((102, 102, 220, 220), (), RejectionReason.OVERLAPS_ROOM),
        ((100, 100, 500, 300), (), RejectionReason.OVERLAPS_ROOM),
        ((270, 320, 330, 380), (), RejectionReason.OVERLAPS_ROOM),
        ((250, 310, 390, 390), (SCALE,), RejectionReason.OVERLAPS_ROOM),
        ((600, 600, 900, 900), (), RejectionReason.OUTSIDE),
        ((480, 310, 700, 390), (), RejectionReason.OUTSIDE),
        ((600, 600, 900, 900), (SCALE,), RejectionReason.TITLE_BLOCK),
        ((600, 600, 900, 900), (SCALE, ROOM_NAME), RejectionReason.OUTSIDE),
        ((600, 600, 900, 900), (SCALE, SCALE, ROOM_NAME), RejectionReason.TITLE_BLOCK),
        ((600, 600, 900, 900), (NOTE,), RejectionReason.NOTES),
        ((600, 600, 900, 900), (UNKNOWN,) * 5, RejectionReason.NOTES),
        ((600, 600, 900, 900), (UNKNOWN,) * 4, RejectionReason.OUTSIDE),
        ((102, 102, 160, 160), (NOTE,), RejectionReason.NOTES),
        ((316, 316, 336, 336), (), RejectionReason.TOO_SMALL),
        (HOLE, (), RejectionReason.UNLIKELY),
        (HOLE, (UNKNOWN, ROOM_NAME), RejectionReason.UNLIKELY),
    ],
)
def test_a_region_is_refused_for_what_can_be_seen(
    box: Box, labels: tuple[Label, ...], reason: RejectionReason
) -> None:
    assert reasons(candidate(box, labels=labels)) == [reason]


def test_few_rooms_make_no_building_to_be_outside_of() -> None:
    assert reasons(candidate((600, 600, 900, 900)), rooms=ROOMS[:3]) == [RejectionReason.UNLIKELY]


def test_without_rooms_nothing_is_too_small() -> None:
    assert reasons(candidate((600, 600, 610, 610)), rooms=()) == [RejectionReason.UNLIKELY]


def test_rooms_are_not_rejected() -> None:
    assert reasons() == []


def test_nearly_the_same_as_a_room_is_not_listed() -> None:
    assert reasons(candidate((104, 104, 300, 300))) == []


def test_nearly_the_same_as_a_better_one_is_not_listed() -> None:
    listed = boxes_of(candidate((600, 600, 800, 800), 1.0), candidate((602, 602, 802, 802), 2.0))
    assert listed == [(602, 602, 802, 802)]


def test_of_other_readings_of_the_same_rooms_the_best_is_listed() -> None:
    top_left, bottom_right = candidate((102, 102, 220, 220), 1.0), candidate((180, 180, 298, 298), 2.0)
    both_rooms = candidate((100, 100, 500, 300), 0.5)
    assert boxes_of(top_left, bottom_right, both_rooms, rooms=ROOMS) == [
        (180, 180, 298, 298),
        (100, 100, 500, 300),
    ]


def test_the_most_room_like_come_first_and_the_rest_is_left_out() -> None:
    boxes: list[Box] = [(600, top, 700, top + 90) for top in (100, 200, 300)]
    rejected = [candidate(box, score) for box, score in zip(boxes, (1.0, 3.0, 2.0), strict=True)]
    assert boxes_of(*rejected) == [boxes[1], boxes[2], boxes[0]]
    assert boxes_of(*rejected, options=replace(OPTIONS, most_listed=2)) == [boxes[1], boxes[2]]


def boxes_of(
    *rejected: Candidate, rooms: tuple[Candidate, ...] = (), options: RejectionOptions = OPTIONS
) -> list[Box]:
    masks = [CoverageMask(candidate.region) for candidate in rejected]
    return [
        region.bounding_box for region in rejected_candidates(rejected, masks, rooms, MOST_OVERLAP, options)
    ]


@pytest.mark.parametrize("reason", RejectionReason)
def test_every_reason_is_a_sentence(reason: RejectionReason) -> None:
    assert reason.message[0].isupper()
    assert reason.message.endswith(".")


def test_a_table_in_a_house_is_rejected(house: House) -> None:
    furnished = house.gray.copy()
    cv2.rectangle(furnished, (200, 160), (320, 240), 0, 2)
    found = name_rooms(find_regions(furnished), house.words)
    furniture = [region for region in found.rejected if region.reason is RejectionReason.FURNITURE]
    assert any(overlap(region.bounding_box, (167, 178, 267, 267)) > 0.8 for region in furniture)


def test_a_page_without_regions_rejects_nothing() -> None:
    assert name_rooms([]).rejected == ()
