"""A value from outside that is refreshed now and then, and kept while its source is away."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from shared.errors import DependencyError

T = TypeVar("T")

log = logging.getLogger(__name__)

_ASK_AGAIN_SECONDS = 2.0  # an outage is not made worse by asking on every request


class LastGood(Generic[T]):
    """Loads on first use; once stale, one thread refreshes in the background while others read the old value.

    ``load`` raises DependencyError when the source is away, ValueError when what it holds is unusable;
    either is logged at ERROR with ``name``. Until a first load succeeds `get` raises what ``load`` raised,
    for a moment without asking again; with a ``meanwhile`` only the first `get` does, and the others read it.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], T],
        fresh_seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        meanwhile: T | None = None,
    ) -> None:
        self._name = name
        self._load = load
        self._fresh_seconds = fresh_seconds
        self._monotonic = monotonic
        self._meanwhile = meanwhile
        self._refreshing = threading.Lock()
        self._value: T | None = None
        self._loaded = False
        self._failure: Exception | None = None
        self._due_at = 0.0
        self._asked_at = float("-inf")

    def get(self) -> T:
        if not self._loaded:
            with self._refreshing:
                self._load_first()
        elif self._monotonic() >= self._due_at and self._refreshing.acquire(blocking=False):
            threading.Thread(
                target=self._refresh_in_background, name=f"refresh-{self._name}", daemon=True
            ).start()
        return self._value  # type: ignore[return-value]  # loaded, or _refresh has raised

    def look_again(self) -> T:
        """The value, loaded anew unless that was tried a moment ago; the last good one if that fails."""
        with self._refreshing:
            if self._loaded and self._monotonic() - self._asked_at >= _ASK_AGAIN_SECONDS:
                with suppress(DependencyError, ValueError):  # logged
                    self._refresh()
        return self.get()

    def _load_first(self) -> None:
        if self._loaded:
            return
        if self._failure is not None and self._monotonic() < self._due_at:
            raise self._failure
        self._refresh()

    def _refresh_in_background(self) -> None:
        try:
            self._refresh()
        except (DependencyError, ValueError):
            pass  # logged, and the last good value serves
        finally:
            self._refreshing.release()

    def _refresh(self) -> None:
        self._asked_at = self._monotonic()
        try:
            self._value = self._load()
        except (DependencyError, ValueError) as exc:
            log.error(  # noqa: TRY400 - the cause is in the fields; a traceback could show the value
                "value could not be refreshed",
                extra={"context": {"name": self._name, "error": type(exc).__name__}},
            )
            self._failure = exc
            self._due_at = self._monotonic() + _ASK_AGAIN_SECONDS
            if self._meanwhile is not None and not self._loaded:
                self._value, self._loaded = self._meanwhile, True
            raise
        self._loaded = True
        self._due_at = self._monotonic() + self._fresh_seconds
