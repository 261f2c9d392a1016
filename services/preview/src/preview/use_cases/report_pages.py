"""Telling the jobs service how far the pages of a job have come."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from preview.domain.job import Job
from preview.domain.page_work import PageCounts, PageReport, PageStatus, PageWork, all_degraded, lowest_error
from preview.domain.ports import Jobs, PageTable
from preview.domain.result_keys import preview_key

_INTERVAL_SECONDS = 1.0
"""Between two reports of progress on one job. Source: section 3 of the specification."""


@dataclass(slots=True)
class ReportPages:
    jobs: Jobs
    pages: PageTable
    model_version: str
    monotonic: Callable[[], float] = time.monotonic
    _last: tuple[str, float] | None = field(default=None, init=False)

    def __call__(self, job_id: str) -> Job | None:
        """The job as it is afterwards; None where no page of it ever counted.

        Raises JobNotFound and DependencyError.
        """
        counts = self._counts(job_id)
        if counts is None:
            return None
        self._last = (job_id, self.monotonic())
        return self.jobs.report_pages(job_id, self.describe(counts))

    def unless_just_reported(self, job_id: str) -> None:
        """The same, but no two reports on one job within a second, unless all of its pages have ended."""
        counts = self._counts(job_id)
        if counts is not None and (counts.all_ended or not self._has_just_reported(job_id)):
            self._last = (job_id, self.monotonic())
            self.jobs.report_pages(job_id, self.describe(counts))

    def _counts(self, job_id: str) -> PageCounts | None:
        """None also where pages were asked for alone only, of which jobs is told nothing."""
        counts = self.pages.counts(job_id)
        return counts if counts and counts.number else None

    def describe(self, counts: PageCounts) -> PageReport:
        """What there is to say of these counts."""
        report = PageReport(counts.number, counts.asked, counts.done, counts.failed, counts.begun)
        if not counts.all_ended:
            return report
        pages = [page for page in self.pages.of_job(counts.job_id) if page.round == counts.round]
        return replace(
            report,
            result_s3_key=self._result_key(pages),
            degraded=all_degraded(pages),
            error=lowest_error(pages) if counts.failed == counts.asked else None,
            rooms=sum(page.rooms or 0 for page in pages),
        )

    def _result_key(self, pages: list[PageWork]) -> str | None:
        for page in pages:
            if page.page == 1 and page.status is PageStatus.COMPLETED:
                return preview_key(page.job_id, self.model_version, page.page)
        return None

    def _has_just_reported(self, job_id: str) -> bool:
        if self._last is None or self._last[0] != job_id:
            return False
        return self.monotonic() - self._last[1] < _INTERVAL_SECONDS
