"""The scale of a page, from what its rooms print, and its notes."""

import pytest

from builders_measures import FLAT_M, DrawnPlan
from preview.domain.scale import PageSize, Scale, ScaleSource
from preview.measures.page_reading import read_page

ALL_ROOMS = range(len(FLAT_M))
A3 = PageSize(600, 424, width_mm=420, height_mm=297)


def scale_of(plan: DrawnPlan) -> Scale | None:
    return read_page(plan.outlines, plan.texts, plan.page).scale


def known(scale: Scale | None) -> Scale:
    assert scale is not None
    return scale


def test_sizes_printed_in_rooms_give_the_scale() -> None:
    plan = DrawnPlan().with_sizes(*ALL_ROOMS)
    scale = known(scale_of(plan))
    assert scale.metres_per_unit == pytest.approx(plan.metres_per_unit, rel=0.002)
    assert scale.source is ScaleSource.DIMENSIONS
    assert scale.confidence > 0.9
    assert not scale.conflicts


def test_areas_printed_in_rooms_give_the_scale() -> None:
    plan = DrawnPlan().with_areas(*ALL_ROOMS)
    scale = known(scale_of(plan))
    assert scale.metres_per_unit == pytest.approx(plan.metres_per_unit, rel=0.005)
    assert scale.source is ScaleSource.AREAS
    assert scale.text in {text.text for text in plan.texts}


def test_bare_areas_count_where_every_room_has_one() -> None:
    plan = DrawnPlan().with_areas(*ALL_ROOMS, form="{:.1f}")
    assert known(scale_of(plan)).metres_per_unit == pytest.approx(plan.metres_per_unit, rel=0.005)


def test_areas_in_few_of_many_outlines_are_not_trusted() -> None:
    halves = tuple(
        half
        for x_min, y_min, x_max, y_max in FLAT_M
        for half in ((x_min, y_min, x_max, (y_min + y_max) / 2), (x_min, (y_min + y_max) / 2, x_max, y_max))
    )
    plan = DrawnPlan(rooms_m=halves)
    for room, (x_min, y_min, x_max, y_max) in enumerate(FLAT_M):
        plan = plan.printing(2 * room, f"{(x_max - x_min) * (y_max - y_min):.1f}")
    scale = scale_of(plan)
    assert scale is None or scale.confidence < 0.8


@pytest.mark.parametrize("wrong", ["9.90 x 9.10 m", "1.10 x 0.90 m", "12'0 x 3'0"])
def test_an_outlier_is_left_out(wrong: str) -> None:
    plan = DrawnPlan().with_sizes(0, 1, 2, 4).printing(3, wrong)
    scale = known(scale_of(plan))
    assert scale.metres_per_unit == pytest.approx(plan.metres_per_unit, rel=0.01)
    assert scale.confidence > 0.8


def test_of_two_rooms_that_disagree_no_scale_is_sure() -> None:
    plan = DrawnPlan().with_sizes(0).printing(1, "7.00 x 6.00 m")
    scale = scale_of(plan)
    assert scale is None or scale.confidence < 0.8


def test_one_room_alone_gives_a_doubtful_scale() -> None:
    scale = known(scale_of(DrawnPlan().with_sizes(3)))
    assert scale.confidence <= 0.5
    assert scale.text == "5.00 x 5.00 m"


def test_one_area_alone_gives_none() -> None:
    assert scale_of(DrawnPlan().with_areas(3)) is None


def test_areas_of_which_most_disagree_are_not_trusted() -> None:
    upper = tuple((x_min + 10, y_min, x_max + 10, y_max) for x_min, y_min, x_max, y_max in FLAT_M)
    plan = DrawnPlan(rooms_m=FLAT_M + upper, mm_per_px=40).with_areas(0, 3, 5, 8, 7)
    wrong = {1: "4.9 m2", 2: "11.5 m2", 4: "2.8 m2", 6: "19.9 m2", 9: "3.2 m2"}
    for room, text in wrong.items():
        plan = plan.printing(room, text)
    scale = known(scale_of(plan))
    assert scale.metres_per_unit == pytest.approx(plan.metres_per_unit, rel=0.01)
    assert scale.confidence < 0.8


