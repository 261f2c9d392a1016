"""What outlines measure, and scales that the caller gives."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from builders_measures import DrawnPlan
from preview.domain.measures import area, measure, perimeter, smallest_rectangle
from preview.domain.scale import GivenLength, GivenRatio, PageSize, Scale, ScaleSource

RECTANGLE = [(100.0, 100.0), (500.0, 100.0), (500.0, 300.0), (100.0, 300.0)]
L_SHAPE = [(0.0, 0.0), (400.0, 0.0), (400.0, 100.0), (200.0, 100.0), (200.0, 300.0), (0.0, 300.0)]
KNOWN = Scale((0.01, 0.02), ScaleSource.DIMENSIONS, "4.00 x 4.00 m", 0.9)


def turned(corners: list[tuple[float, float]], degrees: float) -> list[tuple[float, float]]:
    along, across = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [(x * along - y * across, x * across + y * along) for x, y in corners]


def test_an_outline_is_measured_in_metres_of_each_axis() -> None:
    measures = measure(RECTANGLE, KNOWN)
    assert (measures.area_m2, measures.perimeter_m) == (16.0, 16.0)
    assert (measures.width_m, measures.length_m) == (4.0, 4.0)


def test_an_area_does_not_depend_on_the_way_round() -> None:
    assert area(L_SHAPE[::-1]) == area(L_SHAPE) == pytest.approx(80_000)
    assert perimeter(L_SHAPE) == pytest.approx(1400)


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 123])
def test_the_smallest_rectangle_turns_with_the_outline(degrees: float) -> None:
    assert smallest_rectangle(turned(RECTANGLE, degrees)) == pytest.approx((200, 400))


def test_the_smallest_rectangle_lies_along_a_side() -> None:
    rhombus = [(10.0, 0.0), (20.0, 5.0), (10.0, 10.0), (0.0, 5.0)]
    shorter, longer = smallest_rectangle(rhombus)
    assert shorter == pytest.approx(100 / math.hypot(10, 5))
    assert longer == pytest.approx(2 * shorter)


def rectangles_along_two_corners(ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The rectangles around an outline along each pair of its corners, the hull's sides among them."""
    found = []
    for a, b in itertools.permutations(set(ring), 2):
        along, across = (b[0] - a[0]) / math.dist(a, b), (b[1] - a[1]) / math.dist(a, b)
        u = [x * along + y * across for x, y in ring]
        v = [y * along - x * across for x, y in ring]
        found.append(tuple(sorted((max(u) - min(u), max(v) - min(v)))))
    return found


page_units = st.one_of(st.floats(0, 1000, width=32), st.integers(0, 1000).map(float))
outlines = st.lists(st.tuples(page_units, page_units), min_size=3, max_size=12)


@any_of(outlines)
def test_no_rectangle_along_two_corners_is_smaller(outline: list[tuple[float, float]]) -> None:
    """Which of several is taken that have one area, as those around a triangle have, is left open."""
    smallest = smallest_rectangle(outline)
    others = rectangles_along_two_corners(outline) or [(0.0, 0.0)]
    least = min(a * b for a, b in others)
    assert math.prod(smallest) == pytest.approx(least, rel=1e-9, abs=1e-6)
    assert any(smallest == pytest.approx(other, rel=1e-9, abs=1e-6) for other in others)


class Coordinate(float):
    """A number that counts what is reckoned with it."""

    operations = 0

    def __mul__(self, other: float) -> float:
        Coordinate.operations += 1
        return float(self) * other

    def __sub__(self, other: float) -> float:
        Coordinate.operations += 1
        return float(self) - other


def operations_for(corners: int) -> int:
    """What the smallest rectangle around a convex outline costs."""
    angles = [math.tau * corner / corners for corner in range(corners)]
    Coordinate.operations = 0
    smallest_rectangle([(Coordinate(500 + 300 * math.cos(a)), Coordinate(200 * math.sin(a))) for a in angles])
    return Coordinate.operations


def test_twice_the_corners_cost_about_twice_as_much() -> None:
    assert operations_for(500) < 3 * operations_for(250)


@pytest.mark.parametrize("line", [[(0.0, 0.0), (3.0, 4.0), (0.0, 0.0)], [(1.0, 1.0)] * 3])
def test_an_outline_without_an_inside_has_no_area(line: list[tuple[float, float]]) -> None:
    shorter, longer = smallest_rectangle(line)
    assert shorter == pytest.approx(0, abs=1e-9)
    assert longer == pytest.approx(math.dist(line[0], line[1]), abs=1e-9)


def test_a_length_that_the_caller_gives_is_sure() -> None:
    plan = DrawnPlan()
    corners = plan.outline(0)
    scale = GivenLength(corners[0], corners[2], 5.0).on(plan.page)
    assert scale.metres_per_unit == pytest.approx(plan.metres_per_unit)
    assert (scale.source, scale.confidence) == (ScaleSource.GIVEN, 1)


def test_a_ratio_that_the_caller_gives_needs_a_sheet_of_known_size() -> None:
    scale = GivenRatio(50).on(PageSize(600, 424, width_mm=420, height_mm=297))
    assert scale is not None
    assert scale.metres_per_unit == pytest.approx((0.021, 0.01485))
    assert scale.text == "1:50"
    assert GivenRatio(50).on(PageSize(600, 424)) is None


def test_a_source_that_agrees_takes_doubt_away() -> None:
    note = Scale((0.0102, 0.0204), ScaleSource.NOTE, "1:100", 0.6)
    scale = KNOWN.compared_with([note])
    assert KNOWN.confidence < scale.confidence < 1
    assert not scale.conflicts


def test_a_source_that_disagrees_lowers_confidence_and_is_named() -> None:
    note = Scale((0.02, 0.04), ScaleSource.NOTE, "1:200", 0.6)
    scale = KNOWN.compared_with([note])
    assert scale.metres_per_unit == KNOWN.metres_per_unit
    assert scale.confidence < KNOWN.confidence
    assert scale.conflicts == (ScaleSource.NOTE,)


def given(metres_per_unit: tuple[float, float]) -> Scale:
    return Scale(metres_per_unit, ScaleSource.GIVEN, None, 1.0)


def test_a_given_scale_is_as_sure_as_nothing_read_contradicts_it() -> None:
    same, other = given(KNOWN.metres_per_unit), given((0.02, 0.04))
    assert other.outranking(None) == other
    assert same.outranking(KNOWN) == same
    contradicted = other.outranking(KNOWN)
    assert contradicted.metres_per_unit == other.metres_per_unit
    assert (contradicted.confidence, contradicted.conflicts) == (0.55, (ScaleSource.DIMENSIONS,))


def test_what_contradicts_a_read_scale_contradicts_the_given_one_that_it_agrees_with() -> None:
    read = replace(KNOWN, confidence=0.6, conflicts=(ScaleSource.NOTE,))
    scale = given(KNOWN.metres_per_unit).outranking(read)
    assert (scale.confidence, scale.conflicts) == (0.8, (ScaleSource.NOTE,))
    contradicted = given((0.02, 0.04)).outranking(read)
    assert contradicted.conflicts == (ScaleSource.DIMENSIONS,)


def test_a_given_ratio_is_kept_as_it_was_written() -> None:
    assert [GivenRatio.parsed(text).text for text in ("1:100", "1:62.5", "1:99999.125")] == [
        "1:100",
        "1:62.5",
        "1:99999.125",
    ]
