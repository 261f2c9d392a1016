"""Read jobs and their blueprints. A job whose worker died is failed by the first who reads it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.errors import BlueprintNotFound
from jobs.domain.job import Job, JobStatus
from jobs.domain.listing import JobFilter, JobPage, decode_cursor, encode_cursor
from jobs.domain.ports import BlueprintBucket, JobTable, StoredBlueprint
from jobs.use_cases.job_repository import JobRepository


@dataclass(frozen=True, slots=True)
class ReadJobs:
    jobs: JobRepository
    table: JobTable
    blueprints: BlueprintBucket
    now: Callable[[], datetime]
    processing_timeout: timedelta

    def get(self, job_id: str, owner: str | None) -> Job:
        """The job, whoever owns it if ``owner`` is None. Raises InvalidJobId or JobNotFound."""
        return self.jobs.fail_if_timed_out(self.jobs.find(job_id, owner))

    def list(self, owner: str, status: JobStatus | None, limit: int, cursor: str | None) -> JobPage:
        """The owner's jobs, newest first. Raises InvalidRequest for a cursor of another list."""
        wanted = JobFilter(owner, status, self.now() - self.processing_timeout)
        after = decode_cursor(cursor, wanted) if cursor is not None else None
        page, last = self.table.page(wanted, limit, after)
        jobs = tuple(self.jobs.fail_if_timed_out(job) for job in page)
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
