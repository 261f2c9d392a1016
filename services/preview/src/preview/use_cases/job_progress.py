"""Moving a job's state along with the preview of its first page; other pages leave it alone."""

import logging

from preview.concurrency.call_executor import granted
from preview.domain.errors import (
    BlueprintMissing,
    Busy,
    ConcurrentUpdate,
    JobCancelled,
    JobNotFound,
    NoSuchPage,
    NoTimeLeft,
    UnreadableBlueprint,
)
from preview.domain.job import Job, JobError, JobStatus, StateChange
from preview.domain.ports import Jobs
from preview.domain.preview import Preview
from preview.domain.result_keys import preview_key
from shared.errors import DependencyError, DependencyUnavailable

log = logging.getLogger(__name__)

_LAST_WORD_SECONDS = 1.0  # a job is not left in processing only because the caller's time is over


class JobProgress:
    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs

    def begin(self, job: Job, page: int) -> Job:
        """Take the job to ``processing``; one that is there or completed already stays as it is.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate.
        """
        change = StateChange(JobStatus.PROCESSING, 10, "Looking for rooms")
        for _ in range(2):
            job.refuse_cancelled()
            if page != 1 or job.status in (JobStatus.PROCESSING, JobStatus.COMPLETED):
                return job
            try:
                return self._jobs.change(job, change)
            except ConcurrentUpdate:
                job = self._jobs.get(job.job_id, job.owner)
        raise ConcurrentUpdate(job.job_id)

    def complete(self, job: Job, preview: Preview) -> None:
        """Take the job to ``completed`` by its result; one that is there already says what came of it anew.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate.
        """
        job = self.begin(job, preview.page.number)
        change = _completion(job, preview)
        if preview.page.number != 1 or job.says(change):
            return
        try:
            self._jobs.change(job, change)
        except ConcurrentUpdate:
            current = self._jobs.get(job.job_id, job.owner)
            current.refuse_cancelled()
            if current.status is not JobStatus.COMPLETED:
                raise

    def fail(self, job: Job, page: int, cause: Exception) -> None:
        """Take a job in ``processing`` to ``failed``; raises nothing of its own."""
        error = _job_error(cause)
        if page != 1 or job.status is not JobStatus.PROCESSING or error is None:
            return
        try:
            with granted(_LAST_WORD_SECONDS):
                self._jobs.change(job, StateChange(JobStatus.FAILED, 100, error.message, error=error))
        except (ConcurrentUpdate, JobCancelled, JobNotFound):
            log.info("job moved on before it could be failed", extra={"context": {"code": error.code}})
        except DependencyError:
            log.exception("job could not be failed", extra={"context": {"code": error.code}})


def _completion(job: Job, preview: Preview) -> StateChange:
    count = len(preview.rooms)
    message = f"Found {count} room{'' if count == 1 else 's'}"
    key = preview_key(job.job_id, preview.model_version, preview.page.number)
    return StateChange(JobStatus.COMPLETED, 100, message, key, preview.degraded)


def _job_error(cause: Exception) -> JobError | None:
    """What a job's owner reads on it, or None where somebody else decided the job's state."""
    if isinstance(cause, (JobCancelled, JobNotFound, ConcurrentUpdate)):
        return None
    if isinstance(cause, (UnreadableBlueprint, NoSuchPage)):
        return JobError("UNREADABLE_BLUEPRINT", str(cause))
    if isinstance(cause, BlueprintMissing):
        return JobError("BLUEPRINT_MISSING", str(cause))
    if isinstance(cause, (DependencyUnavailable, NoTimeLeft, Busy)):
        return JobError(
            "SERVICE_UNAVAILABLE", "The preview could not be made at the time. Ask for a preview again."
        )
    return JobError("INTERNAL_ERROR", "Something went wrong on our side. Ask for a preview again.")
