"""What is found on a page."""

from dataclasses import dataclass

from preview.domain.room import RejectedCandidate, Room
from preview.domain.scale import Scale


@dataclass(frozen=True, slots=True)
class Detection:
    """``rooms`` in reading order, and ``rejected`` candidates, the most room-like first.

    ``scale`` is what the page tells of it; None if it tells none, or nobody read it.
    """

    rooms: tuple[Room, ...]
    rejected: tuple[RejectedCandidate, ...]
    scale: Scale | None = None
