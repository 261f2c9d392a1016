"""One attempt of a worker at a page from the queue.

The message is only a hint: what is to be done, and how often it was begun, stands in the table of pages.
Whatever dies, the page is found there again; whatever is delivered twice finds it begun or ended.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from preview.domain.budget import Budget
from preview.domain.errors import (
    DeadlineExceeded,
    JobCancelled,
    JobNotFound,
    PageChanged,
    UnusableBlueprint,
)
from preview.domain.job import Job, JobError, JobStatus
from preview.domain.page_work import TIMED_OUT, PageCounts, PageStatus, PageTimes, PageWork
from preview.domain.ports import Jobs, PageTable, ServiceTimes
from preview.domain.preview import Preview, PreviewInProgress
from preview.domain.queued_page import PageOutcome
from preview.use_cases.cancel_pages import CancelPages
from preview.use_cases.create_preview import CreatePreview
from preview.use_cases.report_pages import ReportPages
from preview.use_cases.save_pages import save_pages
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_MEASURE_SECONDS = 1.0  # a write takes milliseconds
_REPORT_SECONDS = 5.0  # also where the page itself took all of its time


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why an attempt came to nothing; ``error`` is that of the page where no other attempt follows."""

    error: JobError
    final: bool = False


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """``job_error`` maps an exception to the error with which it fails the page."""

    jobs: Jobs
    pages: PageTable
    create_preview: CreatePreview
    cancel_pages: CancelPages
    report_pages: ReportPages
    service_times: ServiceTimes
    job_error: Callable[[Exception], JobError | None]
    times: PageTimes
    now: Callable[[], datetime]

    def __call__(self, job_id: str, page: int) -> PageOutcome:
        """Raises DependencyError when what came of it could not be written or reported: try it again."""
        context.bind(job_id=job_id)
        budget = Budget.for_worker(time.monotonic)
        with context.call_deadline(budget.seconds_left()):
            work = self.pages.get(job_id, page)
            try:
                return self._work_on(work, budget) if work else PageOutcome.SKIPPED
            except JobNotFound:
                self.pages.erase(job_id)
            except JobCancelled:
                self._cancel(job_id, page)
            except PageChanged:
                return PageOutcome.RETRY  # another worker was quicker, or the page was asked for again
        return PageOutcome.SKIPPED

    def _work_on(self, work: PageWork, budget: Budget) -> PageOutcome:
        if not work.unfinished:
            self._report(work.job_id)  # who ended it may have died before saying so
            return PageOutcome.SKIPPED
        if not work.may_begin(self.now()):
            return PageOutcome.RETRY
        return self._begin(work, self._counts(work.job_id), budget)

    def _counts(self, job_id: str) -> PageCounts:
        counts = self.pages.counts(job_id)
        if counts is None:
            raise JobNotFound(job_id)
        return counts

    def _begin(self, work: PageWork, counts: PageCounts, budget: Budget) -> PageOutcome:
        job = self.jobs.get(work.job_id, None)
        job.check_not_cancelled()
        begun = self._save(work, work.begun(self.now(), self.times), counts)
        if begun.status is PageStatus.FAILED:
            self._report(begun.job_id)
            return PageOutcome.FAILED
        if job.status in (JobStatus.PENDING, JobStatus.FAILED) and begun.round is not None:
            self._report(begun.job_id)
        else:
            self.report_pages.unless_just_reported(begun.job_id)
        return self._end(begun, self._attempt(job, begun, budget), counts)

    def _attempt(self, job: Job, work: PageWork, budget: Budget) -> Preview | _Failure:
        try:
            found = self.create_preview.for_worker(job, work.page, budget, refresh=work.refresh)
        except (JobNotFound, JobCancelled):
            raise
        except Exception as exc:  # whatever it is, it counts as an attempt at the page
            final = isinstance(exc, UnusableBlueprint)
            log.log(logging.INFO if final else logging.WARNING, "page could not be previewed", exc_info=exc)
            return self._failure(exc, final=final)
        if isinstance(found, PreviewInProgress) or not found.completes_job:
            return self._failure(DeadlineExceeded())
        return found

    def _failure(self, exc: Exception, *, final: bool = False) -> _Failure:
        return _Failure(self.job_error(exc) or TIMED_OUT, final)

    def _end(self, work: PageWork, found: Preview | _Failure, counts: PageCounts) -> PageOutcome:
        """Write what came of the attempt; it is the last one that may end degraded."""
        after, outcome = self._ended(work, found)
        self._save(work, after, counts)
        self._measure(after.updated_at - work.updated_at)
        if outcome is not PageOutcome.RETRY:
            with context.call_deadline(_REPORT_SECONDS):
                self.report_pages.unless_just_reported(work.job_id)
        return outcome

    def _measure(self, took: timedelta) -> None:
        """Only the pace that callers are told depends on it."""
        try:
            with context.call_deadline(_MEASURE_SECONDS):
                self.service_times.add(took.total_seconds())
        except DependencyError:
            log.warning("time of a page not counted", exc_info=True)

    def _ended(self, work: PageWork, found: Preview | _Failure) -> tuple[PageWork, PageOutcome]:
        at, is_last = self.now(), work.attempts_left <= 0
        if isinstance(found, _Failure):
            if found.final or is_last:
                return work.failed(found.error, at), PageOutcome.FAILED
        elif is_last or not found.degraded:
            return work.completed(found, at), PageOutcome.DONE
        return work.put_back(at, self.times), PageOutcome.RETRY

    def _save(self, before: PageWork, after: PageWork, counts: PageCounts) -> PageWork:
        """Also after the time of the page is over: what came of it must not be lost."""
        with context.call_deadline(_REPORT_SECONDS):
            save_pages(self.pages, counts, [(before, after)])
        return after

    def _report(self, job_id: str) -> None:
        with context.call_deadline(_REPORT_SECONDS):
            self.report_pages(job_id)

    def _cancel(self, job_id: str, page: int) -> None:
        """Take back what waits, and the page that was begun."""
        counts = self.cancel_pages.waiting(job_id)
        left = self.pages.get(job_id, page)
        if counts is not None and left is not None and left.unfinished:
            self._save(left, left.cancelled(self.now()), counts)
