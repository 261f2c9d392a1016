"""When a request has stood in its server's queue for too long to be worked on.

A server with threads accepts every connection and lets it wait for a thread. A burst is best waited out; but
where the queue never gets empty, waiting only makes everybody late, and what is worked on in the end has
often been given up by its caller. So the wait that is tolerated depends on how long there has been a queue.

Refusals empty a queue for a moment. That is no end of the overload: who was refused comes back. So a queue is
forgotten as slowly as it was noticed.

Source: the controlled delay of https://queue.acm.org/detail.cfm?id=2839461
"""

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

_BURST_SECONDS = 10.0
"""A queue may stand so long: a worker gets through 50 uploads at once meanwhile, be it a slow one."""

_BRIEF_SECONDS = 0.25
"""The wait allowed from then on: half of the 500 ms within which a job is to be read under load."""

too_late: ContextVar[bool] = ContextVar("too_late", default=False)
"""Whether the request that this thread has taken up waited too long; set by the server."""


class Queue:
    """The requests of one worker, in ``threads`` and waiting for them; safe to use from many threads."""

    def __init__(self, threads: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._threads = threads
        self._monotonic = monotonic
        self._inside = 0
        self._stood_seconds = 0.0
        self._seen_at = monotonic()
        self._lock = threading.Lock()

    def enter(self) -> float:
        """Count a request that has come; the moment, for `begin`."""
        return self._count(1)

    def begin(self, entered_at: float) -> bool:
        """Whether a request that a thread takes up now should still be worked on."""
        now = self._count(0)
        burst = self._stood_seconds < _BURST_SECONDS
        return now - entered_at <= (_BURST_SECONDS if burst else _BRIEF_SECONDS)

    def leave(self) -> None:
        """Count a request whose thread is free again."""
        self._count(-1)

    def _count(self, change: int) -> float:
        with self._lock:
            now = self._monotonic()
            passed = now - self._seen_at
            stood = self._stood_seconds + (passed if self._inside > self._threads else -passed)
            self._stood_seconds = min(max(stood, 0.0), _BURST_SECONDS)
            self._seen_at = now
            self._inside += change
            return now
