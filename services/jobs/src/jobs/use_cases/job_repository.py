"""Saving a changed job, so that whoever must know its state later finds it in the log and the metrics."""

from jobs.domain.job import Job
from jobs.domain.ports import JobTable
from shared.logs import audit
from shared.metrics import Metrics


class StateChanges:
    def __init__(self, jobs: JobTable, metrics: Metrics) -> None:
        self._jobs = jobs
        self._metrics = metrics

    def save(self, before: Job, after: Job) -> Job:
        """``after``, stored. Raises ConcurrentUpdate when the job is not ``before`` any more."""
        self._jobs.save(after)
        if after.status is not before.status:
            self.report(before, after)
        return after

    def report(self, before: Job | None, after: Job) -> None:
        """Tell of a change that is stored; ``before`` is None for a new job."""
        fields = {"from": before.status if before else None, "to": after.status, "version": after.version}
        audit("state_changed", job_id=after.job_id, owner=after.owner, **fields)
        self._metrics.count("Jobs", status=after.status)
