"""What must not matter to the detector: where a plan lies, how large, which way up, dark or light, read.

Each plan is looked at once as it is; however it is changed, its rooms must be the same ones, moved along.
Thresholds leave room for the pixels that a change moves: a detector as good as this one passes.
"""

from collections.abc import Callable
from functools import cache

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from builders_rooms import draw_house, overlap
from plan_library import plan_path, true_rooms
from preview.domain.room import PAGE_SIDE, Box, Room, Word
from preview.page.raster_file import open_raster
from preview.rooms import detect

Gray = NDArray[np.uint8]
Move = Callable[[Box], Box]

PLANS = ("studio_small.png", "house_12_rooms.png")
LONG_SIDE_PX = 1400
SAME_IOU = 0.8
SAME_SHARE = 0.7
"""Share of rooms that stay the same if every pixel moves along."""
SIMILAR_SHARE = 0.6
"""Share of rooms that stay the same if pixels are resampled or words help to choose."""


@cache
def plan(name: str) -> Gray:
    gray = open_raster(plan_path(name), "png").gray
    scale = min(1.0, LONG_SIDE_PX / max(gray.shape))
    return np.asarray(cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


@cache
def rooms_of(name: str) -> tuple[Room, ...]:
    rooms = tuple(detect(plan(name)))
    assert rooms
    return rooms


def same_share(found: list[Room], expected: list[Box]) -> float:
    """Share of rooms on both sides that are on the other side as well."""
    same = sum(any(overlap(room.bounding_box, box) >= SAME_IOU for room in found) for box in expected)
    return same / max(len(found), len(expected))


def moved(name: str, move: Move) -> list[Box]:
    return [move(room.bounding_box) for room in rooms_of(name)]


def mirrored(box: Box) -> Box:
    return (PAGE_SIDE - box[2], box[1], PAGE_SIDE - box[0], box[3])


def turned(box: Box) -> Box:
    """By a quarter clockwise."""
    return (PAGE_SIDE - box[3], box[0], PAGE_SIDE - box[1], box[2])


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize(("left", "top"), [(0.03, 0.1)])
def test_a_plan_may_lie_anywhere_on_a_larger_page(name: str, left: float, top: float) -> None:
    gray, larger = plan(name), 1.12
    height, width = gray.shape
    page = np.full((round(height * larger), round(width * larger)), int(gray[0, 0]), np.uint8)
    x, y = round(left * width), round(top * height)
    page[y : y + height, x : x + width] = gray

    def move(box: Box) -> Box:
        x_min, y_min, x_max, y_max = box
        x, y = left * PAGE_SIDE, top * PAGE_SIDE
        return (x_min + x) / larger, (y_min + y) / larger, (x_max + x) / larger, (y_max + y) / larger

    assert same_share(detect(page), moved(name, move)) >= SAME_SHARE


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("scale", [0.5, 2.0])
def test_resolution_hardly_matters(name: str, scale: float) -> None:
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(plan(name), None, fx=scale, fy=scale, interpolation=method), np.uint8)
    assert same_share(detect(scaled), moved(name, lambda box: box)) >= SIMILAR_SHARE


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_turned_plan_has_turned_rooms(name: str, quarters: int) -> None:
    def move(box: Box) -> Box:
        for _ in range(quarters):
            box = turned(box)
        return box

    gray = np.ascontiguousarray(np.rot90(plan(name), k=-quarters))
    assert same_share(detect(gray), moved(name, move)) >= SAME_SHARE


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("degrees", [-8.0, 3.0, 6.0])
def test_a_plan_askew_has_its_rooms_askew(name: str, degrees: float) -> None:
    height, width = plan(name).shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.85)
    askew = cv2.warpAffine(plan(name), turn, (width, height), borderValue=int(plan(name)[0, 0]))
    to_px = np.array([width, height]) / PAGE_SIDE
    expected: list[Box] = []
    for room in rooms_of(name):
        outline = (np.array(room.polygon) * to_px @ turn[:, :2].T + turn[:, 2]) / to_px
        (x_min, y_min), (x_max, y_max) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        expected.append((x_min, y_min, x_max, y_max))
    assert same_share(detect(np.asarray(askew, np.uint8)), expected) >= SAME_SHARE


