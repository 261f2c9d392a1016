"""Wait for a job to change. One read of the table a second serves all callers of a worker who wait."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from jobs.domain.job import Job
from jobs.domain.ports import JobTable
from shared.bulkhead import Bulkhead
from shared.periodic_task import background_run

POLL_SECONDS = 1.0
"""Until a worker reads again the jobs that callers wait for."""


class Waited(Enum):
    """How a wait ended: the job changed or the time was over; there was no place, or the worker stops; or
    the job has ended, and there is nothing to wait for."""

    APPLIED = auto()
    NO_PLACE = auto()
    JOB_HAS_ENDED = auto()


@dataclass(slots=True, eq=False)
class _Waiter:
    job_id: str
    version: int
    changed: bool = False


class WatchJobs:
    """The callers of one worker who wait. Thread-safe.

    Each holds a permit of ``places``, by API key, and enters ``idle`` for as long as it waits.
    """

    def __init__(
        self,
        table: JobTable,
        places: Bulkhead,
        idle: Callable[[], AbstractContextManager[Any]] = nullcontext,
        condition: threading.Condition | None = None,
    ) -> None:
        self._table = table
        self._places = places
        self._idle = idle
        self._condition = condition or threading.Condition()
        self._waiters: list[_Waiter] = []
        self._stopped = False

    def wait(self, job: Job, key_id: str, seconds: float) -> Waited:
        """Block until ``job`` has another version or is gone, for at most ``seconds``."""
        if job.has_ended:
            return Waited.JOB_HAS_ENDED
        with self._places.permit(key_id) as admitted:
            if not admitted or self._stopped:
                return Waited.NO_PLACE
            return self._wait(_Waiter(job.job_id, job.version), seconds)

    def poll(self) -> None:
        """Read once all jobs that are waited for, and wake the callers whose jobs have changed."""
        with self._condition:
            job_ids = {waiter.job_id for waiter in self._waiters}
        if not job_ids:
            return
        with background_run("watch_jobs", POLL_SECONDS):
            self._wake(self._table.versions(job_ids))

    def stop(self) -> None:
        """Wake all callers, and let nobody wait any more."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()

    def _wait(self, waiter: _Waiter, seconds: float) -> Waited:
        with self._idle(), self._condition:
            self._waiters.append(waiter)
            try:
                self._condition.wait_for(lambda: waiter.changed or self._stopped, seconds)
            finally:
                self._waiters.remove(waiter)
        return Waited.NO_PLACE if self._stopped and not waiter.changed else Waited.APPLIED

    def _wake(self, versions: Mapping[str, int | None]) -> None:
        with self._condition:
            for waiter in self._waiters:
                version = versions.get(waiter.job_id, waiter.version)
                # Older is the version of a read that began before the caller's own
                waiter.changed |= version is None or version > waiter.version
            self._condition.notify_all()
