"""The last stored preview of a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from preview.call_executor import CallExecutor
from preview.domain.budget import Budget
from preview.domain.corrections import Corrections, FeedbackEntry
from preview.domain.errors import PreviewNotFound
from preview.domain.job import check_job_id
from preview.domain.ports import Jobs, Parameters, ResultStore
from preview.domain.preview import Preview
from preview.use_cases.caller_budget import caller_budget
from preview.use_cases.given_scales import GivenScales, measured


@dataclass(frozen=True, slots=True)
class ReadPreview:
    jobs: Jobs
    results: ResultStore
    given_scales: GivenScales
    parameters: Parameters
    calls: CallExecutor
    corrections: Callable[[Sequence[FeedbackEntry]], Corrections]

    def __call__(self, job_id: str, owner: str, page: int, *, corrected: bool = False) -> Preview:
        """Of the job of this ``owner``, the rooms as people ``corrected`` them or as they were found.

        Raises InvalidJobId, JobNotFound, NoSuchPage and PreviewNotFound.
        """
        check_job_id(job_id)
        with caller_budget(self.parameters) as budget:
            job = self.jobs.get(job_id, owner)
            job.check_page(page)
            preview = self._read(job_id, page, budget).of_file(job.blueprint_filename)
            if not corrected:
                return preview
            return preview.corrected(self.corrections(self.jobs.feedback(job_id, page)))

    def stored(self, job_id: str, page: int) -> Preview:
        """What is stored, without asking jobs of the job. Raises InvalidJobId and PreviewNotFound."""
        check_job_id(job_id)
        with caller_budget(self.parameters) as budget:
            return self._read(job_id, page, budget)

    def _read(self, job_id: str, page: int, budget: Budget) -> Preview:
        given = self.given_scales.reading(job_id, page)
        found = self.calls.run(budget.seconds_left(), self.results.read_latest_preview, job_id, page)
        if found is None:
            raise PreviewNotFound(job_id, page)
        return measured(found.for_job(job_id), given, budget.seconds_left())
