"""Cancel a job: work in progress stops before its next paid step; the job and its file stay."""

from collections.abc import Callable
from datetime import datetime

from jobs.domain.job import Job
from jobs.use_cases.job_repository import JobRepository


class CancelJob:
    def __init__(self, jobs: JobRepository, now: Callable[[], datetime]) -> None:
        self._jobs = jobs
        self._now = now

    def __call__(self, job_id: str, owner: str) -> Job:
        """Raises InvalidJobId, JobNotFound, JobFinished, or ConcurrentUpdate when the job has changed."""
        job = self._jobs.fail_if_timed_out(self._jobs.find(job_id, owner))
        return self._jobs.save(job, job.cancelled(self._now()))
