"""The rooms of a page as people corrected them: what was said, applied in order of time.

An entry is about a room of the preview that its author saw. Another computation finds other ids: then all
that was said of one room goes to the room whose outline is most like the one that it had. Where none is, an
outline that a person drew stays as an added room, with what was said of it, and the rest applies to nothing.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, partial

from preview.domain.room import Box, Point, Room
from preview.domain.room_type import RoomType

SAME_ROOM_IOU = 0.5
"""Intersection over union of two outlines from which they are taken for the same room's."""

ADDED_ROOM = "room_a"
"""What the ids of rooms that people added begin with; the random part of a feedback id follows."""

Outline = tuple[Point, ...]
IoU = Callable[[Outline, Outline], float]
TypeOf = Callable[[str | None], RoomType | None]


class Verdict(StrEnum):
    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right; None is not spoken of, and ``sets_name`` tells a name of None from none."""

    outline: Outline | None = None
    name: str | None = None
    sets_name: bool = False
    room_type: RoomType | None = None
    removed: bool = False


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    """What was said of a room, or of the page where ``room_id`` is None.

    ``outline`` is the room's in the computation of ``model_version`` and ``computed_at``, which was spoken
    of; None for a room that was added.
    """

    feedback_id: str
    verdict: Verdict
    room_id: str | None
    correction: Correction
    model_version: str
    computed_at: datetime
    outline: Outline | None

    @property
    def drawn_room_id(self) -> str:
        """The id of the room that its outline stays as, where nothing else does."""
        return ADDED_ROOM + self.feedback_id.rpartition("_")[2]

    @property
    def draws(self) -> bool:
        return self.correction.outline is not None

    @property
    def subject(self) -> tuple[str, datetime, str | None]:
        """The room as found by one computation."""
        return self.model_version, self.computed_at, self.room_id


@dataclass(slots=True)
class _LastWords:
    """The last word on each part of a room."""

    outline: Outline | None = None
    name: str | None = None
    sets_name: bool = False
    room_type: RoomType | None = None
    removed: bool = False
    confirmed: bool = False

    def add(self, entry: FeedbackEntry) -> None:
        said = entry.correction
        self.confirmed = entry.verdict is Verdict.CORRECT
        self.outline = said.outline or self.outline
        self.room_type = said.room_type or self.room_type
        self.removed = self.removed or said.removed
        if said.sets_name:
            self.name, self.sets_name = said.name, True

    @property
    def correct_something(self) -> bool:
        return self.outline is not None or self.sets_name or self.room_type is not None


@dataclass(frozen=True, slots=True)
class Corrections:
    """Everything that was said of one page. ``iou`` compares outlines, ``type_of`` tells a type by a name."""

    entries: Sequence[FeedbackEntry]
    iou: IoU = field(repr=False)
    type_of: TypeOf = field(repr=False)

    @property
    def version(self) -> str:
        """Another set of entries has another; empty without any."""
        ids = "\n".join(sorted(entry.feedback_id for entry in self.entries))
        return hashlib.sha256(ids.encode()).hexdigest()[:16] if ids else ""

    def applied_to(
        self, rooms: Sequence[Room], model_version: str, computed_at: datetime
    ) -> tuple[Room, ...]:
        """The ``rooms`` of that computation as corrected, those that were added after them, oldest first."""
        entries = sorted(self.entries, key=lambda entry: entry.feedback_id)
        targets = self._targets(entries, rooms, (model_version, computed_at))
        words: dict[str, _LastWords] = {}
        for entry in entries:
            if target := targets.get(entry.feedback_id):
                words.setdefault(target, _LastWords()).add(entry)
        found = {room.id: room for room in rooms}
        kept = [self._corrected(room, words.get(room.id)) for room in rooms]
        added = [self._added(room_id, said) for room_id, said in words.items() if room_id not in found]
        return tuple(room for room in (*kept, *added) if room is not None)

    def _targets(
        self, entries: Sequence[FeedbackEntry], rooms: Sequence[Room], computation: tuple[str, datetime]
    ) -> Mapping[str, str]:
        """The room that each entry is about, by the entry's id; what applies to nothing is left out."""
        targets: dict[str, str] = {}
        by_subject: dict[tuple[str, datetime, str | None], str | None] = {}
        match = self._matcher(entries, rooms)
        aliases: dict[str, str] = {}
        found = {room.id for room in rooms}
        for entry in entries:
            target: str | None = None
            if entry.verdict is Verdict.MISSING:
                target = entry.room_id
            elif entry.room_id and entry.room_id.startswith(ADDED_ROOM):
                target = aliases.get(entry.room_id)
            elif entry.room_id and entry.subject[:2] == computation:
                target = entry.room_id if entry.room_id in found else None
            elif entry.room_id:
                if entry.subject not in by_subject:
                    by_subject[entry.subject] = match(entry)
                target = by_subject[entry.subject]
            if target is not None:
                targets[entry.feedback_id] = target
                if entry.draws:
                    aliases[entry.drawn_room_id] = target
        return targets

    def _matcher(
        self, entries: Sequence[FeedbackEntry], rooms: Sequence[Room]
    ) -> Callable[[FeedbackEntry], str | None]:
        """Finds the room that an entry's one is now: the most alike, or else what a person drew of it.

        Thousands of entries may speak of as many computations, most of which found the same outlines.
        """
        drawn: dict[tuple[str, datetime, str | None], str] = {}
        for entry in entries:
            if entry.draws:
                drawn.setdefault(entry.subject, entry.drawn_room_id)
        alike = cache(partial(self._most_alike, [(_box(room.polygon), room) for room in rooms]))
        return lambda entry: (entry.outline and alike(entry.outline)) or drawn.get(entry.subject)

    def _most_alike(self, rooms: Sequence[tuple[Box, Room]], outline: Outline) -> str | None:
        """The id of the room whose outline is most like ``outline``; None where none is the same room's."""
        box = _box(outline)
        near = [room for around, room in rooms if _meet(box, around)]
        alike = [(self.iou(outline, room.polygon), room.id) for room in near]
        best, room_id = max(alike, default=(0.0, ""), key=lambda each: each[0])
        return room_id if best >= SAME_ROOM_IOU else None

    def _corrected(self, room: Room, said: _LastWords | None) -> Room | None:
        if said is None:
            return room
        if said.removed:
            return None
        corrected = said.correct_something
        if said.outline is not None:
            room = replace(room, polygon=said.outline, bounding_box=_box(said.outline))
        if said.sets_name:
            room = replace(room, name_hint=said.name, room_type=self.type_of(said.name))
        if said.room_type is not None:
            room = replace(room, room_type=said.room_type)
        confidence = 1.0 if corrected or said.confirmed else room.confidence
        return replace(room, confidence=confidence, corrected=corrected, confirmed=said.confirmed)

    def _added(self, room_id: str, said: _LastWords) -> Room | None:
        if said.outline is None:
            return None
        return self._corrected(Room(room_id, _box(said.outline), said.outline, None, 1.0), said)


def _box(outline: Outline) -> Box:
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


def _meet(a: Box, b: Box) -> bool:
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]
