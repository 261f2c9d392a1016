"""The text and layout of a page, as they were read for its preview."""

from dataclasses import dataclass

from preview.call_executor import CallExecutor
from preview.domain.errors import PreviewNotFound
from preview.domain.job import check_job_id
from preview.domain.ports import Jobs, Parameters, ResultStore
from preview.domain.text_analysis import TextAnalysis
from preview.use_cases.caller_budget import caller_budget


@dataclass(frozen=True, slots=True)
class ReadText:
    jobs: Jobs
    results: ResultStore
    parameters: Parameters
    calls: CallExecutor

    def __call__(self, job_id: str, owner: str, page: int) -> TextAnalysis:
        """Raises InvalidJobId, JobNotFound, NoSuchPage and PreviewNotFound."""
        check_job_id(job_id)
        with caller_budget(self.parameters) as budget:
            job = self.jobs.get(job_id, owner)
            job.check_page(page)
            found = self.calls.run(budget.seconds_left(), self.results.read_analysis, job_id, page)
        if found is None:
            raise PreviewNotFound(job_id, page)
        return found
