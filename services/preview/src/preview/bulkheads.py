"""What one worker does at once: the callers it lets wait for what is not there yet, and its computations."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from preview.domain.errors import TooBusy
from shared.bulkhead import Bulkhead

CALLERS_AT_ONCE = 6
"""Two of the eight threads of a worker stay free: for health, for reads, and for refusing callers."""

SHARE_AT_ONCE = CALLERS_AT_ONCE // 2
"""Half of the callers may wait for one kind of work beside previews; the other half is for previews."""

SHARE_AT_ONCE_PER_OWNER = SHARE_AT_ONCE - 1
"""One permit is left for other owners."""


class BulkheadShare:
    """What one kind of work may take of a bulkhead, in all and for each owner."""

    def __init__(self, bulkhead: Bulkhead, kind: str) -> None:
        self._bulkhead = bulkhead
        self._kind = kind
        self._owners = Bulkhead(SHARE_AT_ONCE, permits_per_key=SHARE_AT_ONCE_PER_OWNER)

    @contextmanager
    def permit(self, owner: str) -> Iterator[None]:
        """Hold a permit. Raises TooBusy at once where none is free."""
        with self._owners.permit(owner) as in_share, self._bulkhead.permit(self._kind) as among_all:
            if not (in_share and among_all):
                raise TooBusy
            yield


class ComputeSlots:
    """How many computations run at once: each needs a core."""

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
