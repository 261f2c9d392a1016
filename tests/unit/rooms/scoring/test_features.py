from collections.abc import Sequence

import numpy as np
import pytest

from builders_regions import label, region
from preview.rooms.evidence.region import Region
from preview.rooms.scoring.features import CONTESTED, EVIDENCE, FEATURES, features_of
from preview.rooms.scoring.heuristic_score import PageHabits
from preview.rooms.text.labels import Label, TextKind

HABITS = PageHabits(ample_breadth=0.05, rooms_are_named=False)


def told(
    *regions: Region,
    inside: Sequence[Sequence[Label]] | None = None,
    labels: Sequence[Label] = (),
    hand_scores: Sequence[float] | None = None,
    habits: PageHabits = HABITS,
) -> list[dict[str, float]]:
    """Each region's row, by the names of its columns."""
    table = features_of(
        regions, inside or [()] * len(regions), labels, hand_scores or [0.0] * len(regions), habits
    )
    return [dict(zip(FEATURES, row, strict=True)) for row in table.tolist()]


HALL = region((100, 100, 500, 500), box_match=0.6, claim=0.5, rim=0.4, wall_support=0.9, agreement=0.7)
CUPBOARD = region((100, 100, 200, 200), box_match=0.9, claim=0.8, rim=0.7, wall_support=0.3, agreement=0.2)
OTHER_HALL = region((100, 100, 500, 470), box_match=0.8, claim=0.4, rim=0.6, wall_support=0.5, agreement=0.9)
AWAY = region((700, 700, 900, 900), box_match=1.0, claim=1.0, rim=1.0)
INNER, OUTER, TWIN = ([f"{where}_{name}" for name in CONTESTED] for where in ("inner", "outer", "twin"))


def test_columns_are_the_features() -> None:
    table = features_of([HALL, AWAY], [(), ()], (), [1.0, 2.0], HABITS)
    assert table.shape == (2, len(FEATURES))
    assert table.dtype == np.float32
    assert len(set(FEATURES)) == len(FEATURES)
    assert FEATURES[-1] == "hand_score"


def test_without_regions_the_table_is_empty() -> None:
    assert features_of([], [], (), [], HABITS).shape == (0, len(FEATURES))


def test_evidence_is_told_as_it_is() -> None:
    values = {name: (number + 1) / 20 for number, name in enumerate(EVIDENCE)}
    (row,) = told(region(**values), hand_scores=[4.5])
    assert {name: row[name] for name in EVIDENCE} == pytest.approx(values)
    assert row["hand_score"] == 4.5


def test_sizes_are_told_against_the_page() -> None:
    small, usual, large = told(*(region(area=area, breadth=area) for area in (0.01, 0.02, 0.08)))
    assert [row["relative_area"] for row in (small, usual, large)] == pytest.approx(np.log([0.5, 1, 4]))
    assert [row["log_area"] for row in (small, usual, large)] == pytest.approx(np.log([0.01, 0.02, 0.08]))
    assert [row["log_breadth"] for row in (small, large)] == pytest.approx(np.log([0.01, 0.08]))
    assert [row["relative_breadth"] for row in (small, large)] == pytest.approx([0.2, 1.6])


def test_the_usual_area_is_that_of_regions_the_network_agrees_with() -> None:
    junk = [region(area=0.001, box_match=0.1) for _ in range(30)]
    rooms = [region(area=0.02, box_match=0.9) for _ in range(20)]
    assert told(*junk, *rooms)[-1]["relative_area"] == pytest.approx(0)


def test_an_inner_region_is_told_of_the_one_around_it_and_the_other_way_round() -> None:
    hall, cupboard = told(HALL, CUPBOARD)
    assert [hall[name] for name in INNER] == pytest.approx([getattr(CUPBOARD, name) for name in CONTESTED])
    assert [cupboard[name] for name in OUTER] == pytest.approx([getattr(HALL, name) for name in CONTESTED])
    assert not any(hall[name] for name in OUTER)
    assert not any(cupboard[name] for name in (*INNER, "inner_cover", "inner_claimed"))


