"""Not waiting for what has just kept others waiting in vain."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared import context
from shared.errors import DependencyUnavailable
from shared.metrics import Metrics

log = logging.getLogger(__name__)


class Breaker:
    """Opens after ``failures`` calls in a row that found ``name`` unavailable: then no call is made.

    From ``rest_seconds`` later on one call at a time is let through to see; whatever it is answered closes
    the breaker. A call counts with all of its retries. A call that ended at the deadline of its request after
    less than ``fair_seconds`` says nothing about ``name``: it changes nothing. Each worker has its own, safe
    to use from many threads: what is asked rarely, or answers now and then, is never cut off. Opening and
    closing are logged and counted as ``BreakerChanges``.

    The rest is short, so that all is well at once when the other side is; it costs nobody anything while
    the other side hangs, since who is let through is the only one to wait.
    """

    def __init__(
        self,
        name: str,
        metrics: Metrics,
        *,
        fair_seconds: float,
        failures: int = 5,
        rest_seconds: float = 0.5,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._metrics = metrics
        self._fair_seconds = fair_seconds
        self._failures = failures
        self._rest_seconds = rest_seconds
        self._monotonic = monotonic
        self._in_a_row = 0
        self._failed_at = 0.0
        self._trying = False
        self._lock = threading.Lock()

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Around a call. Raises DependencyUnavailable, as the call does when it finds that, while open."""
        trying = self._enter()
        began = self._monotonic()
        available: bool | None = True
        try:
            yield
        except DependencyUnavailable:
            available = None if self._starved(began) else False
            raise
        finally:
            self._leave(available, trying)

    def _enter(self) -> bool:
        """Whether the call is the one let through to see. Raises DependencyUnavailable."""
        with self._lock:
            if self._in_a_row < self._failures:
                return False
            if self._trying or self._monotonic() < self._failed_at + self._rest_seconds:
                raise DependencyUnavailable(self._name)
            self._trying = True
            return True

    def _starved(self, began: float) -> bool:
        """Whether a call that failed had too little time to tell whether anybody would have answered."""
        deadline = context.current().deadline
        return deadline is not None and deadline.expired and self._monotonic() - began < self._fair_seconds

    def _leave(self, available: bool | None, trying: bool) -> None:
        """End a call; ``available`` is None when it says nothing."""
        with self._lock:
            was_open = self._in_a_row >= self._failures
            if available is not None:
                self._in_a_row = 0 if available else self._in_a_row + 1
                self._failed_at = self._monotonic()
            if trying:
                self._trying = False
            is_open = self._in_a_row >= self._failures
        if is_open != was_open:
            self._tell("open" if is_open else "closed")

    def _tell(self, state: str) -> None:
        log.warning("breaker changed", extra={"context": {"dependency": self._name, "state": state}})
        self._metrics.count("BreakerChanges", dependency=self._name, state=state)
