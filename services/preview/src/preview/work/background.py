"""Work that goes on after its request has been answered."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from preview.domain.errors import Busy
from shared.context import carry


class Background:
    """At most ``places`` pieces of work, of which ``threads`` run at a time."""

    def __init__(self, threads: int, places: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="background")
        self._places = threading.BoundedSemaphore(places)

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """Keep a place for work that is about to be known. Raises Busy when there is none."""
        if not self._places.acquire(blocking=False):
            raise Busy
        place = Place(self._pool, self._places)
        try:
            yield place
        finally:
            place.give_up()

    def drain(self) -> None:
        """Take no more work and wait for what there is."""
        self._pool.shutdown(wait=True)


class Place:
    def __init__(self, pool: ThreadPoolExecutor, places: threading.BoundedSemaphore) -> None:
        self._pool = pool
        self._places = places
        self._used = False

    def use(self, work: Callable[[], None]) -> None:
        """Run ``work``, which must not raise, in the background and in the context of this thread."""
        self._used = True
        self._pool.submit(carry(work)).add_done_callback(lambda _: self._places.release())

    def give_up(self) -> None:
        if not self._used:
            self._places.release()
