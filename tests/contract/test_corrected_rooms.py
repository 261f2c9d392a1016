"""The rooms that jobs exports are those that preview answers, whatever was said."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from builders_jobs import FOUND, NOW, entry, found_room, page_rooms
from jobs.domain.corrected_rooms import EntryWithOutline, corrected_rooms
from jobs.domain.feedback import Computation, Correction, Entry, PageRooms, Verdict, added_room_id
from preview.domain import corrections
from preview.domain.corrections import Corrections, FeedbackEntry
from preview.domain.room import Room
from preview.measures.overlap import iou

LATER = Computation("2.0.0", NOW + timedelta(hours=1))
PAGES = {
    FOUND: page_rooms(),
    LATER: page_rooms(
        computation=LATER, rooms=[found_room("room_001", 420, "Hall"), found_room("room_002", 800, "WC")]
    ),
}
BOXES = st.integers(0, 800).map(lambda left: (float(left), 100.0, float(left + 200), 300.0))
CORRECTIONS = st.one_of(
    st.none(),
    BOXES.map(lambda box: Correction(bounding_box=box)),
    st.sampled_from(["Bath", None]).map(lambda name: Correction(name=name, sets_name=True)),
    st.just(Correction(removed=True)),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    said: list[Entry] = []
    for number in range(draw(st.integers(0, 10))):
        of = draw(st.sampled_from([FOUND, LATER]))
        made = entry(number, model_version=of.model_version, computed_at=of.computed_at)
        if draw(st.booleans()):
            drawn = Correction(bounding_box=draw(BOXES))
            added = added_room_id(made.feedback_id)
            made = replace(made, verdict=Verdict.MISSING, room_id=added, correction=drawn)
        else:
            spoken_of = ["room_001", "room_002", *(each.drawn_room_id for each in said if each.drawn_room_id)]
            correction = draw(CORRECTIONS)
            verdict = Verdict.WRONG if correction else Verdict.CORRECT
            room_id = draw(st.sampled_from(spoken_of))
            made = replace(made, verdict=verdict, room_id=room_id, correction=correction)
        said.append(made)
    taken_back = draw(st.sets(st.integers(0, 9)))
    return [each for number, each in enumerate(said) if number not in taken_back]


def as_preview_reads(recalled: EntryWithOutline) -> FeedbackEntry:
    said = recalled.entry
    correction = said.correction or Correction()
    return FeedbackEntry(
        said.feedback_id,
        corrections.Verdict(said.verdict.value),
        said.room_id,
        corrections.Correction(
            correction.outline, correction.name, correction.sets_name, None, bool(correction.removed)
        ),
        said.model_version,
        said.computed_at,
        recalled.outline,
    )


def as_preview_knows(page: PageRooms) -> Sequence[Room]:
    return [
        Room(room["id"], (0, 0, 1, 1), page.outline(room["id"]) or (), room["name_hint"], 0.75)
        for room in page.rooms
    ]


@given(logs(), st.sampled_from([FOUND, LATER]))
@settings(max_examples=200, deadline=None)
def test_both_apply_what_was_said_alike(log: list[Entry], shown: Computation) -> None:
    recalled = [
        EntryWithOutline(each, PAGES[each.computation].outline(each.room_id) if each.room_id else None)
        for each in log
    ]
    theirs: Any = Corrections([as_preview_reads(each) for each in recalled], iou, lambda name: None)
    rooms = theirs.applied_to(as_preview_knows(PAGES[shown]), shown.model_version, shown.computed_at)
    ours = corrected_rooms(PAGES[shown], recalled)
    assert [(each.room_id, each.outline, each.name, each.corrected, each.confirmed) for each in ours] == [
        (each.id, each.polygon, each.name_hint, each.corrected, each.confirmed) for each in rooms
    ]
