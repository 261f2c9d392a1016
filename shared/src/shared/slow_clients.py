"""A bulkhead: how many threads of a worker may wait for callers to send or to take something.

Beyond that the slowest connection of the caller who has most of them is hung up on. So whoever keeps threads
waiting on purpose loses their own connections, and others keep theirs.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.client_timeouts import PatientSocket


class SlowCallers:
    """The connections on which a worker's threads wait, at most ``limit``; safe to use from many threads."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waited_for: set[PatientSocket] = set()
        self._lock = threading.Lock()

    @contextmanager
    def waiting(self, connection: PatientSocket) -> Iterator[None]:
        """Count ``connection`` inside the block. Beyond the limit the slowest is hung up on."""
        with self._lock:
            self._waited_for.add(connection)
            if len(self._waited_for) > self._limit:
                slowest = self._slowest()
                self._waited_for.remove(slowest)
                slowest.hang_up()
        try:
            yield
        finally:
            with self._lock:
                self._waited_for.discard(connection)

    def _slowest(self) -> PatientSocket:
        """Of the caller with most connections, the one that is nearest to its time limit."""
        connections = Counter(each.caller for each in self._waited_for)
        most = max(connections.values())
        return min(
            (each for each in self._waited_for if connections[each.caller] == most),
            key=PatientSocket.remaining_seconds,
        )
