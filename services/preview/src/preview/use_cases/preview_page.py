"""A page from the queue, for nobody who waits."""

from dataclasses import dataclass

from preview.concurrency.deadlines import grace_period
from preview.domain.errors import BlueprintMissing, JobCancelled, JobNotFound, UnreadableBlueprint
from preview.domain.ports import Jobs
from preview.domain.preview import PreviewInProgress
from preview.domain.queued_page import PageOutcome
from preview.domain.time_limits import PAGE_SECONDS
from preview.use_cases.get_preview import GetPreview


@dataclass(frozen=True, slots=True)
class PreviewPage:
    jobs: Jobs
    get_preview: GetPreview

    def __call__(self, job_id: str, page: int) -> PageOutcome:
        with grace_period(PAGE_SECONDS):
            try:
                found = self.get_preview.in_background(self.jobs.get(job_id, None), page)
            except (JobNotFound, JobCancelled):
                return PageOutcome.SKIPPED
            except (UnreadableBlueprint, BlueprintMissing):
                return PageOutcome.FAILED
        return PageOutcome.RETRY if isinstance(found, PreviewInProgress) else PageOutcome.DONE
