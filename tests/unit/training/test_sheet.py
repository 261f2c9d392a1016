from random import Random

import cv2
import numpy as np
import pytest

from builders_training import bare_style
from room_training.beside_plan import fill_space
from room_training.buildings import invent
from room_training.canvas import Canvas
from room_training.parts import Part, part_of_kind
from room_training.sheet import Sheet, draw_sheet, worn

SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sheet_is_gray_levels_with_a_number_at_every_pixel(seed: int) -> None:
    random = Random(seed)
    plan = invent(random)
    sheet = draw_sheet([plan], random)
    assert sheet.gray.dtype == np.uint8
    assert sheet.labels.shape == sheet.parts.shape == sheet.gray.shape
    assert 1 <= len(np.unique(sheet.labels[sheet.labels > 0])) <= len(plan.spaces)
    assert np.ptp(sheet.gray) > 50


@pytest.mark.parametrize("seed", SEEDS)
def test_rooms_keep_off_the_margins_of_a_sheet(seed: int) -> None:
    random = Random(seed)
    labels = draw_sheet([invent(random)], random).labels
    assert not any(margin.any() for margin in (labels[:5], labels[-5:], labels[:, :5], labels[:, -5:]))


def test_several_plans_stand_apart_on_a_sheet() -> None:
    random = Random(1)
    plans = [invent(random), invent(random)]
    alone = [len(np.unique(draw_sheet([plan], Random(8)).labels)) - 1 for plan in plans]
    labels = draw_sheet(plans, Random(8)).labels
    numbers = np.unique(labels[labels > 0])
    assert numbers.max() >= len(numbers) > max(alone)
    boxes = []
    for half in (labels * (labels <= alone[0]), labels * (labels > alone[0])):
        rows, columns = np.nonzero(half)
        boxes.append((columns.min(), rows.min(), columns.max(), rows.max()))
    (a0, b0, a1, b1), (c0, d0, c1, d1) = boxes
    assert a1 < c0 or c1 < a0 or b1 < d0 or d1 < b0


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_chance_draws_the_same_sheet(seed: int) -> None:
    plan = invent(Random(seed))
    one, other = (draw_sheet([plan], Random(seed)) for _ in range(2))
    assert np.array_equal(one.gray, other.gray)
    assert np.array_equal(one.labels, other.labels)
    assert np.array_equal(one.parts, other.parts)
    assert one.written == other.written


def test_words_are_written_at_places_on_the_page_or_beside_it() -> None:
    sheets = [draw_sheet([invent(random)], random) for random in map(Random, range(6))]
    written = [(box, sheet.gray.shape) for sheet in sheets for _, box in sheet.written]
    assert len(written) > 30
    assert all(x0 < x1 and y0 < y1 for (x0, y0, x1, y1), _ in written)
    on_page = [
        x0 >= 0 and y0 >= 0 and x1 <= width and y1 <= height for (x0, y0, x1, y1), (height, width) in written
    ]
    assert np.mean(on_page) > 0.6


@pytest.mark.parametrize("seed", range(15))
def test_wear_keeps_a_page_a_page(seed: int) -> None:
    gray = np.full((60, 90), 255, np.uint8)
    gray[20:40, 30:60] = 0
    page = worn(gray, Random(seed))
    assert page.shape == gray.shape
    assert page.dtype == np.uint8
    assert abs(page[25:35, 35:55].mean() - page[2:15, 2:25].mean()) > 100


def test_some_pages_are_light_on_dark() -> None:
    gray = np.full((40, 40), 255, np.uint8)
    means = [worn(gray, Random(seed)).mean() for seed in range(40)]
    assert 0 < sum(mean < 128 for mean in means) < 15


def sheets(count: int) -> list[Sheet]:
    return [draw_sheet([invent(random)], random) for random in map(Random, range(count))]


def test_the_ground_of_a_room_is_marked_as_what_may_be_in_a_room() -> None:
    for sheet in sheets(6):
        inner = cv2.erode((sheet.labels > 0).astype(np.uint8), np.ones((5, 5), np.uint8))
        in_rooms = sheet.parts[inner > 0]
        assert (in_rooms == Part.FLOOR).mean() > 0.3
        assert np.isin(in_rooms, (Part.PAPER, Part.WALL, Part.SHEET)).mean() < 0.05
        assert (sheet.parts[[0, -1]] != Part.FLOOR).all()


def test_what_stands_beside_a_plan_is_no_room() -> None:
    marked = [sheet for sheet in sheets(12) if (sheet.parts == Part.SHEET).any()]
    assert len(marked) > 2
    for sheet in marked:
        assert not sheet.labels[sheet.parts == Part.SHEET].any()


@pytest.mark.parametrize("seed", range(8))
def test_a_space_is_filled_within_its_bounds_with_ink(seed: int) -> None:
    gray = np.full((300, 500), 255, np.uint8)
    page = Canvas(gray, np.eye(2, 3))
    fill_space(page, (200, 0, 500, 300), bare_style(), Random(seed))
    assert (gray[:, 200:] < 128).any()
    assert (gray[:, :190] == 255).all()
    assert (page.parts[:, 200:] == Part.SHEET).mean() > 0.3
    assert not page.parts[:, :199].any()


def test_a_space_too_narrow_stays_bare() -> None:
    page = Canvas(np.full((40, 500), 255, np.uint8), np.eye(2, 3))
    fill_space(page, (0, 0, 500, 20), bare_style(), Random(1))
    assert (page.gray == 255).all()
    assert not page.parts.any()


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        ("closet", Part.CLOSET),
        ("balcony", Part.OUTDOORS),
        ("stairs", Part.STAIRS),
        ("bedroom", Part.FLOOR),
        ("shaft", Part.FLOOR),
    ],
)
def test_a_space_shows_what_it_is_called(kind: str, part: Part) -> None:
    assert part_of_kind(kind) is part
