"""Requests under an idempotency key: one of them does the work, the others are told what became of it."""

import secrets
from collections.abc import Callable
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
from jobs.domain.ports import IdempotencyTable


class Repeats:
    """``lease``: after it the request at work counts as dead; longer than a request can take."""

    def __init__(self, records: IdempotencyTable, now: Callable[[], datetime], lease: timedelta) -> None:
        self._records = records
        self._now = now
        self._lease = lease

    def claim(
        self, key: IdempotencyKey, content: RequestFingerprint, upload_id: str | None = None
    ) -> IdempotencyRecord:
        """A record without a job is ours to work under; one with a job is what an earlier request led to.

        That one is ours to end unless it is ANSWERED. Raises IdempotencyKeyReused or RequestInProgress, and
        JobNotFound when the job was erased.
        """
        now, found = self._now(), self._found(key)
        standing = found.claim_status(content, now) if found else ClaimStatus.FREE
        if found is not None and standing is not ClaimStatus.FREE:
            return self._of_job(found, standing)
        record = IdempotencyRecord(
            key.hash, content, _new_holder(), now + self._lease, now + IDEMPOTENCY_TTL, upload_id
        )
        self._records.claim(record, replacing=found)
        return record

    def of_url(self, key: IdempotencyKey, content: RequestFingerprint) -> IdempotencyRecord | None:
        """What a request for the same URL has led to before; None if to nothing: it is to be fetched.

        Raises what `claim` raises.
        """
        found = self._found(key)
        standing = found.claim_status(content, self._now()) if found else ClaimStatus.FREE
        return self._of_job(found, standing) if found and standing is not ClaimStatus.FREE else None

    def of_upload(
        self, key: IdempotencyKey, upload_id: str, declared: Declaration, *, start_preview: bool
    ) -> IdempotencyRecord | None:
        """What a request for this upload, that cannot be used now, has led to before; None if to nothing.

        Raises InvalidFileFormat, and what `claim` raises.
        """
        found = self._found(key)
        content = found.fingerprint_of_upload(upload_id, declared, start_preview) if found else None
        if found is None or content is None:
            return None
        standing = found.claim_status(content, self._now())
        return None if standing is ClaimStatus.FREE else self._of_job(found, standing)

    def answer(self, record: IdempotencyRecord) -> None:
        """Keep what every repeat is told. Raises RequestInProgress when another has taken over."""
        self._records.save(record)

    def _found(self, key: IdempotencyKey) -> IdempotencyRecord | None:
        found = self._records.get(key.hash)
        if isinstance(found, IdempotencyTombstone):
            raise JobNotFound(found.job_id)
        return found

    def _of_job(self, found: IdempotencyRecord, standing: ClaimStatus) -> IdempotencyRecord:
        if standing is ClaimStatus.COMPLETED:
            return found
        record = found.taken_over(_new_holder(), self._now() + self._lease)
        self._records.claim(record, replacing=found)
        return record


def _new_holder() -> str:
    return secrets.token_hex(16)
