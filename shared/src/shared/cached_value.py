"""A value from outside that is read again once it is stale, and kept while its source is away."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from shared import context
from shared.errors import DependencyError, DependencyUnavailable

T = TypeVar("T")

log = logging.getLogger(__name__)

_ASK_AGAIN_SECONDS = 2.0  # neither an outage nor a flood of unknown keys makes a worker ask more often
_KNOWN_AWAY_SECONDS = 10.0  # two of waiting, and an attempt that runs into every time limit of the SDK


class LastGood(Generic[T]):
    """Loads on first use, and again before a value older than ``fresh_seconds`` is used.

    One thread loads and the others wait for it, no longer than the request in progress may. A stale value
    serves only while the source is away: after a failed attempt for two seconds without asking, then to
    everybody but the one thread that asks again.

    ``load`` raises DependencyError when the source is away, ValueError when what it holds is unusable;
    either is logged at ERROR with ``name`` and the message of the ValueError, which must not quote the value.
    Without any good value `get` raises DependencyError; ``stand_in`` serves as one until the first load.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], T],
        fresh_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        stand_in: T | None = None,
    ) -> None:
        self._name = name
        self._load = load
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._loading = threading.Lock()
        self._value = stand_in
        self._has_value = stand_in is not None
        self._failure: DependencyError = DependencyUnavailable(name)
        self._due_at = self._asked_at = self._failed_at = float("-inf")

    def get(self) -> T:
        """The value, read again first if it is stale."""
        if self._monotonic() >= self._due_at:
            known_away = self._has_value and self._monotonic() < self._failed_at + _KNOWN_AWAY_SECONDS
            if self._acquire(wait=not known_away):
                try:
                    if self._monotonic() >= self._due_at:
                        self._refresh()
                finally:
                    self._loading.release()
            elif not known_away:
                raise DependencyUnavailable(self._name)
        if not self._has_value:
            raise self._failure.with_traceback(None)  # one exception for many threads
        return self._value  # type: ignore[return-value]  # there is one

    def look_again(self, *, wait: bool) -> T:
        """The value, read again unless that was tried less than two seconds ago.

        While another thread reads, ``wait`` for it or have the value that is known.
        """
        if self._acquire(wait=wait):
            try:
                if self._monotonic() >= self._asked_at + _ASK_AGAIN_SECONDS:
                    self._refresh()
            finally:
                self._loading.release()
        return self.get()

    def _acquire(self, *, wait: bool) -> bool:
        deadline = context.current().deadline
        if not wait:
            return self._loading.acquire(blocking=False)
        return self._loading.acquire(timeout=-1 if deadline is None else deadline.remaining())

    def _refresh(self) -> None:
        self._asked_at = self._monotonic()
        try:
            self._value = self._load()
        except (DependencyError, ValueError) as exc:
            self._failed(exc)
        else:
            self._has_value = True
            self._failed_at = float("-inf")
            self._due_at = self._monotonic() + self._fresh_seconds

    def _failed(self, exc: DependencyError | ValueError) -> None:
        told = {"name": self._name, "error": type(exc).__name__}
        if isinstance(exc, DependencyError):
            self._failure = exc
        else:
            self._failure = DependencyUnavailable(self._name)
            self._failure.__cause__ = exc
            told["problem"] = str(exc)
        log.error("value could not be refreshed", extra={"context": told})
        self._failed_at = self._monotonic()
        # A value that is not stale yet was asked for ahead of its time, and stays fresh until then
        self._due_at = max(self._due_at, self._failed_at + _ASK_AGAIN_SECONDS)
