from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from builders_regions import label, region
from builders_rooms import House, draw_house, overlap
from preview.rooms import find_regions
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.scoring.features import ALL_FEATURES, FEATURES, Table
from preview.rooms.scoring.region_scorer import (
    Candidate,
    ScoringOptions,
    features_of,
    labels_inside,
    perceptron_scores,
    score_candidates,
    tree_scores,
)
from preview.rooms.text.labels import Label, LabelOptions, find_labels
from preview.rooms.text.text_kinds import TextKind

BY_TREES = ScoringOptions(learned=True)
HEURISTIC = replace(BY_TREES, learned=False)
BOTH = pytest.mark.parametrize("options", [BY_TREES, HEURISTIC], ids=["trees", "heuristic"])
LEFT, RIGHT = region((100, 100, 300, 300)), region((310, 100, 700, 300), mean_width=0.01, wall_support=0.1)
BATH = label(TextKind.ROOM, "Bath", (200, 200))


def candidates(
    regions: Sequence[Region], labels: Sequence[Label] = (), options: ScoringOptions = HEURISTIC
) -> list[Candidate]:
    return score_candidates(regions, [CoverageMask(found) for found in regions], labels, options)


@pytest.fixture(scope="module")
def regions() -> list[Region]:
    """What is found in the house with a table and a wardrobe in it."""
    gray = draw_house().gray
    cv2.rectangle(gray, (200, 160), (320, 240), 0, 2)
    cv2.rectangle(gray, (520, 440), (660, 500), 0, 2)
    return find_regions(gray)


@BOTH
def test_scores_of_a_page_are_shares(house: House, regions: list[Region], options: ScoringOptions) -> None:
    scored = candidates(regions, find_labels(house.words, LabelOptions()), options)
    assert all(0 <= candidate.score <= 1 for candidate in scored)


@BOTH
def test_candidates_come_in_the_order_of_their_regions(
    regions: list[Region], options: ScoringOptions
) -> None:
    scored = candidates(regions, (), options)
    assert [candidate.region for candidate in scored] == regions
    backwards = candidates(regions[::-1], (), options)[::-1]
    assert [c.score for c in backwards] == pytest.approx([c.score for c in scored], abs=1e-6)


@BOTH
def test_rooms_of_a_house_score_more_than_what_stands_in_them(
    house: House, regions: list[Region], options: ScoringOptions
) -> None:
    scored = candidates(regions, (), options)
    fits = [max(overlap(c.region.box, box) for box in house.boxes) for c in scored]
    rooms = [c.score for c, fit in zip(scored, fits, strict=True) if fit > 0.9]
    others = [c.score for c, fit in zip(scored, fits, strict=True) if fit < 0.5]
    assert len(rooms) >= len(house.boxes)
    assert others
    assert np.mean(rooms) > np.mean(others)


@BOTH
def test_without_regions_there_are_no_candidates(options: ScoringOptions) -> None:
    assert candidates([], [BATH], options) == []


def test_without_the_trees_scores_follow_the_heuristic_score() -> None:
    options = HEURISTIC
    ever_broader = [region(mean_width=step / 100) for step in range(1, 6)]
    features = features_of(ever_broader, [CoverageMask(found) for found in ever_broader], (), options)
    heuristic = features[:, FEATURES.index("heuristic_score")]
    scores = [candidate.score for candidate in candidates(ever_broader, (), options)]
    assert scores == sorted(scores)
    expected = 1 / (1 + np.exp(-(heuristic - options.heuristic_midpoint) * options.heuristic_slope))
    assert scores == pytest.approx(expected.tolist(), abs=1e-6)


def test_a_heuristic_score_at_the_midpoint_is_worth_one_half() -> None:
    (row,) = features_of([LEFT], [CoverageMask(LEFT)], (), HEURISTIC)
    midpoint = float(row[FEATURES.index("heuristic_score")])
    (candidate,) = candidates([LEFT], (), replace(HEURISTIC, heuristic_midpoint=midpoint))
    assert candidate.score == pytest.approx(0.5)


def test_the_trees_score_if_they_are_to(regions: list[Region]) -> None:
    features = features_of(regions, [CoverageMask(found) for found in regions], (), BY_TREES)
    scores = [candidate.score for candidate in candidates(regions, (), BY_TREES)]
    heuristic = np.array([candidate.score for candidate in candidates(regions, (), HEURISTIC)])
    shares = BY_TREES.heuristic_share, BY_TREES.perceptron_share, 0.375
    assert sum(shares) == 1
    parts = heuristic, perceptron_scores(features), tree_scores(features)
    joined = sum(share * part for share, part in zip(shares, parts, strict=True))
    assert scores == pytest.approx(np.asarray(joined).tolist())
    assert len({round(float(part.sum()), 3) for part in parts}) == 3


def test_every_region_has_a_row_of_features() -> None:
    features = features_of([LEFT, RIGHT], [CoverageMask(LEFT), CoverageMask(RIGHT)], [BATH], HEURISTIC)
    assert features.shape == (2, len(ALL_FEATURES))
    assert features[:, FEATURES.index("rooms")].tolist() == [1, 0]


LEARNED = pytest.mark.parametrize("scores", [tree_scores, perceptron_scores], ids=["trees", "perceptron"])
Scorer = Callable[[Table], NDArray[np.float64]]


@LEARNED
def test_learned_scorers_say_nothing_of_nothing(scores: Scorer) -> None:
    assert scores(np.zeros((0, len(ALL_FEATURES)), np.float32)).tolist() == []


@LEARNED
@pytest.mark.parametrize("value", [-1e6, 0.0, 1e6])
def test_learned_scores_stay_within_shares_whatever_the_features(scores: Scorer, value: float) -> None:
    (score,) = scores(np.full((1, len(ALL_FEATURES)), value, np.float32)).tolist()
    assert 0 <= score <= 1


@LEARNED
def test_rooms_of_a_house_get_the_higher_learned_scores(
    house: House, regions: list[Region], scores: Scorer
) -> None:
    found = scores(features_of(regions, [CoverageMask(each) for each in regions], (), BY_TREES))
    fits = np.array([max(overlap(each.box, box) for box in house.boxes) for each in regions])
    assert found[fits > 0.9].mean() > found[fits < 0.5].mean() + 0.3


def test_the_trees_are_told_no_context() -> None:
    rows = np.zeros((2, len(ALL_FEATURES)), np.float32)
    rows[1, len(FEATURES) :] = 3
    assert np.ptp(tree_scores(rows)) == 0
    assert np.ptp(perceptron_scores(rows)) > 0


@BOTH
def test_a_name_inside_lowers_no_score(house: House, regions: list[Region], options: ScoringOptions) -> None:
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
    inside = labels_inside([CoverageMask(LEFT), CoverageMask(around)], [office, BATH])
    assert inside == [(BATH,), (office, BATH)]


def test_a_label_in_the_notch_of_a_region_does_not_lie_in_it() -> None:
    ring = ((100, 100), (300, 100), (300, 150), (150, 150), (150, 300), (100, 300))
    notched = replace(LEFT, polygon=ring)
    assert labels_inside([CoverageMask(notched)], [BATH]) == [()]


def test_without_labels_nothing_lies_inside() -> None:
    assert labels_inside([CoverageMask(LEFT)], []) == [()]
    assert labels_inside([], [BATH]) == []
