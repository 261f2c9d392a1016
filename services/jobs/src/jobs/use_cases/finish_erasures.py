"""Finish erasures that a process left some minutes ago, and delete results that were written too late."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from jobs.domain.erasure import Erasure, Tombstone
from jobs.domain.ports import ErasureTable, FeedbackTable, PreviewService
from jobs.use_cases.erase_job import EraseJob
from shared import context
from shared.errors import DependencyError
from shared.ids import new_id

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FinishErasures:
    erase_job: EraseJob
    erasures: ErasureTable
    feedback: FeedbackTable
    preview: PreviewService
    now: Callable[[], datetime]

    def __call__(self) -> None:
        """One that cannot be finished waits for the next run and holds up no other."""
        run = context.RequestContext(correlation_id=new_id("run", self.now()))
        with context.using(run), _log_failure("erasures not read; the next run reads them"):
            for found in self.erasures.find_due():
                self._finish(found)

    def _finish(self, found: Erasure | Tombstone) -> None:
        of_job = replace(context.current(), job_id=found.job_id)
        with context.using(of_job), _log_failure("erasure not finished; the next run goes on"):
            if isinstance(found, Erasure):
                self.erase_job.complete(found)
            else:
                self._delete_late_results(found)

    def _delete_late_results(self, found: Tombstone) -> None:
        feedback = self.feedback.delete_all(found.job_id)
        results = self.preview.erase_results(found.job_id)
        if feedback or results.results or results.analysis:
            late = {"feedback": feedback, **asdict(results)}
            log.info("late results of an erased job deleted", extra={"context": late})
        self.erasures.delete_tombstone(found.job_id)


@contextmanager
def _log_failure(message: str) -> Iterator[None]:
    try:
        yield
    except DependencyError:
        log.warning(message, exc_info=True)
