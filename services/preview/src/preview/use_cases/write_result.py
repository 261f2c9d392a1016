"""Storing what was found of a page in the bucket: text and preview."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import ParamSpec

from preview.call_executor import CallExecutor
from preview.domain.budget import Budget
from preview.domain.ports import ResultStore
from preview.domain.preview import Degraded, Preview
from preview.domain.text_analysis import TextAnalysis
from shared.errors import DependencyError

log = logging.getLogger(__name__)

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class WriteResult:
    results: ResultStore
    calls: CallExecutor

    def __call__(self, text: TextAnalysis | None, preview: Preview, budget: Budget) -> Preview:
        """The preview, degraded by what could not be written or, as the text, is not there."""
        if text is None or not self._try(budget, self.results.write_analysis, text):
            preview = preview.with_degraded(Degraded.ANALYSIS_NOT_STORED)
        if not self._try(budget, self.results.write_preview, preview):
            preview = preview.with_degraded(Degraded.PREVIEW_NOT_STORED)
        return preview

    def _try(self, budget: Budget, write: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> bool:
        try:
            self.calls.run(budget.seconds_to_store(), write, *args, **kwargs)
        except DependencyError:
            log.exception("result could not be stored")
            return False
        return True
