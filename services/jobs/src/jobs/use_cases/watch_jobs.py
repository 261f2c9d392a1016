"""Wait for a job to change. One read of the table a second serves all callers of a worker who wait."""

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from jobs.domain.job import Job
from jobs.domain.ports import JobTable
from shared.periodic_task import PeriodicTask, background_run


class Waited(Enum):
    """How a wait ended: the job changed or the time was over; there was no place, or the worker stops; or
    the job has ended, and there is nothing to wait for."""

    APPLIED = auto()
    NO_PLACE = auto()
    JOB_HAS_ENDED = auto()


@dataclass(frozen=True, slots=True)
class WaitLimits:
    """How many callers may wait at once in one worker, and how many of them with one API key."""

    waiting: int
    waiting_per_key: int


@dataclass(slots=True, eq=False)
class _Waiter:
    job_id: str
    version: int
    key_id: str
    changed: bool = False


class WatchJobs:
    """The callers of one worker who wait. Thread-safe.

    The thread that reads starts with the first of them. ``idle`` is entered by each for as long as it waits.
    """

    def __init__(
        self,
        table: JobTable,
        limits: WaitLimits,
        period_seconds: float,
        idle: Callable[[], AbstractContextManager[Any]] = nullcontext,
        condition: threading.Condition | None = None,
    ) -> None:
        self._table = table
        self._limits = limits
        self._period_seconds = period_seconds
        self._idle = idle
        self._condition = condition or threading.Condition()
        self._waiters: list[_Waiter] = []
        self._stopped = False
        self._reading: PeriodicTask | None = None

    def wait(self, job: Job, key_id: str, seconds: float) -> Waited:
        """Block until ``job`` has another version or is gone, for at most ``seconds``."""
        if job.has_ended:
            return Waited.JOB_HAS_ENDED
        waiter = _Waiter(job.job_id, job.version, key_id)
        if not self._admit(waiter):
            return Waited.NO_PLACE
        try:
            with self._idle(), self._condition:
                self._condition.wait_for(lambda: waiter.changed or self._stopped, seconds)
        finally:
            with self._condition:
                self._waiters.remove(waiter)
        return Waited.NO_PLACE if self._stopped and not waiter.changed else Waited.APPLIED

    def poll(self) -> None:
        """Read once all jobs that are waited for, and wake the callers whose jobs have changed."""
        with self._condition:
            job_ids = {waiter.job_id for waiter in self._waiters}
        if not job_ids:
            return
        with background_run("watch_jobs", self._period_seconds):
            self._wake(self._table.versions(job_ids))

    def stop(self) -> None:
        """Wake all callers, and let nobody wait any more."""
        with self._condition:
            self._stopped = True
            self._condition.notify_all()
        if self._reading is not None:
            self._reading.stop()

    def _admit(self, waiter: _Waiter) -> bool:
        with self._condition:
            of_this_key = sum(each.key_id == waiter.key_id for each in self._waiters)
            is_full = (
                len(self._waiters) >= self._limits.waiting or of_this_key >= self._limits.waiting_per_key
            )
            if self._stopped or is_full:
                return False
            self._waiters.append(waiter)
            if self._reading is None:
                self._reading = PeriodicTask(self.poll, self._period_seconds)
                self._reading.start()
            return True

    def _wake(self, versions: Mapping[str, int | None]) -> None:
        with self._condition:
            for waiter in self._waiters:
                version = versions.get(waiter.job_id, waiter.version)
                # Older is the version of a read that began before the caller's own
                waiter.changed |= version is None or version > waiter.version
            self._condition.notify_all()
