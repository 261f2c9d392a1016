"""What the preview cache holds under one key, and whether somebody computes it."""

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
class NegativeEntry:
    """The file of a job cannot be drawn. Kept for those who wait, so that it is not tried for each."""

    job_id: str
    message: str
    reason: str


CacheResult = CacheEntry | NegativeEntry


@dataclass(frozen=True, slots=True)
class CacheSnapshot:
    """One key as it was read.

    ``result`` is None when there is none or it has expired; ``version`` changes whenever a result is stored
    and is None before the first; ``leased`` says that somebody computes one.
    """

    result: CacheResult | None = None
    version: str | None = None
    leased: bool = False

    @property
    def hit(self) -> CacheEntry | None:
        """The entry, if it answers a caller who was not already waiting for it."""
        return self.result if isinstance(self.result, CacheEntry) and self.result.is_hit else None
