"""How well predicted rooms match annotated ones: F1 at an IoU, names, and what confidence is worth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from matching import Matching, box_overlaps, match_rooms, polygon_overlaps
from names import same_name
from plans import Plan
from reliability import calibration_error

from preview.domain.room import Room

IOU_LEVELS = (0.5, 0.75)
OVERLAPS = {"box": box_overlaps, "polygon": polygon_overlaps}


@dataclass(slots=True)
class Tally:
    """Counts of rooms: annotated, found among them, predicted, and right among those.

    Plans that only tell recall add nothing to the last two, nor to ``annotated_in_full``.
    """

    annotated: int = 0
    found: int = 0
    annotated_in_full: int = 0
    predicted: int = 0
    right: int = 0

    def add(self, other: "Tally") -> None:
        """Adds the counts of another plan."""
        self.annotated += other.annotated
        self.found += other.found
        self.annotated_in_full += other.annotated_in_full
        self.predicted += other.predicted
        self.right += other.right

    @property
    def recall(self) -> float | None:
        """Share of annotated rooms that were found; None where nothing was annotated."""
        return self.found / self.annotated if self.annotated else None

    @property
    def precision(self) -> float | None:
        """Share of predicted rooms that are annotated; None where it cannot be said."""
        return self.right / self.predicted if self.predicted else None

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; 0 if nothing was found, None where only recall is known."""
        if not self.annotated_in_full:
            return None
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision and recall else 0.0

    @property
    def f1_or_recall(self) -> float | None:
        """One figure for every plan: recall where nothing else can be said."""
        return self.recall if self.f1 is None else self.f1


@dataclass(slots=True)
class Score:
    """What one plan or a set of plans scored."""

    plans: int = 0
    tallies: dict[tuple[str, float], Tally] = field(
        default_factory=lambda: {(shape, level): Tally() for shape in OVERLAPS for level in IOU_LEVELS}
    )
    names_asked: int = 0
    names_said: int = 0
    names_right: int = 0
    confidences: list[tuple[float, bool]] = field(default_factory=list)

    @classmethod
    def total(cls, scores: Iterable["Score"]) -> "Score":
        """All ``scores`` as one: rooms are counted together, not plans averaged."""
        total = cls()
        for score in scores:
            total.add(score)
        return total

    def add(self, other: "Score") -> None:
        """Adds the score of other plans."""
        self.plans += other.plans
        for key, tally in other.tallies.items():
            self.tallies[key].add(tally)
        self.names_asked += other.names_asked
        self.names_said += other.names_said
        self.names_right += other.names_right
        self.confidences += other.confidences

    @property
    def boxes(self) -> Tally:
        """Rooms by box at the lower IoU, which is what most figures are about."""
        return self.tallies["box", IOU_LEVELS[0]]

    @property
    def figures(self) -> dict[str, float | None]:
        """The figures of accuracy by the heading of their column; None where a set cannot give one."""
        low, high = IOU_LEVELS
        return {
            "F1@.5": self.boxes.f1,
            "P": self.boxes.precision,
            "R": self.boxes.recall,
            "F1@.75": self.tallies["box", high].f1,
            "poly@.5": self.tallies["polygon", low].f1,
            "poly@.75": self.tallies["polygon", high].f1,
            "names": self.names_right / self.names_asked if self.names_asked else None,
            "said": self.names_right / self.names_said if self.names_said else None,
            "ECE": calibration_error(self.confidences),
        }


def score_plan(plan: Plan, rooms: Sequence[Room]) -> Score:
    """Scores ``rooms`` predicted for ``plan``, matched one to one at each IoU, by box and by polygon."""
    score = Score(plans=1)
    for shape, overlaps_of in OVERLAPS.items():
        if shape == "polygon" and not all(room.polygon for room in plan.rooms):
            continue
        overlaps = overlaps_of(rooms, plan.rooms)
        for level in IOU_LEVELS:
            matching = match_rooms(plan.rooms, overlaps, level)
            score.tallies[shape, level] = _tally(plan, rooms, matching)
            if (shape, level) == ("box", IOU_LEVELS[0]):
                _judge(score, plan, rooms, matching)
    return score


def _tally(plan: Plan, rooms: Sequence[Room], matching: Matching) -> Tally:
    found = len(matching.pairs)
    annotated = sum(not room.ignore for room in plan.rooms)
    if plan.recall_only:
        return Tally(annotated, found)
    return Tally(annotated, found, annotated, len(rooms) - len(matching.excused), found)


def _judge(score: Score, plan: Plan, rooms: Sequence[Room], matching: Matching) -> None:
    truth_of = {i: plan.rooms[k] for i, k in matching.pairs}
    for i, room in enumerate(rooms):
        truth = truth_of.get(i)
        if not plan.recall_only and i not in matching.excused:
            score.confidences.append((room.confidence, truth is not None))
        if truth and truth.names:
            score.names_asked += 1
            said = [name for name in (room.name_hint, room.room_number) if name]
            score.names_said += bool(said)
            score.names_right += any(same_name(name, truth.names) for name in said)
