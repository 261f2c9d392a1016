"""Saying what is right or wrong, listing it and taking it back."""

import weakref
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from builders_jobs import FOUND, JOB_ID, NOW, entry, found_room, job, page_rooms
from jobs.domain.errors import (
    FeedbackNotFound,
    InvalidFeedback,
    InvalidJobId,
    InvalidRequest,
    JobNotFound,
    NoSuchPage,
    PreviewNotFound,
)
from jobs.domain.feedback import Computation, Correction, Entry, PageRooms, Submission, added_room_id
from world_jobs import World, new_world

SQUARE = Correction(bounding_box=(700, 100, 900, 300))
RIGHT = Submission("correct", room_id="room_001")
WRONG = Submission("wrong", room_id="room_002", correction=Correction(removed=True))
MISSING = Submission("missing", correction=SQUARE)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A job of ``ada`` of three pages, the first two with a preview."""
    world = new_world(tmp_path)
    world.has(job(page_count=3))
    world.preview.rooms = {1: page_rooms(), 2: page_rooms(2, rooms=[found_room("room_001", 0, "Attic")])}
    return world


def give(world: World, *said: Submission, owner: str = "ada") -> list[Entry]:
    return world.use_cases.give_feedback(JOB_ID, owner, "key_1", said, several=len(said) > 1)


def listed(world: World, page: int | None = None) -> list[Entry]:
    return list(world.use_cases.read_feedback.list(JOB_ID, "ada", page, 100, None).feedback)


def test_what_is_said_is_kept_with_who_said_it_and_of_which_preview(world: World) -> None:
    [given] = give(world, WRONG)
    assert (given.author_key_id, given.created_at, given.computation) == ("key_1", NOW, FOUND)
    assert (given.room_id, given.correction) == ("room_002", Correction(removed=True))
    assert given.expires_at == job().expires_at
    assert listed(world) == [given]
    assert world.feedback.rooms(JOB_ID, 1, FOUND) == page_rooms()


def test_a_missing_room_gets_an_id_that_can_be_spoken_of(world: World) -> None:
    [added] = give(world, MISSING)
    assert added.room_id == added_room_id(added.feedback_id)
    assert added.room_id
    world.clock.now += NOW - NOW.replace(microsecond=0)
    [confirmed] = give(world, Submission("correct", room_id=added.room_id))
    assert listed(world) == [added, confirmed]


def test_an_added_room_is_known_on_its_own_page_and_until_it_is_taken_back(world: World) -> None:
    [added] = give(world, MISSING)
    with pytest.raises(InvalidFeedback):
        give(world, Submission("correct", page=2, room_id=added.room_id))
    world.use_cases.take_back_feedback(JOB_ID, added.feedback_id, "ada")
    with pytest.raises(InvalidFeedback):
        give(world, Submission("correct", room_id=added.room_id))


def test_what_was_said_of_a_page_is_read_once_a_request(world: World) -> None:
    [added] = give(world, MISSING)
    world.clock.now += NOW - NOW.replace(microsecond=0)
    give(world, *[Submission("correct", room_id=added.room_id)] * 25)
    assert world.feedback.pages_read == 1


def test_several_are_stored_in_their_order(world: World) -> None:
    given = give(world, *[RIGHT, WRONG, MISSING] * 8)
    assert listed(world) == given
    assert sorted(each.feedback_id for each in given) == [each.feedback_id for each in given]


def test_one_that_makes_no_sense_keeps_the_others_out(world: World) -> None:
    with pytest.raises(InvalidFeedback) as refused:
        give(world, RIGHT, Submission("correct", room_id="room_003"))
    assert refused.value.details == {"rule": "room_id", "item": 1}
    assert listed(world) == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (Submission("great"), InvalidFeedback),
        (Submission("correct", room_id="room_003"), InvalidFeedback),
        (Submission("correct", page=2, room_id="room_002"), InvalidFeedback),
        (Submission("correct", room_id="room_a2500123456789abc00"), InvalidFeedback),
        (Submission("correct", page=3, room_id="room_001"), PreviewNotFound),
        (Submission("correct", page=4, room_id="room_001"), NoSuchPage),
    ],
)
def test_what_the_page_does_not_have_is_refused(
    world: World, said: Submission, error: type[Exception]
) -> None:
    with pytest.raises(error):
        give(world, said)
    assert listed(world) == []


def test_a_room_that_is_not_there_is_said_before_a_page_that_is_not(world: World) -> None:
    with pytest.raises(InvalidFeedback):
        give(world, Submission("correct", page=4), Submission("correct", room_id="room_003"))


def test_an_outline_is_judged_as_it_is_kept(world: World) -> None:
    thin = Correction(polygon=((0, 0), (100, 0), (50, 0.001)))
    with pytest.raises(InvalidFeedback):
        give(world, Submission("missing", correction=thin))


def test_nobody_else_gives_lists_or_takes_back(world: World) -> None:
    [given] = give(world, RIGHT)
    with pytest.raises(JobNotFound):
        give(world, RIGHT, owner="bob")
    with pytest.raises(JobNotFound):
        world.use_cases.read_feedback.list(JOB_ID, "bob", None, 100, None)
    with pytest.raises(JobNotFound):
        world.use_cases.take_back_feedback(JOB_ID, given.feedback_id, "bob")
    assert listed(world) == [given]


def test_a_job_that_is_erased_meanwhile_takes_its_feedback_along(world: World) -> None:
    world.feedback.after_add = world.jobs.delete
    with pytest.raises(JobNotFound):
        give(world, RIGHT)
    assert world.feedback.stored == {}
    assert world.feedback.pages == {}


def test_a_list_goes_on_where_its_cursor_says(world: World) -> None:
    given = give(world, *[RIGHT] * 5, Submission("correct", page=2))
    read = world.use_cases.read_feedback.list
    first = read(JOB_ID, "ada", 1, 3, None)
    second = read(JOB_ID, "ada", 1, 3, first.next_cursor)
    assert [*first.feedback, *second.feedback] == given[:5]
    assert second.next_cursor is None
    for foreign in (None, 2):
        with pytest.raises(InvalidRequest):
            read(JOB_ID, "ada", foreign, 3, first.next_cursor)
    for made_up in ("", "x", "Zm9v", f"{first.next_cursor}A"):
        with pytest.raises(InvalidRequest):
            read(JOB_ID, "ada", 1, 3, made_up)
    with pytest.raises(NoSuchPage):
        read(JOB_ID, "ada", 4, 3, None)


def test_what_is_taken_back_leaves_the_list(world: World) -> None:
    first, second = give(world, RIGHT, WRONG)
    assert world.use_cases.take_back_feedback(JOB_ID, first.feedback_id, "ada") == first
    assert listed(world) == [second]
    for gone in (first.feedback_id, "count", "fb_20260301120000_0000000000000"):
        with pytest.raises(FeedbackNotFound):
            world.use_cases.take_back_feedback(JOB_ID, gone, "ada")
    with pytest.raises(InvalidJobId):
        world.use_cases.take_back_feedback("nonsense", second.feedback_id, "ada")


class _FoundRooms(list[dict[str, Any]]):
    """Rooms that can be referred to weakly."""

    __hash__ = object.__hash__  # type: ignore[assignment]  # by identity
    __eq__ = object.__eq__


def test_rooms_of_many_computations_are_not_in_memory_together(world: World) -> None:
    alive: weakref.WeakSet[_FoundRooms] = weakref.WeakSet()
    most = 0

    def read_rooms(_job_id: str, _page: int, computation: Computation) -> PageRooms:
        nonlocal most
        most = max(most, len(alive))
        found = page_rooms(computation=computation, rooms=_FoundRooms(page_rooms().rooms))
        alive.add(cast(_FoundRooms, found.rooms))
        return found

    world.feedback.stored[JOB_ID] = [
        entry(number, computed_at=NOW + timedelta(hours=number)) for number in range(9)
    ]
    world.feedback.rooms = read_rooms  # type: ignore[method-assign]  # of the fake
    assert all(each.outline for each in world.use_cases.read_feedback.for_preview(JOB_ID, 1))
    assert most <= 1


def test_preview_is_told_the_outlines_as_they_were(world: World) -> None:
    give(world, RIGHT, MISSING, Submission("wrong", comment="All of it."))
    world.preview.rooms[1] = page_rooms(rooms=[])
    recalled = world.use_cases.read_feedback.for_preview(JOB_ID, 1)
    [kitchen, *_] = page_rooms().rooms
    outlines = [each.outline for each in recalled]
    assert outlines == [tuple((x, y) for x, y in kitchen["polygon"]), None, None]


def test_expired_feedback_is_absent(world: World) -> None:
    world.feedback.stored[JOB_ID] = [entry()]
    world.clock.now = entry().expires_at
    assert world.feedback.page(JOB_ID, None, 9, None) == ([], None)
