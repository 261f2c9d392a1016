"""A circuit breaker: no calls to a dependency that has just failed several times in a row."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared import context
from shared.errors import DependencyUnavailable
from shared.metrics import Metrics

log = logging.getLogger(__name__)


class CircuitBreaker:
    """Opens after ``failure_threshold`` calls in a row that found ``name`` unavailable: then no call is made.

    After ``reset_timeout_seconds`` it is half-open: one trial call at a time goes through, and any answer
    closes the circuit. A call counts with all of its retries. A call that its request's deadline ended after
    less than ``minimum_call_seconds`` says nothing about ``name`` and changes nothing. Thread-safe; each
    worker has its own, so a dependency that is called rarely, or answers now and then, is never cut off.
    Opening and closing are logged and counted as ``CircuitBreakerChanges``.

    The reset timeout is short so that calls resume soon after the dependency does. While the dependency
    hangs, that costs little: only the trial call waits.
    """

    def __init__(
        self,
        name: str,
        metrics: Metrics,
        *,
        minimum_call_seconds: float,
        failure_threshold: int = 5,
        reset_timeout_seconds: float = 0.5,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name = name
        self._metrics = metrics
        self._minimum_call_seconds = minimum_call_seconds
        self._failure_threshold = failure_threshold
        self._reset_timeout_seconds = reset_timeout_seconds
        self._monotonic = monotonic
        self._in_a_row = 0
        self._failed_at = 0.0
        self._half_open = False
        self._lock = threading.Lock()

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Enter around a call. Raises DependencyUnavailable at once while the circuit is open."""
        is_trial = self._enter()
        began = self._monotonic()
        available: bool | None = True
        try:
            yield
        except DependencyUnavailable:
            available = None if self._had_too_little_time(began) else False
            raise
        finally:
            self._leave(available, is_trial)

    def _enter(self) -> bool:
        """Whether this is a trial call. Raises DependencyUnavailable while open."""
        with self._lock:
            if self._in_a_row < self._failure_threshold:
                return False
            if self._half_open or self._monotonic() < self._failed_at + self._reset_timeout_seconds:
                raise DependencyUnavailable(self._name)
            self._half_open = True
            return True

    def _had_too_little_time(self, began: float) -> bool:
        """Whether a failed call had too little time to say anything about the dependency."""
        deadline = context.current().deadline
        seconds = self._monotonic() - began
        return deadline is not None and deadline.expired and seconds < self._minimum_call_seconds

    def _leave(self, available: bool | None, is_trial: bool) -> None:
        """Record the end of a call; ``available`` is None when it says nothing."""
        with self._lock:
            was_open = self._in_a_row >= self._failure_threshold
            if available is not None:
                self._in_a_row = 0 if available else self._in_a_row + 1
                self._failed_at = self._monotonic()
            if is_trial:
                self._half_open = False
            is_open = self._in_a_row >= self._failure_threshold
        if is_open != was_open:
            self._log_change("open" if is_open else "closed")

    def _log_change(self, state: str) -> None:
        log.warning("circuit breaker changed", extra={"context": {"dependency": self._name, "state": state}})
        self._metrics.count("CircuitBreakerChanges", dependency=self._name, state=state)
