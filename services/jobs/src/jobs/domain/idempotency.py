"""Requests that may be repeated: what is kept of the first one, and what a repeat is answered."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from jobs.domain.blueprint_file import BlueprintFormat, Declaration, check_agreement
from jobs.domain.errors import IdempotencyKeyReused, RequestInProgress
from jobs.domain.job import Job

KEPT = timedelta(hours=24)
"""How long a key is known. Source: the specification of the API."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """An owner's own name for a request, however often it is sent."""

    owner: str
    key: str

    @property
    def hash(self) -> str:
        """One name for the two; no key holds the line break between them."""
        return hashlib.sha256(f"{self.owner}\n{self.key}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Content:
    """What two requests under one key must have in common; ``blueprint_hash`` is a SHA-256 in hex.

    It is the file's, or for a file that is fetched that of its URL: a repeat asks for the same thing,
    whatever is found there by then.
    """

    blueprint_hash: str
    blueprint_format: BlueprintFormat
    start_preview: bool

    @classmethod
    def of_url(cls, url: str, blueprint_format: BlueprintFormat, start_preview: bool) -> "Content":
        named = f"url\n{url}".encode(errors="surrogatepass")  # JSON can hold what is no Unicode text
        return cls(hashlib.sha256(named).hexdigest(), blueprint_format, start_preview)


class Stage(StrEnum):
    """How far the request under a key has come; the job is stored in the same write as CREATED or ANSWERED.

    At CREATED the caller is still to be told about the preview; ANSWERED is what every repeat is told.
    """

    CLAIMED = "claimed"
    CREATED = "created"
    ANSWERED = "answered"


class Standing(StrEnum):
    """What a request finds under its key: nothing that counts, an answer, or a job whose worker died."""

    FREE = "free"
    ANSWERED = "answered"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class ErasedRequest:
    """What stays of a `KeyRecord` when the job it led to is erased: every repeat is told that it is gone."""

    key_hash: str
    job_id: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is kept under one key of one owner.

    ``key_hash`` is `RequestKey.hash`; ``holder`` names the request at work, no other of which may write;
    ``claimed_until`` is when that one counts as dead; ``upload_id`` is the upload it was made from, if any;
    ``job`` is None at CLAIMED, and the job as its creator was told of it at ANSWERED.
    """

    key_hash: str
    content: Content
    holder: str
    claimed_until: datetime
    expires_at: datetime
    upload_id: str | None = None
    stage: Stage = Stage.CLAIMED
    job: Job | None = None

    def standing(self, content: Content, at: datetime) -> Standing:
        """What a request of that ``content`` is to make of this record.

        Raises IdempotencyKeyReused for other content, and RequestInProgress while the first is at work. A
        claim without a job whose time is over is free for any content: its request never succeeded.
        """
        over = at >= self.claimed_until
        if self.stage is Stage.CLAIMED and over:
            return Standing.FREE
        if content != self.content:
            raise IdempotencyKeyReused
        if self.stage is Stage.ANSWERED:
            return Standing.ANSWERED
        if not over:
            raise RequestInProgress
        return Standing.ABANDONED

    def content_of_upload(self, upload_id: str, declared: Declaration, start_preview: bool) -> Content | None:
        """What a request names whose upload has been used up by this one; None when it was another upload.

        Raises InvalidFileFormat when it calls the file something else than it is.
        """
        if self.upload_id != upload_id:
            return None
        check_agreement(declared, self.content.blueprint_format)
        return replace(self.content, start_preview=start_preview)

    def taken_over(self, holder: str, until: datetime) -> "KeyRecord":
        """The record in the hands of another request, that goes on where this one ended."""
        return replace(self, holder=holder, claimed_until=until)

    def created(self, job: Job) -> "KeyRecord":
        return replace(self, stage=Stage.CREATED, job=job)

    def answered(self, job: Job) -> "KeyRecord":
        return replace(self, stage=Stage.ANSWERED, job=job)
