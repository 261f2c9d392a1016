from random import Random

import numpy as np
import pytest

from room_training.buildings import invent
from room_training.sheet import draw_sheet, worn

SEEDS = range(4)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_sheet_is_gray_levels_with_a_number_at_every_pixel(seed: int) -> None:
    random = Random(seed)
    plan = invent(random)
    gray, labels, _ = draw_sheet([plan], random)
    assert gray.dtype == np.uint8
    assert labels.shape == gray.shape
    assert 1 <= len(np.unique(labels[labels > 0])) <= len(plan.spaces)
    assert np.ptp(gray) > 50


@pytest.mark.parametrize("seed", SEEDS)
def test_rooms_keep_off_the_margins_of_a_sheet(seed: int) -> None:
    random = Random(seed)
    _, labels, _ = draw_sheet([invent(random)], random)
    assert not any(margin.any() for margin in (labels[:5], labels[-5:], labels[:, :5], labels[:, -5:]))


def test_several_plans_stand_apart_on_a_sheet() -> None:
    random = Random(1)
    plans = [invent(random), invent(random)]
    alone = [len(np.unique(draw_sheet([plan], Random(8))[1])) - 1 for plan in plans]
    _, labels, _ = draw_sheet(plans, Random(8))
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
    (gray, labels, written), (gray_too, labels_too, written_too) = (
        draw_sheet([plan], Random(seed)) for _ in range(2)
    )
    assert np.array_equal(gray, gray_too)
    assert np.array_equal(labels, labels_too)
    assert written == written_too


def test_words_are_written_at_places_on_the_page_or_beside_it() -> None:
    sheets = [draw_sheet([invent(random)], random) for random in map(Random, range(6))]
    written = [(box, gray.shape) for gray, _, words in sheets for _, box in words]
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
