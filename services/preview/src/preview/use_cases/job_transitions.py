"""Moving a job's state along with the preview of its first page, where no pages of it were asked for."""

import logging
from collections.abc import Callable
from dataclasses import replace

from preview.domain.errors import ConcurrentUpdate, DeadlineExceeded, JobCancelled, JobNotFound
from preview.domain.job import Job, JobError, JobStatus, Transition
from preview.domain.ports import Jobs
from preview.domain.preview import Degraded, Preview
from preview.domain.result_keys import preview_key
from preview.use_cases.preview_request import PreviewRequest
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_FAIL_SECONDS = 1.0  # a job is not left in processing only because the deadline has passed


class JobTransitions:
    """``job_error`` maps an exception to the error with which it fails the job, or None if it does not."""

    def __init__(self, jobs: Jobs, job_error: Callable[[Exception], JobError | None]) -> None:
        self._jobs = jobs
        self._job_error = job_error

    def begin(self, request: PreviewRequest) -> PreviewRequest:
        """Take the job to ``processing``; one that is there or completed already stays as it is.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate.
        """
        transition = Transition(JobStatus.PROCESSING, 10, "Looking for rooms")
        for _ in range(2):
            job = request.job
            job.check_not_cancelled()
            if not request.moves_job or job.status in (JobStatus.PROCESSING, JobStatus.COMPLETED):
                return request
            try:
                return replace(request, job=self._jobs.transition(job, transition))
            except ConcurrentUpdate:
                request = replace(request, job=self._jobs.get(job.job_id, job.owner))
        raise ConcurrentUpdate(request.job.job_id)

    def finish(self, request: PreviewRequest, preview: Preview) -> Preview:
        """Take the job to ``completed``, or to ``failed`` where ``preview`` does not complete it.

        Returns the preview, degraded where the state could not be saved. Raises JobCancelled, JobNotFound or
        ConcurrentUpdate.
        """
        try:
            with context.call_deadline(request.budget.seconds_to_store()):
                if preview.completes_job:
                    self._complete(request, preview)
                elif request.job.status is not JobStatus.FAILED:
                    self.fail(self.begin(request), DeadlineExceeded())
        except DependencyError:
            log.exception("job state could not be saved")
            return preview.with_degraded(Degraded.STATE_NOT_SAVED)
        return preview

    def finish_with_stored(self, request: PreviewRequest, stored: Preview) -> Preview:
        """The same with a preview that exists already, perhaps another job's; returns the job's own."""
        return self.finish(request, stored.for_job(request.job.job_id))

    def _complete(self, request: PreviewRequest, preview: Preview) -> None:
        """A job that is completed already gets the new result; one that has counts by now follows them."""
        request = self.begin(request)
        job = request.job
        transition = _completion(job, preview)
        if not request.moves_job or job.matches(transition):
            return
        try:
            self._jobs.transition(job, transition)
        except ConcurrentUpdate:
            current = self._jobs.get(job.job_id, job.owner)
            current.check_not_cancelled()
            if current.status is not JobStatus.COMPLETED and not current.counted:
                raise

    def fail(self, request: PreviewRequest, cause: Exception) -> None:
        """Take a job in ``processing`` to ``failed``; a failure to do so is logged."""
        error = self._job_error(cause)
        if not request.moves_job or request.job.status is not JobStatus.PROCESSING or error is None:
            return
        transition = Transition(JobStatus.FAILED, 100, error.message, error=error)
        try:
            with context.call_deadline(_FAIL_SECONDS):
                self._jobs.transition(request.job, transition)
        except (ConcurrentUpdate, JobCancelled, JobNotFound):
            log.info("job moved on before it could be failed", extra={"context": {"code": error.code}})
        except DependencyError:
            log.exception("job could not be failed", extra={"context": {"code": error.code}})


def _completion(job: Job, preview: Preview) -> Transition:
    count = len(preview.rooms)
    message = f"{count} room{'' if count == 1 else 's'} found on 1 page."
    key = preview_key(job.job_id, preview.model_version, preview.page.number)
    return Transition(JobStatus.COMPLETED, 100, message, key, preview.degraded)
