"""What one caller wants of `get_preview`."""

from dataclasses import dataclass

from preview.domain.budget import Budget
from preview.domain.job import Job


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """``cache_key`` is the same for everybody who wants the same preview, ``budget`` is this caller's.

    What is wanted ``by_worker`` keeps no caller waiting: it takes no permit of theirs, and no preview that
    does not complete its page.
    """

    job: Job
    page: int
    cache_key: str
    budget: Budget
    refresh: bool = False
    by_worker: bool = False

    @property
    def moves_job(self) -> bool:
        """Whether this page moves the job, which the counts of its pages do where it has some."""
        return self.page == 1 and not self.job.counted
