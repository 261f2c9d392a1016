"""A task that runs again and again for as long as a worker lives."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyError
from shared.ids import new_id
from shared.timestamps import utc_now

log = logging.getLogger(__name__)


class PeriodicTask:
    """Calls ``action`` every ``seconds`` in a thread of its own, from `start` to `stop`."""

    def __init__(self, action: Callable[[], None], seconds: float) -> None:
        self._action = action
        self._seconds = seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="periodic-task", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Begin no further run; one in progress may be cut off by the end of the process."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self._seconds):
            try:
                self._action()
            except Exception:  # whatever it is, the thread must live: nobody would start it again
                log.exception("periodic task failed; it runs again")


@contextmanager
def background_run(task: str, seconds: float | None = None) -> Iterator[None]:
    """One run of a task that nobody asked for, in a context of its own; its calls end within ``seconds``.

    A dependency that fails ends the run with a warning: what is left waits for the next one.
    """
    deadline = None if seconds is None else Deadline.after(seconds)
    run_id = new_id("run", utc_now())
    with context.using(context.RequestContext(correlation_id=run_id, deadline=deadline)):
        try:
            yield
        except DependencyError:
            log.warning(
                "run broken off; the next one goes on", extra={"context": {"task": task}}, exc_info=True
            )
