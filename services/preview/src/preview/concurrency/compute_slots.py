"""How many computations one worker runs at once: each needs a core."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from preview.domain.errors import TooBusy


class ComputeSlots:
    def __init__(self, count: int) -> None:
        self._free = threading.BoundedSemaphore(count)

    def acquire(self, timeout_seconds: float) -> "ComputeSlot | None":
        """A slot, which the caller releases, or None when none gets free in time."""
        return ComputeSlot(self._free) if self._free.acquire(timeout=timeout_seconds) else None

    @contextmanager
    def hold(self, timeout_seconds: float) -> Iterator[None]:
        """Hold a slot. Raises TooBusy when none gets free in time."""
        slot = self.acquire(timeout_seconds)
        if slot is None:
            raise TooBusy
        try:
            yield
        finally:
            slot.release()


class ComputeSlot:
    """For the use of one thread."""

    def __init__(self, free: threading.BoundedSemaphore) -> None:
        self._free = free
        self._held = True

    def release(self) -> None:
        """Let another computation begin; releasing twice does nothing."""
        if self._held:
            self._held = False
            self._free.release()
