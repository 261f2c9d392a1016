"""What one caller wants of `get_preview`."""

from dataclasses import dataclass

from preview.domain.job import Job


@dataclass(frozen=True, slots=True)
class PreviewRequest:
    """``cache_key`` is the same for everybody who wants the same preview.

    What runs ``in_background`` keeps no caller waiting and takes no permit of theirs. It computes again for
    as long as there is time where detection timed out, and stores within all of that time.
    """

    job: Job
    page: int
    cache_key: str
    refresh: bool = False
    in_background: bool = False
