"""What is kept of a job that is being erased, and what its owner is told in the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.idempotency import KEPT, ErasedRequest
from jobs.domain.job import Job

LONGEST = timedelta(days=30)
"""What is kept of an erasure goes by itself after it: lifecycle rules have emptied the buckets by then."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A job that is gone for every caller, and what it takes to find the rest of it.

    ``upload_id`` is the upload that it was made of and ``request`` the one under a key that created it, if
    there was such. All of it is the same from the job's first moment to its last.
    """

    job_id: str
    owner: str
    begun_at: datetime
    blueprint_s3_key: str
    upload_id: str | None = None
    request: ErasedRequest | None = None

    @classmethod
    def of(cls, job: Job, at: datetime) -> "Erasure":
        request = ErasedRequest(job.key_hash, job.job_id, job.created_at + KEPT) if job.key_hash else None
        return cls(job.job_id, job.owner, at, job.blueprint_s3_key, job.upload_id, request)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A job of which this service has nothing else left; what others have of it is to be erased.

    It was erased, and a process that was late may have written since; or it expired, and has its results.
    """

    job_id: str
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class RemovedResults:
    """How many previews (``results``) and analyses of a job were removed."""

    results: int
    analysis: int


@dataclass(frozen=True, slots=True)
class Removed:
    """How many files, previews, analyses and pieces of feedback were removed."""

    blueprint: int
    results: int
    analysis: int
    feedback: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """``removed`` counts what the request removed that ended the erasure, not what others did before it."""

    job_id: str
    erased_at: datetime
    removed: Removed