@pytest.mark.parametrize("name", PLANS)
def test_a_mirrored_plan_has_mirrored_rooms(name: str) -> None:
    gray = np.ascontiguousarray(plan(name)[:, ::-1])
    assert same_share(detect(gray), moved(name, mirrored)) >= SAME_SHARE


@pytest.mark.parametrize("name", PLANS)
def test_light_lines_on_a_dark_sheet_give_the_same_rooms(name: str) -> None:
    found = detect(np.bitwise_not(plan(name)))
    assert same_share(found, moved(name, lambda box: box)) >= SAME_SHARE


@pytest.mark.parametrize("name", PLANS)
def test_dark_lines_on_gray_paper_give_the_same_rooms(name: str) -> None:
    found = detect(np.asarray(plan(name) * 0.3, np.uint8))
    assert same_share(found, moved(name, lambda box: box)) >= SAME_SHARE


def words_in(name: str) -> list[Word]:
    """The true names of a plan's rooms, each in the middle of its room."""
    words = []
    for room in true_rooms(name):
        x_min, y_min, x_max, y_max = room.bounding_box
        x, y, half = (x_min + x_max) / 2, (y_min + y_max) / 2, 3.0 * len(room.name)
        words.append(
            Word(room.name.replace(" ", "\u00a0"), (x - half, y - 6, x + half, y + 6), 0.9, "textract")
        )
    return words


@pytest.mark.parametrize("name", PLANS)
def test_words_name_rooms_and_lose_none(name: str) -> None:
    read = detect(plan(name), words_in(name))
    assert same_share(read, moved(name, lambda box: box)) >= SIMILAR_SHARE
    assert sum(room.name_hint is not None for room in read) >= SIMILAR_SHARE * len(read)
    assert {room.name_hint for room in rooms_of(name)} == {None}


def test_a_mirrored_plan_with_unreadable_words_keeps_its_rooms() -> None:
    house = draw_house()
    gray = np.ascontiguousarray(house.gray[:, ::-1])
    words = [Word(word.text[::-1], mirrored(word.box), 0.5, "textract") for word in house.words]
    assert same_share(detect(gray, words), [mirrored(box) for box in house.boxes]) >= SAME_SHARE


def noise(height: int, width: int) -> Gray:
    return np.random.default_rng(7).integers(0, 256, (height, width)).astype(np.uint8)


PAGES = {
    "empty": np.full((600, 800), 255, np.uint8),
    "gray": np.full((600, 800), 128, np.uint8),
    "black": np.zeros((600, 800), np.uint8),
    "white pixel": np.full((1, 1), 255, np.uint8),
    "black pixel": np.zeros((1, 1), np.uint8),
    "row": np.full((1, 5000), 128, np.uint8),
    "column": np.zeros((5000, 1), np.uint8),
    "noisy row": noise(1, 3000),
    "noisy column": noise(3000, 2),
    "tiny": noise(2, 2),
    "small": noise(9, 7),
    "stamp": np.pad(np.full((20, 20), 255, np.uint8), 3),
    "noise": noise(300, 400),
    "elongated": np.pad(np.full((40, 6000), 255, np.uint8), 20),
    "tall": np.pad(np.full((6000, 40), 255, np.uint8), 20),
    "stripes": np.tile(np.repeat(np.array([0, 255], np.uint8), 4), (400, 100)),
    "one dot": np.pad(np.zeros((1, 1), np.uint8), 300, constant_values=255),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_any_page_is_survived_and_its_rooms_are_on_it(page: str) -> None:
    for room in detect(PAGES[page], draw_house().words):
        x_min, y_min, x_max, y_max = room.bounding_box
        assert 0 <= x_min < x_max <= PAGE_SIDE
        assert 0 <= y_min < y_max <= PAGE_SIDE
        assert 0 <= room.confidence <= 1
        assert len(room.polygon) >= 3


@pytest.mark.parametrize(
    "page", ["empty", "gray", "black", "white pixel", "black pixel", "row", "column", "one dot"]
)
def test_a_page_without_lines_has_no_rooms(page: str) -> None:
    assert detect(PAGES[page]) == []


@pytest.mark.parametrize(("width_px", "height_px"), [(5200, 900), (1200, 5000)])
def test_a_plan_in_a_corner_of_a_very_long_page_keeps_its_rooms(width_px: int, height_px: int) -> None:
    house = draw_house(width_px, height_px)
    assert same_share(detect(house.gray), list(house.boxes)) >= SAME_SHARE
