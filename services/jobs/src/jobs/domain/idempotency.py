"""Idempotency keys: what is stored under a key, and what a request finds there."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jobs.domain.blueprint_file import Declaration, check_agreement
from jobs.domain.errors import IdempotencyKeyReused, RequestInProgress
from jobs.domain.formats import BlueprintFormat
from jobs.domain.job import Job

IDEMPOTENCY_TTL = timedelta(hours=24)
"""How long a key is known. Source: the specification of the API."""


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """The ``Idempotency-Key`` of a request and the owner who sent it."""

    owner: str
    key: str

    @property
    def hash(self) -> str:
        """One name for the two; no key holds the line break between them."""
        return hashlib.sha256(f"{self.owner}\n{self.key}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RequestFingerprint:
    """What two requests under one key must have in common; ``blueprint_hash`` is a SHA-256 in hex.

    The hash is the file's. For a file that is fetched, it is the hash of the URL: a repeat asks for the same
    thing, whatever the URL leads to by then.
    """

    blueprint_hash: str
    blueprint_format: BlueprintFormat
    start_preview: bool

    @classmethod
    def of_url(cls, url: str, blueprint_format: BlueprintFormat, start_preview: bool) -> "RequestFingerprint":
        named = f"url\n{url}".encode(errors="surrogatepass")  # JSON can hold what is no Unicode text
        return cls(hashlib.sha256(named).hexdigest(), blueprint_format, start_preview)


class Stage(StrEnum):
    """How far the request under a key has come.

    CREATED and COMPLETED are stored in the same write as the job. At CREATED the preview is still to be
    started; at COMPLETED the response is known, and every repeat gets it.
    """

    CLAIMED = "claimed"
    CREATED = "created"
    COMPLETED = "answered"


class ClaimStatus(StrEnum):
    """What a request finds under its key: nothing that counts, a response, or a job whose request died."""

    FREE = "free"
    COMPLETED = "completed"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class IdempotencyTombstone:
    """Replaces the `IdempotencyRecord` of an erased job: every repeat gets the answer that it is gone."""

    key_hash: str
    job_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """What is stored under one key of one owner.

    ``key_hash`` is `IdempotencyKey.hash`. ``lease_owner`` names the request that may write the record, until
    ``leased_until``; after it that request counts as dead. ``upload_id`` is the upload that the request
    names, if any. ``job`` is None at CLAIMED, and at COMPLETED the job as the response shows it.
    """

    key_hash: str
    fingerprint: RequestFingerprint
    lease_owner: str
    leased_until: datetime
    expires_at: datetime
    upload_id: str | None = None
    stage: Stage = Stage.CLAIMED
    job: Job | None = None

    def claim_status(self, fingerprint: RequestFingerprint, at: datetime) -> ClaimStatus:
        """What this record means for a request of that ``fingerprint``.

        Raises IdempotencyKeyReused for another fingerprint, and RequestInProgress while the lease lasts. A
        claim without a job whose lease is over is free for any request: its own never succeeded.
        """
        lease_is_over = at >= self.leased_until
        if self.stage is Stage.CLAIMED and lease_is_over:
            return ClaimStatus.FREE
        if fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        if self.stage is Stage.COMPLETED:
            return ClaimStatus.COMPLETED
        if not lease_is_over:
            raise RequestInProgress
        return ClaimStatus.ABANDONED

    def fingerprint_of_upload(
        self, upload_id: str, declared: Declaration, start_preview: bool
    ) -> RequestFingerprint | None:
        """The fingerprint of a request for an upload that this one has used; None for another upload.

        Raises InvalidFileFormat when that request declares another format than the file has.
        """
        if self.upload_id != upload_id:
            return None
        check_agreement(declared, self.fingerprint.blueprint_format)
        return replace(self.fingerprint, start_preview=start_preview)

    def taken_over(self, lease_owner: str, until: datetime) -> "IdempotencyRecord":
        """The record leased to another request, which goes on where this one ended."""
        return replace(self, lease_owner=lease_owner, leased_until=until)

    def created(self, job: Job) -> "IdempotencyRecord":
        return replace(self, stage=Stage.CREATED, job=job)

    def completed(self, job: Job) -> "IdempotencyRecord":
        return replace(self, stage=Stage.COMPLETED, job=job)
