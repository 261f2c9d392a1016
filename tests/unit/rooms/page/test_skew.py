"""How far a drawing lies askew, and that it is the same drawing once it is upright."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from builders_rooms import draw_house
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask
from preview.rooms.options import DEFAULTS
from preview.rooms.page.ink import find_ink
from preview.rooms.page.skew import deskewed, skew_degrees

OPTIONS = DEFAULTS.skew


def house_askew(degrees: float) -> Drawing:
    """A house on a page that turns it clockwise."""
    gray = draw_house().gray
    height, width = gray.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 0.85)
    page = cv2.warpAffine(gray, turn, (width, height), borderValue=255)
    return find_ink(np.asarray(page, np.uint8), DEFAULTS.resolution.working_side_px, DEFAULTS.ink)


@pytest.mark.parametrize("degrees", [-9.0, -3.7, 1.8, 6.0])
def test_a_house_askew_is_turned_back(degrees: float) -> None:
    assert skew_degrees(house_askew(degrees).ink, OPTIONS) == pytest.approx(degrees, abs=0.2)


@pytest.mark.parametrize("degrees", [0.0, 1.0, 14.0])
def test_what_is_nearly_upright_or_lies_otherwise_stays(degrees: float) -> None:
    askew = house_askew(degrees)
    assert deskewed(askew, OPTIONS) is askew


def ring() -> Mask:
    paper = np.zeros((400, 400), np.uint8)
    return np.asarray(cv2.circle(paper, (200, 200), 150, 255, 3), np.uint8)


def noise() -> Mask:
    speckles = np.random.default_rng(3).random((400, 400)) < 0.05
    return np.asarray(speckles * 255, np.uint8)


@pytest.mark.parametrize(
    "ink", [np.zeros((300, 200), np.uint8), ring(), noise()], ids=["bare", "ring", "noise"]
)
def test_what_has_no_lines_stays(ink: Mask) -> None:
    assert skew_degrees(ink, OPTIONS) == 0


@pytest.mark.parametrize(("width", "height"), [(400, 520), (490, 410), (490, 850), (490, 960)])
def test_a_filled_area_does_not_turn_a_page(width: int, height: int) -> None:
    ink = np.zeros((1000, 1400), np.uint8)
    ink[50 : 50 + height, 70 : 70 + width] = 255
    assert skew_degrees(ink, OPTIONS) == 0


def near(points: NDArray[np.float64], ink: Mask) -> NDArray[np.bool_]:
    across, down = np.floor(points).astype(int).T
    return np.asarray(cv2.dilate(ink, np.ones((3, 3), np.uint8))[down, across] > 0)


def strokes(ink: Mask) -> NDArray[np.float64]:
    rows, columns = np.nonzero(ink)
    return np.column_stack([columns + 0.5, rows + 0.5])


def test_every_stroke_keeps_its_place_on_the_page() -> None:
    askew = house_askew(5.0)
    upright = deskewed(askew, OPTIONS)
    assert skew_degrees(upright.ink, replace(OPTIONS, least_degrees=0.3)) == 0
    assert near(askew.pixel_points(upright.page_points(strokes(upright.ink))), askew.ink).all()
    assert near(upright.pixel_points(askew.page_points(strokes(askew.ink))), upright.ink).all()
    assert upright.tone.shape == upright.ink.shape


def test_a_word_keeps_its_size_on_a_drawing_turned_upright() -> None:
    askew = house_askew(5.0)
    upright = deskewed(askew, OPTIONS)
    words = np.array([[400.0, 500.0, 460.0, 520.0]])
    before, after = askew.pixel_boxes(words), upright.pixel_boxes(words)
    assert after[:, 2:] - after[:, :2] == pytest.approx(before[:, 2:] - before[:, :2], rel=0.01)
    middle = (before[:, :2] + before[:, 2:]) / 2
    assert (after[:, :2] + after[:, 2:]) / 2 == pytest.approx(upright.pixel_points(askew.page_points(middle)))
