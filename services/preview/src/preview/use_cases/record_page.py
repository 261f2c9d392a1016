"""Recording a page that was answered at once among the pages of its job, as if a worker had previewed it."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from preview.domain.errors import ConcurrentUpdate, PageChanged
from preview.domain.job import Job, JobStatus
from preview.domain.page_work import PageStatus, PageWork, answered, current_round
from preview.domain.ports import Jobs, PreviewPages
from preview.domain.preview import Degraded, Preview
from preview.use_cases.erase_results import EraseResults
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.report_pages import ReportPages
from preview.use_cases.save_pages import save_pages
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_RECORD_SECONDS = 1.0  # it takes some 30 ms
_TELLING = timedelta(seconds=5)  # whoever recorded the page tells jobs meanwhile, or has died
_TRIES = 5  # others change the same page for milliseconds at a time


@dataclass(frozen=True, slots=True)
class RecordPage:
    jobs: Jobs
    pages: PreviewPages
    report_pages: ReportPages
    erase_results: EraseResults
    now: Callable[[], datetime]

    def __call__(self, request: PreviewRequest, preview: Preview, known: PageWork | None) -> None:
        """Store the page as completed, and tell jobs; nothing where ``known``, a read of it, says it is done.

        A failure is logged, and the next request for the page repairs it. Raises JobNotFound or JobCancelled.
        """
        if not preview.completes_job or self._is_settled(request.job, preview, known):
            return
        try:
            with context.call_deadline(request.budget.at_most(_RECORD_SECONDS)):
                self._record(request, preview)
        except (DependencyError, ConcurrentUpdate, PageChanged):
            log.warning("page answered but not recorded; the next request for it does", exc_info=True)

    def _is_settled(self, job: Job, preview: Preview, known: PageWork | None) -> bool:
        if known is None or answered(known, self._completed(job, preview, known.round)) is not known:
            return False
        if preview.page.number != 1:
            return True
        is_told = job.counted and job.status is JobStatus.COMPLETED
        is_repaired = not job.degraded or bool(preview.degraded)
        is_being_told = job.status is not JobStatus.FAILED and self.now() - known.updated_at < _TELLING
        return (is_told and is_repaired) or is_being_told

    def _record(self, request: PreviewRequest, preview: Preview) -> None:
        job = request.job
        with self.erase_results.erase_if_job_was_erased(job, request.budget):
            current = self.jobs.get(job.job_id, job.owner)
            current.check_not_cancelled()
            page = self._save(current, preview)
            if page is not None and page.round is not None:
                self.report_pages(job.job_id)

    def _save(self, job: Job, preview: Preview) -> PageWork | None:
        """The page as it is stored then; None where jobs has yet to hand over the pages of this job.

        Then a worker finds the page stored, and records it.
        """
        for _ in range(_TRIES):
            stored = self.pages.counts(job.job_id)
            if stored is None and job.counted:
                return None
            counts = current_round(job.summary(self.now()), stored)
            before = self.pages.get(job.job_id, preview.page.number)
            after = answered(before, self._completed(job, preview, counts.round))
            if after is before:
                return before
            with suppress(PageChanged):
                if counts is not stored and after.round == counts.round:
                    self.pages.begin_round(counts)
                save_pages(self.pages, counts, [(before, after)])
                return after
        raise PageChanged

    def _completed(self, job: Job, preview: Preview, in_round: int | None) -> PageWork:
        """The page as if nobody had asked for it before; only the first counts among those of its job."""
        at = self.now()
        return PageWork(
            job_id=job.job_id,
            page=preview.page.number,
            status=PageStatus.COMPLETED,
            updated_at=at,
            expires_at=job.summary(at).expires_at,
            due_at=None,
            round=in_round if preview.page.number == 1 else None,
            rooms=len(preview.rooms),
            degraded=tuple(why for why in preview.degraded if why is not Degraded.STATE_NOT_SAVED),
        )
