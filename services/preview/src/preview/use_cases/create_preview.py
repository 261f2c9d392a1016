"""The rooms of a page: looked up, or else computed once for all who ask for the same preview."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from preview.domain.budget import Budget
from preview.domain.errors import DeadlineExceeded, TooBusy
from preview.domain.job import Job, check_job_id
from preview.domain.ports import Jobs, Parameters
from preview.domain.preview import Preview, PreviewInProgress
from preview.domain.result_keys import cache_key
from preview.domain.scale import ScaleChange
from preview.use_cases.caller_budget import caller_budget
from preview.use_cases.compute_preview import ComputePreview
from preview.use_cases.erase_results import EraseResults
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.given_scales import GivenScales, Reading, measured
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.request_pages import RequestPages
from preview.use_cases.serve_stored import ServeStored
from shared.metrics import Metrics

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CreatePreview:
    jobs: Jobs
    cache: FailOpenCache
    serve_stored: ServeStored
    compute_preview: ComputePreview
    erase_results: EraseResults
    given_scales: GivenScales
    request_pages: RequestPages
    parameters: Parameters
    metrics: Metrics
    model_version: str
    monotonic: Callable[[], float]

    def __call__(
        self,
        job_id: str,
        owner: str,
        page: int = 1,
        *,
        refresh: bool = False,
        scale: ScaleChange | None = None,
    ) -> Preview | PreviewInProgress:
        """The rooms of a page: from what is stored unless ``refresh``, or else computed.

        A ``scale`` is kept whatever comes of them. A page for which there is no place or time is queued;
        any other is recorded as completed or failed. Raises InvalidJobId, JobNotFound, RatioOfPicture,
        JobCancelled, ConcurrentUpdate, NoSuchPage, UnreadableBlueprint, BlueprintMissing and PageChanged.
        """
        check_job_id(job_id)
        with caller_budget(self.parameters, self.monotonic) as budget:
            job = self.jobs.get(job_id, owner)
            job.check_scale(scale)
            job.check_previewable(page)
            self.given_scales.change(job, [page], scale, budget)
            reading = self.given_scales.reading(job_id, page)
            request = self._request(job, page, budget, reading, refresh=refresh)
            try:
                found = self._get(request)
            except (TooBusy, DeadlineExceeded):
                log.info("page queued, as there was no place or time to compute it", exc_info=True)
                return self.request_pages.queue_one(request)
            if isinstance(found, PreviewInProgress):
                return found
            return measured(found, reading, budget.seconds_left())

    def for_worker(
        self, job: Job, page: int, budget: Budget, *, refresh: bool
    ) -> Preview | PreviewInProgress:
        """The rooms of a page that was queued, which the worker records."""
        job.check_previewable(page)
        return self._get(self._request(job, page, budget, refresh=refresh))

    def _request(
        self, job: Job, page: int, budget: Budget, reading: Reading | None = None, *, refresh: bool
    ) -> PreviewRequest:
        key = cache_key(job.blueprint_hash, job.owner, self.model_version, page)
        return PreviewRequest(job, page, key, budget, refresh, reading)

    def _get(self, request: PreviewRequest) -> Preview | PreviewInProgress:
        job = request.job
        snapshot = self.cache.get(request)
        hit = None if request.refresh else snapshot.hit
        if hit and hit.job_id == job.job_id:
            self.metrics.count("CacheHits")
            return self.serve_stored.as_own(request, hit.preview)
        with self.erase_results.erase_if_job_was_erased(job, request.budget):
            stored = None if request.refresh else self.serve_stored(request, snapshot)
            self.metrics.count("CacheHits" if stored else "CacheMisses")
            return stored or self.compute_preview(request, snapshot)
