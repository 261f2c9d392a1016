"""Work that goes on after its request has been answered."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from preview.domain.errors import Busy, NoTimeLeft
from shared.context import carry


class Background:
    """At most ``places`` pieces of work, of which ``threads`` run at a time."""

    def __init__(self, threads: int, places: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="background")
        self._places = threading.BoundedSemaphore(places)
        self._unfinished: dict[Future[None], Callable[[], None]] = {}
        self._drained = threading.Event()

    @contextmanager
    def place(self) -> Iterator["Place"]:
        """Keep a place for work that is about to be known. Raises Busy when there is none."""
        if not self._places.acquire(blocking=False):
            raise Busy
        place = Place(self._begin)
        try:
            yield place
        finally:
            if not place.used:
                self._places.release()

    def drain(self, seconds: float) -> None:
        """Take no more work, go on for so long with what there is, and give back what is unfinished then.

        All of it is given back at once, so that a peer that hangs is waited for once. Work that runs then
        is no longer waited for: its outcome does not count any more.
        """
        self._pool.shutdown(wait=False)
        unfinished = self._unfinished.copy()
        _, late = wait(unfinished, timeout=seconds)
        self._drained.set()
        for work in late:
            work.cancel()
        giving_back = [threading.Thread(target=unfinished[work]) for work in late]
        for thread in giving_back:
            thread.start()
        for thread in giving_back:
            thread.join()

    def pause(self, seconds: float) -> None:
        """Sleep for so long. Raises NoTimeLeft once work that is at a pause has been given back."""
        if self._drained.wait(seconds):
            raise NoTimeLeft

    def _begin(self, work: Callable[[], None], give_back: Callable[[], None]) -> None:
        running = self._pool.submit(carry(work))
        self._unfinished[running] = carry(give_back)
        running.add_done_callback(self._ended)

    def _ended(self, work: Future[None]) -> None:
        del self._unfinished[work]
        self._places.release()


class Place:
    """Room for one piece of work; ``used`` once it has got some."""

    def __init__(self, begin: Callable[[Callable[[], None], Callable[[], None]], None]) -> None:
        self._begin = begin
        self.used = False

    def use(self, work: Callable[[], None], give_back: Callable[[], None]) -> None:
        """Run ``work`` in the background, and ``give_back`` if the worker stops before it has ended.

        Neither may raise; both run in the context of this thread, and possibly at the same time.
        """
        self._begin(work, give_back)
        self.used = True
