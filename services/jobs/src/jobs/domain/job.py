"""A job, the states it goes through, and the only ways from one to another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from jobs.domain.errors import (
    BLUEPRINT_GONE,
    ConcurrentUpdate,
    InvalidJobId,
    JobCancelled,
    JobFinished,
)
from jobs.domain.formats import BlueprintFormat
from jobs.domain.pages import PageCounts

JOB_ID_PATTERN = "^job_[A-Za-z0-9_-]{1,80}$"


class JobStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class JobStage(StrEnum):
    UPLOAD = "upload"
    PREVIEW = "preview"


TRANSITIONS: Mapping[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.PROCESSING, JobStatus.CANCELLED}),
    JobStatus.PROCESSING: frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED}),
    JobStatus.FAILED: frozenset({JobStatus.PROCESSING}),
    JobStatus.COMPLETED: frozenset(),
    JobStatus.CANCELLED: frozenset(),
}

UNFINISHED = frozenset({JobStatus.PENDING, JobStatus.PROCESSING})


class Owed(StrEnum):
    """What a job still has to be given: its pages to preview, or the end of its processing."""

    PAGES = "pages"
    END = "end"


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed; ``code`` is one of the public error codes."""

    code: str
    message: str


TIMED_OUT = JobError(
    "PROCESSING_TIMED_OUT", "Processing took too long and was given up. Ask for the preview again."
)

BLUEPRINT_MISSING = JobError("BLUEPRINT_MISSING", BLUEPRINT_GONE)

_NO_REASON = JobError("INTERNAL_ERROR", "No page could be previewed. Ask for the preview again.")

_NOTHING_ASKED: Mapping[str, object] = {"stage": None, "progress": 0, "message": None}
"""What a job says before any page of it is asked for."""


@dataclass(frozen=True, slots=True)
class Transition:
    """What moves a job on: the state it goes to, and what is to be said about it there."""

    to: JobStatus
    stage: JobStage | None = None
    progress: int | None = None
    message: str | None = None
    result_s3_key: str | None = None
    degraded: tuple[str, ...] = ()
    error: JobError | None = None


@dataclass(frozen=True, slots=True)
class PageReport:
    """What preview says of the pages of a job.

    ``begun``: a worker has begun one of them. ``result_s3_key`` is page 1's stored preview. Once all pages
    have ended, ``rooms`` is how many were found, ``degraded`` what they lack together, and ``error`` that of
    the lowest page if all failed.
    """

    counts: PageCounts
    begun: bool = False
    result_s3_key: str | None = None
    degraded: tuple[str, ...] = ()
    error: JobError | None = None
    rooms: int = 0


