from collections.abc import Sequence
from typing import Any

import pytest

from builders_regions import label, region
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring.heuristic_score import PageHabits, habits_of, hand_score
from preview.rooms.text.labels import Label, TextKind

OPTIONS = DetectorOptions()
PLAIN = PageHabits(ample_breadth=0.05, rooms_are_named=False)
NAMED = PageHabits(ample_breadth=0.05, rooms_are_named=True)
ROOM, NUMBER, OTHER, SHEET, SIZE = (
    label(kind)
    for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER, TextKind.SHEET, TextKind.DIMENSION)
)


def score(inside: Sequence[Label] = (), page: PageHabits = PLAIN, **fields: Any) -> float:
    return hand_score(region(**fields), inside, page, OPTIONS)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"breadth": 0.05}, {"breadth": 0.02}),
        ({"agreement": 0.9}, {"agreement": 0.2}),
        ({"wall_support": 0.9}, {"wall_support": 0.2}),
        ({"ink_support": 0.9}, {"ink_support": 0.2}),
        ({"squareness": 0.4}, {"squareness": 0.1}),
        ({"compactness": 0.7}, {"compactness": 1.0}),
    ],
    ids=["breadth", "agreement", "walls", "ink", "squareness", "compactness"],
)
def test_pixels_that_look_more_like_a_room_score_more(
    better: dict[str, float], worse: dict[str, float]
) -> None:
    assert score(**better) > score(**worse)


@pytest.mark.parametrize("field", ["breadth", "squareness"])
def test_beyond_ample_more_is_not_better(field: str) -> None:
    assert score(**{field: 0.6}) == score(**{field: 0.9})


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ([ROOM], []),
        ([ROOM], [NUMBER]),
        ([NUMBER], [OTHER]),
        ([OTHER], []),
        ([ROOM], [ROOM, ROOM]),
        ([ROOM, ROOM], [ROOM, ROOM, ROOM]),
        ([NUMBER], [NUMBER, NUMBER]),
        ([OTHER], [OTHER, OTHER]),
        ([], [SHEET]),
        ([SHEET], [SHEET, SHEET]),
        ([ROOM], [ROOM, SHEET]),
        ([OTHER] * 4, [OTHER] * 5),
    ],
)
def test_labels_that_look_more_like_a_rooms_score_more(better: list[Label], worse: list[Label]) -> None:
    assert score(better) > score(worse)


@pytest.mark.parametrize(
    ("labels", "same"),
    [
        ([SIZE], []),
        ([ROOM, NUMBER], [ROOM]),
        ([ROOM, OTHER], [ROOM]),
        ([ROOM] * 3, [ROOM] * 7),
        ([SHEET] * 2, [SHEET] * 5),
    ],
)
def test_labels_that_add_nothing_change_nothing(labels: list[Label], same: list[Label]) -> None:
    assert score(labels) == score(same)


@pytest.mark.parametrize("inside", [[], [OTHER], [SIZE]])
def test_without_a_name_a_region_is_doubted_where_rooms_are_named(inside: list[Label]) -> None:
    assert score(inside, NAMED) < score(inside, PLAIN)


@pytest.mark.parametrize("inside", [[ROOM], [NUMBER]])
def test_a_name_or_number_is_worth_the_same_on_every_page(inside: list[Label]) -> None:
    assert score(inside, NAMED) == score(inside, PLAIN)


@pytest.mark.parametrize(("names", "named"), [(0, False), (2, False), (3, True), (9, True)])
def test_some_room_words_make_a_page_one_of_names(names: int, named: bool) -> None:
    habits = habits_of([region()], [*[ROOM] * names, OTHER, NUMBER, SHEET], OPTIONS)
    assert habits.rooms_are_named is named


def test_a_page_of_broad_rooms_asks_for_breadth() -> None:
    narrow, broad = (habits_of([region(breadth=breadth)] * 5, [], OPTIONS) for breadth in (0.02, 0.2))
    assert narrow.ample_breadth < OPTIONS.usual_breadth < broad.ample_breadth
    assert score(page=narrow, breadth=0.03) > score(page=broad, breadth=0.03)


def test_unlikely_regions_do_not_tell_what_is_broad() -> None:
    rooms = [region(breadth=0.1)] * 3
    unlikely = [region(breadth=0.01, agreement=0.1), region(breadth=0.01, wall_support=0.1)] * 9
    assert habits_of([*rooms, *unlikely], [], OPTIONS) == habits_of(rooms, [], OPTIONS)
    assert habits_of(unlikely, [], OPTIONS).ample_breadth < OPTIONS.usual_breadth


def test_large_regions_tell_more_of_what_is_broad_than_small_ones() -> None:
    cupboards, hall = [region(breadth=0.02, area=0.0004)] * 3, region(breadth=0.2, area=0.09)
    assert habits_of([*cupboards, hall], [], OPTIONS) == habits_of([hall], [], OPTIONS)


def test_an_empty_page_is_as_broad_as_usual() -> None:
    assert habits_of([], [], OPTIONS) == PageHabits(OPTIONS.usual_breadth, rooms_are_named=False)
