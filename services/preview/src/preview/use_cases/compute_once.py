"""Single-flight: one worker computes a preview under a lease, all others wait for its result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from preview.concurrency.bulkhead import Bulkhead
from preview.concurrency.compute_slots import ComputeSlots
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.errors import TooBusy
from preview.domain.job import Job, JobStatus
from preview.domain.ports import Jobs
from preview.domain.preview import Preview, PreviewInProgress
from preview.use_cases.compute_preview import ComputePreview
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.serve_stored import ServeStored
from shared.errors import DependencyError

_ANSWER_SECONDS = 0.3  # kept for reading the status of the job, or for queueing the page
_FIRST_PAUSE_SECONDS = 0.05
_MAX_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class ComputeOnce:
    """``sleep`` pauses for so many seconds while another computation of the same preview runs."""

    jobs: Jobs
    cache: FailOpenCache
    serve_stored: ServeStored
    compute_preview: ComputePreview
    bulkhead: Bulkhead
    slots: ComputeSlots
    sleep: Callable[[float], None]

    def __call__(self, request: PreviewRequest, snapshot: CacheSnapshot) -> Preview | PreviewInProgress:
        """Compute under a lease, or wait for who does; a caller who gets no permit is answered at once.

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

    def _compute_or_wait(self, request: PreviewRequest, served: CacheSnapshot) -> Preview | PreviewInProgress:
        """``served`` is the snapshot whose result the caller does not want or could not have."""
        snapshot, others_compute = served, False
        for pause in _pauses():
            preview = None
            result = None if snapshot.version == served.version else _acceptable(request, snapshot.result)
            if result is not None:
                preview, served = self.serve_stored.serve_new_result(request, result), snapshot
            elif not snapshot.leased and request.budget.may_start():
                preview = self._compute_in_slot(request, snapshot, pause)
            if preview:
                return preview
            others_compute = others_compute or snapshot.leased
            if request.budget.seconds_left() <= _ANSWER_SECONDS:
                break
            self.sleep(pause)
            snapshot = self.cache.get(request)
        if not others_compute:
            raise TooBusy
        return PreviewInProgress(request.job.job_id, self._read_status(request.job))

    def _compute_in_slot(
        self, request: PreviewRequest, snapshot: CacheSnapshot, timeout_seconds: float
    ) -> Preview | None:
        """None when no slot gets free, another worker takes the lease, or it is to be tried again."""
        slot = self.slots.acquire(timeout_seconds)
        if slot is None:
            return None
        try:
            token = self.cache.take_lease(request, snapshot)
            return self.compute_preview(request, snapshot, token, slot) if token else None
        finally:
            slot.release()

    def _read_status(self, job: Job) -> JobStatus:
        try:
            return self.jobs.get(job.job_id, job.owner).status
        except DependencyError:
            return job.status


def _acceptable(request: PreviewRequest, result: CacheResult | None) -> CacheResult | None:
    """The result, also a degraded one; for a worker only if it completes its page."""
    if request.by_worker and isinstance(result, CacheEntry) and not result.preview.completes_job:
        return None
    return result


def _pauses() -> Iterator[float]:
    pause = _FIRST_PAUSE_SECONDS
    while True:
        yield pause
        pause = min(pause * 1.5, _MAX_PAUSE_SECONDS)
