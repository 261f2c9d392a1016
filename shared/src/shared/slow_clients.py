"""A bulkhead: a limit on the threads of a worker that wait for slow clients.

Beyond the limit, the owner with the most waiting connections loses the slowest one. A client that holds
threads on purpose therefore loses its own connections, not those of others.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from shared.client_timeouts import ClientSocket


class SlowClients:
    """The connections that threads of a worker wait for, at most ``limit``. Thread-safe."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._waited_for: set[ClientSocket] = set()
        self._lock = threading.Lock()

    @contextmanager
    def waiting(self, connection: ClientSocket) -> Iterator[None]:
        """Count ``connection`` inside the block. Beyond the limit the slowest is disconnected."""
        with self._lock:
            self._waited_for.add(connection)
            if len(self._waited_for) > self._limit:
                slowest = self._slowest()
                self._waited_for.remove(slowest)
                slowest.disconnect()
        try:
            yield
        finally:
            with self._lock:
                self._waited_for.discard(connection)

    def _slowest(self) -> ClientSocket:
        """The connection nearest to its timeout, of the owner with the most connections."""
        connections = Counter(each.owner for each in self._waited_for)
        most = max(connections.values())
        return min(
            (each for each in self._waited_for if connections[each.owner] == most),
            key=ClientSocket.remaining_seconds,
        )
