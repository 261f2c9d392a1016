"""A limit on how much of a worker one kind of work may occupy."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Bulkhead:
    """At most ``permits`` callers at once, and ``permits_per_key`` of one key, unless that is None.

    Thread-safe.
    """

    def __init__(self, permits: int, *, permits_per_key: int | None = None) -> None:
        self._permits = permits
        self._permits_per_key = permits if permits_per_key is None else permits_per_key
        self._taken = Counter[str]()
        self._lock = threading.Lock()

    @contextmanager
    def permit(self, key: str) -> Iterator[bool]:
        """Whether a permit was free; it is held until the block ends."""
        if not self._take(key):
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                self._taken[key] -= 1

    def is_held_for(self, key: str) -> bool:
        """Whether anybody holds a permit for this key."""
        with self._lock:
            return self._taken[key] > 0

    def _take(self, key: str) -> bool:
        with self._lock:
            self._taken = +self._taken  # drops the keys that nobody holds
            if self._taken.total() >= self._permits or self._taken[key] >= self._permits_per_key:
                return False
            self._taken[key] += 1
            return True
