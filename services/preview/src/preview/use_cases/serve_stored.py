"""Answering a job from results that exist already; the job is completed by them."""

from dataclasses import dataclass, replace

from preview.concurrency.call_executor import CallExecutor
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.errors import UnreadableBlueprint
from preview.domain.job import Job, JobStatus
from preview.domain.ports import Jobs, ResultStore
from preview.domain.preview import Preview
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.job_progress import JobProgress
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.write_result import WriteResult
from shared.errors import DependencyError

_READ_SECONDS = 1.0  # the bucket answers in milliseconds; computing anew is the better use of more


@dataclass(frozen=True, slots=True)
class ServeStored:
    jobs: Jobs
    results: ResultStore
    cache: FailOpenCache
    write_result: WriteResult
    progress: JobProgress
    calls: CallExecutor
    model_version: str

    def __call__(self, request: PreviewRequest, snapshot: CacheSnapshot) -> Preview | None:
        """From the job's own results, which go back into the cache, or else from the cache; None without.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate.
        """
        stored = self.read(request)
        if stored and not stored.degraded:
            if snapshot.hit is None:
                self.cache.refill(request.cache_key, CacheEntry(stored), snapshot)
            return self.complete_job(request.job, stored)
        return self.serve_entry(request.job, snapshot.hit) if snapshot.hit else None

    def serve_new_result(self, request: PreviewRequest, result: CacheResult) -> Preview | None:
        """From what was stored while the caller waited, be it degraded; raises it if it is negative."""
        job = self.jobs.get(request.job.job_id, request.job.owner)
        job.check_not_cancelled()
        job = replace(job, counted=job.counted or request.job.counted)
        if isinstance(result, CacheEntry):
            return self.serve_entry(job, result)
        error = UnreadableBlueprint(result.message, result.reason)
        if job.status in (JobStatus.PENDING, JobStatus.PROCESSING):
            self.progress.fail(self.progress.begin(job, request.page), request.page, error)
        raise error

    def serve_entry(self, job: Job, entry: CacheEntry) -> Preview | None:
        """The entry as this job's own preview; None when its results can no longer be copied to the job."""
        if entry.job_id == job.job_id:
            return self.complete_job(job, entry.preview)
        degraded = self.write_result.copy(entry, job)
        return None if degraded is None else self.complete_job(job, entry.preview.with_degraded(*degraded))

    def complete_job(self, job: Job, stored: Preview) -> Preview:
        """Complete the job with what is stored, and answer it."""
        preview = stored.for_job(job.job_id)
        return preview.with_degraded(*self.write_result.move_job(job, preview))

    def read(self, request: PreviewRequest) -> Preview | None:
        """The job's own stored preview; None also while the bucket is away."""
        job_id, version = request.job.job_id, self.model_version
        try:
            return self.calls.run(_READ_SECONDS, self.results.read_preview, job_id, request.page, version)
        except DependencyError:
            return None
