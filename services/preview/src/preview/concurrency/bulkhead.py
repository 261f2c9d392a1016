"""How many callers one worker lets wait for a preview or a picture that is not there yet."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

CALLERS_AT_ONCE = 6
"""Of the eight threads of a worker two stay free: for health, for reading, and to turn others away."""


class Callers:
    """At most ``at_once`` callers, and the key of what each of them is here for.

    At most ``of_one_key`` of them are here for the same, unless that is None.
    """

    def __init__(self, at_once: int = CALLERS_AT_ONCE, *, of_one_key: int | None = None) -> None:
        self._at_once = at_once
        self._of_one_key = at_once if of_one_key is None else of_one_key
        self._keys = Counter[str]()
        self._lock = threading.Lock()

    @contextmanager
    def place(self, key: str) -> Iterator[bool]:
        """Whether there was a place, which is kept until the block ends."""
        if not self._enter(key):
            yield False
            return
        try:
            yield True
        finally:
            with self._lock:
                self._keys[key] -= 1

    def here_for(self, key: str) -> bool:
        """Whether anybody has a place for this key."""
        with self._lock:
            return self._keys[key] > 0

    def _enter(self, key: str) -> bool:
        with self._lock:
            self._keys = +self._keys  # without those who left
            if self._keys.total() >= self._at_once or self._keys[key] >= self._of_one_key:
                return False
            self._keys[key] += 1
            return True
