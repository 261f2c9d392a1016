from collections.abc import Sequence

import numpy as np
import pytest

from builders_regions import label, region
from preview.rooms.evidence.pooled_evidence import POOLED_FEATURES
from preview.rooms.evidence.region import Region
from preview.rooms.scoring.features import ALL_FEATURES, COMPARED, EVIDENCE_FEATURES, FEATURES, feature_table
from preview.rooms.scoring.page_statistics import PageStatistics
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind

STATISTICS = PageStatistics(room_width=0.05, has_room_names=False)


def rows_of(
    *regions: Region,
    inside: Sequence[Sequence[Label]] | None = None,
    labels: Sequence[Label] = (),
    heuristic_scores: Sequence[float] | None = None,
    statistics: PageStatistics = STATISTICS,
) -> list[dict[str, float]]:
    """Each region's row, by the names of its columns."""
    table = feature_table(
        regions, inside or [()] * len(regions), labels, heuristic_scores or [0.0] * len(regions), statistics
    )
    return [dict(zip(ALL_FEATURES, row, strict=True)) for row in table.tolist()]


HALL = region(
    (100, 100, 500, 500),
    mean_box_iou=0.6,
    exclusive_vote_share=0.5,
    boundary_edge=0.4,
    wall_support=0.9,
    agreement=0.7,
)
CUPBOARD = region(
    (100, 100, 200, 200),
    mean_box_iou=0.9,
    exclusive_vote_share=0.8,
    boundary_edge=0.7,
    wall_support=0.3,
    agreement=0.2,
)
OTHER_HALL = region(
    (100, 100, 500, 470),
    mean_box_iou=0.8,
    exclusive_vote_share=0.4,
    boundary_edge=0.6,
    wall_support=0.5,
    agreement=0.9,
)
AWAY = region((700, 700, 900, 900), mean_box_iou=1.0, exclusive_vote_share=1.0, boundary_edge=1.0)
INNER, OUTER, DUPLICATE = (
    [f"{where}_{name}" for name in COMPARED] for where in ("inner", "outer", "duplicate")
)


def test_columns_are_the_features() -> None:
    table = feature_table([HALL, AWAY], [(), ()], (), [1.0, 2.0], STATISTICS)
    assert table.shape == (2, len(ALL_FEATURES))
    assert table.dtype == np.float32
    assert len(set(ALL_FEATURES)) == len(ALL_FEATURES)
    assert table[:, FEATURES.index("heuristic_score")].tolist() == [1.0, 2.0]


def test_without_regions_the_table_is_empty() -> None:
    assert feature_table([], [], (), [], STATISTICS).shape == (0, len(ALL_FEATURES))


def test_evidence_is_a_feature_as_it_is() -> None:
    values = {name: (number + 1) / 20 for number, name in enumerate(EVIDENCE_FEATURES)}
    (row,) = rows_of(region(**values), heuristic_scores=[4.5])
    assert {name: row[name] for name in EVIDENCE_FEATURES} == pytest.approx(values)
    assert row["heuristic_score"] == 4.5


def test_pooled_evidence_is_a_feature_as_it_is() -> None:
    pooled = tuple(number / 8 for number in range(len(POOLED_FEATURES)))
    (row,) = rows_of(region(pooled=pooled), heuristic_scores=[4.5])
    assert [row[name] for name in POOLED_FEATURES] == list(pooled)


def test_sizes_are_relative_to_the_page() -> None:
    small, usual, large = rows_of(*(region(area=area, mean_width=area) for area in (0.01, 0.02, 0.08)))
    assert [row["relative_area"] for row in (small, usual, large)] == pytest.approx(np.log([0.5, 1, 4]))
    assert [row["log_area"] for row in (small, usual, large)] == pytest.approx(np.log([0.01, 0.02, 0.08]))
    assert [row["log_mean_width"] for row in (small, large)] == pytest.approx(np.log([0.01, 0.08]))
    assert [row["relative_mean_width"] for row in (small, large)] == pytest.approx([0.2, 1.6])


def test_the_usual_area_is_that_of_regions_the_network_agrees_with() -> None:
    junk = [region(area=0.001, mean_box_iou=0.1) for _ in range(30)]
    rooms = [region(area=0.02, mean_box_iou=0.9) for _ in range(20)]
    assert rows_of(*junk, *rooms)[-1]["relative_area"] == pytest.approx(0)


