"""Requests under an idempotency key: one of them does the work, the others are told what became of it."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import JobNotFound
from jobs.domain.idempotency import KEPT, Content, ErasedRequest, KeyRecord, RequestKey, Standing
from jobs.domain.ports import IdempotencyTable


class Repeats:
    """``lease``: after it the request at work counts as dead; longer than a request can take."""

    def __init__(self, records: IdempotencyTable, now: Callable[[], datetime], lease: timedelta) -> None:
        self._records = records
        self._now = now
        self._lease = lease

    def claim(self, key: RequestKey, content: Content, upload_id: str | None = None) -> KeyRecord:
        """A record without a job is ours to work under; one with a job is what an earlier request led to.

        That one is ours to end unless it is ANSWERED. Raises IdempotencyKeyReused or RequestInProgress, and
        JobNotFound when the job was erased.
        """
        now, found = self._now(), self._found(key)
        standing = found.standing(content, now) if found else Standing.FREE
        if found is not None and standing is not Standing.FREE:
            return self._of_job(found, standing)
        record = KeyRecord(key.hash, content, _new_holder(), now + self._lease, now + KEPT, upload_id)
        self._records.claim(record, over=found)
        return record

    def of_url(self, key: RequestKey, content: Content) -> KeyRecord | None:
        """What a request for the same URL has led to before; None if to nothing: it is to be fetched.

        Raises what `claim` raises.
        """
        found = self._found(key)
        standing = found.standing(content, self._now()) if found else Standing.FREE
        return self._of_job(found, standing) if found and standing is not Standing.FREE else None

    def of_upload(
        self, key: RequestKey, upload_id: str, declared: Declaration, *, start_preview: bool
    ) -> KeyRecord | None:
        """What a request for this upload, that cannot be used now, has led to before; None if to nothing.

        Raises InvalidFileFormat, and what `claim` raises.
        """
        found = self._found(key)
        content = found.content_of_upload(upload_id, declared, start_preview) if found else None
        if found is None or content is None:
            return None
        standing = found.standing(content, self._now())
        return None if standing is Standing.FREE else self._of_job(found, standing)

    def answer(self, record: KeyRecord) -> None:
        """Keep what every repeat is told. Raises RequestInProgress when another has taken over."""
        self._records.save(record)

    def _found(self, key: RequestKey) -> KeyRecord | None:
        found = self._records.get(key.hash)
        if isinstance(found, ErasedRequest):
            raise JobNotFound(found.job_id)
        return found

    def _of_job(self, found: KeyRecord, standing: Standing) -> KeyRecord:
        if standing is Standing.ANSWERED:
            return found
        record = found.taken_over(_new_holder(), self._now() + self._lease)
        self._records.claim(record, over=found)
        return record


def _new_holder() -> str:
    return secrets.token_hex(16)
