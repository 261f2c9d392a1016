"""The last stored preview of a page."""

from dataclasses import dataclass

from preview.concurrency.call_executor import CallExecutor
from preview.concurrency.deadlines import remaining_seconds, request_deadline
from preview.domain.errors import PreviewNotFound
from preview.domain.job import check_job_id
from preview.domain.ports import Jobs, Parameters, ResultStore
from preview.domain.preview import Preview


@dataclass(frozen=True, slots=True)
class ReadPreview:
    jobs: Jobs
    results: ResultStore
    parameters: Parameters
    calls: CallExecutor

    def __call__(self, job_id: str, owner: str | None, page: int) -> Preview:
        """Of the job of this ``owner``, or of any where that is None.

        Raises InvalidJobId, JobNotFound, NoSuchPage and PreviewNotFound.
        """
        check_job_id(job_id)
        with request_deadline(self.parameters):
            job = self.jobs.get(job_id, owner)
            job.check_page(page)
            found = self.calls.run(remaining_seconds(), self.results.read_latest_preview, job_id, page)
        if found is None:
            raise PreviewNotFound(job_id, page)
        return found.for_job(job_id)