@dataclass(frozen=True, slots=True)
class Job:
    """One blueprint and what became of it.

    ``progress`` is 0 to 100; ``version`` counts changes from 1; ``processing_since`` is set while the job is
    processing, to when it last moved; ``blueprint_hash`` is the file's SHA-256 in hex; ``result_s3_key`` is
    page 1's stored preview; ``degraded`` is what its previews lack; ``pages`` counts those asked for, and
    none of them once all were taken back.
    ``owed_pages`` are those that preview does not have yet, as `format_pages` writes them, and
    ``hand_over_at`` is when preview is asked again to take them.
    ``key_hash`` names the record of the request that created it, ``upload_id`` the upload it was made of.
    Times are in UTC and whole milliseconds, as they are stored.
    """

    job_id: str
    owner: str
    status: JobStatus
    created_at: datetime
    updated_at: datetime
    expires_at: datetime
    blueprint_s3_key: str
    blueprint_format: BlueprintFormat
    blueprint_hash: str
    blueprint_size_bytes: int
    page_count: int
    api_version: str
    blueprint_filename: str | None = None
    request_id: str | None = None
    correlation_id: str | None = None
    key_hash: str | None = None
    upload_id: str | None = None
    version: int = 1
    stage: JobStage | None = None
    progress: int = 0
    message: str | None = None
    result_s3_key: str | None = None
    degraded: tuple[str, ...] = ()
    error: JobError | None = None
    processing_since: datetime | None = None
    pages: PageCounts | None = None
    owed_pages: str | None = None
    hand_over_at: datetime | None = None

    @property
    def has_ended(self) -> bool:
        """Whether nothing that was asked for is still to be done, pages asked for later included."""
        if self.status is JobStatus.CANCELLED:
            return True
        return self.status not in UNFINISHED and (self.pages is None or self.pages.done >= self.pages.asked)

    @property
    def asked_pages(self) -> PageCounts | None:
        """The counts of its pages; None where none is asked for."""
        return self.pages if self.pages and self.pages.asked else None

    @property
    def owes(self) -> Owed | None:
        if self.owed_pages is not None:
            return Owed.PAGES
        return Owed.END if self.processing_since is not None else None

    def due_at(self, processing_timeout: timedelta) -> datetime | None:
        """When somebody has to see to what the job owes; None when it owes nothing."""
        if self.owed_pages is not None:
            return self.hand_over_at
        return self.processing_since + processing_timeout if self.processing_since is not None else None

    def cancelled(self, at: datetime) -> "Job":
        """The job, cancelled. Raises JobFinished when it is completed, failed or cancelled already."""
        if JobStatus.CANCELLED not in TRANSITIONS[self.status]:
            raise JobFinished(self.job_id, self.status)
        return self._changed(
            at,
            status=JobStatus.CANCELLED,
            message="Cancelled.",
            processing_since=None,
            owed_pages=None,
            hand_over_at=None,
        )

    def owing(self, pages: str, counts: PageCounts, hand_over_at: datetime) -> "Job":
        """The job with these pages still to be handed over to preview."""
        return replace(
            self, pages=counts, owed_pages=pages, hand_over_at=hand_over_at, message=counts.waiting
        )

    def hand_over_postponed(self, until: datetime) -> "Job":
        """The job whose pages nobody else hands over before that time."""
        return replace(self, version=self.version + 1, hand_over_at=until)

    def handed_over(self, counts: PageCounts) -> "Job":
        """The job that owes no pages any more; ``counts`` is what preview said when it took them."""
        known = self.pages
        return replace(
            self,
            version=self.version + 1,
            pages=known if known and known.number > counts.number else counts,
            owed_pages=None,
            hand_over_at=None,
        )

    def counted(self, report: PageReport, at: datetime) -> "Job":
        """The job one step nearer to what ``report`` says of its pages; itself when there is no step left.

        So a ``pending`` job goes through ``processing`` also when its pages were stored already, and one
        whose pages were all taken back is ``pending`` again. A report that is older than what the job knows,
        or comes once it is cancelled, changes nothing; nor does one of no pages where none counted.
        """
        counts = report.counts
        if self.status is JobStatus.CANCELLED or (self.pages and counts.number < self.pages.number):
            return self
        if not counts.asked and self.asked_pages is None:
            return self
        to = self._status_by(report)
        changes = {"status": to, "pages": counts, **self._said_by(report, to)}
        if all(getattr(self, name) == value for name, value in changes.items()):
            return self
        changes["processing_since"] = at if to is JobStatus.PROCESSING else None
        return self._changed(at, **changes)

    def still_processing(self, at: datetime) -> "Job":
        """The job of which preview says that a page waits or is at work."""
        return replace(self, version=self.version + 1, processing_since=at)

    def moved(self, transition: Transition, at: datetime) -> "Job":
        """The job after ``transition``.

        Raises JobCancelled or JobFinished when nothing leads there any more, and ConcurrentUpdate when the
        caller took the job to be in another state than it is.
        """
        if transition.to not in TRANSITIONS[self.status]:
            raise self._refusal()
        if transition.to is JobStatus.PROCESSING:
            return self._started(transition, at)
        return self._changed(
            at,
            status=transition.to,
            stage=transition.stage or self.stage,
            progress=100 if transition.to is JobStatus.COMPLETED else self.progress,
            message=transition.message,
            result_s3_key=transition.result_s3_key or self.result_s3_key,
            degraded=transition.degraded,
            error=transition.error,
            processing_since=None,
        )

    def has_timed_out(self, at: datetime, limit: timedelta) -> bool:
        """Whether the job has been processing for ``limit`` or longer, so that its worker must have died."""
        return self.processing_since is not None and at - self.processing_since >= limit

    def failed_by_timeout(self, at: datetime) -> "Job":
        """The job, failed because its processing timed out."""
        return self.moved(Transition(JobStatus.FAILED, message=TIMED_OUT.message, error=TIMED_OUT), at)

    def failed_without_blueprint(self, at: datetime) -> "Job":
        """The job, failed because its file is gone; also one that is pending, which nothing else fails.

        Raises JobFinished when it is completed, failed or cancelled already.
        """
        if self.status not in UNFINISHED:
            raise JobFinished(self.job_id, self.status)
        return self._changed(
            at,
            status=JobStatus.FAILED,
            message=BLUEPRINT_MISSING.message,
            error=BLUEPRINT_MISSING,
            processing_since=None,
            owed_pages=None,
            hand_over_at=None,
        )

    def _started(self, transition: Transition, at: datetime) -> "Job":
        return self._changed(
            at,
            status=JobStatus.PROCESSING,
            stage=transition.stage or JobStage.PREVIEW,
            progress=transition.progress or 0,
            message=transition.message,
            degraded=(),
            error=None,
            processing_since=at,
        )

    def _status_by(self, report: PageReport) -> JobStatus:
        if self.status is JobStatus.COMPLETED:
            return self.status
        if not report.counts.asked:
            return JobStatus.PENDING if self.status is JobStatus.PROCESSING else self.status
        if report.counts.all_ended:
            goal = JobStatus.COMPLETED if report.counts.failed < report.counts.asked else JobStatus.FAILED
        else:
            goal = JobStatus.PROCESSING if report.begun else self.status
        is_one_step = goal is self.status or goal in TRANSITIONS[self.status]
        return goal if is_one_step else JobStatus.PROCESSING

    def _said_by(self, report: PageReport, to: JobStatus) -> Mapping[str, object]:
        """What a job in the state ``to`` says of its pages."""
        counts = report.counts
        if to is JobStatus.PENDING:
            return {"message": counts.waiting} if counts.asked else _NOTHING_ASKED
        if to is JobStatus.PROCESSING:
            begins = self.status is not to
            progress = counts.percent if begins else max(counts.percent, self.progress)
            said = {"stage": JobStage.PREVIEW, "progress": progress, "message": counts.summary}
            return said | ({"degraded": (), "error": None} if begins else {})
        if not counts.all_ended:
            return {}
        if to is JobStatus.FAILED:
            error = report.error or _NO_REASON
            return {"message": error.message, "error": error}
        return {
            "progress": 100,
            "message": counts.found(report.rooms),
            "result_s3_key": report.result_s3_key or self.result_s3_key,
            "degraded": report.degraded,
        }

    def _changed(self, at: datetime, **changes: Any) -> "Job":
        return replace(self, updated_at=at, version=self.version + 1, **changes)

    def _refusal(self) -> Exception:
        if self.status is JobStatus.CANCELLED:
            return JobCancelled(self.job_id)
        if self.status is JobStatus.COMPLETED:
            return JobFinished(self.job_id, self.status)
        return ConcurrentUpdate(self.job_id)


def check_job_id(text: str) -> None:
    """Raises InvalidJobId for what cannot be a job id."""
    if not re.fullmatch(JOB_ID_PATTERN, text):
        raise InvalidJobId
