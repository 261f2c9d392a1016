"""What the creator of a job is told of it once it is stored, and what whoever repeats the request is told."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.domain.errors import ConcurrentUpdate, PreviewNotStarted
from jobs.domain.idempotency import IdempotencyRecord, Stage
from jobs.domain.job import Job, JobStatus
from jobs.domain.ports import JobTable, PreviewStarter
from jobs.use_cases.idempotency import Repeats
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

PREVIEW_NOT_STARTED = "The preview could not be started yet. POST to the job's preview to start it."


@dataclass(frozen=True, slots=True)
class Created:
    """``replayed``: an earlier request under the same key created the job."""

    job: Job
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Answering:
    jobs: JobTable
    preview: PreviewStarter
    repeats: Repeats
    now: Callable[[], datetime]

    def first(self, job: Job, start_preview: bool, claim: IdempotencyRecord | None) -> Created:
        """For the request that stored the job. Raises RequestInProgress when a repeat has taken over."""
        if not start_preview:  # the answer was stored with the job
            return Created(job)
        told = self._with_preview(job)
        if claim is not None:
            self._keep(claim.completed(told))
        return Created(told)

    def again(self, record: IdempotencyRecord, job: Job) -> Created:
        """For a repeat; where the first request died before it was told of the preview, that is done now."""
        context.bind(job_id=job.job_id)
        if record.stage is Stage.COMPLETED:
            return Created(job, replayed=True)
        found = self.jobs.get(job.job_id) or job
        told = self._with_preview(found) if found.status is JobStatus.PENDING else found
        self._keep(record.completed(told))
        return Created(told, replayed=True)

    def _keep(self, answered: IdempotencyRecord) -> None:
        try:
            self.repeats.answer(answered)
        except DependencyError:
            log.warning("answer not kept; a repeat will ask for the preview again", exc_info=True)

    def _with_preview(self, job: Job) -> Job:
        """The job once its preview has been asked for; whatever happens there, the job is created."""
        try:
            self.preview.start(job.job_id)
            return self.jobs.get(job.job_id) or job
        except PreviewNotStarted:
            log.warning("preview not started", exc_info=True)
        except DependencyError:
            log.exception("job not read again after its preview was started")
            return job
        return self._noted(job, PREVIEW_NOT_STARTED)

    def _noted(self, job: Job, message: str) -> Job:
        noted = job.with_message(message, self.now())
        try:
            self.jobs.save(noted)
        except ConcurrentUpdate:  # the preview was started after all
            return self.jobs.get(job.job_id) or job
        except DependencyError:
            log.exception("message not saved")
            return replace(job, message=message)
        return noted
