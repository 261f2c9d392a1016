"""Jobs as the use cases read and save them: every change of state is in the log and the metrics."""

from dataclasses import dataclass

from jobs.domain.errors import JobNotFound
from jobs.domain.job import Job, check_job_id
from jobs.domain.ports import JobTable
from shared.logs import audit
from shared.metrics import Metrics


@dataclass(frozen=True, slots=True)
class JobRepository:
    """``table`` is asked itself for what names no owner and changes no state."""

    table: JobTable
    metrics: Metrics

    def find(self, job_id: str, owner: str | None) -> Job:
        """The job, whoever owns it if ``owner`` is None. Raises InvalidJobId or JobNotFound."""
        check_job_id(job_id)
        job = self.table.get(job_id)
        if job is None or owner not in (None, job.owner):
            raise JobNotFound(job_id)
        return job

    def reload(self, job: Job) -> Job:
        """The job as it is stored now, or as given when it is gone."""
        return self.table.get(job.job_id) or job

    def save(self, before: Job, after: Job) -> Job:
        """``after``, stored. Raises ConcurrentUpdate when the job is not ``before`` any more."""
        self.table.save(after)
        if after.status is not before.status:
            self.report(before, after)
        return after

    def report(self, before: Job | None, after: Job) -> None:
        """Log and count a change of state that is stored; ``before`` is None for a new job."""
        fields = {"from": before.status if before else None, "to": after.status, "version": after.version}
        audit("state_changed", job_id=after.job_id, owner=after.owner, **fields)
        self.metrics.count("Jobs", status=after.status)
