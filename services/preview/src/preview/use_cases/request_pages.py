"""Having pages previewed by workers: written first, then queued, so that nothing asked for is forgotten."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from preview.domain.job import Job, JobSummary, check_job_id
from preview.domain.page_ranges import parse_pages
from preview.domain.page_work import (
    PageCounts,
    PageStatus,
    PageTimes,
    PageWork,
    asked_for,
    current_round,
)
from preview.domain.ports import Jobs, PageQueue, PageQuota, PageTable, Parameters, ServiceTimes
from preview.domain.preview import PreviewInProgress
from preview.domain.queued_page import QueuedPage, retry_after_seconds
from preview.domain.scale import ScaleChange
from preview.use_cases.caller_budget import caller_budget
from preview.use_cases.given_scales import GivenScales
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.report_pages import ReportPages
from preview.use_cases.save_pages import Change, retried, save_pages
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_QUEUE_SECONDS = 0.5  # writing and sending take some 50 ms
_DEFAULT_RETRY_SECONDS = 5  # where the queue does not say how long it is, or nobody how fast


@dataclass(frozen=True, slots=True)
class RequestPages:
    jobs: Jobs
    pages: PageTable
    queue: PageQueue
    service_times: ServiceTimes
    page_quota: PageQuota
    report_pages: ReportPages
    given_scales: GivenScales
    parameters: Parameters
    times: PageTimes
    now: Callable[[], datetime]

    def __call__(
        self,
        job_id: str,
        owner: str,
        pages: str,
        *,
        refresh: bool = False,
        scale: ScaleChange | None = None,
    ) -> PageCounts:
        """Have these pages previewed, without ``refresh`` only those that are not stored whole.

        All of them get the ``scale``. Raises InvalidJobId, JobNotFound, RatioOfPicture, JobCancelled,
        InvalidPages, QuotaExceeded and PageChanged.
        """
        check_job_id(job_id)
        with caller_budget(self.parameters) as budget:
            job = self.jobs.get(job_id, owner)
            job.check_scale(scale)
            numbers = parse_pages(pages, job.page_count)
            job.check_not_cancelled()
            counts = self._request(job.summary, numbers, refresh=refresh, take=self.page_quota.take)
            self.given_scales.change(job, numbers, scale, budget)
            self._report(job)
        return counts

    def queue_one(self, request: PreviewRequest) -> PreviewInProgress:
        """Leave the page of a caller to a worker; what is answered says when to look.

        It counts among the pages of its job only if it is the first. Raises PageChanged and DependencyError.
        """
        with context.call_deadline(max(request.budget.seconds_left(), _QUEUE_SECONDS)):
            job, page = request.job, request.page
            self._request(job.summary, (page,), refresh=request.refresh, counted=page == 1)
            return PreviewInProgress(job.job_id, self._report(job).status, self._retry_after())

    def _retry_after(self) -> int:
        try:
            return retry_after_seconds(self.queue.backlog(), self.service_times.mean())
        except DependencyError:
            log.warning("length or pace of the queue could not be read", exc_info=True)
            return _DEFAULT_RETRY_SECONDS

    def _report(self, job: Job) -> Job:
        """The job once it knows; where it cannot be told now, the worker tells it."""
        try:
            return self.report_pages(job.job_id) or job
        except DependencyError:
            log.warning("pages not reported before a worker begins them", exc_info=True)
            return job

    def for_jobs(self, job: JobSummary, pages: str) -> None:
        """The same for the jobs service, which is not asked nor told anything meanwhile; may be repeated.

        Jobs took them from the owner's quota when it created the job.
        Raises InvalidJobId, InvalidPages and PageChanged.
        """
        check_job_id(job.job_id)
        with caller_budget(self.parameters):
            self._request(job, parse_pages(pages, job.page_count), refresh=False)

    def _request(
        self,
        job: JobSummary,
        numbers: Sequence[int],
        *,
        refresh: bool,
        counted: bool = True,
        take: Callable[[str, int], None] = lambda _owner, _pages: None,
    ) -> PageCounts:
        """Counts with ``take`` what is to be queued, once and before anything is written."""
        taken = 0

        def request() -> PageCounts:
            nonlocal taken
            before = self.pages.counts(job.job_id)
            counts = current_round(job, before) if counted or before is None else before
            changes, queued = self._changes(job, numbers, counts, refresh=refresh, counted=counted)
            if len(queued) > taken:
                take(job.owner, len(queued) - taken)
                taken = len(queued)
            if counts is not before:
                self.pages.begin_round(counts)
            save_pages(self.pages, counts, changes)
            self._send(queued, job.owner)
            return self.pages.counts(job.job_id) or counts

        return retried(request)

    def _send(self, pages: Sequence[QueuedPage], owner: str) -> None:
        """What cannot be sent now is stored, and `requeue_pages` sends it within a minute."""
        try:
            self.queue.send(pages, owner)
        except DependencyError:
            log.warning("pages stored and not yet sent", exc_info=True)

    def _changes(
        self, job: JobSummary, numbers: Sequence[int], counts: PageCounts, *, refresh: bool, counted: bool
    ) -> tuple[list[Change], list[QueuedPage]]:
        """What is to be written, and the pages among it that are to be queued."""
        at, in_round = self.now(), counts.round if counted else None
        stored = {page.page: page for page in self.pages.of_job(job.job_id)}
        changes: list[Change] = []
        for number in numbers:
            before = stored.get(number)
            after = asked_for(before, self._new_page(job, number, in_round, at, refresh=refresh))
            if after is not before:
                changes.append((before, after))
        queued = [after for _, after in changes if after.unfinished and after.updated_at == at]
        return changes, [QueuedPage(job.job_id, page.page) for page in queued]

    def _new_page(
        self, job: JobSummary, number: int, in_round: int | None, at: datetime, *, refresh: bool
    ) -> PageWork:
        return PageWork(
            job_id=job.job_id,
            page=number,
            status=PageStatus.QUEUED,
            updated_at=at,
            expires_at=job.expires_at,
            due_at=at + self.times.visibility_timeout,
            round=in_round,
            refresh=refresh,
        )
