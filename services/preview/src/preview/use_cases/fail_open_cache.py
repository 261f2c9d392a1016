"""The preview cache as the service uses it: never slower than worth it, never the reason for an error."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import wait
from contextlib import suppress
from datetime import datetime, timedelta

from preview.concurrency.call_executor import TimeBox, granted, seconds_left
from preview.domain.cache_entry import CacheEntry, CacheState, Outcome
from preview.domain.ports import PreviewCache
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0  # the table answers in milliseconds; computing anew is the better use of more
_TIDY_SECONDS = 0.5
_AFTER_THE_DEADLINE_SECONDS = 2.0  # how long a lease outlives the work of a holder who died with it


class SharedCache:
    """A cache that is away looks empty, and its leases are had for the asking: then each works for itself."""

    def __init__(self, cache: PreviewCache, calls: TimeBox, now: Callable[[], datetime]) -> None:
        self._cache = cache
        self._calls = calls
        self._now = now

    def look(self, key: str) -> CacheState:
        try:
            return self._calls.within(_LOOK_SECONDS, self._cache.look, key)
        except DependencyError:
            log.exception("preview cache could not be read")
            return CacheState()

    def take_lease(self, key: str, seen: CacheState, job_id: str) -> str | None:
        """A token to work under until the deadline, or None when somebody else does or has just done it."""
        token = secrets.token_hex(8)
        expires_at = self._now() + timedelta(seconds=seconds_left() + _AFTER_THE_DEADLINE_SECONDS)
        try:
            taken = self._calls.within(
                _LOOK_SECONDS, self._cache.take_lease, key, token, seen, expires_at, job_id
            )
        except DependencyError:
            log.exception("no lease could be taken; working without")
            return token
        return token if taken else None

    def finish(self, key: str, token: str, outcome: Outcome) -> bool:
        """Store the outcome for everybody; False when that failed or the lease was lost."""
        left = seconds_left()
        with granted(max(left, _TIDY_SECONDS)):
            running = self._calls.start(self._cache.finish, key, token, outcome)
        done, _ = wait([running], timeout=left)
        problem = running.exception() if done else None
        if problem is not None and not isinstance(problem, DependencyError):
            raise problem
        if problem is not None or not done:
            log.error("preview could not be cached", exc_info=problem)
            return False
        return running.result()

    def release(self, key: str, token: str) -> None:
        with suppress(DependencyError), granted(_TIDY_SECONDS):  # it ends by itself a little later
            self._calls.within(_TIDY_SECONDS, self._cache.release, key, token)

    def restore(self, key: str, entry: CacheEntry, seen: CacheState) -> None:
        with suppress(DependencyError):  # only makes the next request quicker
            self._calls.within(_TIDY_SECONDS, self._cache.restore, key, entry, seen)
