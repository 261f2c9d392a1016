"""Answering a job from results that exist already; its page is completed by them."""

import logging
from dataclasses import dataclass, replace

from preview.call_executor import CallExecutor
from preview.domain.budget import Budget
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.errors import UnreadableBlueprint
from preview.domain.ports import Jobs, ResultStore
from preview.domain.preview import Preview
from preview.domain.result_keys import analysis_key
from preview.domain.text_analysis import TextAnalysis
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.preview_request import PreviewRequest
from preview.use_cases.record_page import RecordPage
from preview.use_cases.write_result import WriteResult
from shared.errors import DependencyError, DependencyFailed, DependencyUnavailable

log = logging.getLogger(__name__)

_READ_SECONDS = 1.0  # the bucket answers in milliseconds; computing anew is the better use of more


@dataclass(frozen=True, slots=True)
class ServeStored:
    jobs: Jobs
    results: ResultStore
    cache: FailOpenCache
    write_result: WriteResult
    record_page: RecordPage
    calls: CallExecutor
    model_version: str

    def __call__(self, request: PreviewRequest, snapshot: CacheSnapshot) -> Preview | None:
        """From the job's own results, which go back into the cache, or else from the cache; None without.

        Raises JobCancelled or JobNotFound.
        """
        stored = self.read(request)
        if stored and not stored.degraded:
            if snapshot.hit is None:
                self.cache.refill(request, CacheEntry(stored), snapshot)
            return self.as_own(request, stored)
        return self.serve_entry(request, snapshot.hit) if snapshot.hit else None

    def serve_new_result(self, request: PreviewRequest, result: CacheResult) -> Preview | None:
        """From what was stored while the caller waited, be it degraded; raises it if it is negative."""
        self.jobs.get(request.job.job_id, request.job.owner).check_not_cancelled()
        if isinstance(result, CacheEntry):
            return self.serve_entry(request, result)
        error = UnreadableBlueprint(result.message, result.reason)
        self.record_page.failed(request, error)
        raise error

    def serve_entry(self, request: PreviewRequest, entry: CacheEntry) -> Preview | None:
        """The entry as this job's own preview; None when its results can no longer be copied to the job."""
        if entry.job_id == request.job.job_id:
            return self.as_own(request, entry.preview)
        copy = self._copy(entry, request)
        return self.as_own(request, copy) if copy else None

    def as_own(self, request: PreviewRequest, stored: Preview) -> Preview:
        """The stored preview as the answer for this job, recorded as its page."""
        return self.record_page(request, stored.for_job(request.job.job_id))

    def read(self, request: PreviewRequest) -> Preview | None:
        """The job's own stored preview; None also while the bucket is away."""
        job_id, version = request.job.job_id, self.model_version
        try:
            seconds = request.budget.at_most(_READ_SECONDS)
            return self.calls.run(seconds, self.results.read_preview, job_id, request.page, version)
        except DependencyError:
            return None

    def _copy(self, entry: CacheEntry, request: PreviewRequest) -> Preview | None:
        """Give the job its own copy of another job's results; None when they are gone or cannot be read."""
        job_id, budget = request.job.job_id, request.budget
        own = replace(entry.preview, job_id=job_id)
        try:
            text = self._read_text(entry.preview, budget)
        except DependencyUnavailable:
            log.exception("analysis could not be copied")
            return self.write_result(None, own, budget)
        if text is None:
            return None
        key = analysis_key(job_id, own.page.number)
        return self.write_result(replace(text, job_id=job_id, s3_key=key), own, budget)

    def _read_text(self, preview: Preview, budget: Budget) -> TextAnalysis | None:
        seconds = budget.seconds_to_store()
        try:
            return self.calls.run(seconds, self.results.read_analysis, preview.job_id, preview.page.number)
        except DependencyFailed:
            log.exception("a stored analysis cannot be read; it will be computed anew")
            return None
