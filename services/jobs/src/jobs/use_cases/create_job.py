"""Making a job of a file that has been taken in: claimed, stored, told of."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.blueprint_file import (
    MEDIA_TYPES,
    BlueprintFacts,
    Declaration,
    StagedBlueprint,
    blueprint_key,
)
from jobs.domain.idempotency import IdempotencyKey, IdempotencyRecord, RequestFingerprint
from jobs.domain.job import Job, JobStatus
from jobs.domain.ports import BlueprintBucket, BlueprintReader
from jobs.domain.upload import Upload
from jobs.use_cases.idempotency import Repeats
from jobs.use_cases.insert_job import Storing
from jobs.use_cases.job_repository import StateChanges
from jobs.use_cases.start_preview import Answering, Created
from jobs.use_cases.validate_blueprint import accepted
from shared import context
from shared.errors import DependencyError
from shared.ids import new_id

log = logging.getLogger(__name__)

API_VERSION = "v1"


WriteBlueprint = Callable[[str, str], None]
"""Puts the file under a key, as a media type."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a job is to be made of.

    ``upload`` is used up by it; ``fetched`` tells a file from a URL by its address, since it may have other
    bytes the next time.
    """

    owner: str
    blueprint: StagedBlueprint
    declared: Declaration
    start_preview: bool
    key: str | None
    upload: Upload | None = None
    fetched: RequestFingerprint | None = None

    @property
    def upload_id(self) -> str | None:
        return self.upload.upload_id if self.upload else None

    def content(self, facts: BlueprintFacts) -> RequestFingerprint:
        """What another request under the same key has to ask for, too."""
        return self.fetched or RequestFingerprint(self.blueprint.sha256, facts.format, self.start_preview)


class Creating:
    """``retention``: how long a job is kept."""

    def __init__(
        self,
        *,
        reader: BlueprintReader,
        blueprints: BlueprintBucket,
        storing: Storing,
        repeats: Repeats,
        answering: Answering,
        changes: StateChanges,
        now: Callable[[], datetime],
        retention: timedelta,
    ) -> None:
        self._reader = reader
        self._blueprints = blueprints
        self._storing = storing
        self._repeats = repeats
        self._answering = answering
        self._changes = changes
        self._now = now
        self._retention = retention

    def create(self, order: Order, write: WriteBlueprint) -> Created:
        """The job, stored with its file, or the one that an earlier request under the same key led to.

        Raises what `accepted` and ``write`` raise, and under a key IdempotencyKeyReused or RequestInProgress,
        or JobNotFound when that job was erased.
        """
        facts = accepted(order.blueprint, order.declared, order.owner, self._reader)
        claim = self._claim(order, facts)
        if claim is not None and claim.job is not None:
            return self._answering.again(claim, claim.job)
        job = self._new_job(order, facts, claim)
        with self._storing.undone_on_failure(job, claim):
            write(job.blueprint_s3_key, MEDIA_TYPES[facts.format])
            under = claim and (claim.created(job) if order.start_preview else claim.completed(job))
            self._storing.insert(job, order.upload, under)
        self._changes.report(None, job)
        if order.upload is not None:
            self._remove(order.upload)
        return self._answering.first(job, order.start_preview, claim)

    def _claim(self, order: Order, facts: BlueprintFacts) -> IdempotencyRecord | None:
        if order.key is None:
            return None
        key = IdempotencyKey(order.owner, order.key)
        return self._repeats.claim(key, order.content(facts), order.upload_id)

    def _new_job(self, order: Order, facts: BlueprintFacts, claim: IdempotencyRecord | None) -> Job:
        now = self._now()
        job_id = new_id("job", now)
        request = context.current()
        context.bind(job_id=job_id)
        return Job(
            job_id=job_id,
            owner=order.owner,
            status=JobStatus.PENDING,
            created_at=now,
            updated_at=now,
            expires_at=now + self._retention,
            blueprint_s3_key=blueprint_key(job_id, order.declared.filename, facts.format),
            blueprint_format=facts.format,
            blueprint_hash=order.blueprint.sha256,
            blueprint_filename=order.declared.filename,
            blueprint_size_bytes=order.blueprint.size_bytes,
            page_count=facts.page_count,
            request_id=request.request_id,
            correlation_id=request.correlation_id,
            api_version=API_VERSION,
            key_hash=claim.key_hash if claim else None,
            upload_id=order.upload_id,
        )

    def _remove(self, upload: Upload) -> None:
        try:
            self._blueprints.delete(upload.s3_key)
        except DependencyError:
            log.warning("used upload left to its lifecycle rule", exc_info=True)
