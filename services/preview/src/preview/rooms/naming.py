"""Stage 11: names from labels, and ids in reading order."""

from collections.abc import Sequence

from preview.domain.room import Room
from preview.rooms.confidence import confidence_of
from preview.rooms.labels import Label, TextKind
from preview.rooms.options import DetectorOptions
from preview.rooms.scoring import Candidate


def name_hint(labels: Sequence[Label]) -> str | None:
    """What the labels inside a room call it.

    Known room words come first, several of them joined for an open plan; then a room number; then words
    unknown to the lexicon, if there is one such label: more of them are notes. None if nothing names it.
    """
    for kind in (TextKind.ROOM, TextKind.NUMBER, TextKind.OTHER):
        names = list(dict.fromkeys(label.name for label in labels if label.kind is kind and label.name))
        if names and (kind is TextKind.ROOM or len(names) == 1):
            return " / ".join(names)
    return None


def in_reading_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates row by row from the top, each row from the left.

    A row is what starts above the middle of its topmost room, so rooms a little lower than
    their neighbours stay in their row.
    """
    waiting = sorted(candidates, key=lambda candidate: (candidate.region.box[1], candidate.region.box[0]))
    ordered: list[Candidate] = []
    while waiting:
        first = waiting[0].region.box
        row = [c for c in waiting if c.region.box[1] <= (first[1] + first[3]) / 2]
        ordered += sorted(row, key=lambda candidate: (candidate.region.box[0], candidate.region.box[1]))
        waiting = waiting[len(row) :]
    return ordered


def as_rooms(candidates: Sequence[Candidate], options: DetectorOptions) -> list[Room]:
    """Rooms ``room_001`` onwards in the order given."""
    return [
        Room(
            id=f"room_{number:03}",
            bounding_box=candidate.region.box,
            polygon=candidate.region.polygon,
            name_hint=name_hint(candidate.labels),
            confidence=confidence_of(candidate.score, options),
        )
        for number, candidate in enumerate(candidates, start=1)
    ]
