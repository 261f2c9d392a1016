"""Move a job to another state, as the service at work on it asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.domain.errors import ConcurrentUpdate
from jobs.domain.job import Job, Transition
from jobs.use_cases.job_repository import JobRepository


@dataclass(frozen=True, slots=True)
class TransitionJob:
    jobs: JobRepository
    now: Callable[[], datetime]

    def __call__(self, job_id: str, transition: Transition, expected_version: int) -> Job:
        """Raises InvalidJobId or JobNotFound; JobCancelled or JobFinished for a job that has ended; and
        ConcurrentUpdate when ``expected_version`` is not the last."""
        job = self.jobs.find(job_id, None)
        moved = job.moved(transition, self.now())
        if job.version != expected_version:
            raise ConcurrentUpdate(job_id)
        return self.jobs.save(job, moved)
