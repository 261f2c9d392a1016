"""What is stored of a job while it is erased and after that, and the receipt for its owner."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.idempotency import IDEMPOTENCY_TTL, IdempotencyTombstone
from jobs.domain.job import Job

ERASURE_TTL = timedelta(days=30)
"""How long erasures and tombstones last at most; lifecycle rules have emptied the buckets by then."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """A job that no caller can find any more, and what is needed to find its data.

    ``upload_id`` is the upload that it was created from, ``idempotency`` what replaces the record of the key
    that it was created under. All of it is the same from the job's first moment to its last.
    """

    job_id: str
    owner: str
    begun_at: datetime
    blueprint_s3_key: str
    upload_id: str | None = None
    idempotency: IdempotencyTombstone | None = None

    @classmethod
    def of(cls, job: Job, at: datetime) -> "Erasure":
        idempotency = None
        if job.key_hash is not None:
            expires_at = job.created_at + IDEMPOTENCY_TTL
            idempotency = IdempotencyTombstone(job.key_hash, job.job_id, expires_at)
        return cls(job.job_id, job.owner, at, job.blueprint_s3_key, job.upload_id, idempotency)


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A job of which this service has nothing else left; preview is still to delete what it has.

    The job was erased, and a late process may have written since; or it expired and left its results.
    """

    job_id: str
    erased_at: datetime


@dataclass(frozen=True, slots=True)
class ErasedResults:
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
    """``removed`` counts what the request removed that completed the erasure, not what others did before."""

    job_id: str
    erased_at: datetime
    removed: RemovedCounts
