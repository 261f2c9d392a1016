"""The pages of a job that were asked for, and how far each has come."""

from dataclasses import dataclass, replace

from preview.domain.job import JobStatus, check_job_id
from preview.domain.page_work import NO_PAGES, PageReport, PageStatus, PageWork
from preview.domain.ports import Jobs, PageTable, Parameters
from preview.use_cases.caller_budget import caller_budget
from preview.use_cases.report_pages import ReportPages


@dataclass(frozen=True, slots=True)
class PageList:
    """``last`` is the number after which there is more, None at the end."""

    pages: tuple[PageWork, ...]
    last: int | None


@dataclass(frozen=True, slots=True)
class ListPages:
    jobs: Jobs
    pages: PageTable
    report_pages: ReportPages
    parameters: Parameters

    def __call__(self, job_id: str, owner: str, limit: int, after: int = 0) -> PageList:
        """Up to ``limit`` pages by number, those after number ``after``. Raises InvalidJobId, JobNotFound."""
        check_job_id(job_id)
        with caller_budget(self.parameters):
            job = self.jobs.get(job_id, owner)
            found = [page for page in self.pages.of_job(job_id) if page.page > after]
        if job.status is JobStatus.CANCELLED:  # which a worker has yet to see
            found = [_taken_back(page) for page in found]
        pages = tuple(found[:limit])
        return PageList(pages, pages[-1].page if len(found) > limit else None)

    def report(self, job_id: str) -> tuple[PageReport, bool]:
        """What there is to say of a job's pages, and whether any waits or is at work; asks nobody.

        Raises InvalidJobId.
        """
        check_job_id(job_id)
        with caller_budget(self.parameters):
            counts = self.pages.counts(job_id)
            if counts is None:
                return NO_PAGES, False
            unfinished = any(page.unfinished for page in self.pages.of_job(job_id))
            return self.report_pages.describe(counts), unfinished


def _taken_back(page: PageWork) -> PageWork:
    waits = page.status is PageStatus.QUEUED
    return replace(page, status=PageStatus.CANCELLED, due_at=None) if waits else page
