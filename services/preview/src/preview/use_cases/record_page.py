"""Recording a page of a caller among the pages of its job, as if a worker had previewed it.

The counts of its pages give the state of the job: page 1 moves it, another page that is asked for alone does
not.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from preview.domain.errors import ConcurrentUpdate, DeadlineExceeded, JobCancelled, JobNotFound, PageChanged
from preview.domain.job import Job, JobError, JobStatus
from preview.domain.page_work import PageStatus, PageWork, answered, current_round
from preview.domain.ports import Jobs, PageTable
from preview.domain.preview import Degraded, Preview
from preview.use_cases.erase_results import EraseResults
from preview.use_cases.given_scales import read_page
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.report_pages import ReportPages
from preview.use_cases.save_pages import retried, save_pages
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_RECORD_SECONDS = 1.0  # it takes some 30 ms
_TELLING = timedelta(seconds=5)  # whoever recorded the page tells jobs meanwhile, or has died


@dataclass(frozen=True, slots=True)
class RecordPage:
    """``job_error`` maps an exception to the error with which it fails the page, or None if it does not."""

    jobs: Jobs
    pages: PageTable
    report_pages: ReportPages
    erase_results: EraseResults
    job_error: Callable[[Exception], JobError | None]
    now: Callable[[], datetime]

    def __call__(self, request: PreviewRequest, preview: Preview) -> Preview:
        """Record the page as completed, or as failed where ``preview`` cannot be read later.

        Returns the preview, degraded where the state of the job does not follow; the next request for the
        page repairs it. Raises JobNotFound or JobCancelled.
        """
        if request.by_worker:
            return preview
        page = self._completed(request, preview)
        if not preview.completes_job:
            page = self._failed(request, self.job_error(DeadlineExceeded()))
        is_saved = self._record(request, page, min(_RECORD_SECONDS, request.budget.seconds_to_store()))
        return preview if is_saved or page.page != 1 else preview.with_degraded(Degraded.STATE_NOT_SAVED)

    def failed(self, request: PreviewRequest, cause: Exception) -> None:
        """Record the page as failed by ``cause``, also where the time of the caller is over."""
        error = self.job_error(cause)
        if error is not None and not request.by_worker:
            with suppress(JobCancelled, JobNotFound):
                self._record(request, self._failed(request, error), _RECORD_SECONDS)

    def _record(self, request: PreviewRequest, page: PageWork, seconds: float) -> bool:
        """Save the page and tell jobs; False where that failed."""
        try:
            with context.call_deadline(seconds):
                if not self._is_settled(request, page, seconds):
                    self._save_and_tell(request, page)
        except (DependencyError, ConcurrentUpdate, PageChanged):
            log.warning("page answered but not recorded; the next request for it does", exc_info=True)
            return False
        return True

    def _is_settled(self, request: PreviewRequest, page: PageWork, seconds: float) -> bool:
        """Whether that is recorded already, and jobs knows of it or is being told."""
        job, known = request.job, read_page(request.reading, seconds)[0] if request.reading else None
        if known is None or answered(known, _counted(page, known.round)) is not known:
            return False
        if page.page != 1:
            return True
        is_told = job.counted and job.status is JobStatus.COMPLETED
        is_repaired = not job.degraded or bool(page.degraded)
        is_being_told = job.status is not JobStatus.FAILED and self.now() - known.updated_at < _TELLING
        return page.status is PageStatus.COMPLETED and ((is_told and is_repaired) or is_being_told)

    def _save_and_tell(self, request: PreviewRequest, page: PageWork) -> None:
        job = request.job
        with self.erase_results.erase_if_job_was_erased(job, request.budget):
            current = self.jobs.get(job.job_id, job.owner)
            current.check_not_cancelled()
            saved = retried(partial(self._save, current, page))
            told = self.report_pages(job.job_id) if saved and saved.round is not None else None
            if told:
                told.check_not_cancelled()

    def _save(self, job: Job, page: PageWork) -> PageWork | None:
        """The page as it is stored then; None where jobs has yet to hand over the pages of this job.

        Then a worker finds the page stored, and records it.
        """
        stored = self.pages.counts(job.job_id)
        if stored is None and job.counted:
            return None
        counts = current_round(job.summary, stored)
        before = self.pages.get(job.job_id, page.page)
        after = answered(before, _counted(page, counts.round))
        if after is not before:
            if counts is not stored and after.round == counts.round:
                self.pages.begin_round(counts)
            save_pages(self.pages, counts, [(before, after)])
        return after

    def _completed(self, request: PreviewRequest, preview: Preview) -> PageWork:
        degraded = tuple(why for why in preview.degraded if why is not Degraded.STATE_NOT_SAVED)
        page = self._ended(request, PageStatus.COMPLETED)
        return replace(page, rooms=len(preview.rooms), degraded=degraded)

    def _failed(self, request: PreviewRequest, error: JobError | None) -> PageWork:
        return replace(self._ended(request, PageStatus.FAILED), error=error)

    def _ended(self, request: PreviewRequest, status: PageStatus) -> PageWork:
        """The page as if nobody had asked for it before."""
        job = request.job
        return PageWork(job.job_id, request.page, status, self.now(), job.expires_at, due_at=None)


def _counted(page: PageWork, in_round: int | None) -> PageWork:
    """Only the first page counts among those of its job without being asked for with others."""
    return replace(page, round=in_round if page.page == 1 else None)
