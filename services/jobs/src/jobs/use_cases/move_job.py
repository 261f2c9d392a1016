"""Move a job to another state, as the service at work on it asks."""

from collections.abc import Callable
from datetime import datetime

from jobs.domain.errors import ConcurrentUpdate
from jobs.domain.job import Job, Transition
from jobs.use_cases.job_repository import JobRepository


class MoveJob:
    def __init__(self, jobs: JobRepository, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._now = now

    def __call__(self, job_id: str, transition: Transition, expected_version: int) -> Job:
        """Raises InvalidJobId or JobNotFound; JobCancelled or JobFinished for a job that has ended; and
        ConcurrentUpdate when ``expected_version`` is not the last."""
        job = self._jobs.fail_if_timed_out(self._jobs.find(job_id, None))
        moved = job.moved(transition, self._now())
        if job.version != expected_version:
            raise ConcurrentUpdate(job_id)
        return self._jobs.save(job, moved)
