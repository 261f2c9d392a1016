"""What is kept of a job that is being erased, and what its owner is told in the end."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.idempotency import IDEMPOTENCY_TTL, IdempotencyTombstone
from jobs.domain.job import Job

ERASURE_TTL = timedelta(days=30)
"""What is kept of an erasure goes by itself after it: lifecycle rules have emptied the buckets by then."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A job that is gone for every caller, and what it takes to find the rest of it.

    ``upload_id`` is the upload that it was made of and ``idempotency`` what replaces
    the record of the key that created it. All of it is the same from the job's first moment to its last.
    """

    job_id: str
    owner: str
    begun_at: datetime
    blueprint_s3_key: str
    upload_id: str | None = None
    idempotency: IdempotencyTombstone | None = None

    @classmethod
    def of(cls, job: Job, at: datetime) -> "Erasure":
        idempotency = (
            IdempotencyTombstone(job.key_hash, job.job_id, job.created_at + IDEMPOTENCY_TTL)
            if job.key_hash
            else None
        )
        return cls(job.job_id, job.owner, at, job.blueprint_s3_key, job.upload_id, idempotency)


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
class RemovedCounts:
    """How many files, previews, analyses and pieces of feedback were removed."""

    blueprint: int
    results: int
    analysis: int
    feedback: int


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """``removed`` counts what the request removed that ended the erasure, not what others did before it."""

    job_id: str
    erased_at: datetime
    removed: RemovedCounts
