"""Computing one preview under a lease: move the job, find the rooms, store what was found."""

from dataclasses import dataclass

from preview.bulkheads import ComputeSlot
from preview.domain.cache_entry import CacheSnapshot, NegativeEntry
from preview.domain.errors import DeadlineExceeded, UnreadableBlueprint
from preview.domain.preview import Preview
from preview.use_cases.analyse_page import AnalysePage, PageResult
from preview.use_cases.fail_open_cache import PreviewLease
from preview.use_cases.job_transitions import JobTransitions
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.serve_stored import ServeStored
from preview.use_cases.write_result import WriteResult
from shared.metrics import Metrics


@dataclass(frozen=True, slots=True)
class ComputePreview:
    analyse_page: AnalysePage
    serve_stored: ServeStored
    write_result: WriteResult
    transitions: JobTransitions
    metrics: Metrics

    def __call__(
        self, request: PreviewRequest, snapshot: CacheSnapshot, lease: PreviewLease, slot: ComputeSlot
    ) -> Preview:
        """Compute under ``lease``; ``slot`` is released once it is not needed.

        Raises as `GetPreview` does; the job is failed then, unless its page is queued.
        """
        try:
            request = self.transitions.begin(request)
            result = self.analyse_page(request, slot)
            self._record_metrics(result)
            better = self._serve_better(request, snapshot, result.preview)
            if better:
                return result.preview.with_degraded(*better.degraded)
            return self.write_result(request, result, lease)
        except DeadlineExceeded:  # the page is queued, and its job goes on
            raise
        except UnreadableBlueprint as exc:
            self.transitions.fail(request, exc)
            lease.put(NegativeEntry(request.job.job_id, str(exc), exc.reason))
            raise
        except Exception as exc:  # whatever it is, the job fails by it
            self.transitions.fail(request, exc)
            raise

    def _serve_better(
        self, request: PreviewRequest, snapshot: CacheSnapshot, found: Preview
    ) -> Preview | None:
        """Complete the job with the stored preview where that is better than ``found``."""
        served = self.serve_stored(request, snapshot) if request.refresh and found.degraded else None
        if served or not found.detection_timed_out:
            return served
        stored = self.serve_stored.read(request)
        if stored is None or stored.detection_timed_out:
            return None
        return self.transitions.finish_with_stored(request, stored)

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
