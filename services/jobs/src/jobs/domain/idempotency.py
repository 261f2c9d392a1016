"""Idempotency keys: what is stored under a key, and what a request finds there."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jobs.domain.blueprint_file import MAX_PAGES, Declaration, check_agreement
from jobs.domain.errors import IdempotencyKeyReused, RequestInProgress
from jobs.domain.formats import BlueprintFormat
from jobs.domain.job import Job
from jobs.domain.pages import format_pages, parse_pages

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
    thing, whatever the URL leads to by then. ``pages`` are those to preview as `format_pages` writes them,
    None for none.
    """

    blueprint_hash: str
    blueprint_format: BlueprintFormat
    pages: str | None = None


def url_hash(url: str) -> str:
    """What stands for the hash of a file that is fetched."""
    named = f"url\n{url}".encode(errors="surrogatepass")  # JSON can hold what is no Unicode text
    return hashlib.sha256(named).hexdigest()


class RecordStage(StrEnum):
    """How far the request under a key has come.

    COMPLETED is stored in the same write as the job: the response is known, and every repeat gets it. At
    CREATED the version before had stored the job, and was still to start its preview. The stored words stay,
    so that records of the version before can be read.
    """

    CLAIMED = "claimed"
    CREATED = "created"
    COMPLETED = "answered"


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
    names, if any; ``page_count`` that of its file. ``job`` is None at CLAIMED, and then the job as the
    response shows it.
    """

    key_hash: str
    fingerprint: RequestFingerprint
    lease_owner: str
    leased_until: datetime
    expires_at: datetime
    upload_id: str | None = None
    page_count: int | None = None
    stage: RecordStage = RecordStage.CLAIMED
    job: Job | None = None

    def response_to(self, fingerprint: RequestFingerprint, at: datetime) -> Job | None:
        """The job that a request of that ``fingerprint`` is answered; None if it may claim the key.

        Raises IdempotencyKeyReused for another fingerprint, and RequestInProgress while the lease of a claim
        lasts. Once it is over the claim is free for any request: its own never succeeded.
        """
        if self.job is None and at >= self.leased_until:
            return None
        if fingerprint != self.fingerprint:
            raise IdempotencyKeyReused
        if self.job is None:
            raise RequestInProgress
        return self.job

    def fingerprint_of_upload(
        self, upload_id: str, declared: Declaration, pages: str | None
    ) -> RequestFingerprint | None:
        """The fingerprint of a request for an upload that this one has used; None for another upload.

        ``pages`` as the request has them. Raises InvalidRequest for pages that the file does not have, and
        InvalidFileFormat when that request declares another format than the file has.
        """
        if self.upload_id != upload_id:
            return None
        check_agreement(declared, self.fingerprint.blueprint_format)
        return replace(self.fingerprint, pages=self._canonical(pages))

    def fingerprint_of_url(
        self, url: str, blueprint_format: BlueprintFormat, pages: str | None
    ) -> RequestFingerprint:
        """The fingerprint of a request for a URL, taken to lead to the file of this one.

        ``pages`` as the request has them. Raises InvalidRequest for pages that the file does not have.
        """
        return RequestFingerprint(url_hash(url), blueprint_format, self._canonical(pages))

    def _canonical(self, pages: str | None) -> str | None:
        page_count = self.page_count or (self.job.page_count if self.job else MAX_PAGES)
        return pages and format_pages(parse_pages(pages, page_count))

    def completed(self, job: Job) -> "IdempotencyRecord":
        return replace(self, stage=RecordStage.COMPLETED, job=job)
