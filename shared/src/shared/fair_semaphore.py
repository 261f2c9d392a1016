"""A semaphore that hands its permits on in order."""

import threading
from collections import deque


class FairSemaphore:
    """``permits`` for threads that run at once. Thread-safe.

    Unlike with `threading.Semaphore`, a released permit goes to the thread that has waited longest and never
    to one that asks later.
    """

    def __init__(self, permits: int) -> None:
        self._free = permits
        self._resuming: deque[threading.Lock] = deque()
        self._starting: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    def acquire(self, *, resuming: bool = False) -> None:
        """Wait for a permit; ``resuming`` work goes before work that has not begun."""
        with self._lock:
            if self._free:
                self._free -= 1
                return
            granted = threading.Lock()
            granted.acquire()
            (self._resuming if resuming else self._starting).append(granted)
        granted.acquire()

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
