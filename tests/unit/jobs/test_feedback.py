"""What may be said about rooms."""

from dataclasses import replace
from datetime import timedelta

import pytest

from builders_jobs import NOW, entry
from jobs.domain.errors import FeedbackNotFound, InvalidFeedback
from jobs.domain.feedback import (
    Correction,
    Submission,
    added_room_id,
    check_count,
    check_each,
    check_feedback_id,
    entry_ids,
    rounded,
)

SQUARE = Correction(polygon=((0, 0), (100, 0), (100, 100), (0, 100)))
BASE = "fb_20260301120000_0123456789abc"


@pytest.mark.parametrize(
    "said",
    [
        Submission("correct", room_id="room_001"),
        Submission("correct"),
        Submission("correct", comment="Well done."),
        Submission("partial", room_id="room_001", correction=SQUARE),
        Submission("wrong", room_id="room_001", correction=Correction(removed=True)),
        Submission("wrong", room_id="room_001", correction=Correction(sets_name=True)),
        Submission("wrong", room_id="room_001", correction=Correction(room_type="hall"), comment="A\r\nB"),
        Submission("partial", room_id="room_001", comment="Too small."),
        Submission("wrong", comment="The north wing lacks."),
        Submission("missing", correction=Correction(bounding_box=(0, 0, 10, 10), name="Bad", sets_name=True)),
        Submission("partial", room_id="x", correction=Correction(name="n" * 200, sets_name=True)),
        Submission("partial", room_id="x", comment="c" * 2000),
    ],
)
def test_what_makes_sense_is_taken(said: Submission) -> None:
    said.check()


@pytest.mark.parametrize(
    ("said", "rule"),
    [
        (Submission("great"), "verdict"),
        (Submission("correct", room_id="room_001", correction=SQUARE), "correction"),
        (Submission("partial", room_id="room_001"), "correction"),
        (Submission("wrong", room_id="room_001", comment=" \n"), "correction"),
        (Submission("wrong", room_id="room_001", correction=Correction()), "correction"),
        (Submission("wrong", correction=SQUARE), "room_id"),
        (Submission("missing", room_id="room_001", correction=SQUARE), "room_id"),
        (Submission("missing"), "outline"),
        (Submission("missing", correction=Correction(name="Hall", sets_name=True)), "outline"),
        (Submission("missing", correction=Correction(removed=True)), "outline"),
        (Submission("wrong", room_id="x", correction=Correction(removed=False)), "removed"),
        (Submission("wrong", room_id="x", correction=replace(SQUARE, removed=True)), "removed"),
        (Submission("wrong", room_id="x", correction=Correction(removed=True, sets_name=True)), "removed"),
        (Submission("wrong", room_id="x", correction=Correction(room_type="ballroom")), "room_type"),
        (Submission("wrong", room_id="x", correction=replace(SQUARE, bounding_box=(0, 0, 1, 1))), "outline"),
        (Submission("wrong", room_id="x", correction=Correction(bounding_box=(5, 0, 5, 9))), "outline"),
        (Submission("wrong", room_id="x", correction=Correction(polygon=((0, 0), (1, 1)))), "outline"),
        (Submission("wrong", room_id="x", correction=Correction(polygon=())), "outline"),
        (Submission("missing", correction=Correction(bounding_box=(0, 0, 1001, 9))), "outline"),
        (Submission("partial", room_id="x", correction=Correction(name="n" * 201, sets_name=True)), "name"),
        (Submission("partial", room_id="x", correction=Correction(name="a\nb", sets_name=True)), "name"),
        (Submission("partial", room_id="x", correction=Correction(name="\ud800", sets_name=True)), "name"),
        (Submission("partial", room_id="x", comment="c" * 2001), "comment"),
        (Submission("partial", room_id="x", comment="a\tb"), "comment"),
    ],
)
def test_what_makes_none_is_refused_by_the_rule_that_it_breaks(said: Submission, rule: str) -> None:
    with pytest.raises(InvalidFeedback) as refused:
        said.check()
    assert refused.value.details == {"rule": rule}


def test_an_outline_has_500_corners_at_most() -> None:
    edge = tuple((float(x), 0.0) for x in range(499))
    Submission("missing", correction=Correction(polygon=(*edge, (0.0, 9.0)))).check()
    with pytest.raises(InvalidFeedback):
        Submission("missing", correction=Correction(polygon=(*edge, (9.0, 9.0), (0.0, 9.0)))).check()


def test_of_several_the_item_is_named() -> None:
    said = [Submission("correct"), Submission("missing")]
    with pytest.raises(InvalidFeedback, match="Item 2: ") as refused:
        check_each(said, Submission.check, several=True)
    assert refused.value.details == {"rule": "outline", "item": 1}


@pytest.mark.parametrize("count", [0, 26])
def test_a_request_has_1_to_25_items(count: int) -> None:
    check_count([Submission("correct")] * 25)
    with pytest.raises(InvalidFeedback):
        check_count([Submission("correct")] * count)


def test_ids_sort_by_time_and_place() -> None:
    first = entry_ids(BASE, NOW, 12)
    later = entry_ids(BASE.replace("0123456789abc", "0000000000000"), NOW + timedelta(milliseconds=1), 2)
    assert sorted([*later, *first[::-1]]) == [*first, *later]
    assert first[0] == "fb_20260301120000_2500123456789abc00"
    for each in first:
        check_feedback_id(each)


@pytest.mark.parametrize("text", ["count", "page_0001_x", "fb_1", f"{BASE}\n", BASE.upper(), ""])
def test_no_other_item_passes_for_an_entry(text: str) -> None:
    with pytest.raises(FeedbackNotFound):
        check_feedback_id(text)


def test_an_outline_that_was_drawn_may_become_a_room() -> None:
    assert entry().drawn_room_id is None
    assert entry(correction=Correction(removed=True)).drawn_room_id is None
    drawn = entry(correction=SQUARE)
    assert drawn.drawn_room_id == added_room_id(drawn.feedback_id) == "room_a2500123456789abc00"


def test_coordinates_are_kept_with_two_decimals() -> None:
    sent = Correction(polygon=((0.123, 1), (2, 3.456), (4, 5)))
    assert rounded(sent).polygon == ((0.12, 1), (2, 3.46), (4, 5))
    assert rounded(Correction(bounding_box=(0.001, 1, 2, 3))).bounding_box == (0, 1, 2, 3)


def test_no_coordinate_is_a_negative_zero() -> None:
    sent = Correction(polygon=((-0.001, -0.0), (2, 0), (4, 5)), bounding_box=(-0.001, -0.0, 2, 3))
    assert "-" not in str(rounded(sent))
