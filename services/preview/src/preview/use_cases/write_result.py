"""Storing what was found: text and preview in the bucket, then the preview for everybody."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

from preview.call_executor import CallExecutor
from preview.domain.budget import Budget
from preview.domain.cache_entry import CacheEntry
from preview.domain.ports import ResultStore
from preview.domain.preview import Degraded, Preview
from preview.domain.text_analysis import TextAnalysis
from preview.use_cases.analyse_page import PageResult
from preview.use_cases.fail_open_cache import PreviewLease
from preview.use_cases.job_transitions import JobTransitions
from preview.use_cases.preview_request import PreviewRequest
from shared.errors import DependencyError

log = logging.getLogger(__name__)

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What cannot be stored is reported as degraded in the preview that is returned."""

    results: ResultStore
    transitions: JobTransitions
    calls: CallExecutor

    def __call__(self, request: PreviewRequest, result: PageResult, lease: PreviewLease) -> Preview:
        """Store everything, and end ``lease`` with it.

        Raises JobCancelled, JobNotFound or ConcurrentUpdate when the job went another way; the preview is
        cached all the same, it has been paid for.
        """
        degraded = self.write(result.text, result.preview, request.budget)
        preview = answer = result.preview.with_degraded(*degraded)
        try:
            answer = self.transitions.finish(request, preview)
        finally:
            cached = lease.put(CacheEntry(preview))
        return answer if cached else answer.with_degraded(Degraded.PREVIEW_NOT_STORED)

    def write(self, text: TextAnalysis | None, preview: Preview, budget: Budget) -> list[Degraded]:
        """Write both to the bucket; what could not be written or, as the text, is not there."""
        degraded = []
        if text is None or not self._try(budget, self.results.write_analysis, text):
            degraded.append(Degraded.ANALYSIS_NOT_STORED)
        if not self._try(budget, self.results.write_preview, preview.with_degraded(*degraded)):
            degraded.append(Degraded.PREVIEW_NOT_STORED)
        return degraded

    def _try(self, budget: Budget, write: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            self.calls.run(budget.seconds_to_store(), write, *args, **kwargs)
        except DependencyError:
            log.exception("result could not be stored")
            return False
        return True
