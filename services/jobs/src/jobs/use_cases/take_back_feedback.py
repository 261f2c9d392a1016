"""Take back what was said; what it added goes with it."""

from dataclasses import dataclass

from jobs.domain.errors import FeedbackNotFound
from jobs.domain.feedback import Entry, check_feedback_id
from jobs.domain.ports import FeedbackTable
from jobs.use_cases.job_repository import JobRepository


@dataclass(frozen=True, slots=True)
class TakeBackFeedback:
    jobs: JobRepository
    feedback: FeedbackTable

    def __call__(self, job_id: str, feedback_id: str, owner: str) -> Entry:
        """The entry that is gone now. Raises InvalidJobId, JobNotFound and FeedbackNotFound."""
        self.jobs.find(job_id, owner)
        check_feedback_id(feedback_id)
        entry = self.feedback.get(job_id, feedback_id)
        if entry is None:
            raise FeedbackNotFound(feedback_id)
        self.feedback.delete(entry)
        return entry
