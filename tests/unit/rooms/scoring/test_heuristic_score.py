from collections.abc import Sequence
from typing import Any

import pytest

from builders_regions import label, region
from preview.rooms.scoring.heuristic_score import HeuristicScoreOptions, heuristic_score
from preview.rooms.scoring.page_statistics import PageStatistics, PageStatisticsOptions, page_statistics
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind

OPTIONS, STATISTICS = HeuristicScoreOptions(), PageStatisticsOptions()
PLAIN = PageStatistics(room_width=0.05, has_room_names=False)
NAMED = PageStatistics(room_width=0.05, has_room_names=True)
ROOM, NUMBER, OTHER, SHEET, SIZE = (
    label(kind)
    for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER, TextKind.SHEET, TextKind.DIMENSION)
)


def score(inside: Sequence[Label] = (), page: PageStatistics = PLAIN, **fields: Any) -> float:
    return heuristic_score(region(**fields), inside, page, OPTIONS)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"mean_width": 0.05}, {"mean_width": 0.02}),
        ({"agreement": 0.9}, {"agreement": 0.2}),
        ({"wall_support": 0.9}, {"wall_support": 0.2}),
        ({"ink_support": 0.9}, {"ink_support": 0.2}),
        ({"aspect_ratio": 0.4}, {"aspect_ratio": 0.1}),
        ({"compactness": 0.7}, {"compactness": 1.0}),
    ],
    ids=["mean_width", "agreement", "walls", "ink", "aspect_ratio", "compactness"],
)
def test_pixels_that_look_more_like_a_room_score_more(
    better: dict[str, float], worse: dict[str, float]
) -> None:
    assert score(**better) > score(**worse)


@pytest.mark.parametrize("field", ["mean_width", "aspect_ratio"])
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


def test_a_page_of_wide_rooms_needs_wide_regions() -> None:
    narrow, broad = (
        page_statistics([region(mean_width=mean_width)] * 5, [], STATISTICS) for mean_width in (0.02, 0.2)
    )
    assert narrow.room_width < STATISTICS.usual_mean_width < broad.room_width
    assert score(page=narrow, mean_width=0.03) > score(page=broad, mean_width=0.03)
