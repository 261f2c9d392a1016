"""Cancel a job: work in progress stops before its next paid step, and pages that wait are not begun.

The job and its file stay.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from jobs.domain.job import Job
from jobs.use_cases.fail_timed_out import FailTimedOut
from jobs.use_cases.job_repository import JobRepository


@dataclass(frozen=True, slots=True)
class CancelJob:
    jobs: JobRepository
    fail_timed_out: FailTimedOut
    now: Callable[[], datetime]

    def __call__(self, job_id: str, owner: str) -> Job:
        """Raises InvalidJobId, JobNotFound, JobFinished, or ConcurrentUpdate when the job has changed."""
        [job] = self.fail_timed_out.refresh([self.jobs.find(job_id, owner)])
        return self.jobs.save(job, job.cancelled(self.now()))
