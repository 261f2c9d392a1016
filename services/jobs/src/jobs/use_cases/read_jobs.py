"""Read jobs and their blueprints. A job that lost its worker is failed by the first caller who reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.errors import BlueprintNotFound
from jobs.domain.job import Job, JobStatus
from jobs.domain.listing import JobFilter, JobPage, decode_cursor, encode_cursor
from jobs.domain.ports import BlueprintBucket, StoredBlueprint
from jobs.use_cases.fail_timed_out import FailTimedOut
from jobs.use_cases.job_repository import JobRepository


@dataclass(frozen=True, slots=True)
class ReadJobs:
    jobs: JobRepository
    blueprints: BlueprintBucket
    fail_timed_out: FailTimedOut
    now: Callable[[], datetime]
    processing_timeout: timedelta

    def get(self, job_id: str, owner: str) -> Job:
        """Raises InvalidJobId or JobNotFound."""
        [job] = self.fail_timed_out.refresh([self.jobs.find(job_id, owner)])
        return job

    def get_for_preview(self, job_id: str, owner: str | None) -> Job:
        """The job as it is stored, whoever owns it if ``owner`` is None. Raises InvalidJobId or JobNotFound.

        Preview is not asked about a job that it asks for itself.
        """
        return self.jobs.find(job_id, owner)

    def list(self, owner: str, status: JobStatus | None, limit: int, cursor: str | None) -> JobPage:
        """The owner's jobs, newest first. Raises InvalidRequest for a cursor of another list."""
        wanted = JobFilter(owner, status, self.now() - self.processing_timeout)
        after = decode_cursor(cursor, wanted) if cursor is not None else None
        page, last = self.jobs.table.page(wanted, limit, after)
        jobs = tuple(job for job in self.fail_timed_out.refresh(page) if status in (None, job.status))
        return JobPage(jobs, encode_cursor(last, wanted) if last else None)

    def open_blueprint(self, job_id: str, owner: str) -> tuple[Job, StoredBlueprint]:
        """The job and its file, to be streamed.

        Raises InvalidJobId, JobNotFound, or BlueprintNotFound when the file is gone.
        """
        job = self.get(job_id, owner)
        stored = self.blueprints.open(job.blueprint_s3_key)
        if stored is None:
            raise BlueprintNotFound(job_id)
        return job, stored
