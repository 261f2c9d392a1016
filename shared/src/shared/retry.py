"""Retries of transient faults with exponential backoff and jitter, and a retry budget.

Delays are 1, 2, 4 s for the default of three retries, then 8 and 16 (times ``base_seconds``), each shortened
by up to half at random so that callers do not retry in step, and never past the deadline of the request in
progress. The budget limits the retries of a client to a share of its calls: retries must not multiply the
load on an overloaded dependency.
"""

import random
import threading
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
        """The delay before the next attempt, or None when there should be none."""
        if retries_done >= self.retries:
            return None
        longest: float = self.base_seconds * 2**retries_done
        delay = longest * (0.5 + 0.5 * random.random())  # noqa: S311 - jitter, not a secret
        deadline = context.current().deadline
        if deadline is not None and deadline.remaining_seconds() <= delay:
            return None
        return delay


class RetryBudget:
    """Retries of one client: ``share`` of its calls, and ``per_second`` besides for one that calls rarely.

    Unused retries add up to ``most``, the number that a burst of faults may use: eight threads with three
    retries each, all that a worker has in progress, make 24. Thread-safe.

    Source: Finagle's RetryBudget, https://twitter.github.io/finagle/guide/Clients.html#retries
    """

    def __init__(
        self,
        *,
        share: float = 0.2,
        per_second: float = 1.0,
        most: float = 24.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._share = share
        self._per_second = per_second
        self._most = most
        self._monotonic = monotonic
        self._left = most
        self._counted_at = monotonic()
        self._lock = threading.Lock()

    def call_begun(self) -> None:
        """Count the first attempt of a call."""
        with self._lock:
            self._add(self._share)

    def take(self) -> bool:
        """Whether one more retry may be made; if so it counts as made."""
        with self._lock:
            now = self._monotonic()
            self._add((now - self._counted_at) * self._per_second)
            self._counted_at = now
            if self._left < 1:
                return False
            self._left -= 1
            return True

    def _add(self, retries: float) -> None:
        self._left = min(self._most, self._left + retries)


def call_with_retries(
    attempt: Callable[[], R],
    *,
    backoff: Backoff,
    budget: RetryBudget | None = None,
    is_transient: Callable[[Exception], bool],
    sleep: Callable[[float], None] = time.sleep,
) -> R:
    """Call ``attempt`` until it returns, fails permanently, or the retries are used up.

    The last error is raised.
    """
    if budget is not None:
        budget.call_begun()
    retries_done = 0
    while True:
        try:
            return attempt()
        except Exception as exc:  # the caller knows what is transient; the rest is raised again
            delay = backoff.delay_seconds(retries_done) if is_transient(exc) else None
            if delay is None or (budget is not None and not budget.take()):
                raise
        sleep(delay)
        retries_done += 1
