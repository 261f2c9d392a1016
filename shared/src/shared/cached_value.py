"""A cached value from outside: reloaded once it is stale, served stale while its source is away."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from shared import context
from shared.errors import DependencyError, DependencyUnavailable

T = TypeVar("T")

log = logging.getLogger(__name__)

_RETRY_SECONDS = 2.0  # neither an outage nor a flood of unknown keys makes a worker load more often
_STALE_ON_ERROR_SECONDS = 10.0  # two of waiting, and an attempt that runs into every time limit of the SDK


class CachedValue(Generic[T]):
    """Loads on first use, and again before a value older than ``fresh_seconds`` is used (stale-on-error).

    One thread loads and the others wait for it, within the deadline of the request in progress. A stale value
    is served only while the source is away: after a failed load for two seconds without another attempt, then
    to every thread but the one that tries again.

    ``load`` raises DependencyError when the source is away, ValueError when what it holds is unusable;
    either is logged at ERROR with ``name`` and the message of the ValueError, which must not quote the value.
    Without any value `get` raises DependencyError; ``fallback`` is the value until the first load.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], T],
        fresh_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        fallback: T | None = None,
    ) -> None:
        self._name = name
        self._load = load
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._loading = threading.Lock()
        self._value = fallback
        self._has_value = fallback is not None
        self._failure: DependencyError = DependencyUnavailable(name)
        self._due_at = self._reloaded_at = self._failed_at = float("-inf")

    def get(self) -> T:
        """The value, reloaded first if it is stale."""
        if self._monotonic() >= self._due_at:
            source_is_away = self._has_value and self._monotonic() < self._failed_at + _STALE_ON_ERROR_SECONDS
            if self._acquire(wait=not source_is_away):
                try:
                    if self._monotonic() >= self._due_at:
                        self._reload()
                finally:
                    self._loading.release()
            elif not source_is_away:
                raise DependencyUnavailable(self._name)
        if not self._has_value:
            raise self._failure.with_traceback(None)  # one exception serves many threads
        return self._value  # type: ignore[return-value]  # there is one

    def refresh(self, *, wait: bool) -> T:
        """Reload and return the value, unless that was tried less than two seconds ago.

        While another thread loads, ``wait`` for it or return the known value.
        """
        if self._acquire(wait=wait):
            try:
                if self._monotonic() >= self._reloaded_at + _RETRY_SECONDS:
                    self._reload()
            finally:
                self._loading.release()
        return self.get()

    def _acquire(self, *, wait: bool) -> bool:
        deadline = context.current().deadline
        if not wait:
            return self._loading.acquire(blocking=False)
        return self._loading.acquire(timeout=-1 if deadline is None else deadline.remaining_seconds())

    def _reload(self) -> None:
        self._reloaded_at = self._monotonic()
        try:
            self._value = self._load()
        except (DependencyError, ValueError) as exc:
            self._record_failure(exc)
        else:
            self._has_value = True
            self._failed_at = float("-inf")
            self._due_at = self._monotonic() + self._fresh_seconds

    def _record_failure(self, exc: DependencyError | ValueError) -> None:
        fields = {"name": self._name, "error": type(exc).__name__}
        if isinstance(exc, DependencyError):
            self._failure = exc
        else:
            self._failure = DependencyUnavailable(self._name)
            self._failure.__cause__ = exc
            fields["problem"] = str(exc)
        log.error("value could not be refreshed", extra={"context": fields})
        self._failed_at = self._monotonic()
        # A value that is not stale yet was asked for ahead of its time, and stays fresh until then
        self._due_at = max(self._due_at, self._failed_at + _RETRY_SECONDS)
