"""Load shedding by controlled delay: refuse requests that waited too long for a thread.

A threaded server accepts every connection and queues its request for a thread. A queue after a burst is best
waited out. A queue that never empties only makes every answer late, often after the client has given up. The
wait that is allowed therefore depends on how long there has been a queue.

Refusals empty a queue for a moment, but the refused clients come back: the overload is not over. The measured
queueing time therefore decays as slowly as it grew.

Source: the controlled delay of https://queue.acm.org/detail.cfm?id=2839461
"""

import threading
import time
from collections.abc import Callable
from contextvars import ContextVar

_BURST_SECONDS = 10.0
"""The wait allowed in a burst: in this time even a slow worker finishes 50 uploads that came at once."""

_OVERLOAD_WAIT_SECONDS = 0.25
"""The wait allowed in lasting overload: half of the 500 ms within which a job is read under load."""

queued_too_long: ContextVar[bool] = ContextVar("too_late", default=False)
"""Whether the request on this thread waited too long for it; set by the server."""


class RequestQueue:
    """The requests of one worker: running in ``threads`` and waiting for one. Thread-safe."""

    def __init__(self, threads: int, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._threads = threads
        self._monotonic = monotonic
        self._inside = 0
        self._queued_seconds = 0.0
        self._seen_at = monotonic()
        self._lock = threading.Lock()

    def enter(self) -> float:
        """Count a request that has arrived; return the moment, for `admit`."""
        return self._count(1)

    def admit(self, entered_at: float) -> bool:
        """Whether a request that a thread takes up now should still be served."""
        now = self._count(0)
        burst = self._queued_seconds < _BURST_SECONDS
        return now - entered_at <= (_BURST_SECONDS if burst else _OVERLOAD_WAIT_SECONDS)

    def leave(self) -> None:
        """Count a request that is done with its thread."""
        self._count(-1)

    def _count(self, change: int) -> float:
        with self._lock:
            now = self._monotonic()
            passed = now - self._seen_at
            queued = self._queued_seconds + (passed if self._inside > self._threads else -passed)
            self._queued_seconds = min(max(queued, 0.0), _BURST_SECONDS)
            self._seen_at = now
            self._inside += change
            return now
