"""Each preview is computed once for all who want it, within the callers that a worker lets wait."""

from dataclasses import dataclass
from functools import partial

from preview.bulkheads import Bulkhead
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.errors import TooBusy
from preview.domain.job import Job, JobStatus
from preview.domain.ports import Jobs
from preview.domain.preview import Preview, PreviewInProgress
from preview.single_flight import InProgress, SingleFlight
from preview.use_cases.compute_preview import ComputePreview
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.serve_stored import ServeStored
from shared.errors import DependencyError


@dataclass(frozen=True, slots=True)
class ComputeOnce:
    jobs: Jobs
    cache: FailOpenCache
    serve_stored: ServeStored
    compute_preview: ComputePreview
    bulkhead: Bulkhead
    single_flight: SingleFlight[PreviewRequest, CacheSnapshot, CacheResult]

    def __call__(self, request: PreviewRequest, snapshot: CacheSnapshot) -> Preview | PreviewInProgress:
        """Compute, or wait for who does; a caller who gets no permit is answered at once.

        Raises as `GetPreview` does.
        """
        if request.by_worker:
            return self._compute_or_wait(request, snapshot)
        with self.bulkhead.permit(request.cache_key) as has_permit:
            if has_permit:
                return self._compute_or_wait(request, snapshot)
        if (
            snapshot.leased
            or self.bulkhead.is_held_for(request.cache_key)
            or self._has_moved(request, snapshot)
        ):
            return PreviewInProgress(request.job.job_id, request.job.status)
        raise TooBusy

    def _has_moved(self, request: PreviewRequest, before: CacheSnapshot) -> bool:
        """Whether somebody computes the same, or has just done so."""
        now = self.cache.get(request)
        return now.leased or now.version != before.version

    def _compute_or_wait(self, request: PreviewRequest, before: CacheSnapshot) -> Preview | PreviewInProgress:
        found = self.single_flight(
            request,
            before,
            request.budget,
            accept=partial(self._accept, request),
            compute=partial(self.compute_preview, request),
        )
        if isinstance(found, InProgress):
            return PreviewInProgress(request.job.job_id, self._read_status(request.job))
        return found

    def _accept(self, request: PreviewRequest, snapshot: CacheSnapshot) -> Preview | None:
        """What another one stored, also where it is degraded; for a worker only if it completes its page."""
        result = snapshot.result
        if result is None or (
            request.by_worker and isinstance(result, CacheEntry) and not result.preview.completes_job
        ):
            return None
        return self.serve_stored.serve_new_result(request, result)

    def _read_status(self, job: Job) -> JobStatus:
        try:
            return self.jobs.get(job.job_id, job.owner).status
        except DependencyError:
            return job.status
