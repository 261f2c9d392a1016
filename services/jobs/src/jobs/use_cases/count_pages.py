"""Take over what preview says of the pages of a job, and move the job's state with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.errors import ConcurrentUpdate
from jobs.domain.job import Job, PageReport
from jobs.use_cases.job_repository import JobRepository

_WRITE_INTERVAL = timedelta(seconds=1)
_MAX_TRIES = 8  # two steps at most, and workers that end pages of the same job at the same moment


@dataclass(frozen=True, slots=True)
class CountPages:
    jobs: JobRepository
    now: Callable[[], datetime]

    def __call__(self, job_id: str, report: PageReport) -> Job:
        """The job as the report leaves it; of several the one with the highest number wins, in any order.

        Raises InvalidJobId or JobNotFound, and ConcurrentUpdate when the job changes all the while.
        """
        return self.apply(self.jobs.find(job_id, None), report)

    def apply(self, job: Job, report: PageReport) -> Job:
        for _ in range(_MAX_TRIES):
            now = self.now()
            counted = job.counted(report, now)
            if counted is job or self._may_wait(job, counted, now):
                return job
            try:
                job = self.jobs.save(job, counted)
            except ConcurrentUpdate:
                job = self.jobs.find(job.job_id, None)
        raise ConcurrentUpdate(job.job_id)

    @staticmethod
    def _may_wait(before: Job, after: Job, now: datetime) -> bool:
        """Whether only progress would be written, less than a second after the last write."""
        if before.status is not after.status or before.pages is None or after.pages is None:
            return False
        is_progress = before.pages.asked == after.pages.asked and not after.pages.all_ended
        return is_progress and now - before.updated_at < _WRITE_INTERVAL
