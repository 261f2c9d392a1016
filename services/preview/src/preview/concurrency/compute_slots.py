"""How many computations one worker takes on at a time: they need a core each."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from preview.domain.errors import Busy


class Turns:
    def __init__(self, at_a_time: int) -> None:
        self._free = threading.BoundedSemaphore(at_a_time)

    def take(self, timeout_seconds: float) -> "Turn | None":
        """A turn, which is to be given back, or None when none got free in time."""
        return Turn(self._free) if self._free.acquire(timeout=timeout_seconds) else None

    @contextmanager
    def one(self, timeout_seconds: float) -> Iterator[None]:
        """Hold a turn. Raises Busy when none gets free in time."""
        turn = self.take(timeout_seconds)
        if turn is None:
            raise Busy
        try:
            yield
        finally:
            turn.give_back()


class Turn:
    """For the use of one thread."""

    def __init__(self, free: threading.BoundedSemaphore) -> None:
        self._free = free
        self._held = True

    def give_back(self) -> None:
        """Let another computation begin; giving back what was given back does nothing."""
        if self._held:
            self._held = False
            self._free.release()
