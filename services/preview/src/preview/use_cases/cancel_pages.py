"""Taking back the pages of a job that still wait in the queue."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from preview.domain.job import check_job_id
from preview.domain.page_work import PageCounts, PageStatus
from preview.domain.ports import Jobs, PageTable, Parameters
from preview.use_cases.caller_budget import caller_budget
from preview.use_cases.report_pages import ReportPages
from preview.use_cases.save_pages import retried, save_pages


@dataclass(frozen=True, slots=True)
class CancelPages:
    jobs: Jobs
    pages: PageTable
    report_pages: ReportPages
    parameters: Parameters
    now: Callable[[], datetime]

    def __call__(self, job_id: str, owner: str) -> PageCounts | None:
        """Take them back and answer the counts that are left; None where no page was ever asked for.

        Raises InvalidJobId, JobNotFound and PageChanged.
        """
        check_job_id(job_id)
        with caller_budget(self.parameters):
            self.jobs.get(job_id, owner)
            counts = self.waiting(job_id)
            self.report_pages(job_id)
        return counts

    def waiting(self, job_id: str) -> PageCounts | None:
        """Mark what waits as cancelled; pages at work are left to their workers. Raises PageChanged."""
        return retried(partial(self._cancel, job_id))

    def _cancel(self, job_id: str) -> PageCounts | None:
        counts, at = self.pages.counts(job_id), self.now()
        if counts is None:
            return None
        waiting = [page for page in self.pages.of_job(job_id) if page.status is PageStatus.QUEUED]
        save_pages(self.pages, counts, [(page, page.cancelled(at)) for page in waiting])
        return self.pages.counts(job_id)