def test_nothing_printed_gives_none() -> None:
    assert scale_of(DrawnPlan()) is None
    assert read_page([], [], PageSize(600, 500)).scale is None


def test_a_stretched_page_has_a_scale_for_each_axis() -> None:
    plan = DrawnPlan(stretch=0.7, page=PageSize(600, 600)).with_sizes(*ALL_ROOMS)
    scale = known(scale_of(plan))
    assert scale.metres_per_unit == pytest.approx(plan.metres_per_unit, rel=0.02)


def test_no_scale_of_a_squashed_page_is_sure_by_areas_alone() -> None:
    plan = DrawnPlan(stretch=0.7, page=PageSize(600, 600)).with_areas(*ALL_ROOMS)
    assert known(scale_of(plan)).confidence < 0.8


def test_readings_whose_marks_were_lost_are_settled_by_the_other_rooms() -> None:
    plan = (
        DrawnPlan(rooms_m=((0, 0, 3.124, 3.073), *FLAT_M[1:])).with_sizes(1, 2, 4).printing(0, "103 x 10'1")
    )
    measures = read_page(plan.outlines, plan.texts, plan.page)
    assert measures.rooms[0].printed_size_m == (3.12, 3.07)


def test_sizes_and_areas_that_disagree_are_told() -> None:
    plan = DrawnPlan().with_sizes(0, 1, 2).printing(3, "56.3 m2").printing(4, "12.9 m2")
    agreeing = DrawnPlan().with_sizes(0, 1, 2).with_areas(3, 4)
    scale, other = known(scale_of(plan)), known(scale_of(agreeing))
    assert scale.source is ScaleSource.DIMENSIONS
    assert scale.conflicts == (ScaleSource.AREAS,)
    assert scale.confidence < other.confidence
    assert not other.conflicts


def test_a_note_gives_the_scale_of_a_sheet_of_known_size() -> None:
    scale = known(scale_of(DrawnPlan(page=A3).with_text("SCALE 1:100 @ A3")))
    assert scale.metres_per_unit == pytest.approx((0.042, 0.0297))
    assert (scale.source, scale.text) == (ScaleSource.NOTE, "SCALE 1:100 @ A3")


@pytest.mark.parametrize("page", [PageSize(600, 424), PageSize(600, 424, width_mm=297, height_mm=210)])
def test_a_note_tells_nothing_of_a_picture_or_of_another_sheet(page: PageSize) -> None:
    assert scale_of(DrawnPlan(page=page).with_text("SCALE 1:100 @ A3")) is None


def test_a_note_that_agrees_raises_confidence() -> None:
    mm_per_px = 100 * 420 / 600 / 1
    plan = DrawnPlan(page=A3, mm_per_px=mm_per_px, rooms_m=_larger(3.5)).with_sizes(0, 3)
    alone = known(scale_of(plan))
    agreed = known(scale_of(plan.with_text("1:100")))
    assert agreed.source is ScaleSource.DIMENSIONS
    assert agreed.confidence >= alone.confidence
    assert not agreed.conflicts


def test_a_note_that_disagrees_lowers_confidence_and_is_named() -> None:
    plan = DrawnPlan(page=A3).with_sizes(*ALL_ROOMS)
    alone = known(scale_of(plan))
    scale = known(scale_of(plan.with_text("1:200")))
    assert scale.metres_per_unit == alone.metres_per_unit
    assert scale.conflicts == (ScaleSource.NOTE,)
    assert scale.confidence < alone.confidence


def _larger(factor: float) -> tuple[tuple[float, float, float, float], ...]:
    return tuple(
        (x_min * factor, y_min * factor, x_max * factor, y_max * factor)
        for x_min, y_min, x_max, y_max in FLAT_M
    )
