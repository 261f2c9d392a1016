"""The region scorer: how likely a region is a room, by trees, a perceptron and the heuristic score."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, box, points

from preview.rooms.evidence.region import Region
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.model_files import model
from preview.rooms.scoring.features import FEATURES, Table, feature_table
from preview.rooms.scoring.heuristic_score import HeuristicScoreOptions, heuristic_score
from preview.rooms.scoring.page_statistics import PageStatisticsOptions, page_statistics
from preview.rooms.text.labels import Label

_Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ScoringOptions:
    """How the three scores are joined."""

    learned: bool = True
    """Whether trees and perceptron judge regions, or the heuristic score alone. They need the network's
    evidence."""
    heuristic_share: float = 0.25
    """Share of the heuristic score in the score: it holds on styles that the others have not seen, and costs
    nothing on those that they have. Tuned."""
    perceptron_share: float = 0.375
    """Share of the perceptron, which is told the network's context too; the trees have the rest. Tuned."""
    heuristic_midpoint: float = 5.0
    """Heuristic score that is worth one half on the logistic curve."""
    heuristic_slope: float = 1.6
    """How steeply the curve rises there: 4, doubtful, is worth 0.17, and 6, sure, 0.83."""
    statistics: PageStatisticsOptions = field(default_factory=PageStatisticsOptions)
    heuristic: HeuristicScoreOptions = field(default_factory=HeuristicScoreOptions)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region, the labels whose anchors lie in it, and its score: 0 for no room to 1 for one exactly."""

    region: Region
    labels: tuple[Label, ...]
    score: float


def score_candidates(
    regions: Sequence[Region],
    masks: Sequence[CoverageMask],
    labels: Sequence[Label],
    options: ScoringOptions,
) -> list[Candidate]:
    """A candidate for each of ``regions``, in their order; ``masks`` are theirs."""
    inside = labels_inside(masks, labels)
    features = _features(regions, inside, labels, options)
    scores = _logistic(features[:, FEATURES.index("heuristic_score")], options)
    if options.learned:
        scores = _joined(features, scores, options)
    return [
        Candidate(region, found, score)
        for region, found, score in zip(regions, inside, scores.tolist(), strict=True)
    ]


def features_of(
    regions: Sequence[Region],
    masks: Sequence[CoverageMask],
    labels: Sequence[Label],
    options: ScoringOptions,
) -> Table:
    """A row of ``ALL_FEATURES`` for each of ``regions``, as trees and perceptron are fitted to; ``masks`` are
    theirs."""
    return _features(regions, labels_inside(masks, labels), labels, options)


def labels_inside(masks: Sequence[CoverageMask], labels: Sequence[Label]) -> list[tuple[Label, ...]]:
    """The labels whose anchors each of ``masks`` covers."""
    anchors = np.array([label.anchor for label in labels], np.float64).reshape(-1, 2)
    places = STRtree(points(anchors))
    inside = []
    for mask in masks:
        near = np.sort(places.query(box(*mask.page_box)))
        covered = near[mask.covers(anchors[near])]
        inside.append(tuple(labels[index] for index in covered.tolist()))
    return inside


def _joined(features: Table, heuristic: _Scores, options: ScoringOptions) -> _Scores:
    trees_share = 1 - options.heuristic_share - options.perceptron_share
    return (
        options.heuristic_share * heuristic
        + options.perceptron_share * perceptron_scores(features)
        + trees_share * tree_scores(features)
    )


def tree_scores(features: Table) -> _Scores:
    """Scores of rows of ``ALL_FEATURES`` by the trees of ``models/region_scorer.onnx``, told ``FEATURES``."""
    return _scores("region_scorer", features[:, : len(FEATURES)])


def perceptron_scores(features: Table) -> _Scores:
    """Scores of rows of ``ALL_FEATURES`` by ``models/region_perceptron.onnx``."""
    return _scores("region_perceptron", features)


def _scores(name: str, features: Table) -> _Scores:
    scorer = model(name)
    answer = scorer.run(None, {scorer.get_inputs()[0].name: np.ascontiguousarray(features)})[0]
    return np.asarray(answer, np.float64).ravel().clip(0, 1)


def _features(
    regions: Sequence[Region],
    inside: Sequence[Sequence[Label]],
    labels: Sequence[Label],
    options: ScoringOptions,
) -> Table:
    page = page_statistics(regions, labels, options.statistics)
    scores = [
        heuristic_score(region, found, page, options.heuristic)
        for region, found in zip(regions, inside, strict=True)
    ]
    return feature_table(regions, inside, labels, scores, page)


def _logistic(heuristic_scores: Table, options: ScoringOptions) -> NDArray[np.float64]:
    """Heuristic scores on the scale of the trees', 0 to 1."""
    steps = (heuristic_scores.astype(np.float64) - options.heuristic_midpoint) * options.heuristic_slope
    return np.asarray(1 / (1 + np.exp(-steps)), np.float64)
