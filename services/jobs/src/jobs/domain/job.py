"""A job, the states it goes through, and the only ways from one to another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jobs.domain.errors import (
    BLUEPRINT_GONE,
    ConcurrentUpdate,
    InvalidJobId,
    JobCancelled,
    JobFinished,
)
from jobs.domain.formats import BlueprintFormat

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


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed; ``code`` is one of the public error codes."""

    code: str
    message: str


TIMED_OUT = JobError(
    "PROCESSING_TIMED_OUT", "Processing took too long and was given up. Ask for the preview again."
)

BLUEPRINT_MISSING = JobError("BLUEPRINT_MISSING", BLUEPRINT_GONE)


@dataclass(frozen=True, slots=True)
class Transition:
    """What moves a job on: the state it goes to, and what is to be said about it there.

    To ``completed`` from there too: then only what is said of the result changes.
    """

    to: JobStatus
    stage: JobStage | None = None
    progress: int | None = None
    message: str | None = None
    result_s3_key: str | None = None
    degraded: tuple[str, ...] = ()
    error: JobError | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """One blueprint and what became of it.

    ``progress`` is 0 to 100; ``version`` counts changes from 1; ``processing_since`` is set while the job is
    processing; ``blueprint_hash`` is the file's SHA-256 in hex; ``result_s3_key`` is page 1's stored preview;
    ``degraded`` is what that preview lacks.
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

    def cancelled(self, at: datetime) -> "Job":
        """The job, cancelled. Raises JobFinished when it is completed, failed or cancelled already."""
        if JobStatus.CANCELLED not in TRANSITIONS[self.status]:
            raise JobFinished(self.job_id, self.status)
        return self._changed(at, status=JobStatus.CANCELLED, message="Cancelled.", processing_since=None)

    def moved(self, transition: Transition, at: datetime) -> "Job":
        """The job after ``transition``.

        Raises JobCancelled or JobFinished when nothing leads there any more, and ConcurrentUpdate when the
        caller took the job to be in another state than it is.
        """
        is_repair = transition.to is self.status is JobStatus.COMPLETED
        if transition.to not in TRANSITIONS[self.status] and not is_repair:
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

    def with_message(self, message: str, at: datetime) -> "Job":
        """The job with another ``message``, its state as it was."""
        return self._changed(at, message=message)

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

    def _changed(self, at: datetime, **changes: object) -> "Job":
        return replace(self, updated_at=at, version=self.version + 1, **changes)  # type: ignore[arg-type]  # fields

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
