"""Names of rooms from labels, and ids in reading order."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
from shapely import STRtree, box, points

from preview.domain.room import Room
from preview.domain.room_type import RoomType
from preview.rooms.evidence.region import Region
from preview.rooms.output.calibration import CalibrationOptions, calibrated_confidence
from preview.rooms.scoring.region_scorer import Candidate
from preview.rooms.text.annotations import is_mark
from preview.rooms.text.labels import Label
from preview.rooms.text.room_numbers import without_number
from preview.rooms.text.room_types import room_type
from preview.rooms.text.text_kinds import TextKind

LONGEST_NAME = 200
"""Characters of a name at most, as in a correction; more of them are notes, or rooms of a whole floor."""

_BESIDE_ROOMS = frozenset({RoomType.CLOSET, RoomType.STORAGE})
"""Types of small rooms that are often not told from the one beside them."""


class RoomName(NamedTuple):
    """What a plan calls a room, and the number that it gives it apart from that."""

    hint: str | None = None
    number: str | None = None


def room_name(labels: Sequence[Label]) -> RoomName:
    """What the labels inside a room call it, and its number.

    Known room words come first, several of them joined for an open plan, without marks of finishes, and
    without closets where there is another; then words unknown to the lexicon, if there is one such label:
    more of them are notes. Of several numbers that one is the room's with which the others begin (``4305``
    of ``4305A``).
    """
    names = {kind: _names(labels, kind) for kind in TextKind}
    rooms = [name for name in names[TextKind.ROOM] if not is_mark(name)] or names[TextKind.ROOM]
    numbers = names[TextKind.NUMBER]
    others = names[TextKind.OTHER]
    told = [without_number(name) for name in _without_closets(rooms) or (others if len(others) == 1 else ())]
    joined = " / ".join(dict.fromkeys(name for name, _ in told if name))
    numbers += [number for _, number in told if number]
    return RoomName(joined if 0 < len(joined) <= LONGEST_NAME else None, _common(numbers))


def _without_closets(names: list[str]) -> list[str]:
    return [name for name in names if room_type(name) not in _BESIDE_ROOMS] or names


def _common(numbers: Sequence[str]) -> str | None:
    shortest = min(numbers, key=len, default=None)
    return shortest if shortest and all(number.startswith(shortest) for number in numbers) else None


def _names(labels: Sequence[Label], kind: TextKind) -> list[str]:
    """Names of a kind, each once, whatever its case."""
    names: dict[str, str] = {}
    for label in labels:
        if label.kind is kind and label.name:
            names.setdefault(label.name.casefold(), label.name)
    return list(names.values())


def in_reading_order(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Candidates row by row from the top, each row from the left.

    A row is what starts above the middle of its topmost room, so rooms a little lower than
    their neighbours stay in their row.
    """
    from_the_top = sorted(candidates, key=lambda each: (each.region.box[1], each.region.box[0]))
    tops = [candidate.region.box[1] for candidate in from_the_top]
    ordered: list[Candidate] = []
    while len(ordered) < len(from_the_top):
        start = len(ordered)
        _, top, _, bottom = from_the_top[start].region.box
        row = from_the_top[start : bisect_right(tops, (top + bottom) / 2, lo=start)]
        ordered += sorted(row, key=lambda candidate: (candidate.region.box[0], candidate.region.box[1]))
    return ordered


def named_rooms(
    candidates: Sequence[Candidate], options: CalibrationOptions, labels: Sequence[Label] = ()
) -> list[Room]:
    """Rooms ``room_001`` onwards in the order given, named by their own and else by stray ones of ``labels``.

    Large letters cut notches into an outline, so that the name lies just outside it.
    """
    owned = {id(label) for candidate in candidates for label in candidate.labels}
    strays = [label for label in labels if id(label) not in owned]
    places = STRtree(points(np.array([label.anchor for label in strays]).reshape(-1, 2)))
    rooms = []
    for number, candidate in enumerate(candidates, start=1):
        name = room_name(candidate.labels)
        if name == RoomName():
            name = room_name(_in_notches(candidate.region, strays, places))
        room = Room(
            id=f"room_{number:03}",
            bounding_box=candidate.region.box,
            polygon=candidate.region.polygon,
            name_hint=name.hint,
            room_number=name.number,
            room_type=room_type(name.hint),
            confidence=calibrated_confidence(candidate.score, options),
        )
        rooms.append(room)
    return rooms


def _in_notches(region: Region, labels: Sequence[Label], places: STRtree) -> list[Label]:
    """Labels in the region's box that are no farther from its outline than they are high."""
    ring = np.array(region.polygon, np.float32)
    in_box = (labels[index] for index in sorted(places.query(box(*region.box)).tolist()))
    return [
        label
        for label in in_box
        if cv2.pointPolygonTest(ring, label.anchor, measureDist=True) >= -label.height
    ]
