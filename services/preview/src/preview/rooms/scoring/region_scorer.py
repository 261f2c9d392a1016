"""Stage 13: how likely a region is to be a room, from its evidence, its rivals and the labels inside it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, box, points

from preview.rooms.evidence.region import Region
from preview.rooms.geometry.coverage_mask import Footprint
from preview.rooms.model_files import model
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring.features import Table, features_of
from preview.rooms.scoring.heuristic_score import habits_of, hand_score
from preview.rooms.text.labels import Label


@dataclass(frozen=True, slots=True)
class Candidate:
    """A region, the labels whose anchors lie in it, and its score: 0 for no room to 1 for one exactly."""

    region: Region
    labels: tuple[Label, ...]
    score: float


def score_candidates(
    regions: Sequence[Region],
    footprints: Sequence[Footprint],
    labels: Sequence[Label],
    options: DetectorOptions,
) -> list[Candidate]:
    """A candidate for each of ``regions``, in their order; ``footprints`` are theirs."""
    inside = labels_inside(footprints, labels)
    told = _told(regions, inside, labels, options)
    scores = _from_hand(told, options)
    if options.learned_scorer and options.network:
        scores = options.hand_share * scores + (1 - options.hand_share) * learned_scores(told)
    return [
        Candidate(region, found, score)
        for region, found, score in zip(regions, inside, scores.tolist(), strict=True)
    ]


def told_of(
    regions: Sequence[Region],
    footprints: Sequence[Footprint],
    labels: Sequence[Label],
    options: DetectorOptions,
) -> Table:
    """What the learned scorer is told of each of ``regions``, a row of ``FEATURES`` each."""
    return _told(regions, labels_inside(footprints, labels), labels, options)


def labels_inside(footprints: Sequence[Footprint], labels: Sequence[Label]) -> list[tuple[Label, ...]]:
    """The labels whose anchors each footprint covers."""
    anchors = np.array([label.anchor for label in labels], np.float64).reshape(-1, 2)
    places = STRtree(points(anchors))
    inside = []
    for footprint in footprints:
        near = np.sort(places.query(box(*footprint.page_box)))
        covered = near[footprint.covers(anchors[near])]
        inside.append(tuple(labels[index] for index in covered.tolist()))
    return inside


def learned_scores(told: Table) -> NDArray[np.float64]:
    """Scores of rows of ``FEATURES`` by the trees of ``models/region_scorer.onnx``."""
    return np.asarray(model("region_scorer").run(None, {"told": told})[0], np.float64).ravel().clip(0, 1)


def _told(
    regions: Sequence[Region],
    inside: Sequence[Sequence[Label]],
    labels: Sequence[Label],
    options: DetectorOptions,
) -> Table:
    page = habits_of(regions, labels, options)
    by_hand = [hand_score(r, found, page, options) for r, found in zip(regions, inside, strict=True)]
    return features_of(regions, inside, labels, by_hand, page)


def _from_hand(told: Table, options: DetectorOptions) -> NDArray[np.float64]:
    """Hand-made scores on the same scale, ``hand_middle`` being worth one half."""
    steps = (told[:, -1].astype(np.float64) - options.hand_middle) * options.hand_slope
    return np.asarray(1 / (1 + np.exp(-steps)), np.float64)
