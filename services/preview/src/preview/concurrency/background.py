"""Work that goes on after its request has been answered."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager

from preview.domain.errors import DeadlineExceeded, TooBusy
from shared.context import carry


class BackgroundExecutor:
    """At most ``capacity`` pieces of work, queued or running; ``threads`` of them run at a time."""

    def __init__(self, threads: int, capacity: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="background")
        self._free = threading.BoundedSemaphore(capacity)
        self._unfinished: dict[Future[None], Callable[[], None]] = {}
        self._drained = threading.Event()

    @contextmanager
    def reserve(self) -> Iterator["Reservation"]:
        """Reserve capacity for work that is about to be known. Raises TooBusy when there is none."""
        if not self._free.acquire(blocking=False):
            raise TooBusy
        reservation = Reservation(self._submit)
        try:
            yield reservation
        finally:
            if not reservation.used:
                self._free.release()

    def drain(self, seconds: float) -> None:
        """Take no more work, run what there is for ``seconds``, then abandon what is unfinished.

        All of it is abandoned at once, so that a peer that hangs is waited for once. Work that still runs
        then is no longer waited for, and its result does not count any more.
        """
        self._pool.shutdown(wait=False)
        unfinished = self._unfinished.copy()
        _, late = wait(unfinished, timeout=seconds)
        self._drained.set()
        for work in late:
            work.cancel()
        abandoning = [threading.Thread(target=unfinished[work]) for work in late]
        for thread in abandoning:
            thread.start()
        for thread in abandoning:
            thread.join()

    def sleep(self, seconds: float) -> None:
        """Sleep for ``seconds``. Raises DeadlineExceeded once work that sleeps has been abandoned."""
        if self._drained.wait(seconds):
            raise DeadlineExceeded

    def _submit(self, work: Callable[[], None], abandon: Callable[[], None]) -> None:
        running = self._pool.submit(carry(work))
        self._unfinished[running] = carry(abandon)
        running.add_done_callback(self._finish)

    def _finish(self, work: Future[None]) -> None:
        del self._unfinished[work]
        self._free.release()


class Reservation:
    """Capacity for one piece of work; ``used`` once work was submitted."""

    def __init__(self, submit: Callable[[Callable[[], None], Callable[[], None]], None]) -> None:
        self._submit = submit
        self.used = False

    def submit(self, work: Callable[[], None], abandon: Callable[[], None]) -> None:
        """Run ``work`` in the background, and ``abandon`` if the worker stops before it has ended.

        Neither may raise; both run in the context of this thread, and possibly at the same time.
        """
        self._submit(work, abandon)
        self.used = True