def test_what_lies_inside_is_told_by_its_share_of_the_region() -> None:
    hall = told(HALL, CUPBOARD, region((300, 300, 500, 500), box_match=0.5, claim=0.5))[0]
    assert hall["inner_cover"] == pytest.approx(0.5 * 0.25)
    assert hall["inner_claimed"] == pytest.approx(0.8 / 16 + 0.5 * 0.25)


def test_of_several_inside_the_best_of_each_is_told() -> None:
    hall = told(HALL, CUPBOARD, region((300, 300, 400, 400), box_match=0.1, claim=0.1, rim=0.95))[0]
    assert hall["inner_box_match"] == pytest.approx(0.9)
    assert hall["inner_rim"] == pytest.approx(0.95)


def test_another_reading_of_a_place_is_told_by_how_much_better_it_is() -> None:
    hall, other = told(HALL, OTHER_HALL)
    better = [getattr(OTHER_HALL, name) - getattr(HALL, name) for name in CONTESTED]
    assert [hall[name] for name in TWIN] == pytest.approx(better)
    assert [other[name] for name in TWIN] == pytest.approx([-step for step in better])
    assert not any(hall[name] or other[name] for name in (*INNER, *OUTER))


def test_a_region_elsewhere_is_no_rival() -> None:
    assert told(HALL)[0] == told(HALL, AWAY)[0] | {"relative_area": told(HALL)[0]["relative_area"]}


@pytest.mark.parametrize(
    ("box", "is_inner"),
    [((100, 100, 300, 300), True), ((110, 90, 310, 290), True), ((400, 400, 600, 600), False)],
    ids=["within", "nearly within", "across"],
)
def test_inside_is_what_mostly_lies_inside(box: tuple[float, float, float, float], is_inner: bool) -> None:
    hall = told(HALL, region(box, box_match=0.5))[0]
    assert hall["inner_box_match"] == (0.5 if is_inner else 0.0)


def test_labels_are_counted_by_kind_and_not_beyond_three() -> None:
    kinds = [TextKind.ROOM, *[TextKind.NUMBER] * 2, *[TextKind.OTHER] * 3, *[TextKind.SHEET] * 9]
    inside = [label(kind) for kind in (*kinds, TextKind.DIMENSION, TextKind.NOISE)]
    (row,) = told(region(), inside=[inside], labels=inside)
    assert [row[name] for name in ("rooms", "numbers", "others", "sheet")] == [1, 2, 3, 3]
    assert row["page_has_words"] == 1


def test_a_page_is_told_by_its_habits() -> None:
    (row,) = told(region())
    assert (row["named_page"], row["page_has_words"]) == (0, 0)
    (row,) = told(region(), labels=[label(TextKind.ROOM)], habits=PageHabits(0.05, rooms_are_named=True))
    assert (row["named_page"], row["page_has_words"]) == (1, 1)


@pytest.mark.parametrize(
    ("anchor", "off_centre"),
    [((200, 200), 0.0), ((250, 200), 0.5), ((200, 125), 0.75), ((300, 200), 1.0), ((400, 200), 1.0)],
)
def test_a_name_is_told_by_how_far_it_lies_from_the_middle(
    anchor: tuple[float, float], off_centre: float
) -> None:
    (row,) = told(region((100, 100, 300, 300)), inside=[[label(TextKind.ROOM, "Bath", anchor)]])
    assert row["off_centre"] == off_centre


def test_of_several_names_the_most_central_counts_and_notes_do_not() -> None:
    labels = [
        label(TextKind.ROOM, anchor=(290, 200)),
        label(TextKind.NUMBER, anchor=(250, 200)),
        label(TextKind.OTHER, anchor=(200, 200)),
    ]
    rows = told(region(), region(), inside=[labels, labels[2:]])
    assert [row["off_centre"] for row in rows] == [0.5, 1.0]
