"""What the preview cache holds under one key, and who is at work on it."""

from dataclasses import dataclass

from preview.domain.preview import Preview


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A finished preview, with the results of the job it was made for in the bucket."""

    preview: Preview

    @property
    def job_id(self) -> str:
        return self.preview.job_id

    @property
    def is_hit(self) -> bool:
        """Whether it answers a caller who was not already waiting for it."""
        return not self.preview.degraded


@dataclass(frozen=True, slots=True)
class Refusal:
    """The file of a job could not be drawn. Kept for those who wait, so that it is not tried for each."""

    job_id: str
    message: str
    reason: str


Outcome = CacheEntry | Refusal


@dataclass(frozen=True, slots=True)
class CacheState:
    """One look at a key.

    ``outcome`` is None when there is none or it has expired; ``edition`` changes whenever an outcome is
    stored and is None before the first; ``leased`` says that somebody is computing.
    """

    outcome: Outcome | None = None
    edition: str | None = None
    leased: bool = False
