"""The preview of one page: its rooms, how they came about, and what did not work on the way."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from preview.domain.corrections import Corrections
from preview.domain.job import JobStatus
from preview.domain.measures import Measures, measure
from preview.domain.page import PageInfo
from preview.domain.room import RejectedCandidate, Room, single_line
from preview.domain.scale import GivenScale, Scale


class Degraded(StrEnum):
    """What the caller has to do without this time."""

    TEXTRACT_UNAVAILABLE = "textract_unavailable"
    DEADLINE_REACHED = "deadline_reached"
    ANALYSIS_NOT_STORED = "analysis_not_stored"
    PREVIEW_NOT_STORED = "preview_not_stored"
    STATE_NOT_SAVED = "state_not_saved"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds by stage. Text and rooms are found side by side, so they add up to more than the total."""

    load_seconds: float
    render_seconds: float
    textract_analysis_seconds: float
    room_detection_seconds: float
    total_seconds: float


@dataclass(frozen=True, slots=True)
class MeasuredRoom:
    """A room and what it measures; None on a page whose scale is not known."""

    room: Room
    measures: Measures | None


@dataclass(frozen=True, slots=True)
class Preview:
    """``rooms`` in reading order, found at ``timestamp``; ``cached`` if not found for this very caller.

    ``withheld`` are the rejected candidates, the most room-like first. ``scale`` is the page's own, or in
    an answer the one that was given. ``file_name`` is the blueprint's, in an answer alone and
    no part of what is compared.
    ``corrections`` tells which corrections were applied to ``rooms``; empty without any, as it is stored.
    """

    job_id: str
    page: PageInfo
    rooms: tuple[Room, ...]
    withheld: tuple[RejectedCandidate, ...]
    timing: Timing
    model_version: str
    degraded: tuple[Degraded, ...]
    timestamp: datetime
    cached: bool = False
    scale: Scale | None = None
    corrections: str = ""
    file_name: str | None = field(default=None, compare=False)

    @property
    def measured_rooms(self) -> tuple[MeasuredRoom, ...]:
        """Measures are computed with each answer: a scale may be known later than the rooms."""
        scale = self.scale
        return tuple(
            MeasuredRoom(room, measure(room.polygon, scale) if scale else None) for room in self.rooms
        )

    @property
    def version(self) -> str:
        """Which preview of its job and page this is: other rooms have another, and another scale has."""
        scale = "x".join(f"{metres:g}" for metres in self.scale.metres_per_unit) if self.scale else ""
        parts = self.model_version, self.timestamp.isoformat(), self.corrections, scale
        return "-".join(filter(None, parts))

    @property
    def detection_timed_out(self) -> bool:
        """Whether the deadline ended detection; the number of rooms means nothing then."""
        return Degraded.DEADLINE_REACHED in self.degraded

    @property
    def completes_job(self) -> bool:
        """Whether a job is completed by it: detection has ended, and the preview can be read."""
        return not self.detection_timed_out and Degraded.PREVIEW_NOT_STORED not in self.degraded

    def with_degraded(self, *more: Degraded) -> "Preview":
        """The same preview with ``more`` reported as degraded, each once and in the order of `Degraded`."""
        degraded = {*self.degraded, *more}
        return replace(self, degraded=tuple(reason for reason in Degraded if reason in degraded))

    def corrected(self, corrections: Corrections) -> "Preview":
        """The rooms as people corrected them, and no others than these in ``rooms``."""
        rooms = corrections.applied_to(self.rooms, self.model_version, self.timestamp)
        return replace(self, rooms=rooms, corrections=corrections.version)

    def with_given_scale(self, given: GivenScale | None) -> "Preview":
        """The same rooms by the scale that a caller gave, which goes before what was read of the page."""
        scale = given.on(self.page.size) if given else None
        return replace(self, scale=scale.outranking(self.scale)) if scale else self

    def of_file(self, name: str | None) -> "Preview":
        """The same preview, and what its blueprint is called, in one line."""
        return replace(self, file_name=single_line(name or "") or None)

    def for_job(self, job_id: str) -> "Preview":
        """The same rooms as another caller gets them, from what is stored."""
        return replace(self, job_id=job_id, cached=True)


@dataclass(frozen=True, slots=True)
class PreviewInProgress:
    """Somebody else computes the same preview, or will: this caller does not wait for it any longer.

    It is worth asking again in ``retry_after_seconds``.
    """

    job_id: str
    status: JobStatus
    retry_after_seconds: int = 1
