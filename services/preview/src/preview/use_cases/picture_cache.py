"""The pictures used last, in memory."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress

from cachetools import TTLCache

_KEPT_SECONDS = 300.0  # a page that shows a picture requests it again
_MAX_BYTES = 8 << 20  # about ten sheets with their rooms, 0.5 to 1 MB each (measured)

PictureKey = tuple[str, int, str]
"""Job, page, and the version and view of what is drawn."""


class PictureCache:
    """At most ``max_bytes`` of pictures, each for ``seconds``; for many threads."""

    def __init__(
        self,
        max_bytes: int = _MAX_BYTES,
        seconds: float = _KEPT_SECONDS,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pictures: TTLCache[PictureKey, bytes] = TTLCache(max_bytes, seconds, monotonic, getsizeof=len)
        self._lock = threading.Lock()

    def get(self, key: PictureKey) -> bytes | None:
        with self._lock:
            return self._pictures.get(key)

    def put(self, key: PictureKey, png: bytes) -> None:
        with self._lock, suppress(ValueError):  # larger than all of the cache
            self._pictures[key] = png

    def delete(self, job_id: str) -> None:
        """Drop the pictures of a job; other workers do not answer theirs any more either."""
        with self._lock:
            for key in [key for key in self._pictures if key[0] == job_id]:
                self._pictures.pop(key, None)
