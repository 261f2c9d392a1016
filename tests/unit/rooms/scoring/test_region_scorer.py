from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest

from builders_regions import label, region
from builders_rooms import House, draw_house, overlap
from preview.rooms import find_regions
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.coverage_mask import Footprint
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring.features import FEATURES
from preview.rooms.scoring.region_scorer import (
    Candidate,
    labels_inside,
    learned_scores,
    score_candidates,
    told_of,
)
from preview.rooms.text.labels import Label, TextKind, find_labels

BY_TREES = DetectorOptions(learned_scorer=True)
BY_HAND = replace(BY_TREES, learned_scorer=False)
BOTH = pytest.mark.parametrize("options", [BY_TREES, BY_HAND], ids=["trees", "hand"])
LEFT, RIGHT = region((100, 100, 300, 300)), region((310, 100, 700, 300), breadth=0.01, wall_support=0.1)
BATH = label(TextKind.ROOM, "Bath", (200, 200))


def candidates(
    regions: Sequence[Region], labels: Sequence[Label] = (), options: DetectorOptions = BY_HAND
) -> list[Candidate]:
    return score_candidates(regions, [Footprint(found) for found in regions], labels, options)


@pytest.fixture(scope="module")
def regions() -> list[Region]:
    """What is found in the house with a table and a wardrobe in it."""
    gray = draw_house().gray
    cv2.rectangle(gray, (200, 160), (320, 240), 0, 2)
    cv2.rectangle(gray, (520, 440), (660, 500), 0, 2)
    return find_regions(gray)


@BOTH
def test_scores_of_a_page_are_shares(house: House, regions: list[Region], options: DetectorOptions) -> None:
    scored = candidates(regions, find_labels(house.words, options), options)
    assert all(0 <= candidate.score <= 1 for candidate in scored)


@BOTH
def test_candidates_come_in_the_order_of_their_regions(
    regions: list[Region], options: DetectorOptions
) -> None:
    scored = candidates(regions, (), options)
    assert [candidate.region for candidate in scored] == regions
    backwards = candidates(regions[::-1], (), options)[::-1]
    assert [c.score for c in backwards] == pytest.approx([c.score for c in scored], abs=1e-6)


@BOTH
def test_rooms_of_a_house_score_more_than_what_stands_in_them(
    house: House, regions: list[Region], options: DetectorOptions
) -> None:
    scored = candidates(regions, (), options)
    fits = [max(overlap(c.region.box, box) for box in house.boxes) for c in scored]
    rooms = [c.score for c, fit in zip(scored, fits, strict=True) if fit > 0.9]
    others = [c.score for c, fit in zip(scored, fits, strict=True) if fit < 0.5]
    assert len(rooms) >= len(house.boxes)
    assert others
    assert np.mean(rooms) > np.mean(others)


@BOTH
def test_without_regions_there_are_no_candidates(options: DetectorOptions) -> None:
    assert candidates([], [BATH], options) == []


@pytest.mark.parametrize(
    "options",
    [BY_HAND, replace(BY_TREES, network=False)],
    ids=["not learned", "network not asked"],
)
def test_without_the_trees_scores_follow_the_hand_made_score(options: DetectorOptions) -> None:
    ever_broader = [region(breadth=step / 100) for step in range(1, 6)]
    by_hand = told_of(ever_broader, [Footprint(found) for found in ever_broader], (), options)[:, -1]
    scores = [candidate.score for candidate in candidates(ever_broader, (), options)]
    assert scores == sorted(scores)
    expected = 1 / (1 + np.exp(-(by_hand - options.hand_middle) * options.hand_slope))
    assert scores == pytest.approx(expected.tolist(), abs=1e-6)


def test_a_hand_made_score_in_the_middle_is_worth_one_half() -> None:
    told = told_of([LEFT], [Footprint(LEFT)], (), BY_HAND)[0, -1]
    (candidate,) = candidates([LEFT], (), replace(BY_HAND, hand_middle=float(told)))
    assert candidate.score == pytest.approx(0.5)


def test_the_trees_are_asked_if_they_are_to_judge(regions: list[Region]) -> None:
    told = told_of(regions, [Footprint(found) for found in regions], (), BY_TREES)
    scores = [candidate.score for candidate in candidates(regions, (), BY_TREES)]
    by_hand = np.array([candidate.score for candidate in candidates(regions, (), BY_HAND)])
    share = BY_TREES.hand_share
    assert scores == pytest.approx((share * by_hand + (1 - share) * learned_scores(told)).tolist())
    assert scores != pytest.approx(by_hand.tolist())


def test_every_region_is_told_of_by_a_row_of_features() -> None:
    told = told_of([LEFT, RIGHT], [Footprint(LEFT), Footprint(RIGHT)], [BATH], BY_HAND)
    assert told.shape == (2, len(FEATURES))
    assert told[:, FEATURES.index("rooms")].tolist() == [1, 0]


def test_the_trees_say_nothing_of_nothing() -> None:
    assert learned_scores(np.zeros((0, len(FEATURES)), np.float32)).tolist() == []


@pytest.mark.parametrize("value", [-1e6, 0.0, 1e6])
def test_the_trees_stay_within_shares_whatever_they_are_told(value: float) -> None:
    (score,) = learned_scores(np.full((1, len(FEATURES)), value, np.float32)).tolist()
    assert 0 <= score <= 1


@BOTH
def test_a_name_inside_lowers_no_score(house: House, regions: list[Region], options: DetectorOptions) -> None:
    regions = [found for found in regions if overlap(found.box, house.boxes[0]) > 0.9]
    x_min, y_min, x_max, y_max = house.boxes[0]
    named = replace(BATH, anchor=((x_min + x_max) / 2, (y_min + y_max) / 2))
    away = replace(BATH, anchor=(5.0, 5.0))
    best = [max(c.score for c in candidates(regions, [found], options)) for found in (named, away)]
    assert best[0] >= best[1]


def test_a_candidate_has_the_labels_that_lie_in_it() -> None:
    office = label(TextKind.ROOM, "Office", (500, 200))
    between, outside = label(TextKind.OTHER, "x", (305, 200)), label(TextKind.SHEET, "", (900, 900))
    scored = candidates([LEFT, RIGHT], [office, BATH, between, outside])
    assert [candidate.labels for candidate in scored] == [(BATH,), (office,)]


def test_a_label_lies_in_every_region_around_it_and_keeps_its_order() -> None:
    around = region((50, 50, 800, 400))
    office = label(TextKind.ROOM, "Office", (500, 200))
    inside = labels_inside([Footprint(LEFT), Footprint(around)], [office, BATH])
    assert inside == [(BATH,), (office, BATH)]


def test_a_label_in_the_notch_of_a_region_does_not_lie_in_it() -> None:
    ring = ((100, 100), (300, 100), (300, 150), (150, 150), (150, 300), (100, 300))
    notched = replace(LEFT, polygon=ring)
    assert labels_inside([Footprint(notched)], [BATH]) == [()]


def test_without_labels_nothing_lies_inside() -> None:
    assert labels_inside([Footprint(LEFT)], []) == [()]
    assert labels_inside([], [BATH]) == []
