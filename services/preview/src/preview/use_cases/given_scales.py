"""Scales that callers gave: kept with the pages of their jobs, and applied to every answer about them."""

from collections.abc import Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass

from preview.call_executor import CallExecutor
from preview.domain.budget import Budget
from preview.domain.job import Job
from preview.domain.page_work import PageWork
from preview.domain.ports import PageTable
from preview.domain.preview import Preview
from preview.domain.scale import GivenScale, ScaleChange
from preview.use_cases.erase_results import EraseResults
from shared.errors import DependencyUnavailable

Reading = Future[tuple[PageWork | None, GivenScale | None]]
"""A page as it is stored, and its scale."""


@dataclass(frozen=True, slots=True)
class GivenScales:
    """Results are stored without them, so that none reaches another job of the same file."""

    pages: PageTable
    erase_results: EraseResults
    calls: CallExecutor

    def change(self, job: Job, pages: Sequence[int], change: ScaleChange | None, budget: Budget) -> None:
        """Keep or forget the scale of these pages; nothing where the caller said nothing of it.

        Raises JobNotFound and PageChanged.
        """
        if change is None:
            return
        with self.erase_results.erase_if_job_was_erased(job, budget):
            self.pages.give_scale(job.job_id, pages, change.scale, job.expires_at)

    def of_job(self, job_id: str, seconds: float) -> dict[int, GivenScale]:
        return self.calls.run(seconds, self.pages.scales, job_id)

    def reading(self, job_id: str, page: int) -> Reading:
        """A page and the scale that was given for it, if one was; read while the preview is looked up."""
        return self.calls.submit(self.pages.get_with_scale, job_id, page)


def measured(preview: Preview, reading: Reading, seconds: float) -> Preview:
    """The preview with the scale that was given, which is waited for so many ``seconds``.

    Raises DependencyError where that cannot be read: measures by another scale would be wrong in silence.
    """
    _, scale = read_page(reading, seconds)
    return preview.with_given_scale(scale)


def read_page(reading: Reading, seconds: float) -> tuple[PageWork | None, GivenScale | None]:
    """What was read, waited for so long. Raises DependencyError."""
    done, _ = wait([reading], timeout=max(0.0, seconds))
    if not done:
        raise DependencyUnavailable("DynamoDB")
    return reading.result()
