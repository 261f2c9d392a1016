"""Idempotency: of all requests under one key one creates the job, and the others get its response."""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import JobNotFound
from jobs.domain.idempotency import (
    IDEMPOTENCY_TTL,
    ClaimStatus,
    IdempotencyKey,
    IdempotencyRecord,
    IdempotencyTombstone,
    RequestFingerprint,
)
from jobs.domain.job import Job
from jobs.domain.ports import IdempotencyTable
from shared.errors import DependencyError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """The key is this request's: it creates the job and records the response in ``record``."""

    record: IdempotencyRecord


@dataclass(frozen=True, slots=True)
class Replay:
    """An earlier request created ``job``, and this one is to answer it.

    ``unfinished`` is its record, now leased to this request, where that one died before it knew its response:
    start the preview, then record the response.
    """

    job: Job
    unfinished: IdempotencyRecord | None = None


@dataclass(frozen=True, slots=True)
class IdempotencyService:
    """``lease``: how long a request may hold a key."""

    records: IdempotencyTable
    now: Callable[[], datetime]
    lease: timedelta

    def claim(
        self, key: IdempotencyKey, fingerprint: RequestFingerprint, upload_id: str | None = None
    ) -> Claimed | Replay:
        """Claim the key, or find what an earlier request under it created.

        Raises IdempotencyKeyReused or RequestInProgress, and JobNotFound when that job was erased.
        """
        now, found = self.now(), self._find(key)
        replay = self._claim_replay(found, fingerprint)
        if replay is not None:
            return replay
        leased_until, expires_at = now + self.lease, now + IDEMPOTENCY_TTL
        record = IdempotencyRecord(
            key.hash, fingerprint, _new_lease_owner(), leased_until, expires_at, upload_id
        )
        self.records.claim(record, replacing=found)
        return Claimed(record)

    def claim_replay(self, key: IdempotencyKey, fingerprint: RequestFingerprint) -> Replay | None:
        """What an earlier request created; None if there is none. Raises what `claim` raises."""
        return self._claim_replay(self._find(key), fingerprint)

    def claim_replay_of_upload(
        self, key: IdempotencyKey, upload_id: str, declared: Declaration, *, start_preview: bool
    ) -> Replay | None:
        """What an earlier request for this upload, which it has used, created; None if there is none.

        Raises InvalidFileFormat, and what `claim` raises.
        """
        found = self._find(key)
        fingerprint = found.fingerprint_of_upload(upload_id, declared, start_preview) if found else None
        return self._claim_replay(found, fingerprint) if fingerprint else None

    def record_response(self, record: IdempotencyRecord, job: Job) -> None:
        """Record what every repeat is answered. Raises RequestInProgress when another holds the key now."""
        try:
            self.records.save(record.completed(job))
        except DependencyError:
            log.warning("response not recorded; a repeat will start the preview again", exc_info=True)

    def _find(self, key: IdempotencyKey) -> IdempotencyRecord | None:
        found = self.records.get(key.hash)
        if isinstance(found, IdempotencyTombstone):
            raise JobNotFound(found.job_id)
        return found

    def _claim_replay(
        self, found: IdempotencyRecord | None, fingerprint: RequestFingerprint
    ) -> Replay | None:
        status = found.claim_status(fingerprint, self.now()) if found else ClaimStatus.FREE
        if found is None or found.job is None or status is ClaimStatus.FREE:
            return None
        if status is ClaimStatus.COMPLETED:
            return Replay(found.job)
        record = found.taken_over(_new_lease_owner(), self.now() + self.lease)
        self.records.claim(record, replacing=found)
        return Replay(found.job, unfinished=record)


def _new_lease_owner() -> str:
    return secrets.token_hex(16)
