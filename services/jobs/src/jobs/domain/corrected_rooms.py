"""The rooms of a page as people corrected them, by the rules of preview, which answers them to callers.

A test holds the two together. Without preview's vocabulary, the type of a room that was renamed is not known
unless it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.domain.feedback import ADDED_ROOM, Computation, Entry, PageRooms, Verdict
from jobs.domain.outline import Outline, iou

SAME_ROOM_IOU = 0.5

Subject = tuple[Computation, str | None]


@dataclass(frozen=True, slots=True)
class EntryWithOutline:
    """An entry, and the outline that its room had when it was spoken of; None where it is not a found one."""

    entry: Entry
    outline: Outline | None


@dataclass(slots=True)
class CorrectedRoom:
    room_id: str
    outline: Outline | None = None
    name: str | None = None
    room_type: str | None = None
    corrected: bool = False
    confirmed: bool = False
    removed: bool = False
    type_given: bool = False

    def apply(self, entry: Entry) -> None:
        """Apply what was said last."""
        self.confirmed = entry.verdict is Verdict.CORRECT
        said = entry.correction
        if said is None:
            return
        self.removed = self.removed or bool(said.removed)
        self.corrected = self.corrected or said.removed is None
        self.outline = said.outline or self.outline
        if said.sets_name:
            self.name = said.name
            self.room_type = self.room_type if self.type_given else None
        if said.room_type is not None:
            self.room_type, self.type_given = said.room_type, True


def corrected_rooms(page: PageRooms, log: Sequence[EntryWithOutline]) -> list[CorrectedRoom]:
    """The rooms of ``page`` as corrected by ``log``, oldest first; those that were added come last."""
    rooms = {room["id"]: _found(page, room["id"]) for room in page.rooms}
    for said, target in _targets(page, log):
        rooms.setdefault(target, CorrectedRoom(target)).apply(said.entry)
    return [room for room in rooms.values() if room.outline is not None and not room.removed]


def _found(page: PageRooms, room_id: str) -> CorrectedRoom:
    [room] = [room for room in page.rooms if room["id"] == room_id]
    return CorrectedRoom(room_id, page.outline(room_id), room.get("name_hint"), room.get("room_type"))


def _targets(page: PageRooms, log: Sequence[EntryWithOutline]) -> list[tuple[EntryWithOutline, str]]:
    targets: list[tuple[EntryWithOutline, str]] = []
    drawn: dict[str | None, str] = {}
    matches: dict[Subject, str | None] = {}
    for said in log:
        entry, target = said.entry, None
        if entry.verdict is Verdict.MISSING:
            target = entry.room_id
        elif entry.room_id is not None and entry.room_id.startswith(ADDED_ROOM):
            target = drawn.get(entry.room_id)
        elif entry.room_id is not None and entry.computation == page.computation:
            target = entry.room_id if entry.room_id in page.room_ids else None
        elif entry.room_id is not None:
            subject = entry.computation, entry.room_id
            if subject not in matches:
                matches[subject] = _match(page, said, log)
            target = matches[subject]
        if target is not None:
            targets.append((said, target))
            drawn[entry.drawn_room_id] = target
    return targets


def _match(page: PageRooms, said: EntryWithOutline, log: Sequence[EntryWithOutline]) -> str | None:
    if said.outline is not None:
        outlines = ((room["id"], page.outline(room["id"])) for room in page.rooms)
        alike = [(iou(said.outline, outline), room_id) for room_id, outline in outlines if outline]
        best, room_id = max(alike, default=(0.0, ""), key=lambda each: each[0])
        if best >= SAME_ROOM_IOU:
            return str(room_id)
    subject = said.entry.computation, said.entry.room_id
    drawn = (
        each.entry.drawn_room_id for each in log if (each.entry.computation, each.entry.room_id) == subject
    )
    return next((room_id for room_id in drawn if room_id is not None), None)
