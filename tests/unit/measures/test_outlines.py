"""Areas, perimeters and smallest rectangles of outlines."""

import numpy as np
import pytest

from preview.measures.outlines import area, perimeter, rectangles, ring, smallest_rectangle

RECTANGLE = [(100, 100), (500, 100), (500, 300), (100, 300)]
L_SHAPE = [(0, 0), (400, 0), (400, 100), (200, 100), (200, 300), (0, 300)]


def turned(corners: list[tuple[float, float]], degrees: float) -> list[tuple[float, float]]:
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [(float(x), float(y)) for x, y in np.array(corners) @ matrix.T + 500]


def test_a_rectangle_is_measured() -> None:
    metres = ring(RECTANGLE, (0.01, 0.02))
    assert area(metres) == pytest.approx(16)
    assert perimeter(metres) == pytest.approx(16)
    assert smallest_rectangle(metres) == pytest.approx((4, 4))


def test_an_area_does_not_depend_on_the_way_round() -> None:
    assert area(ring(L_SHAPE[::-1], (1, 1))) == area(ring(L_SHAPE, (1, 1))) == pytest.approx(80_000)


@pytest.mark.parametrize("degrees", [0, 17, 45, 90, 123])
def test_the_smallest_rectangle_turns_with_the_outline(degrees: float) -> None:
    sides = smallest_rectangle(ring(turned(RECTANGLE, degrees), (1, 1)))
    assert sides == pytest.approx((200, 400), rel=1e-4)


def test_axes_of_different_scale_are_minded_before_measuring() -> None:
    diamond = [(500, 0), (1000, 500), (500, 1000), (0, 500)]
    shorter, longer = smallest_rectangle(ring(diamond, (0.02, 0.01)))
    assert shorter == pytest.approx(100 / np.hypot(10, 5), rel=1e-4)
    assert longer == pytest.approx(2 * shorter, rel=1e-4)


def test_an_upright_room_has_one_rectangle_however_notched() -> None:
    for outline in (RECTANGLE, L_SHAPE):
        (upright,) = rectangles(ring(outline, (1, 1)))
        assert (upright.along_x, upright.along_y) == tuple(np.ptp(np.array(outline), axis=0))


def test_a_room_askew_has_a_turned_rectangle_too() -> None:
    _, closer = rectangles(ring(turned(RECTANGLE, 30), (1, 1)))
    assert closer.is_turned
    assert (closer.along_x, closer.along_y) == pytest.approx((200, 400), rel=1e-4)
