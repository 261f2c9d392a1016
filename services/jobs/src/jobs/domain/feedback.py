"""What people say about the rooms of a preview, and how they correct them.

Entries are never changed, only added or taken back. Outlines are in page coordinates.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from jobs.domain.errors import FeedbackNotFound, InvalidFeedback
from jobs.domain.outline import (
    MAX_CORNERS,
    MIN_CORNERS,
    Box,
    Outline,
    box_outline,
    is_on_page,
    is_simple,
)

MAX_ENTRIES_OF_A_JOB = 5000
MAX_CORNERS_OF_A_JOB = 250_000
"""Of all outlines that were given. Source: 50 for each entry; preview waits 3 s for what was said of a page,
and so many corners take 0.8 s (measured)."""
MAX_ENTRIES_OF_A_REQUEST = 25
MAX_NAME_CHARACTERS = 200
MAX_COMMENT_CHARACTERS = 2000

FEEDBACK_ID_PATTERN = "^fb_[0-9]{14}_[0-9a-z]{13,32}$"
ADDED_ROOM = "room_a"
"""What the ids of rooms that people added begin with."""

ROOM_TYPES = (
    "bedroom",
    "living_room",
    "kitchen",
    "dining_room",
    "living_kitchen",
    "bathroom",
    "toilet",
    "hall",
    "corridor",
    "stairs",
    "elevator",
    "closet",
    "storage",
    "laundry",
    "garage",
    "balcony",
    "terrace",
    "office",
    "meeting_room",
    "classroom",
    "technical",
    "shaft",
    "other",
)
"""As preview answers them; a test compares the two."""


class Verdict(StrEnum):
    CORRECT = "correct"
    PARTIAL = "partial"
    WRONG = "wrong"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right in place of what was found; what is None is not spoken of.

    ``sets_name`` tells a name of None, which is no name at all, from a correction that leaves it alone.
    """

    polygon: Outline | None = None
    bounding_box: Box | None = None
    name: str | None = None
    sets_name: bool = False
    room_type: str | None = None
    removed: bool | None = None

    @property
    def outline(self) -> Outline | None:
        return box_outline(self.bounding_box) if self.bounding_box else self.polygon

    @property
    def fields(self) -> dict[str, Any]:
        """As it was sent."""
        fields = {
            "polygon": self.polygon,
            "bounding_box": self.bounding_box,
            "room_type": self.room_type,
            "removed": self.removed,
        }
        named = {"name": self.name} if self.sets_name else {}
        return {name: value for name, value in fields.items() if value is not None} | named


@dataclass(frozen=True, slots=True)
class Submission:
    """One item of a request: about a room of a page, or about the page itself without a ``room_id``."""

    verdict: str
    page: int = 1
    room_id: str | None = None
    correction: Correction | None = None
    comment: str | None = None

    def check(self) -> None:
        """Raises InvalidFeedback for what can be seen to be wrong without the page's preview."""
        rules = _RULES.get(self.verdict)
        if rules is None:
            verdicts = ", ".join(Verdict)
            raise InvalidFeedback("verdict", f"Say in `feedback` one of {verdicts}.")
        rules(self)
        if self.correction is not None:
            _check_correction(self.correction)
        if self.comment is not None:
            _check_comment(self.comment)


