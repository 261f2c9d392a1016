"""Rules of the reconciler: which files and jobs belong together, and what becomes of those that do not."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from jobs.domain.blueprint_file import BLUEPRINTS
from jobs.domain.errors import InvalidJobId, UploadNotFound
from jobs.domain.job import UNFINISHED, Job, check_job_id
from jobs.domain.upload import UPLOADS, check_upload_id

_CREATED_IN_ID = re.compile(r"job_([0-9]{14})_")  # as shared.ids makes them


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An object in storage; ``stored_at`` is by the clock of the store."""

    key: str
    stored_at: datetime


@dataclass(frozen=True, slots=True)
class UnfinishedJob:
    """What a scan of all jobs reads of one that is pending or processing."""

    job_id: str
    blueprint_s3_key: str


class Leftover(StrEnum):
    """Why a blueprint is not needed any more: its job is not there, or its time is over.

    An early orphan's job cannot have expired yet, so it never was, or got lost; of any other orphan the job
    may have been removed at the end of its life.
    """

    ORPHAN = "orphan"
    EARLY_ORPHAN = "early orphan"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ReconcileRules:
    """``grace``: what is younger is left alone, since a new file is stored before its job.

    It also covers clocks that disagree. ``retention``: how long a job is kept; ``max_early_orphans``: what
    crashes may leave behind until a run.
    """

    grace: timedelta
    retention: timedelta
    max_early_orphans: int

    def is_past_grace(self, since: datetime, at: datetime) -> bool:
        """Whether what was stored, or has expired, at ``since`` is past its grace period."""
        return at - since >= self.grace

    def leftover(self, file: StoredFile, job_expires_at: datetime | None, at: datetime) -> Leftover | None:
        """What a blueprint past its grace is, by the expiry of its job, or None for no job."""
        if job_expires_at is None:
            return Leftover.ORPHAN if at - _created_at(file) >= self.retention else Leftover.EARLY_ORPHAN
        return Leftover.EXPIRED if self.is_past_grace(job_expires_at, at) else None

    def too_many_orphans(self, early_orphans: int) -> bool:
        """Whether so many are the sign of a table that lost its jobs, and not of a crash."""
        return early_orphans > self.max_early_orphans

    def reconciled(self, job: Job, *, file_is_missing: bool, at: datetime) -> Job:
        """The job as it has to go on: failed without its file, otherwise itself.

        A failed job keeps its reason; asked for again, its preview says that the file is missing.
        """
        if file_is_missing and job.status in UNFINISHED and self.is_past_grace(job.created_at, at):
            return job.failed_without_blueprint(at)
        return job


def job_id_in(key: str) -> str | None:
    """The job that a blueprint's key names, or None when nothing in it can be a job id."""
    job_id = key.removeprefix(BLUEPRINTS).partition("/")[0]
    try:
        check_job_id(job_id)
    except InvalidJobId:
        return None
    return job_id


def _created_at(file: StoredFile) -> datetime:
    """When the job of a blueprint was created, by its id; or else when the file was stored."""
    found = _CREATED_IN_ID.match(job_id_in(file.key) or "")
    try:
        return datetime.strptime(found[1], "%Y%m%d%H%M%S").replace(tzinfo=UTC) if found else file.stored_at
    except ValueError:  # fourteen digits that are no date
        return file.stored_at


def upload_id_in(key: str) -> str | None:
    """The upload that a key names, or None when it can be none."""
    upload_id = key.removeprefix(UPLOADS)
    try:
        check_upload_id(upload_id)
    except UploadNotFound:
        return None
    return upload_id
