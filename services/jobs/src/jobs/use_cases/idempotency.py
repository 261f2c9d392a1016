"""Idempotency: of all requests under one key one creates the job, and the others get its response."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import JobNotFound
from jobs.domain.formats import BlueprintFormat
from jobs.domain.idempotency import (
    IDEMPOTENCY_TTL,
    IdempotencyKey,
    IdempotencyRecord,
    IdempotencyTombstone,
    RequestFingerprint,
)
from jobs.domain.job import Job
from jobs.domain.ports import IdempotencyTable


@dataclass(frozen=True, slots=True)
class Claimed:
    """The key is this request's: it creates the job and records the response in ``record``."""

    record: IdempotencyRecord


@dataclass(frozen=True, slots=True)
class Replay:
    """An earlier request created ``job``, and this one is to answer it."""

    job: Job


@dataclass(frozen=True, slots=True)
class IdempotencyService:
    """``lease``: how long a request may hold a key."""

    records: IdempotencyTable
    now: Callable[[], datetime]
    lease: timedelta

    def claim(
        self, key: IdempotencyKey, fingerprint: RequestFingerprint, page_count: int, upload_id: str | None
    ) -> Claimed | Replay:
        """Claim the key, or find what an earlier request under it created.

        Raises IdempotencyKeyReused or RequestInProgress, and JobNotFound when that job was erased.
        """
        now, found = self.now(), self._find(key)
        response = found.response_to(fingerprint, now) if found else None
        if response is not None:
            return Replay(response)
        leased_until, expires_at = now + self.lease, now + IDEMPOTENCY_TTL
        record = IdempotencyRecord(
            key.hash, fingerprint, secrets.token_hex(16), leased_until, expires_at, upload_id, page_count
        )
        self.records.claim(record, replacing=found)
        return Claimed(record)

    def find_replay_of_url(
        self, key: IdempotencyKey, url: str, blueprint_format: BlueprintFormat, pages: str | None
    ) -> Replay | None:
        """What an earlier request for this URL created; None if there is none.

        ``pages`` as the request has them. Raises InvalidRequest, and what `claim` raises.
        """
        found = self._find(key)
        if found is None:
            return None
        return self._replay(found, found.fingerprint_of_url(url, blueprint_format, pages))

    def find_replay_of_upload(
        self, key: IdempotencyKey, upload_id: str, declared: Declaration, pages: str | None
    ) -> Replay | None:
        """What an earlier request for this upload, which it has used, created; None if there is none.

        ``pages`` as the request has them. Raises InvalidRequest, InvalidFileFormat, and what `claim` raises.
        """
        found = self._find(key)
        fingerprint = found.fingerprint_of_upload(upload_id, declared, pages) if found else None
        return self._replay(found, fingerprint) if found and fingerprint else None

    def _find(self, key: IdempotencyKey) -> IdempotencyRecord | None:
        found = self.records.get(key.hash)
        if isinstance(found, IdempotencyTombstone):
            raise JobNotFound(found.job_id)
        return found

    def _replay(self, found: IdempotencyRecord, fingerprint: RequestFingerprint) -> Replay | None:
        response = found.response_to(fingerprint, self.now())
        return Replay(response) if response is not None else None
