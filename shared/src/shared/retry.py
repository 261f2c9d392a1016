"""One schedule for transient faults, for AWS calls and internal HTTP alike.

Delays of 1, 2, 4, 8 s (times ``base_seconds``), each shortened by up to half at random so that callers do
not return in step, and never past the deadline of the request in progress.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared import context

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Backoff:
    """``retries`` after the first attempt, at most; ``base_seconds`` is the longest first delay."""

    retries: int = 3
    base_seconds: float = 1.0

    def delay_seconds(self, retries_done: int) -> float | None:
        """How long to wait before the next attempt, or None when there should be none."""
        if retries_done >= self.retries:
            return None
        longest: float = self.base_seconds * 2**retries_done
        delay = longest * (0.5 + 0.5 * random.random())  # noqa: S311 - jitter, not a secret
        deadline = context.current().deadline
        if deadline is not None and deadline.remaining() <= delay:
            return None
        return delay


def retrying(
    attempt: Callable[[], R],
    *,
    backoff: Backoff,
    is_transient: Callable[[Exception], bool],
    sleep: Callable[[float], None] = time.sleep,
) -> R:
    """Call ``attempt`` until it returns, fails for good, or the schedule ends; the last error is raised."""
    retries_done = 0
    while True:
        try:
            return attempt()
        except Exception as exc:
            delay = backoff.delay_seconds(retries_done) if is_transient(exc) else None
            if delay is None:
                raise
        sleep(delay)
        retries_done += 1
