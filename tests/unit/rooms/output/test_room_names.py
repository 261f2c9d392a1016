from dataclasses import replace

import pytest

from builders_rooms import House, overlap
from preview.domain.room import Box, Point
from preview.rooms import find_regions, name_rooms
from preview.rooms.evidence.region import Region
from preview.rooms.output.calibration import CalibrationOptions, calibrated_confidence
from preview.rooms.output.room_names import in_reading_order, named_rooms, room_name
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind

OPTIONS = CalibrationOptions()


def label(kind: TextKind, name: str) -> Label:
    return Label(kind, name, (0.0, 0.0))


@pytest.mark.parametrize(
    ("labels", "name", "number"),
    [
        ([], None, None),
        ([label(TextKind.ROOM, "Bath")], "Bath", None),
        ([label(TextKind.ROOM, "Living"), label(TextKind.ROOM, "Dining")], "Living / Dining", None),
        ([label(TextKind.ROOM, "Bed"), label(TextKind.ROOM, "Bed")], "Bed", None),
        ([label(TextKind.ROOM, "CL."), label(TextKind.ROOM, "Bedroom")], "Bedroom", None),
        ([label(TextKind.ROOM, "Hall 103"), label(TextKind.ROOM, "Storage 104")], "Hall", "103"),
        ([label(TextKind.ROOM, "Closet"), label(TextKind.ROOM, "Storage")], "Closet / Storage", None),
        ([label(TextKind.ROOM, "Kitchen / Storage")], "Kitchen / Storage", None),
        ([label(TextKind.NUMBER, "101"), label(TextKind.ROOM, "Office")], "Office", "101"),
        ([label(TextKind.ROOM, "Office 101A")], "Office", "101A"),
        ([label(TextKind.ROOM, "Bedroom 1")], "Bedroom 1", None),
        ([label(TextKind.ROOM, "Room 101")], None, "101"),
        ([label(TextKind.NUMBER, "101")], None, "101"),
        ([label(TextKind.NUMBER, "101"), label(TextKind.NUMBER, "102")], None, None),
        ([label(TextKind.NUMBER, "101A"), label(TextKind.NUMBER, "101")], None, "101"),
        ([label(TextKind.NUMBER, "101"), label(TextKind.OTHER, "Orangery")], "Orangery", "101"),
        ([label(TextKind.OTHER, "Orangery")], "Orangery", None),
        ([label(TextKind.OTHER, "Orangery 204")], "Orangery", "204"),
        ([label(TextKind.OTHER, "see"), label(TextKind.OTHER, "section")], None, None),
        ([label(TextKind.DIMENSION, ""), label(TextKind.SHEET, ""), label(TextKind.NOISE, "")], None, None),
    ],
)
def test_a_room_is_called_and_numbered_what_its_labels_say(
    labels: list[Label], name: str | None, number: str | None
) -> None:
    assert room_name(labels) == (name, number)


@pytest.mark.parametrize("kind", [TextKind.ROOM, TextKind.OTHER])
def test_notes_are_no_name_however_many_rooms_they_speak_of(kind: TextKind) -> None:
    assert room_name([label(kind, "Bedroom " * 25)]).hint == "Bedroom " * 25
    assert room_name([label(kind, "Bedroom " * 26)]).hint is None


def candidate(box: Box, score: float = 5.0) -> Candidate:
    return Candidate(Region(((0, 0), (1, 0), (1, 1)), box, 0.1, 0.1, 0.5, 0.5, 0.5, 0.5, 0.5), (), score)


def _region(ring: tuple[Point, ...]) -> Region:
    return replace(candidate((0, 0, 100, 100)).region, polygon=ring)


def test_rooms_are_read_row_by_row_even_if_they_start_at_different_heights() -> None:
    top_left, top_right = candidate((0, 20, 100, 200)), candidate((110, 0, 300, 190))
    bottom_left, bottom_right = candidate((0, 210, 100, 400)), candidate((110, 200, 300, 400))
    ordered = in_reading_order([bottom_right, top_right, bottom_left, top_left])
    assert ordered == [top_left, top_right, bottom_left, bottom_right]
    assert [room.id for room in named_rooms(ordered, OPTIONS)] == [
        "room_001",
        "room_002",
        "room_003",
        "room_004",
    ]


NOTCHED = ((0, 0), (100, 0), (100, 40), (40, 40), (40, 60), (100, 60), (100, 100), (0, 100))


@pytest.mark.parametrize(
    ("anchor", "height", "name"),
    [
        ((60, 50), 20, "Bath"),  # the letters cut the notch
        ((60, 50), 5, None),  # small letters far from the outline: something else stands there
        ((110, 50), 20, None),  # beside the room
    ],
)
def test_a_room_is_named_by_the_letters_that_cut_a_notch_into_it(
    anchor: tuple[float, float], height: float, name: str | None
) -> None:
    notched = replace(candidate((0, 0, 100, 100)), region=_region(NOTCHED))
    (room,) = named_rooms([notched], OPTIONS, [Label(TextKind.ROOM, "Bath", anchor, height)])
    assert room.name_hint == name


def test_a_page_hands_its_stray_names_over(house: House) -> None:
    x_min, y_min, x_max, y_max = house.boxes[0]
    left, right, middle = x_min + 60, x_max, (y_min + y_max) / 2
    notch = ((left, middle - 20), (left, middle + 20), (right, middle + 20))
    ring = ((x_min, y_min), (x_max, y_min), (x_max, middle - 20), *notch, (x_max, y_max), (x_min, y_max))
    room = next(r for r in find_regions(house.gray) if overlap(r.box, house.boxes[0]) > 0.9)
    found = name_rooms([replace(room, polygon=ring)], house.words).rooms
    assert [room.name_hint for room in found] == ["Living Room"]


def test_a_name_stays_with_the_room_it_lies_in() -> None:
    own = Label(TextKind.ROOM, "Bath", (60, 50), 20)
    notched = replace(candidate((0, 0, 100, 100)), region=_region(NOTCHED))
    inner = replace(candidate((45, 41, 99, 59)), labels=(own,))
    assert [room.name_hint for room in named_rooms([notched, inner], OPTIONS, [own])] == [None, "Bath"]


def test_confidence_follows_the_table_and_never_falls() -> None:
    (low, least), (high, most) = OPTIONS.curve[0], OPTIONS.curve[-1]
    assert calibrated_confidence(low - 9, OPTIONS) == least
    assert calibrated_confidence(high + 9, OPTIONS) == most
    steps = [calibrated_confidence(low + i * (high - low) / 50, OPTIONS) for i in range(51)]
    assert steps == sorted(steps)
    assert 0 <= least < most <= 1
