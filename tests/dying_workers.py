"""Preview's workers of a running stack die at random."""

import os
import random
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from processes import queue_workers

PAGES_BETWEEN = (10, 30)
"""Few enough that of a thousand pages hardly one loses all of its four attempts to deaths."""

_LOOK_SECONDS = 0.2
_DELAY_SECONDS = 2.0
"""At most, so that a page is met anywhere."""


@contextmanager
def dying_workers(
    stack_pid: int, begun: Callable[[], int], pages_between: tuple[int, int] = PAGES_BETWEEN
) -> Iterator[list[int]]:
    """Kill one of them whenever some more pages were ``begun``, until the block ends.

    The list is of those that were killed.
    """
    stop, chance, killed = threading.Event(), random.Random(1), list[int]()

    def kill() -> None:
        due = begun() + chance.randint(*pages_between)
        while not stop.wait(_LOOK_SECONDS):
            if begun() < due or stop.wait(chance.uniform(0, _DELAY_SECONDS)):
                continue
            due = begun() + chance.randint(*pages_between)
            if workers := queue_workers(stack_pid):
                worker = chance.choice(workers)
                with suppress(ProcessLookupError):
                    os.kill(worker.pid, signal.SIGKILL)
                    killed.append(worker.pid)

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        yield killed
    finally:
        stop.set()
        killer.join()
