"""Keeping what was found: analysis and preview in the bucket, the job's state, the preview for others."""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import ParamSpec

from preview.concurrency.call_executor import TimeBox, limited_to, seconds_left
from preview.domain.analysis import Analysis
from preview.domain.cache_entry import CacheEntry
from preview.domain.errors import NoTimeLeft
from preview.domain.job import Job, JobStatus
from preview.domain.ports import ResultStore
from preview.domain.preview import Degraded, Preview
from preview.domain.result_keys import analysis_key
from preview.use_cases.analyse_page import Findings
from preview.use_cases.fail_open_cache import SharedCache
from preview.use_cases.job_progress import JobProgress
from shared.errors import DependencyError, DependencyFailed, DependencyUnavailable

log = logging.getLogger(__name__)

P = ParamSpec("P")

_SHARE_OF_THE_TIME_LEFT = 0.5  # so that one store that hangs leaves time for the others


class Keeper:
    """What cannot be kept is reported as degraded in the preview that is returned."""

    def __init__(
        self, results: ResultStore, cache: SharedCache, progress: JobProgress, calls: TimeBox
    ) -> None:
        self._results = results
        self._cache = cache
        self._progress = progress
        self._calls = calls

    def keep(self, job: Job, findings: Findings, key: str, token: str) -> Preview:
        """Store everything under the lease ``token`` and end it.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate when the job went another way; the preview is
        cached all the same, it has been paid for.
        """
        lacks = self._store(findings.analysis, findings.preview)
        preview = answer = findings.preview.lacking(*lacks)
        try:
            answer = preview.lacking(*self.save_state(job, preview))
        finally:
            cached = self._cache.finish(key, token, CacheEntry(preview))
        return answer if cached else answer.lacking(Degraded.PREVIEW_NOT_STORED)

    def copy(self, entry: CacheEntry, job: Job) -> list[Degraded] | None:
        """Give ``job`` its own copy of another job's results; None when they are gone or cannot be read."""
        own = replace(entry.preview, job_id=job.job_id)
        try:
            analysis = self._analysis_of(entry.preview)
        except DependencyUnavailable:
            log.exception("analysis could not be copied")
            return self._store(None, own)
        if analysis is None:
            return None
        key = analysis_key(job.job_id, own.page.number)
        return self._store(replace(analysis, job_id=job.job_id, s3_key=key), own)

    def save_state(self, job: Job, preview: Preview) -> list[Degraded]:
        """Take the job to completed, or to failed where ``preview`` is no result.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate.
        """
        try:
            with limited_to(seconds_left() * _SHARE_OF_THE_TIME_LEFT):
                if preview.is_result:
                    self._progress.complete(job, preview)
                elif job.status is not JobStatus.FAILED:
                    page = preview.page.number
                    self._progress.fail(self._progress.begin(job, page), page, NoTimeLeft())
        except DependencyError:
            log.exception("job state could not be saved")
            return [Degraded.STATE_NOT_SAVED]
        return []

    def _analysis_of(self, preview: Preview) -> Analysis | None:
        seconds = seconds_left() * _SHARE_OF_THE_TIME_LEFT
        try:
            return self._calls.within(seconds, self._results.analysis, preview.job_id, preview.page.number)
        except DependencyFailed:
            log.exception("a stored analysis cannot be read; it will be computed anew")
            return None

    def _store(self, analysis: Analysis | None, preview: Preview) -> list[Degraded]:
        lacks = []
        if analysis is None or not self._stored(self._results.save_analysis, analysis):
            lacks.append(Degraded.ANALYSIS_NOT_STORED)
        if not self._stored(self._results.save_preview, preview.lacking(*lacks)):
            lacks.append(Degraded.PREVIEW_NOT_STORED)
        return lacks

    def _stored(self, save: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            self._calls.within(seconds_left() * _SHARE_OF_THE_TIME_LEFT, save, *args, **kwargs)
        except DependencyError:
            log.exception("result could not be stored")
            return False
        return True
