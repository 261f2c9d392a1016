"""Computing one preview under a lease: move the job, find the rooms, store what was found."""

from dataclasses import dataclass, replace

from preview.bulkheads import ComputeSlot
from preview.domain.cache_entry import CacheEntry, CacheSnapshot, NegativeEntry
from preview.domain.errors import ConcurrentUpdate, DeadlineExceeded, UnreadableBlueprint
from preview.domain.job import JobStatus, Transition
from preview.domain.ports import Jobs
from preview.domain.preview import Degraded, Preview
from preview.use_cases.analyse_page import AnalysePage, PageResult
from preview.use_cases.fail_open_cache import PreviewLease
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.record_page import RecordPage
from preview.use_cases.serve_stored import ServeStored
from preview.use_cases.write_result import WriteResult
from shared.metrics import Metrics


@dataclass(frozen=True, slots=True)
class ComputePreview:
    jobs: Jobs
    analyse_page: AnalysePage
    serve_stored: ServeStored
    write_result: WriteResult
    record_page: RecordPage
    metrics: Metrics

    def __call__(
        self, request: PreviewRequest, snapshot: CacheSnapshot, lease: PreviewLease, slot: ComputeSlot
    ) -> Preview:
        """Compute under ``lease``; ``slot`` is released once it is not needed.

        Raises as `GetPreview` does; the page has failed then, unless it is queued.
        """
        try:
            request = self._begin(request)
            result = self.analyse_page(request, slot)
            self._record_metrics(result)
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

    def _record_metrics(self, result: PageResult) -> None:
        timing, metadata = result.preview.timing, result.text.metadata
        self.metrics.record(
            {
                "LoadSeconds": (timing.load_seconds, "Seconds"),
                "RenderSeconds": (timing.render_seconds, "Seconds"),
                "TextractSeconds": (timing.textract_analysis_seconds, "Seconds"),
                "DetectionSeconds": (timing.room_detection_seconds, "Seconds"),
                "TotalSeconds": (timing.total_seconds, "Seconds"),
                "RoomsFound": (len(result.preview.rooms), "Count"),
                "TextractPages": (metadata.textract_pages, "Count"),
                "TextractEstimatedUsd": (metadata.estimated_usd, "None"),
            }
        )
