"""Start the preview of a new job; whatever happens there, the job is created."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from jobs.domain.errors import ConcurrentUpdate, PreviewNotStarted
from jobs.domain.job import Job
from jobs.domain.ports import PreviewService
from jobs.use_cases.job_repository import JobRepository
from shared.errors import DependencyError

log = logging.getLogger(__name__)

PREVIEW_NOT_STARTED = "The preview could not be started yet. POST to the job's preview to start it."


@dataclass(frozen=True, slots=True)
class StartPreview:
    jobs: JobRepository
    preview: PreviewService
    now: Callable[[], datetime]

    def __call__(self, job: Job) -> Job:
        """The job as the preview service left it, or with a message that the preview was not started."""
        try:
            self.preview.start(job.job_id)
            return self.jobs.reload(job)
        except PreviewNotStarted:
            log.warning("preview not started", exc_info=True)
        except DependencyError:
            log.exception("job not read again after its preview was started")
            return job
        return self._save_message(job, PREVIEW_NOT_STARTED)

    def _save_message(self, job: Job, message: str) -> Job:
        try:
            return self.jobs.save(job, job.with_message(message, self.now()))
        except ConcurrentUpdate:  # the preview was started after all
            return self.jobs.reload(job)
        except DependencyError:
            log.exception("message not saved")
            return replace(job, message=message)
