"""How many threads work at once where more of them may wait."""

import threading
from collections import deque


class ConcurrencyLimit:
    """``permits`` for threads at work, handed on in order; safe to use from many threads.

    Unlike `threading.Semaphore`, a released permit goes to the thread that waits longest, and never to one
    that asks later.
    """

    def __init__(self, permits: int) -> None:
        self._free = permits
        self._resuming: deque[threading.Lock] = deque()
        self._starting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def acquire(self, *, resuming: bool = False) -> None:
        """Wait for a permit; work that was begun, ``resuming``, goes before work that was not."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            handed_over = threading.Lock()
            handed_over.acquire()
            (self._resuming if resuming else self._starting).append(handed_over)
        handed_over.acquire()

    def release(self) -> None:
        with self._lock:
            queue = self._resuming or self._starting
            if queue:
                queue.popleft().release()
            else:
                self._free += 1

    @property
    def waiting(self) -> int:
        """How many threads wait for a permit."""
        return len(self._resuming) + len(self._starting)
