"""What one caller wants of `create_preview`."""

from dataclasses import dataclass

from preview.domain.budget import Budget
from preview.domain.job import Job
from preview.use_cases.given_scales import Reading


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """``cache_key`` is the same for everybody who wants the same preview, ``budget`` is this caller's.

    ``reading`` is of the page as it was recorded before. Without it a worker wants the page, which keeps no
    caller waiting and is recorded by the worker: it takes no permit of callers, and no preview that does not
    complete its page.
    """

    job: Job
    page: int
    cache_key: str
    budget: Budget
    refresh: bool = False
    reading: Reading | None = None

    @property
    def by_worker(self) -> bool:
        return self.reading is None
