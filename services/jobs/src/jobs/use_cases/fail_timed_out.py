"""Fail jobs that have been processing for too long without moving, once preview has nothing left to do."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.domain.errors import ConcurrentUpdate, JobNotFound
from jobs.domain.job import Job, JobStatus, Owed
from jobs.domain.ports import PreviewService
from jobs.use_cases.count_pages import CountPages
from jobs.use_cases.job_repository import JobRepository
from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyError
from shared.periodic_task import background_run

log = logging.getLogger(__name__)

_ASKING_SECONDS = 1.0  # of a read, however many jobs are in it


@dataclass(frozen=True, slots=True)
class FailTimedOut:
    """A job that did not move for `processing_timeout` lost its worker, or its pages wait in a long queue.

    Preview knows which. While preview does not answer, the job stays as it is.
    """

    jobs: JobRepository
    preview: PreviewService
    count_pages: CountPages
    now: Callable[[], datetime]
    processing_timeout: timedelta

    def __call__(self) -> None:
        """Look at every job whose time is over. While preview is away the first failure ends the run."""
        with background_run("fail_timed_out"):
            for job_id in self.jobs.table.find_due(Owed.END):
                self._look(job_id)

    def refresh(self, jobs: Sequence[Job]) -> list[Job]:
        """The jobs that a caller reads, each as it is after a look.

        They take one second at most, and preview is asked no more once it did not answer.
        """
        seen = {job.job_id: job for job in jobs}
        deadline = Deadline.after(_ASKING_SECONDS)
        try:
            for job in filter(self._has_timed_out, jobs):
                if deadline.expired:
                    break
                seen[job.job_id] = self._ask(job, deadline)
        except DependencyError:
            log.warning("jobs in processing not looked at", exc_info=True)
        return list(seen.values())

    def _look(self, job_id: str) -> None:
        job = self.jobs.table.get(job_id)
        if job is not None and self._has_timed_out(job):
            with context.using(replace(context.current(), job_id=job_id)):
                self._ask(job, Deadline.after(_ASKING_SECONDS))

    def _has_timed_out(self, job: Job) -> bool:
        return job.has_timed_out(self.now(), self.processing_timeout)

    def _ask(self, job: Job, deadline: Deadline) -> Job:
        """The job as preview knows it, failed where none of its pages waits or is at work."""
        progress = self.preview.page_progress(job.job_id, deadline.remaining_seconds())
        try:
            counted = self.count_pages.apply(job, progress.report) if progress.report else job
            if counted.status is not JobStatus.PROCESSING:
                return counted
            if not progress.unfinished:
                return self.jobs.save(counted, counted.failed_by_timeout(self.now()))
            if counted is job:
                return self.jobs.save(job, job.still_processing(self.now()))
        except (ConcurrentUpdate, JobNotFound):
            return self.jobs.reload(job)
        return counted
