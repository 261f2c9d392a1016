"""The pages of a job that are to be previewed: how far each has come, and how many there are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from preview.domain.budget import VISIBILITY_TIMEOUT_SECONDS
from preview.domain.job import JobError, JobStatus, JobSummary
from preview.domain.preview import Degraded, Preview

MAX_ATTEMPTS = 4
"""Of a page, however each of them ended. Source: section 3 of the specification."""

TIMED_OUT = JobError(
    "PROCESSING_TIMED_OUT", "Processing took too long and was given up. Ask for the preview again."
)


ATTEMPT_SHARE = 0.75
"""Of the visibility timeout, after which a worker counts as dead."""


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Time-outs and delays of a page in the queue.

    A message is hidden for ``visibility_timeout``; a page that goes back to the queue waits as long. A worker
    that has not ended a page within ``attempt`` has died: it has `PAGE_SECONDS` for one, and some for storing
    it. What waits in the queue is put in again after ``visibility_timeout`` the first time, since its message
    may never have been sent, and then every ``requeue``, since a message that was sent is hardly ever lost.
    """

    visibility_timeout: timedelta = timedelta(seconds=VISIBILITY_TIMEOUT_SECONDS)
    requeue: timedelta = timedelta(minutes=15)

    @property
    def attempt(self) -> timedelta:
        return ATTEMPT_SHARE * self.visibility_timeout


DEFAULT_TIMES = PageTimes()


class PageStatus(StrEnum):
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = frozenset({PageStatus.QUEUED, PageStatus.PROCESSING})


@dataclass(frozen=True, slots=True)
class PageWork:
    """One page, and how far it has come.

    ``round`` is the `PageCounts.round` in which the page counts; None for a page that was asked for alone.
    ``attempts`` counts how often it was begun. ``due_at`` is when somebody has to look at it again, and None
    once it has ended. ``version`` counts its changes from 1. ``rooms`` is how many were found, and None where
    nobody looked to the end.
    """

    job_id: str
    page: int
    status: PageStatus
    updated_at: datetime
    expires_at: datetime
    due_at: datetime | None
    round: int | None = None
    attempts: int = 0
    version: int = 1
    refresh: bool = False
    rooms: int | None = None
    degraded: tuple[Degraded, ...] = ()
    error: JobError | None = None

    @property
    def unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def whole(self) -> bool:
        """Whether it is completed, and computing it again would make it no better."""
        return self.status is PageStatus.COMPLETED and not self.degraded

    @property
    def attempts_left(self) -> int:
        return MAX_ATTEMPTS - self.attempts

    def may_begin(self, at: datetime) -> bool:
        """Whether it waits, or whoever began it must have died."""
        if self.status is PageStatus.PROCESSING:
            return self.due_at is None or self.due_at <= at
        return self.status is PageStatus.QUEUED

    def begun(self, at: datetime, times: PageTimes) -> "PageWork":
        """At work; failed where it was begun as often as it may be."""
        if self.attempts_left <= 0:
            return self.failed(TIMED_OUT, at)
        return self._changed(
            at, status=PageStatus.PROCESSING, attempts=self.attempts + 1, due_at=at + times.attempt
        )

    def replaced_by(self, new: "PageWork") -> "PageWork":
        """As ``new`` is, which is a page that nobody asked for before."""
        return replace(new, version=self.version + 1, round=new.round or self.round)

    def put_back(self, at: datetime, times: PageTimes) -> "PageWork":
        """Waiting for its next attempt."""
        return self._changed(at, status=PageStatus.QUEUED, due_at=at + 2 * times.visibility_timeout)

    def requeued(self, at: datetime, times: PageTimes) -> "PageWork":
        """Put into the queue again, because it has waited long or its worker has died."""
        delay = times.visibility_timeout if self.status is PageStatus.PROCESSING else times.requeue
        return replace(self, status=PageStatus.QUEUED, due_at=at + delay, version=self.version + 1)

    def completed(self, preview: Preview, at: datetime) -> "PageWork":
        return self._changed(
            at,
            status=PageStatus.COMPLETED,
            due_at=None,
            rooms=len(preview.rooms),
            degraded=preview.degraded,
        )

    def failed(self, error: JobError, at: datetime) -> "PageWork":
        return self._changed(at, status=PageStatus.FAILED, due_at=None, error=error)

    def cancelled(self, at: datetime) -> "PageWork":
        return self._changed(at, status=PageStatus.CANCELLED, due_at=None)

    def in_round(self, number: int | None) -> "PageWork":
        """Counted in that round from now on; as it is where it counts there already, or None is given."""
        if number is None or number == self.round:
            return self
        return replace(self, round=number, version=self.version + 1)

    def _changed(self, at: datetime, **changes: Any) -> "PageWork":
        return replace(self, updated_at=at, version=self.version + 1, **changes)


