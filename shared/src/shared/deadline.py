"""Deadlines: the point in time after which the caller no longer waits for the answer."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """``at_seconds`` is on the monotonic clock of this process."""

    at_seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def remaining_seconds(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.at_seconds - time.monotonic())

    @property
    def expired(self) -> bool:
        return self.remaining_seconds() == 0.0
