from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from builders_rooms import NAMES, House, draw_house, overlap
from preview.domain.room import Box, Room, Word
from preview.rooms import DetectorOptions, detect, find_regions, name_rooms
from preview.rooms.page.resolution import ResolutionOptions

RESOLUTION = ResolutionOptions()

Gray = NDArray[np.uint8]


def boxes_of(rooms: list[Room]) -> list[Box]:
    return [room.bounding_box for room in rooms]


def assert_same_rooms(found: list[Box], expected: tuple[Box, ...] | list[Box], iou: float) -> None:
    assert len(found) == len(expected)
    assert all(max(overlap(box, other) for other in found) > iou for box in expected)


def test_every_room_of_a_house_is_found_and_named_in_reading_order(house: House) -> None:
    rooms = detect(house.gray, house.words)
    assert [room.id for room in rooms] == [f"room_{number:03}" for number in range(1, 7)]
    assert [room.name_hint for room in rooms] == list(NAMES)
    for room, box in zip(rooms, house.boxes, strict=True):
        assert overlap(room.bounding_box, box) > 0.95


def test_rooms_are_found_without_words_and_have_no_names(house: House) -> None:
    rooms = detect(house.gray)
    assert_same_rooms(boxes_of(rooms), house.boxes, 0.95)
    assert {room.name_hint for room in rooms} == {None}


def test_pixels_and_words_may_be_looked_at_apart(house: House) -> None:
    assert [*name_rooms(find_regions(house.gray), house.words).rooms] == detect(house.gray, house.words)


def test_polygons_are_simple_rings_inside_their_tight_boxes(house: House) -> None:
    for room in detect(house.gray, house.words):
        ring = np.array(room.polygon)
        assert len(ring) >= 3
        assert room.polygon[0] != room.polygon[-1]
        assert (*ring.min(axis=0), *ring.max(axis=0)) == pytest.approx(room.bounding_box)
        assert 0 <= room.confidence <= 1


def test_a_shifted_plan_has_shifted_rooms(house: House) -> None:
    moved = draw_house(left=190, top=60)
    shift = (40 / 1.2, -60 / 0.9)
    expected = [(a + shift[0], b + shift[1], c + shift[0], d + shift[1]) for a, b, c, d in house.boxes]
    assert_same_rooms(boxes_of(detect(moved.gray)), expected, 0.95)


def test_a_plan_turned_by_a_quarter_has_turned_rooms(house: House) -> None:
    turned = np.ascontiguousarray(np.rot90(house.gray, k=-1))
    expected = [(1000 - y_max, x_min, 1000 - y_min, x_max) for x_min, y_min, x_max, y_max in house.boxes]
    assert_same_rooms(boxes_of(detect(turned)), expected, 0.95)


def test_light_lines_on_a_dark_sheet_give_the_same_rooms(house: House) -> None:
    assert detect(np.bitwise_not(house.gray), house.words) == detect(house.gray, house.words)


@pytest.mark.parametrize("scale", [0.5, 2.0, 3.3])
def test_resolution_does_not_matter(house: House, scale: float) -> None:
    scaled = np.asarray(
        cv2.resize(house.gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8
    )
    assert_same_rooms(boxes_of(detect(scaled)), house.boxes, 0.9)


def test_a_border_and_a_title_block_are_no_rooms(house: House) -> None:
    sheet = house.gray.copy()
    cv2.rectangle(sheet, (15, 15), (1184, 884), 0, 2)
    cv2.rectangle(sheet, (900, 800), (1184, 884), 0, 2)
    assert_same_rooms(boxes_of(detect(sheet, house.words)), house.boxes, 0.95)


def test_furniture_does_not_replace_its_room(house: House) -> None:
    furnished = house.gray.copy()
    cv2.rectangle(furnished, (200, 160), (320, 240), 0, 1)
    cv2.circle(furnished, (950, 250), 40, 0, 1)
    assert_same_rooms(boxes_of(detect(furnished, house.words)), house.boxes, 0.9)


@pytest.mark.parametrize(
    "gray",
    [
        np.full((600, 800), 255, np.uint8),
        np.zeros((600, 800), np.uint8),
        np.full((1, 1), 255, np.uint8),
        np.zeros((1, 1), np.uint8),
        np.full((1, 5000), 128, np.uint8),
        np.full((5000, 2), 0, np.uint8),
    ],
    ids=["empty", "black", "white pixel", "black pixel", "row", "column"],
)
def test_a_page_without_a_plan_has_no_rooms(gray: Gray) -> None:
    assert detect(gray) == []


def test_noise_alone_is_survived() -> None:
    noise = np.random.default_rng(7).integers(0, 256, (700, 900)).astype(np.uint8)
    assert all(0 <= room.confidence <= 1 for room in detect(noise))


def test_words_without_a_plan_name_nothing(house: House) -> None:
    assert detect(np.full((900, 1200), 255, np.uint8), house.words) == []


def larger_than_the_working_raster(house: House) -> Gray:
    return np.repeat(np.repeat(house.gray, 2, axis=0), 2, axis=1)


def with_resolution(**changes: float) -> DetectorOptions:
    return DetectorOptions(resolution=replace(RESOLUTION, **changes))


def test_a_dense_page_is_processed_again_enlarged(house: House) -> None:
    gray, fine_px = larger_than_the_working_raster(house), RESOLUTION.dense_side_px
    again = find_regions(gray, options=with_resolution(dense_mean_width=1.0))
    fine = with_resolution(dense_mean_width=0.0, working_side_px=fine_px)
    assert again == find_regions(gray, options=fine)
    assert again != find_regions(gray, options=with_resolution(dense_mean_width=0.0))


def test_a_small_page_is_never_enlarged(house: House) -> None:
    assert max(house.gray.shape) <= RESOLUTION.working_side_px
    dense = find_regions(house.gray, options=with_resolution(dense_mean_width=1.0))
    assert dense == find_regions(house.gray, options=with_resolution(dense_mean_width=0.0))


def test_a_page_that_names_many_rooms_is_processed_larger(house: House) -> None:
    gray = larger_than_the_working_raster(house)
    words = [
        Word(str(100 + room), (20.0 * room, 950.0, 20.0 * room + 12, 962.0), 1.0, "text_layer")
        for room in range(RESOLUTION.crowded_labels)
    ]
    never = with_resolution(crowded_labels=1000)
    larger = with_resolution(crowded_labels=1000, working_side_px=RESOLUTION.crowded_side_px)
    assert find_regions(gray, words) == find_regions(gray, words, larger)
    assert find_regions(gray, words[1:]) == find_regions(gray, words[1:], never)