def asked_for(before: PageWork | None, new: PageWork) -> PageWork:
    """The page once it is asked for (again): ``before`` where it is under way or whole already.

    ``new`` is what is stored of a page that nobody asked for before.
    """
    if before is None:
        return new
    if before.unfinished or (before.whole and not new.refresh):
        return before.in_round(new.round)
    return before.replaced_by(new)


def answered(before: PageWork | None, new: PageWork) -> PageWork:
    """The page once a request for its preview was answered: ``before`` where that is no news.

    ``new`` is what is stored of a page that nobody asked for before: completed or failed. A page that a
    worker has begun, is to compute again or may do better is left to it. A whole page is never replaced by a
    degraded one, nor a completed page by a failed one.
    """
    if before is None:
        return new
    if before.unfinished:
        left_to_worker = before.status is PageStatus.PROCESSING or before.refresh or not new.whole
        return before.in_round(new.round) if left_to_worker else before.replaced_by(new)
    is_same = (before.status, before.rooms, before.degraded, before.error) == (
        *(new.status, new.rooms, new.degraded, new.error),
    )
    is_worse = before.status is PageStatus.COMPLETED and new.status is PageStatus.FAILED
    if is_same or is_worse or (before.whole and not new.whole):
        return before.in_round(new.round)
    return before.replaced_by(new)


@dataclass(frozen=True, slots=True)
class CountChange:
    """What a change of pages does to the counts of their job; zeros where nothing is added."""

    asked: int = 0
    done: int = 0
    failed: int = 0
    begun: bool = False

    def __add__(self, other: "CountChange") -> "CountChange":
        return CountChange(
            self.asked + other.asked,
            self.done + other.done,
            self.failed + other.failed,
            self.begun or other.begun,
        )

    def __bool__(self) -> bool:
        return self != CountChange()


@dataclass(frozen=True, slots=True)
class PageCounts:
    """The counts of one job. ``done`` are those that ended, ``failed`` ones among them.

    Pages that are asked for once the job has failed begin a new ``round``, in which the earlier ones do not
    count. ``number`` grows with every change, over all rounds. ``begun`` is whether any was begun.
    """

    job_id: str
    owner: str
    expires_at: datetime
    round: int = 1
    number: int = 0
    asked: int = 0
    done: int = 0
    failed: int = 0
    begun: bool = False

    @property
    def all_ended(self) -> bool:
        return 0 < self.asked == self.done


def current_round(job: JobSummary, before: PageCounts | None) -> PageCounts:
    """The counts to which pages asked for now belong.

    A new round where all of them or the job has failed, or where pages were begun and then all taken back.
    """
    if before is None:
        return PageCounts(job.job_id, job.owner, job.expires_at)
    has_failed = job.status is JobStatus.FAILED and before.done == before.asked
    has_failed = has_failed or 0 < before.asked == before.failed
    if has_failed or (before.begun and not before.asked):
        return PageCounts(
            job.job_id, job.owner, job.expires_at, round=before.round + 1, number=before.number + 1
        )
    return before


def count_change(before: PageWork | None, after: PageWork, current_round: int) -> CountChange:
    """What replacing ``before`` by ``after`` does to the counts of that round."""
    was, now = _share(before, current_round), _share(after, current_round)
    return CountChange(
        now.asked - was.asked, now.done - was.done, now.failed - was.failed, now.begun and not was.begun
    )


@dataclass(frozen=True, slots=True)
class PageReport:
    """What the jobs service is told of a job's pages; of two reports that with the higher number holds.

    ``result_s3_key`` is the stored preview of page 1; it, ``degraded`` and ``rooms`` (of all pages together)
    and ``error`` (of the lowest page, where none succeeded) are known once all have ended.
    """

    number: int
    asked: int
    done: int
    failed: int
    begun: bool
    result_s3_key: str | None = None
    degraded: tuple[Degraded, ...] = ()
    error: JobError | None = None
    rooms: int | None = None


NO_PAGES = PageReport(number=0, asked=0, done=0, failed=0, begun=False)
"""Of a job of which no page was ever asked for."""


def lowest_error(pages: Iterable[PageWork]) -> JobError | None:
    """The error of the first page that failed."""
    failed = sorted((page for page in pages if page.error), key=lambda page: page.page)
    return failed[0].error if failed else None


def all_degraded(pages: Iterable[PageWork]) -> tuple[Degraded, ...]:
    """What any of the pages had to do without, each once."""
    found = {reason for page in pages for reason in page.degraded}
    return tuple(reason for reason in Degraded if reason in found)


def _share(page: PageWork | None, current_round: int) -> CountChange:
    """What one page contributes to the counts."""
    if page is None or page.round != current_round or page.status is PageStatus.CANCELLED:
        return CountChange()
    return CountChange(
        asked=1,
        done=int(not page.unfinished),
        failed=int(page.status is PageStatus.FAILED),
        begun=page.attempts > 0 or not page.unfinished,
    )