@dataclass(frozen=True, slots=True)
class Computation:
    """The run of detection that feedback is about: another one may find other ids."""

    model_version: str
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class PageRooms:
    """The rooms of a page as a computation found them, as preview answers them."""

    page: int
    computation: Computation
    width_px: int
    height_px: int
    rooms: Sequence[Mapping[str, Any]]

    @property
    def room_ids(self) -> frozenset[str]:
        return frozenset(room["id"] for room in self.rooms)

    def outline(self, room_id: str) -> Outline | None:
        """That of a room; None where the computation has no such room."""
        found = next((room["polygon"] for room in self.rooms if room["id"] == room_id), None)
        return tuple((float(x), float(y)) for x, y in found) if found else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was said. ``author_key_id`` is the id of the key, which is not answered.

    ``room_id`` is the room spoken of, with ``missing`` the one that was added by it.
    """

    feedback_id: str
    job_id: str
    created_at: datetime
    expires_at: datetime
    author_key_id: str
    verdict: Verdict
    page: int
    model_version: str
    computed_at: datetime
    room_id: str | None = None
    correction: Correction | None = None
    comment: str | None = None

    @property
    def computation(self) -> Computation:
        return Computation(self.model_version, self.computed_at)

    @property
    def drawn_room_id(self) -> str | None:
        """The id of the room that stays of its outline where nothing else does; None without an outline."""
        return added_room_id(self.feedback_id) if self.corners else None

    @property
    def corners(self) -> int:
        """How many the outline has that is given; 0 without one."""
        return len((self.correction and self.correction.outline) or ())


def check_count(submissions: Sequence[Submission]) -> None:
    """Raises InvalidFeedback for none, or too many, in one request."""
    if not 1 <= len(submissions) <= MAX_ENTRIES_OF_A_REQUEST:
        raise InvalidFeedback("items", f"Send 1 to {MAX_ENTRIES_OF_A_REQUEST} items at once.")


def check_each(
    submissions: Sequence[Submission], check: Callable[[Submission], None], *, several: bool
) -> None:
    """Raises the first InvalidFeedback, naming the item where ``several`` were sent."""
    for place, submission in enumerate(submissions):
        try:
            check(submission)
        except InvalidFeedback as exc:
            raise (exc.at(place) if several else exc) from exc


def check_room_id(submission: Submission, known: Collection[str]) -> None:
    """Raises InvalidFeedback for a room that the page does not have."""
    if submission.room_id is not None and submission.room_id not in known:
        raise InvalidFeedback(
            "room_id", f"Page {submission.page} has no such room. Take a `room_id` from its preview."
        )


def entry_ids(base_id: str, at: datetime, count: int) -> list[str]:
    """Ids for ``count`` entries of one request, in order; ``base_id`` is a new one of that time.

    The random part begins with the milliseconds and ends with the place in the request, so that ids sort by
    time, and those of one request as sent.
    """
    head, _, random_part = base_id.rpartition("_")
    milliseconds = at.microsecond // 1000
    return [f"{head}_{milliseconds:03d}{random_part}{place:02d}" for place in range(count)]


def added_room_id(feedback_id: str) -> str:
    return ADDED_ROOM + feedback_id.rpartition("_")[2]


def check_feedback_id(text: str) -> None:
    """Raises FeedbackNotFound for what cannot be the id of an entry."""
    if not re.fullmatch(FEEDBACK_ID_PATTERN, text):
        raise FeedbackNotFound(text)


def rounded(correction: Correction) -> Correction:
    """With two decimals, as coordinates are answered."""
    polygon, box = correction.polygon, correction.bounding_box
    if polygon is not None:
        polygon = tuple((_rounded(x), _rounded(y)) for x, y in polygon)
    if box is not None:
        box = (_rounded(box[0]), _rounded(box[1]), _rounded(box[2]), _rounded(box[3]))
    return replace(correction, polygon=polygon, bounding_box=box)


def _rounded(coordinate: float) -> float:
    return round(coordinate, 2) + 0.0  # -0.001 would become -0.0, which is written with its sign


def _check_correct(submission: Submission) -> None:
    if submission.correction is not None:
        raise InvalidFeedback("correction", "What is correct takes no correction. Say `partial` or `wrong`.")


def _check_not_right(submission: Submission) -> None:
    if submission.room_id is None and submission.correction is not None:
        raise InvalidFeedback("room_id", "A correction is of a room: name it in `room_id`.")
    if submission.correction is None and not (submission.comment or "").strip():
        raise InvalidFeedback("correction", f"Say what is {submission.verdict} in a correction or a comment.")


def _check_missing(submission: Submission) -> None:
    if submission.room_id is not None:
        raise InvalidFeedback("room_id", "A missing room has no `room_id` yet: leave it out.")
    if submission.correction is None or submission.correction.outline is None:
        raise InvalidFeedback("outline", "Give the missing room's `polygon` or `bounding_box`.")


_RULES: Mapping[str, Callable[[Submission], None]] = {
    Verdict.CORRECT: _check_correct,
    Verdict.PARTIAL: _check_not_right,
    Verdict.WRONG: _check_not_right,
    Verdict.MISSING: _check_missing,
}


def _check_correction(correction: Correction) -> None:
    if not correction.fields:
        raise InvalidFeedback("correction", "The correction says nothing. Give it an outline, name or type.")
    if correction.removed is not None and (not correction.removed or len(correction.fields) > 1):
        raise InvalidFeedback("removed", "`removed` is `true` and stands alone in its correction.")
    if correction.room_type is not None and correction.room_type not in ROOM_TYPES:
        raise InvalidFeedback("room_type", f"`room_type` is one of {', '.join(ROOM_TYPES)}.")
    if correction.polygon is not None and correction.bounding_box is not None:
        raise InvalidFeedback("outline", "Give a `polygon` or a `bounding_box`, not both.")
    if correction.bounding_box is not None:
        _check_box(correction.bounding_box)
    if correction.outline is not None:
        _check_outline(correction.outline)
    if correction.name is not None:
        _check_name(correction.name)


def _check_box(box: Box) -> None:
    if box[0] >= box[2] or box[1] >= box[3]:
        raise InvalidFeedback("outline", "A `bounding_box` is [x_min, y_min, x_max, y_max] with an area.")


def _check_outline(outline: Outline) -> None:
    if not MIN_CORNERS <= len(outline) <= MAX_CORNERS:
        raise InvalidFeedback("outline", f"An outline has {MIN_CORNERS} to {MAX_CORNERS} corners.")
    if not is_on_page(outline):
        raise InvalidFeedback("outline", "The outline leaves the page, which is 0 to 1000 along each side.")
    if not is_simple(outline):
        raise InvalidFeedback("outline", "The outline crosses or touches itself, or encloses nothing.")


def _check_name(name: str) -> None:
    if len(name) > MAX_NAME_CHARACTERS:
        raise InvalidFeedback("name", f"A name has at most {MAX_NAME_CHARACTERS} characters.")
    if _has_controls(name):
        raise InvalidFeedback("name", "A name is one line without control characters.")


def _check_comment(comment: str) -> None:
    if len(comment) > MAX_COMMENT_CHARACTERS:
        raise InvalidFeedback("comment", f"A comment has at most {MAX_COMMENT_CHARACTERS} characters.")
    if _has_controls(comment.replace("\r", "").replace("\n", "")):
        raise InvalidFeedback("comment", "A comment has no control characters but line breaks.")


def _has_controls(text: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in text)
