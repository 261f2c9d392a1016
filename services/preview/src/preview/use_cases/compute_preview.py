"""A preview is computed once for all who want it: move the job, find the rooms, store what was found."""

from dataclasses import dataclass, replace
from functools import partial

from preview.bulkheads import ComputeSlot
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot, NegativeEntry
from preview.domain.errors import ConcurrentUpdate, DeadlineExceeded, TooBusy, UnreadableBlueprint
from preview.domain.job import Job, JobStatus, Transition
from preview.domain.ports import Jobs
from preview.domain.preview import Degraded, Preview, PreviewInProgress
from preview.single_flight import InProgress, SingleFlight
from preview.use_cases.analyse_page import AnalysePage, PageResult
from preview.use_cases.fail_open_cache import FailOpenCache, PreviewLease
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.record_page import RecordPage
from preview.use_cases.serve_stored import ServeStored
from preview.use_cases.write_result import WriteResult
from shared.bulkhead import Bulkhead
from shared.errors import DependencyError


@dataclass(frozen=True, slots=True)
class ComputePreview:
    """``bulkhead`` bounds the callers whom this process lets wait."""

    jobs: Jobs
    cache: FailOpenCache
    serve_stored: ServeStored
    analyse_page: AnalysePage
    write_result: WriteResult
    record_page: RecordPage
    bulkhead: Bulkhead
    single_flight: SingleFlight[PreviewRequest, CacheSnapshot, CacheResult]

    def __call__(self, request: PreviewRequest, snapshot: CacheSnapshot) -> Preview | PreviewInProgress:
        """Compute, or wait for who does; a caller who gets no permit is answered at once.

        Raises as `CreatePreview` does.
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
            compute=partial(self._compute, request),
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

    def _compute(
        self, request: PreviewRequest, snapshot: CacheSnapshot, lease: PreviewLease, slot: ComputeSlot
    ) -> Preview:
        """Compute under ``lease``; ``slot`` is released once it is not needed.

        Raises as `CreatePreview` does; the page has failed then, unless it is queued.
        """
        try:
            request = self._begin(request)
            result = self.analyse_page(request, slot)
            better = self._serve_better(request, snapshot, result.preview)
            if better:
                return result.preview.with_degraded(*better.degraded)
            return self._store(request, result, lease)
        except DeadlineExceeded:  # the page is queued, and its job goes on
            raise
        except UnreadableBlueprint as exc:
            self.record_page.failed(request, exc)
            lease.put(NegativeEntry(request.job.job_id, str(exc), exc.reason))
            raise
        except Exception as exc:  # whatever it is, the page fails by it
            self.record_page.failed(request, exc)
            raise

    def _serve_better(
        self, request: PreviewRequest, snapshot: CacheSnapshot, found: Preview
    ) -> Preview | None:
        """Complete the page with the stored preview where that is better than ``found``."""
        served = self.serve_stored(request, snapshot) if request.refresh and found.degraded else None
        if served or not found.detection_timed_out:
            return served
        stored = self.serve_stored.read(request)
        if stored is None or stored.detection_timed_out:
            return None
        return self.serve_stored.as_own(request, stored)

    def _begin(self, request: PreviewRequest) -> PreviewRequest:
        """Take the job to ``processing`` where the page is to move it and nobody has begun.

        Pages that were asked for before it move it as workers begin them. Raises JobCancelled, JobNotFound or
        ConcurrentUpdate.
        """
        transition = Transition(JobStatus.PROCESSING, 10, "Looking for rooms")
        for _ in range(2):
            job = request.job
            job.check_not_cancelled()
            waits = job.status is JobStatus.PENDING and not job.counted
            if request.by_worker or request.page != 1 or not (waits or job.status is JobStatus.FAILED):
                return request
            try:
                return replace(request, job=self.jobs.transition(job, transition))
            except ConcurrentUpdate:
                request = replace(request, job=self.jobs.get(job.job_id, job.owner))
        raise ConcurrentUpdate(request.job.job_id)

    def _store(self, request: PreviewRequest, result: PageResult, lease: PreviewLease) -> Preview:
        """Store everything, and end ``lease`` with it; what fails is reported in the preview's `degraded`.

        Raises JobCancelled or JobNotFound; the preview is cached all the same, it has been paid for.
        """
        preview = answer = self.write_result(result.text, result.preview, request.budget)
        try:
            answer = self.record_page(request, preview)
        finally:
            cached = lease.put(CacheEntry(preview))
        return answer if cached else answer.with_degraded(Degraded.PREVIEW_NOT_STORED)
