"""Hand over to preview the pages that jobs owe it, until it has them.

A job is stored together with the pages that it owes, so that they are handed over whatever dies or is away
meanwhile: at once by the request that creates the job, and again from a thread of every worker.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.domain.errors import ConcurrentUpdate, PagesRefused
from jobs.domain.job import Job, Owed
from jobs.domain.pages import PageCounts
from jobs.domain.ports import PreviewService
from jobs.use_cases.job_repository import JobRepository
from shared import context
from shared.errors import DependencyError
from shared.periodic_task import background_run

log = logging.getLogger(__name__)

FIRST_TRY = timedelta(seconds=10)
"""How long nobody else hands over the pages of a job, while the request that created it does."""

RETRY_AFTER = timedelta(seconds=60)
"""How long the pages of one job wait after a try."""

_MAX_TRIES = 4  # of a write that meets what preview says of the same pages


@dataclass(frozen=True, slots=True)
class HandOverPages:
    jobs: JobRepository
    preview: PreviewService
    now: Callable[[], datetime]

    def __call__(self) -> None:
        """Hand over what is due. While preview is away the first failure ends the run."""
        with background_run("hand_over_pages"):
            for job_id in self.jobs.table.find_due(Owed.PAGES):
                self._retry(job_id)

    def try_once(self, job: Job) -> None:
        """Hand over the pages of a new job. A failure is logged: the next run tries again."""
        try:
            self._hand_over(job)
        except DependencyError:
            log.warning("pages of a new job not handed over yet", exc_info=True)

    def _retry(self, job_id: str) -> None:
        with context.using(replace(context.current(), job_id=job_id)):
            claimed = self._claim(job_id)
            if claimed is not None:
                self._hand_over(claimed)

    def _claim(self, job_id: str) -> Job | None:
        """The job, for this worker to hand over; None where another did or does it."""
        job, now = self.jobs.table.get(job_id), self.now()
        if job is None or job.hand_over_at is None or job.hand_over_at > now:
            return None
        try:
            return self.jobs.save(job, job.hand_over_postponed(now + RETRY_AFTER))
        except ConcurrentUpdate:
            return None

    def _hand_over(self, job: Job) -> None:
        """Raises DependencyError; a refusal is logged, since asking other jobs may well succeed."""
        try:
            counts = self.preview.request_pages(job)
        except PagesRefused:
            log.exception("preview refused the pages of a job")
            return
        self._settle(job, counts)

    def _settle(self, job: Job, counts: PageCounts) -> None:
        """Note that preview has the pages; left out where that cannot be, they are handed over again."""
        current: Job | None = job
        for _ in range(_MAX_TRIES):
            if current is None or current.owed_pages is None:
                break
            with suppress(ConcurrentUpdate):
                self.jobs.save(current, current.handed_over(counts))
                break
            current = self.jobs.table.get(job.job_id)
