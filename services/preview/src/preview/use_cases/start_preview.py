"""A preview of page 1 in the background, for the jobs service."""

import logging
from dataclasses import dataclass

from preview.concurrency.background import BackgroundExecutor
from preview.concurrency.deadlines import grace_period, request_deadline
from preview.domain.errors import (
    ConcurrentUpdate,
    DeadlineExceeded,
    JobCancelled,
    JobNotFound,
    UnusableBlueprint,
)
from preview.domain.job import Job, JobStatus, check_job_id
from preview.domain.ports import Jobs, Parameters
from preview.domain.preview import PreviewInProgress
from preview.domain.time_limits import background_seconds
from preview.use_cases.get_preview import GetPreview
from preview.use_cases.job_transitions import JobTransitions
from shared import context
from shared.deadline import Deadline

log = logging.getLogger(__name__)

_EXPECTED = (JobCancelled, JobNotFound, ConcurrentUpdate, UnusableBlueprint)


@dataclass(frozen=True, slots=True)
class StartPreview:
    jobs: Jobs
    get_preview: GetPreview
    transitions: JobTransitions
    parameters: Parameters
    background: BackgroundExecutor

    def __call__(self, job_id: str) -> Job:
        """Have page 1 previewed in the background; the job is in ``processing`` when this returns.

        A job that is there already, or completed, is only returned. Raises InvalidJobId, JobNotFound,
        JobCancelled, ConcurrentUpdate and TooBusy.
        """
        check_job_id(job_id)
        context.bind(job_id=job_id)
        with request_deadline(self.parameters):
            job = self.jobs.get(job_id, None)
            job.check_not_cancelled()
            if job.status in (JobStatus.PROCESSING, JobStatus.COMPLETED):
                return job
            with self.background.reserve() as reservation:
                begun = self.transitions.begin(job, 1)
                deadline = Deadline.after(background_seconds(self.parameters.deadline_seconds()))
                reservation.submit(
                    lambda: self._compute(begun, deadline),
                    abandon=lambda: self._abandon(begun),
                )
        return begun

    def _compute(self, job: Job, deadline: Deadline) -> None:
        with grace_period(deadline.remaining_seconds()):
            try:
                if isinstance(self.get_preview.in_background(job), PreviewInProgress):
                    self._abandon(job)
            except _EXPECTED as exc:
                log.info("background preview ended early", extra={"context": {"why": type(exc).__name__}})
            except Exception as exc:
                log.exception("background preview failed")
                self.transitions.fail(job, 1, exc)

    def _abandon(self, job: Job) -> None:
        """Fail the job for want of time, so that its owner may ask for the preview again."""
        self.transitions.fail(job, 1, DeadlineExceeded())
