"""Storing what was found: text and preview in the bucket, the job's state, the preview for everybody."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import ParamSpec

from preview.concurrency.call_executor import CallExecutor
from preview.concurrency.deadlines import deadline_in, remaining_seconds
from preview.domain.cache_entry import CacheEntry
from preview.domain.errors import DeadlineExceeded
from preview.domain.job import Job, JobStatus
from preview.domain.ports import ResultStore
from preview.domain.preview import Degraded, Preview
from preview.domain.result_keys import analysis_key
from preview.domain.text_analysis import TextAnalysis
from preview.use_cases.analyse_page import PageResult
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.job_progress import JobProgress
from shared.errors import DependencyError, DependencyFailed, DependencyUnavailable

log = logging.getLogger(__name__)

P = ParamSpec("P")

_CALL_SHARE = 0.5  # of the time that is left, so that one store that hangs leaves time for the others


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What cannot be stored is reported as degraded in the preview that is returned."""

    results: ResultStore
    cache: FailOpenCache
    progress: JobProgress
    calls: CallExecutor

    def __call__(self, job: Job, result: PageResult, key: str, token: str) -> Preview:
        """Store everything under the lease ``token`` and end it.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate when the job went another way; the preview is
        cached all the same, it has been paid for.
        """
        degraded = self._write(result.text, result.preview)
        preview = answer = result.preview.with_degraded(*degraded)
        try:
            answer = preview.with_degraded(*self.move_job(job, preview))
        finally:
            cached = self.cache.put(key, token, CacheEntry(preview))
        return answer if cached else answer.with_degraded(Degraded.PREVIEW_NOT_STORED)

    def copy(self, entry: CacheEntry, job: Job) -> list[Degraded] | None:
        """Give ``job`` its own copy of another job's results; None when they are gone or cannot be read."""
        own = replace(entry.preview, job_id=job.job_id)
        try:
            text = self._read_text(entry.preview)
        except DependencyUnavailable:
            log.exception("analysis could not be copied")
            return self._write(None, own)
        if text is None:
            return None
        key = analysis_key(job.job_id, own.page.number)
        return self._write(replace(text, job_id=job.job_id, s3_key=key), own)

    def move_job(self, job: Job, preview: Preview) -> list[Degraded]:
        """Take the job to completed, or to failed where ``preview`` does not complete it.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate.
        """
        try:
            with deadline_in(remaining_seconds() * _CALL_SHARE):
                if preview.completes_job:
                    self.progress.complete(job, preview)
                elif job.status is not JobStatus.FAILED:
                    page = preview.page.number
                    self.progress.fail(self.progress.begin(job, page), page, DeadlineExceeded())
        except DependencyError:
            log.exception("job state could not be saved")
            return [Degraded.STATE_NOT_SAVED]
        return []

    def _read_text(self, preview: Preview) -> TextAnalysis | None:
        seconds = remaining_seconds() * _CALL_SHARE
        try:
            return self.calls.run(seconds, self.results.read_analysis, preview.job_id, preview.page.number)
        except DependencyFailed:
            log.exception("a stored analysis cannot be read; it will be computed anew")
            return None

    def _write(self, text: TextAnalysis | None, preview: Preview) -> list[Degraded]:
        degraded = []
        if text is None or not self._try(self.results.write_analysis, text):
            degraded.append(Degraded.ANALYSIS_NOT_STORED)
        if not self._try(self.results.write_preview, preview.with_degraded(*degraded)):
            degraded.append(Degraded.PREVIEW_NOT_STORED)
        return degraded

    def _try(self, write: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            self.calls.run(remaining_seconds() * _CALL_SHARE, write, *args, **kwargs)
        except DependencyError:
            log.exception("result could not be stored")
            return False
        return True
