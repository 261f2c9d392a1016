"""Rectangles around outlines, whose sides a plan may print."""

import numpy as np
import pytest

from preview.measures.outlines import rectangles, ring

RECTANGLE = [(100, 100), (500, 100), (500, 300), (100, 300)]
L_SHAPE = [(0, 0), (400, 0), (400, 100), (200, 100), (200, 300), (0, 300)]


def turned(corners: list[tuple[float, float]], degrees: float) -> list[tuple[float, float]]:
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return [(float(x), float(y)) for x, y in np.array(corners) @ matrix.T + 500]


def test_an_upright_room_has_one_rectangle_however_notched() -> None:
    for outline in (RECTANGLE, L_SHAPE):
        (upright,) = rectangles(ring(outline, (1, 1)))
        assert (upright.along_x, upright.along_y) == tuple(np.ptp(np.array(outline), axis=0))


def test_a_room_askew_has_a_turned_rectangle_too() -> None:
    _, closer = rectangles(ring(turned(RECTANGLE, 30), (1, 1)))
    assert closer.is_turned
    assert (closer.along_x, closer.along_y) == pytest.approx((200, 400), rel=1e-4)
