"""Which printed sizes and areas are a room's."""

import pytest

from builders_measures import DrawnPlan
from preview.domain.room import Word
from preview.measures.page_reading import RoomReading, read_page
from preview.measures.printed import printed_texts


def reading(plan: DrawnPlan, room: int) -> RoomReading:
    return read_page(plan.outlines, plan.texts, plan.page).rooms[room]


def test_without_a_scale_only_what_is_printed_is_told() -> None:
    assert reading(DrawnPlan().with_areas(0), 0) == RoomReading(printed_area_m2=12.0)


def test_a_printed_size_keeps_its_order() -> None:
    plan = DrawnPlan().with_sizes(0, 2).printing(1, "3.00 x 3.50 m")
    assert reading(plan, 1).printed_size_m == (3.0, 3.5)


def test_a_size_in_feet_is_told_in_metres() -> None:
    plan = DrawnPlan().printing(0, "13'-9\" x 17'-8\"")
    assert reading(plan, 0).printed_size_m == (4.19, 5.38)


def test_of_a_size_in_feet_and_metres_the_metres_are_told() -> None:
    plan = DrawnPlan().printing(0, "13'7 x 10'3").printing(0, "4.14 x 3.13m")
    assert reading(plan, 0).printed_size_m == (4.14, 3.13)


def test_a_printed_size_is_told_whatever_is_measured() -> None:
    plan = DrawnPlan().with_sizes(0, 1, 2, 4).printing(3, "2.00 x 9.00 m")
    assert reading(plan, 3).printed_size_m == (2.0, 9.0)


def test_of_several_sizes_in_an_outline_only_its_own_is_told() -> None:
    plan = DrawnPlan().with_sizes(0, 1, 2).printing(3, "2.00 x 2.00 m")
    assert reading(plan.printing(3, "5.00 x 5.00 m"), 3).printed_size_m == (5.0, 5.0)
    assert reading(plan.printing(3, "3.00 x 2.50 m"), 3).printed_size_m is None


def test_an_area_in_square_feet_and_metres_is_one() -> None:
    plan = DrawnPlan().printing(0, "12.0 m2").printing(0, "129 sq ft")
    assert reading(plan, 0).printed_area_m2 == 12.0


def test_bare_numbers_are_areas_where_the_page_prints_areas_so() -> None:
    plan = DrawnPlan().with_areas(0, 1, 2, 4, form="{:.1f}").printing(3, "21.3")
    assert reading(plan, 3).printed_area_m2 == 21.3


def test_the_total_in_the_middle_of_a_flat_is_not_the_area_of_the_room_there() -> None:
    plan = DrawnPlan().with_areas(0, 1, 2, 4, form="{:.1f}").printing(3, "56.3 m2")
    assert reading(plan, 3).printed_area_m2 is None
    assert reading(plan.printing(3, "25.0"), 3).printed_area_m2 == 25.0


def test_an_area_whose_decimal_sign_was_lost_is_told_by_the_outline() -> None:
    plan = DrawnPlan().with_areas(0, 1, 2).printing(4, "575 m2")
    assert reading(plan, 4).printed_area_m2 == 5.75


def test_lengths_of_walls_are_no_areas() -> None:
    plan = DrawnPlan().with_sizes(*range(5)).printing(3, "4.88")
    assert reading(plan, 3).printed_area_m2 is None


def words(*lines: tuple[str, float, float]) -> list[Word]:
    """Words of lines at places, letters six units wide."""
    return [
        Word(text, (x + 6 * before, y, x + 6 * (before + len(text)), y + 10), 1.0, "text_layer")
        for line, x, y in lines
        for before, text in _with_offsets(line)
    ]


def _with_offsets(line: str) -> list[tuple[int, str]]:
    offsets, start = [], 0
    for text in line.split():
        offsets.append((line.index(text, start), text))
        start = offsets[-1][0] + len(text)
    return offsets


def test_lines_that_tell_measures_are_kept_and_others_are_not() -> None:
    texts = printed_texts(words(("BEDROOM", 100, 100), ("3.50 x 4.20 m", 100, 112), ("TERRACE", 500, 500)))
    assert [(text.text, text.is_named) for text in texts] == [("3.50 x 4.20 m", True)]


def test_a_size_over_two_lines_is_one() -> None:
    texts = printed_texts(words(("ENTRY 5'-10\" x", 100, 100), ("13'-7\"", 100, 112)))
    assert [text.text for text in texts] == ["ENTRY 5'-10\" x 13'-7\""]


@pytest.mark.parametrize("line", ["Gross internal area 155 sq m", "TOTAL 67.0 m2", "3h+k+s 73,0 m2"])
def test_the_area_of_a_whole_floor_is_no_room_s(line: str) -> None:
    assert not printed_texts(words((line, 100, 100)))


def test_sizes_of_windows_count_only_on_a_page_in_feet() -> None:
    plan = DrawnPlan().printing(0, "12x9")
    assert reading(plan, 0).printed_size_m is None
    assert reading(plan.printing(1, "11'6 x 9'10"), 0).printed_size_m == (3.66, 2.74)


def test_a_text_in_a_notch_of_its_room_is_the_room_s() -> None:
    plan = DrawnPlan()
    right = max(x for x, _ in plan.outline(3))
    plan = plan.with_text("5.00 x 5.00 m", (right - 30, 600, right + 40, 610))
    assert reading(plan, 3).printed_size_m == (5.0, 5.0)
