"""Which outlines are simple."""

import sys
from collections import Counter
from collections.abc import Callable
from math import cos, pi, sin

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.domain.outline import Outline, area, box_outline, iou, is_on_page, is_simple

UNTIMED = settings(deadline=None)
L_SHAPE = ((0.0, 0.0), (400.0, 0.0), (400.0, 200.0), (200.0, 200.0), (200.0, 400.0), (0.0, 400.0))


def star(radii: list[float]) -> Outline:
    """A corner in each of so many directions from the middle of the page, which no side can cross."""
    turn = 2 * pi / len(radii)
    return tuple(
        (round(500 + r * cos(at * turn), 2), round(500 + r * sin(at * turn), 2)) for at, r in enumerate(radii)
    )


@pytest.mark.parametrize(
    "outline",
    [
        L_SHAPE,
        box_outline((0, 0, 1000, 1000)),
        ((0, 0), (100, 0), (200, 0), (200, 100)),  # a corner on a straight wall
        ((0, 0), (10, 0), (5, 0.01)),
    ],
)
def test_a_simple_outline_is_taken_either_way_round(outline: Outline) -> None:
    assert is_simple(outline)
    assert is_simple(outline[::-1])


@pytest.mark.parametrize(
    "outline",
    [
        ((0, 0), (100, 100), (100, 0), (0, 100)),  # a bow tie
        ((0, 0), (100, 0), (200, 0)),  # nothing inside
        ((0, 0), (100, 0), (50, 0), (50, 100)),  # back along itself
        ((0, 0), (100, 0), (100, 100), (0, 100), (0, 0)),  # the first corner repeated
        ((0, 0), (100, 0), (100, 100), (50, 0), (0, 100)),  # a corner on another side
        ((0, 0), (100, 0), (50, 50), (100, 100), (0, 100), (50, 50)),  # a corner twice
        ((0, 0), (0, 0), (0, 0)),
    ],
)
def test_an_outline_that_meets_itself_is_refused(outline: Outline) -> None:
    assert not is_simple(outline)
    assert not is_simple(outline[::-1])


@given(st.lists(st.floats(50, 499), min_size=3, max_size=60))
@UNTIMED
def test_a_star_is_simple_wherever_it_begins(radii: list[float]) -> None:
    outline = star(radii)
    assert is_simple(outline[1:] + outline[:1])


@given(st.integers(8, 60), st.data())
@UNTIMED
def test_a_round_outline_with_two_corners_swapped_crosses_itself(corners: int, data: st.DataObject) -> None:
    outline = list(star([400.0] * corners))
    at = data.draw(st.integers(0, corners - 4))
    outline[at], outline[at + 3] = outline[at + 3], outline[at]
    assert not is_simple(tuple(outline))


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=9), st.floats(0.01, 249)
)
@UNTIMED
def test_what_is_simple_is_so_for_a_library(corners: list[tuple[int, int]], spacing: float) -> None:
    outline = tuple((round(x * spacing, 2), round(y * spacing, 2)) for x, y in corners)
    hundredths = shapely.Polygon([(round(x * 100), round(y * 100)) for x, y in outline])
    repeats = any(a == b for a, b in zip(outline, (*outline[1:], outline[0]), strict=True))
    assert is_simple(outline) == (hundredths.is_valid and not repeats)


def calls_of(action: Callable[[], object]) -> int:
    """How many functions of Python it calls."""
    calls = Counter[str]()
    sys.setprofile(lambda frame, event, argument: calls.update([event]))
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls["call"]


@pytest.mark.parametrize("corners", [100, 500])
def test_sides_that_all_lie_above_each_other_are_not_all_compared(corners: int) -> None:
    zigzag = [(at, 498 - at) if at % 2 == 0 else (at + 500, 998 - at) for at in range(corners - 2)]
    outline = (*zigzag, (999, 1), (0, 0))
    assert is_simple(outline)
    assert calls_of(lambda: is_simple(outline)) < 50 * corners


RADII = st.lists(st.floats(50, 499), min_size=3, max_size=12)


@given(RADII, RADII)
@UNTIMED
def test_the_overlap_is_that_of_a_library(one: list[float], another: list[float]) -> None:
    a, b = star(one), tuple((x, y * 0.8) for x, y in star(another))
    p, q = shapely.Polygon(a), shapely.Polygon(b)
    assert iou(a, b) == pytest.approx(p.intersection(q).area / p.union(q).area, abs=1e-6)
    assert iou(a, a) == pytest.approx(1)
    assert iou(a, tuple((x + 2000, y) for x, y in b)) == 0


def test_the_area_is_that_inside() -> None:
    assert area(L_SHAPE) == area(L_SHAPE[::-1]) == 120_000


@pytest.mark.parametrize("corner", [(-0.01, 5), (1000.01, 5), (5, -1), (5, 1001)])
def test_a_corner_beside_the_page_is_seen(corner: tuple[float, float]) -> None:
    assert is_on_page(L_SHAPE)
    assert not is_on_page((*L_SHAPE, corner))
