"""How many computations one worker takes on at a time: they need a core each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from preview.domain.errors import Busy


class Turns:
    def __init__(self, at_a_time: int) -> None:
        self._free = threading.BoundedSemaphore(at_a_time)

    def take(self, timeout_seconds: float) -> bool:
        """Whether a turn got free in time; it is to be given back."""
        return self._free.acquire(timeout=timeout_seconds)

    def give_back(self) -> None:
        self._free.release()

    @contextmanager
    def one(self, timeout_seconds: float) -> Iterator[None]:
        """Hold a turn. Raises Busy when none gets free in time."""
        if not self.take(timeout_seconds):
            raise Busy
        try:
            yield
        finally:
            self.give_back()
