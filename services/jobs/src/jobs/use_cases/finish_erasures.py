"""Finish erasures that a process left some minutes ago, and delete results that were written too late."""

import logging
from dataclasses import asdict, dataclass, replace

from jobs.domain.erasure import Erasure, Tombstone
from jobs.domain.ports import ErasureTable, FeedbackTable, PreviewService
from jobs.use_cases.erase_job import EraseJob
from shared import context
from shared.errors import DependencyError
from shared.periodic_task import background_run

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FinishErasures:
    erase_job: EraseJob
    erasures: ErasureTable
    feedback: FeedbackTable
    preview: PreviewService

    def __call__(self) -> None:
        """One that cannot be finished waits for the next run and holds up no other."""
        with background_run("finish_erasures"):
            for found in self.erasures.find_due():
                self._finish(found)

    def _finish(self, found: Erasure | Tombstone) -> None:
        of_job = replace(context.current(), job_id=found.job_id)
        with context.using(of_job):
            try:
                if isinstance(found, Erasure):
                    self.erase_job.complete(found)
                else:
                    self._delete_late_results(found)
            except DependencyError:
                log.warning("erasure not finished; the next run goes on", exc_info=True)

    def _delete_late_results(self, found: Tombstone) -> None:
        feedback = self.feedback.delete_all(found.job_id)
        results = self.preview.erase_results(found.job_id)
        if feedback or results.results or results.analysis:
            late = {"feedback": feedback, **asdict(results)}
            log.info("late results of an erased job deleted", extra={"context": late})
        self.erasures.delete_tombstone(found.job_id)