def test_an_inner_region_is_compared_with_the_one_around_it_and_the_other_way_round() -> None:
    hall, cupboard = rows_of(HALL, CUPBOARD)
    assert [hall[name] for name in INNER] == pytest.approx([getattr(CUPBOARD, name) for name in COMPARED])
    assert [cupboard[name] for name in OUTER] == pytest.approx([getattr(HALL, name) for name in COMPARED])
    assert not any(hall[name] for name in OUTER)
    assert not any(cupboard[name] for name in (*INNER, "inner_cover", "inner_exclusive_cover"))


def test_what_lies_inside_counts_by_its_share_of_the_region() -> None:
    hall = rows_of(HALL, CUPBOARD, region((300, 300, 500, 500), mean_box_iou=0.5, exclusive_vote_share=0.5))[
        0
    ]
    assert hall["inner_cover"] == pytest.approx(0.5 * 0.25)
    assert hall["inner_exclusive_cover"] == pytest.approx(0.8 / 16 + 0.5 * 0.25)


def test_of_several_inside_the_best_of_each_counts() -> None:
    hall = rows_of(
        HALL,
        CUPBOARD,
        region((300, 300, 400, 400), mean_box_iou=0.1, exclusive_vote_share=0.1, boundary_edge=0.95),
    )[0]
    assert hall["inner_mean_box_iou"] == pytest.approx(0.9)
    assert hall["inner_boundary_edge"] == pytest.approx(0.95)


def test_a_duplicate_counts_by_how_much_better_it_is() -> None:
    hall, other = rows_of(HALL, OTHER_HALL)
    better = [getattr(OTHER_HALL, name) - getattr(HALL, name) for name in COMPARED]
    assert [hall[name] for name in DUPLICATE] == pytest.approx(better)
    assert [other[name] for name in DUPLICATE] == pytest.approx([-step for step in better])
    assert not any(hall[name] or other[name] for name in (*INNER, *OUTER))


def test_a_region_elsewhere_is_not_compared() -> None:
    assert rows_of(HALL)[0] == rows_of(HALL, AWAY)[0] | {"relative_area": rows_of(HALL)[0]["relative_area"]}


@pytest.mark.parametrize(
    ("box", "is_inner"),
    [((100, 100, 300, 300), True), ((110, 90, 310, 290), True), ((400, 400, 600, 600), False)],
    ids=["within", "nearly within", "across"],
)
def test_inside_is_what_mostly_lies_inside(box: tuple[float, float, float, float], is_inner: bool) -> None:
    hall = rows_of(HALL, region(box, mean_box_iou=0.5))[0]
    assert hall["inner_mean_box_iou"] == (0.5 if is_inner else 0.0)


def test_labels_are_counted_by_kind_and_not_beyond_three() -> None:
    kinds = [TextKind.ROOM, *[TextKind.NUMBER] * 2, *[TextKind.OTHER] * 3, *[TextKind.SHEET] * 9]
    inside = [label(kind) for kind in (*kinds, TextKind.DIMENSION, TextKind.NOISE)]
    (row,) = rows_of(region(), inside=[inside], labels=inside)
    assert [row[name] for name in ("rooms", "numbers", "others", "sheet")] == [1, 2, 3, 3]
    assert row["page_has_words"] == 1


def test_page_features_are_those_of_the_page() -> None:
    (row,) = rows_of(region())
    assert (row["page_has_room_names"], row["page_has_words"]) == (0, 0)
    (row,) = rows_of(
        region(), labels=[label(TextKind.ROOM)], statistics=PageStatistics(0.05, has_room_names=True)
    )
    assert (row["page_has_room_names"], row["page_has_words"]) == (1, 1)


@pytest.mark.parametrize(
    ("anchor", "off_centre"),
    [((200, 200), 0.0), ((250, 200), 0.5), ((200, 125), 0.75), ((300, 200), 1.0), ((400, 200), 1.0)],
)
def test_a_name_counts_by_how_far_it_lies_from_the_middle(
    anchor: tuple[float, float], off_centre: float
) -> None:
    (row,) = rows_of(region((100, 100, 300, 300)), inside=[[label(TextKind.ROOM, "Bath", anchor)]])
    assert row["off_centre"] == off_centre


def test_of_several_names_the_most_central_counts_and_notes_do_not() -> None:
    labels = [
        label(TextKind.ROOM, anchor=(290, 200)),
        label(TextKind.NUMBER, anchor=(250, 200)),
        label(TextKind.OTHER, anchor=(200, 200)),
    ]
    rows = rows_of(region(), region(), inside=[labels, labels[2:]])
    assert [row["off_centre"] for row in rows] == [0.5, 1.0]
