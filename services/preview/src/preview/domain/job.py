"""A job as the preview service sees it: the jobs service owns it, this one reads it and moves its state."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from preview.domain.errors import InvalidJobId, JobCancelled, NoSuchPage, RatioOfPicture
from preview.domain.scale import GivenRatio, ScaleChange

JOB_ID_PATTERN = "^job_[A-Za-z0-9_-]{1,80}$"


def check_job_id(job_id: str) -> None:
    """Raises InvalidJobId for what cannot be the id of a job."""
    if not re.fullmatch(JOB_ID_PATTERN, job_id):
        raise InvalidJobId


class JobStatus(StrEnum):
    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Job:
    """``version`` counts the changes of the job; ``blueprint_hash`` is the file's SHA-256 in hex.

    ``message``, ``result_s3_key`` and ``degraded`` are what it says of its result. ``counted``: its state
    follows from the counts of its pages, so that no single preview moves it. ``blueprint_filename`` is as the
    caller sent it.
    """

    job_id: str
    owner: str
    version: int
    status: JobStatus
    blueprint_s3_key: str
    blueprint_format: str
    blueprint_hash: str
    blueprint_size_bytes: int
    page_count: int
    expires_at: datetime
    message: str | None = None
    result_s3_key: str | None = None
    degraded: tuple[str, ...] = ()
    counted: bool = False
    blueprint_filename: str | None = None

    @property
    def summary(self) -> "JobSummary":
        """What is stored with its pages."""
        return JobSummary(self.job_id, self.owner, self.status, self.page_count, self.expires_at)

    def check_scale(self, change: ScaleChange | None) -> None:
        """Raises RatioOfPicture for a scale that only a sheet of known size can have."""
        is_ratio = change is not None and isinstance(change.scale, GivenRatio)
        if is_ratio and self.blueprint_format != "pdf":
            raise RatioOfPicture(self.blueprint_format)

    def check_previewable(self, page: int) -> None:
        """Raises JobCancelled or NoSuchPage when this page can have no preview."""
        self.check_not_cancelled()
        self.check_page(page)

    def check_page(self, page: int) -> None:
        """Raises NoSuchPage for a page that the blueprint does not have."""
        if not 1 <= page <= self.page_count:
            raise NoSuchPage(page, self.page_count)

    def check_not_cancelled(self) -> None:
        """Raises JobCancelled."""
        if self.status is JobStatus.CANCELLED:
            raise JobCancelled(self.job_id)


@dataclass(frozen=True, slots=True)
class JobSummary:
    """What has to be known of a job to have pages of it previewed later."""

    job_id: str
    owner: str
    status: JobStatus
    page_count: int
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class JobError:
    """Why a job failed, as its owner reads it on the job."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Transition:
    """What to write on a job; ``progress`` is 0 to 100."""

    to: JobStatus
    progress: int
    message: str
    result_s3_key: str | None = None
    degraded: tuple[str, ...] = ()
    error: JobError | None = None
