"""What people said of rooms, applied to what was found."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builders_preview import NOW
from preview.domain.corrections import Correction, Corrections, FeedbackEntry, Outline, Verdict
from preview.domain.room import Room
from preview.domain.room_type import RoomType
from preview.measures.overlap import iou
from preview.rooms.text.room_types import room_type

UNTIMED = settings(deadline=None)
LATER = NOW + timedelta(hours=1)
VERSION = "1.0.0"


def square(left: float, top: float = 100, side: float = 100) -> Outline:
    return ((left, top), (left + side, top), (left + side, top + side), (left, top + side))


def room(number: int, left: float, **changes: Any) -> Room:
    outline = square(left)
    found = Room(f"room_{number:03}", (left, 100, left + 100, 200), outline, "KITCHEN", 0.75)
    return replace(found, room_type=RoomType.KITCHEN, **changes)


ROOMS = (room(1, 100), room(2, 300), room(3, 500))


def entry(number: int, room_id: str | None = "room_001", **changes: Any) -> FeedbackEntry:
    """The ``number``th thing that was said: that a room of `ROOMS`, or an added one, is right."""
    outline = next((room.polygon for room in ROOMS if room.id == room_id), None)
    at = f"fb_20260301120000_{number:03}0123456789abc00"
    base = FeedbackEntry(at, Verdict.CORRECT, room_id, Correction(), VERSION, NOW, outline)
    return replace(base, **changes)


def corrects(number: int, room_id: str = "room_001", **correction: Any) -> FeedbackEntry:
    return entry(number, room_id, verdict=Verdict.PARTIAL, correction=Correction(**correction))


def names(number: int, name: str | None, room_id: str = "room_001") -> FeedbackEntry:
    return corrects(number, room_id, name=name, sets_name=True)


def adds(number: int, left: float, **correction: Any) -> FeedbackEntry:
    said = entry(number, None, verdict=Verdict.MISSING, correction=Correction(square(left), **correction))
    return replace(said, room_id=said.drawn_room_id)


def applied(*entries: FeedbackEntry, rooms: tuple[Room, ...] = ROOMS, at: Any = NOW) -> dict[str, Room]:
    corrected = Corrections(entries, iou, room_type).applied_to(rooms, VERSION, at)
    assert len({room.id for room in corrected}) == len(corrected)
    return {room.id: room for room in corrected}


def test_without_a_word_the_rooms_are_the_machines() -> None:
    assert tuple(applied().values()) == ROOMS
    assert Corrections((), iou, room_type).version == ""


@pytest.mark.parametrize("name", ["", " \t\u00a0", "\u200b", "\u200d \u200c", "\u202e"])
def test_a_name_of_which_nothing_can_be_seen_is_none(name: str) -> None:
    assert applied(names(1, name))["room_001"].name_hint is None


def test_letters_that_join_others_stay_in_a_name() -> None:
    assert applied(names(1, "क\u200dष"))["room_001"].name_hint == "क\u200dष"


def test_the_last_word_on_each_part_wins() -> None:
    found = applied(
        names(1, "Bath"),
        corrects(2, outline=square(700)),
        names(3, "Bedroom"),
        corrects(4, outline=square(110)),
    )["room_001"]
    assert (found.name_hint, found.polygon, found.bounding_box) == (
        "Bedroom",
        square(110),
        (110, 100, 210, 200),
    )
    assert (found.corrected, found.confirmed, found.confidence) == (True, False, 1)


def test_the_type_follows_the_name_unless_it_was_given() -> None:
    assert applied(names(1, "Bedroom"))["room_001"].room_type is RoomType.BEDROOM
    assert applied(names(1, None))["room_001"].room_type is None
    given_type = corrects(1, room_type=RoomType.OFFICE)
    assert applied(given_type)["room_001"].name_hint == "KITCHEN"
    assert applied(given_type, names(2, "Bedroom"))["room_001"].room_type is RoomType.OFFICE
    assert applied(corrects(1, outline=square(100)))["room_001"].room_type is RoomType.KITCHEN


def test_a_removed_room_is_gone_whatever_is_said_of_it_then() -> None:
    assert list(applied(corrects(1, removed=True), names(2, "Bath"))) == ["room_002", "room_003"]


def test_an_added_room_comes_last_and_can_be_corrected() -> None:
    added = adds(1, 700, name="Bath", sets_name=True)
    room_id = str(added.room_id)
    found = applied(added, adds(2, 850), names(3, "Office", room_id), entry(4, room_id))
    assert list(found)[3:] == [room_id, adds(2, 850).room_id]
    assert (found[room_id].name_hint, found[room_id].room_type) == ("Office", RoomType.OFFICE)
    assert (found[room_id].corrected, found[room_id].confirmed) == (True, True)
    assert room_id not in applied(added, corrects(2, room_id, removed=True))
    assert room_id not in applied(names(3, "Office", room_id))  # the only entry that added it is taken back


def test_only_the_last_verdict_confirms() -> None:
    confirmed = applied(entry(1))["room_001"]
    assert (confirmed.corrected, confirmed.confirmed, confirmed.confidence) == (False, True, 1)
    doubted = applied(entry(1), entry(2, verdict=Verdict.WRONG))["room_001"]
    assert doubted == ROOMS[0]
    both = applied(names(1, "Bath"), entry(2))["room_001"]
    assert (both.corrected, both.confirmed) == (True, True)


def test_what_is_said_of_the_page_changes_no_room() -> None:
    assert tuple(applied(entry(1, None, verdict=Verdict.WRONG)).values()) == ROOMS


def test_a_new_computation_is_met_by_outline() -> None:
    again = (room(1, 310), room(2, 510), room(3, 110))
    found = applied(names(1, "Bath"), corrects(2, "room_002", removed=True), rooms=again, at=LATER)
    assert {each.id: each.name_hint for each in found.values()} == {"room_002": "KITCHEN", "room_003": "Bath"}


def test_what_meets_nothing_is_not_applied_but_for_what_a_person_drew() -> None:
    drawn = corrects(2, "room_002", outline=square(300))
    elsewhere = (room(1, 800),)
    found = applied(names(1, "Bath"), drawn, entry(3, "room_003"), rooms=elsewhere, at=LATER)
    assert list(found) == ["room_001", drawn.drawn_room_id]
    assert found["room_001"] == elsewhere[0]
    assert found[drawn.drawn_room_id].corrected
    spoken_of = names(4, "Hall", drawn.drawn_room_id)
    assert applied(drawn, spoken_of, rooms=elsewhere, at=LATER)[drawn.drawn_room_id].name_hint == "Hall"
    assert applied(drawn, spoken_of)["room_002"].name_hint == "Hall"


def test_an_overlap_of_half_is_enough_and_less_is_not() -> None:
    third = 100 / 3
    assert applied(names(1, "Bath"), rooms=(room(9, 100 + third - 0.1),), at=LATER)["room_009"].corrected
    assert not applied(names(1, "Bath"), rooms=(room(9, 100 + third + 0.1),), at=LATER)["room_009"].corrected


def test_only_outlines_that_can_be_alike_are_compared_and_each_once() -> None:
    compared = []

    def counted_iou(one: Outline, another: Outline) -> float:
        compared.append((one, another))
        return iou(one, another)

    log = [
        replace(entry(3 * place + number, each.id), computed_at=NOW - timedelta(hours=place))
        for place in range(5)
        for number, each in enumerate(ROOMS)
    ]
    corrected = Corrections(log, counted_iou, room_type).applied_to(ROOMS, VERSION, LATER)
    assert all(each.confirmed for each in corrected)
    assert compared == [(each.polygon, each.polygon) for each in ROOMS]


IDS = st.sampled_from(["room_001", "room_002", "room_003"])
NAMES = st.sampled_from(["Bath", "Hall", None])
OUTLINES = st.builds(square, st.integers(0, 900))
SAID = st.one_of(
    st.builds(lambda room_id: (entry, (room_id,), {}), IDS),
    st.builds(lambda room_id, name: (corrects, (room_id,), {"name": name, "sets_name": True}), IDS, NAMES),
    st.builds(lambda room_id, drawn: (corrects, (room_id,), {"outline": drawn}), IDS, OUTLINES),
    st.builds(lambda room_id: (corrects, (room_id,), {"removed": True}), IDS),
    st.builds(lambda room_id: (corrects, (room_id,), {"room_type": RoomType.HALL}), IDS),
    st.builds(lambda left: (adds, (left,), {}), st.integers(0, 900)),
)
LOGS = st.lists(SAID, max_size=12).map(
    lambda said: [make(number, *args, **named) for number, (make, args, named) in enumerate(said)]
)
COMPUTATIONS = st.sampled_from(
    [(ROOMS, NOW), (ROOMS, LATER), ((room(1, 320), room(2, 120)), LATER), ((), LATER)]
)


@given(LOGS, COMPUTATIONS, st.randoms())
@UNTIMED
def test_the_order_in_which_entries_arrive_does_not_matter(log: Any, computation: Any, chance: Any) -> None:
    rooms, at = computation
    shuffled = list(log)
    chance.shuffle(shuffled)
    assert applied(*shuffled, rooms=rooms, at=at) == applied(*log, rooms=rooms, at=at)


@given(LOGS, COMPUTATIONS, st.data())
@UNTIMED
def test_what_is_taken_back_was_never_said(log: Any, computation: Any, data: st.DataObject) -> None:
    rooms, at = computation
    more = data.draw(st.lists(st.integers(0, 900), max_size=3))
    taken_back = [adds(500 + place, left) for place, left in enumerate(more)]
    said_of_it = [names(600 + place, "Attic", str(each.room_id)) for place, each in enumerate(taken_back)]
    assert applied(*log, *said_of_it, rooms=rooms, at=at) == applied(*log, rooms=rooms, at=at)
    whole = applied(*log, *taken_back, *said_of_it, rooms=rooms, at=at)
    kept = {room_id: found for room_id, found in whole.items() if found.name_hint != "Attic"}
    assert kept == applied(*log, rooms=rooms, at=at)


@given(LOGS)
@UNTIMED
def test_a_computation_that_finds_the_same_is_corrected_the_same(log: Any) -> None:
    assert applied(*log, at=LATER) == applied(*log)


@given(LOGS, COMPUTATIONS)
@UNTIMED
def test_what_nobody_spoke_of_stays_as_it_was_found(log: Any, computation: Any) -> None:
    rooms, at = computation
    found = applied(*log, rooms=rooms, at=at)
    for each in found.values():
        assert (each.confidence == 1) == (each.corrected or each.confirmed)
        if not (each.corrected or each.confirmed):
            assert each in rooms


@pytest.mark.parametrize("taken", [0, 1])
def test_the_version_tells_which_corrections_were_applied(taken: int) -> None:
    log = [entry(1), entry(2)]
    del log[taken]
    versions = {Corrections(each, iou, room_type).version for each in ([entry(1), entry(2)], log, [])}
    assert len(versions) == 3
