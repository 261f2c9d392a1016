"""How well predicted rooms match annotated ones: F1 at an IoU, names, and what confidence is worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from names import same_name
from numpy.typing import NDArray
from plans import Plan, TrueRoom
from scipy.optimize import linear_sum_assignment
from shapely import STRtree
from shapely.geometry import Polygon

from preview.domain.room import Box, Room

IOU_LEVELS = (0.5, 0.75)
SHAPES = ("box", "polygon")
CALIBRATION_BINS = 10

Overlaps = NDArray[np.float64]
"""IoU of every predicted (rows) with every annotated room (columns)."""


@dataclass(slots=True)
class Tally:
    """Counts of rooms: annotated, found among them, predicted, and right among those."""

    annotated: int = 0
    found: int = 0
    predicted: int = 0
    right: int = 0

    def add(self, other: "Tally") -> None:
        """Adds the counts of another plan."""
        self.annotated += other.annotated
        self.found += other.found
        self.predicted += other.predicted
        self.right += other.right

    @property
    def recall(self) -> float | None:
        """Share of annotated rooms that were found; None where nothing was annotated."""
        return self.found / self.annotated if self.annotated else None

    @property
    def precision(self) -> float | None:
        """Share of predicted rooms that are annotated; None where it cannot be said."""
        if self.predicted:
            return self.right / self.predicted
        return None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; 0 if nothing was found, None where only recall is known."""
        if not self.annotated or (self.found and not self.predicted):
            return None
        return 2 * self.found / (self.annotated + self.predicted)


@dataclass(slots=True)
class Score:
    """What one plan or a set of plans scored."""

    plans: int = 0
    tallies: dict[tuple[str, float], Tally] = field(
        default_factory=lambda: {(shape, iou): Tally() for shape in SHAPES for iou in IOU_LEVELS}
    )
    names_asked: int = 0
    names_right: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Adds the score of other plans."""
        self.plans += other.plans
        for key, tally in other.tallies.items():
            self.tallies[key].add(tally)
        self.names_asked += other.names_asked
        self.names_right += other.names_right
        self.confidences += other.confidences
        self.seconds += other.seconds

    @property
    def calibration_error(self) -> float | None:
        """Expected calibration error: mean gap between confidence and precision over ten bins."""
        return calibration_error(self.confidences)


def score_plan(plan: Plan, rooms: Sequence[Room], seconds: float) -> Score:
    """Scores ``rooms`` predicted for ``plan``, matched one to one at each IoU, by box and by polygon."""
    score = Score(plans=1, seconds=[seconds])
    for shape in SHAPES:
        if shape == "polygon" and not all(room.polygon for room in plan.rooms):
            continue
        overlaps = (
            _box_overlaps(rooms, plan.rooms) if shape == "box" else _polygon_overlaps(rooms, plan.rooms)
        )
        for level in IOU_LEVELS:
            pairs = match(overlaps, level)
            score.tallies[shape, level] = _tally(plan, rooms, pairs)
            if (shape, level) == ("box", IOU_LEVELS[0]):
                _judge_pairs(score, plan, rooms, pairs)
    return score


def match(overlaps: Overlaps, level: float) -> list[tuple[int, int]]:
    """Pairs (predicted, annotated) of at least IoU ``level`` whose IoU sums to the most (Hungarian)."""
    rows, columns = linear_sum_assignment(np.where(overlaps >= level, overlaps, 0.0), maximize=True)
    return [(int(i), int(k)) for i, k in zip(rows, columns, strict=True) if overlaps[i, k] >= level]


def calibration_error(confidences: Iterable[tuple[float, bool]]) -> float | None:
    """Expected calibration error of pairs (confidence, right); None without any."""
    said = np.array([pair[0] for pair in confidences])
    if not len(said):
        return None
    right = np.array([pair[1] for pair in confidences], float)
    bins = np.minimum((said * CALIBRATION_BINS).astype(int), CALIBRATION_BINS - 1)
    gaps = [
        abs(said[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)
    ]
    return float(sum(gaps))


def _tally(plan: Plan, rooms: Sequence[Room], pairs: Sequence[tuple[int, int]]) -> Tally:
    excused = {i for i, k in pairs if plan.rooms[k].ignore}
    found = sum(not plan.rooms[k].ignore for _, k in pairs)
    annotated = sum(not room.ignore for room in plan.rooms)
    if plan.recall_only:
        return Tally(annotated, found)
    return Tally(annotated, found, len(rooms) - len(excused), found)


def _judge_pairs(score: Score, plan: Plan, rooms: Sequence[Room], pairs: Sequence[tuple[int, int]]) -> None:
    truth_of = {i: plan.rooms[k] for i, k in pairs}
    for i, room in enumerate(rooms):
        truth = truth_of.get(i)
        if not plan.recall_only and not (truth and truth.ignore):
            score.confidences.append((room.confidence, truth is not None))
        if truth and truth.names and not truth.ignore:
            score.names_asked += 1
            score.names_right += same_name(room.name_hint, truth.names)


def _box_overlaps(rooms: Sequence[Room], truth: Sequence[TrueRoom]) -> Overlaps:
    a = _corners([room.bounding_box for room in rooms])[:, None]
    b = _corners([room.box for room in truth])[None]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    shared = sides.clip(0).prod(axis=-1)
    areas = (a[..., 2:] - a[..., :2]).prod(axis=-1) + (b[..., 2:] - b[..., :2]).prod(axis=-1)
    return np.asarray(shared / np.maximum(areas - shared, 1e-9), np.float64)


def _corners(boxes: Sequence[Box]) -> NDArray[np.float64]:
    return np.array(boxes, np.float64).reshape(-1, 4)


def _polygon_overlaps(rooms: Sequence[Room], truth: Sequence[TrueRoom]) -> Overlaps:
    predicted = [Polygon(room.polygon).buffer(0) for room in rooms]
    annotated = [Polygon(room.polygon).buffer(0) for room in truth if room.polygon]
    overlaps = np.zeros((len(predicted), len(annotated)))
    for i, k in STRtree(annotated).query(predicted, predicate="intersects").T.tolist() if predicted else ():
        shared = predicted[i].intersection(annotated[k]).area
        overlaps[i, k] = shared / (predicted[i].area + annotated[k].area - shared)
    return overlaps
