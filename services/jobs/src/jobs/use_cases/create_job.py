"""Create a job from a blueprint that came with the request, was sent to an upload, or lies at a URL.

`CreateJob._create` is the whole story: validate the blueprint, claim the idempotency key, write the file,
insert the job with the response and the pages that it owes, hand these over to preview.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from jobs.domain.blueprint_file import (
    BlueprintFacts,
    Declaration,
    StagedBlueprint,
    blueprint_key,
    check_agreement,
    check_known_format,
    check_size,
    received_format,
)
from jobs.domain.errors import InvalidFileFormat, NotABlueprint, UploadNotFound, UrlInputDisabled
from jobs.domain.formats import MEDIA_TYPES
from jobs.domain.idempotency import IdempotencyKey, RequestFingerprint, url_hash
from jobs.domain.job import Job, JobStatus
from jobs.domain.pages import PageCounts, format_pages, parse_pages
from jobs.domain.ports import (
    BlueprintBucket,
    BlueprintReader,
    PageQuota,
    Parameters,
    RemoteFiles,
    UploadTable,
)
from jobs.domain.upload import Upload, check_upload_id
from jobs.staging import StagingFile
from jobs.use_cases.hand_over_pages import FIRST_TRY, HandOverPages
from jobs.use_cases.idempotency import Claimed, IdempotencyService, Replay
from jobs.use_cases.insert_job import InsertJob
from jobs.use_cases.job_repository import JobRepository
from shared import context
from shared.errors import DependencyError
from shared.ids import new_id

log = logging.getLogger(__name__)

API_VERSION = "v1"


@dataclass(frozen=True, slots=True)
class CreateJobCommand:
    """What the caller asks for, wherever the file is; ``pages`` as `parse_pages` reads them, or None."""

    owner: str
    declared: Declaration
    pages: str | None = None
    idempotency_key: str | None = None

    @property
    def key(self) -> IdempotencyKey | None:
        return IdempotencyKey(self.owner, self.idempotency_key) if self.idempotency_key is not None else None


@dataclass(frozen=True, slots=True)
class UploadVersion:
    """An upload and the ETag of the object that was read from it."""

    upload: Upload
    etag: str


@dataclass(frozen=True, slots=True)
class ReceivedBlueprint:
    """A blueprint on this machine's disk; ``from_upload`` is used by the job.

    ``url`` identifies the request where the bytes do not: what it leads to may change.
    """

    file: StagedBlueprint
    from_upload: UploadVersion | None = None
    url: str | None = None

    @property
    def upload(self) -> Upload | None:
        return self.from_upload.upload if self.from_upload else None

    @property
    def upload_id(self) -> str | None:
        return self.upload.upload_id if self.upload else None


@dataclass(frozen=True, slots=True)
class CreatedJob:
    """``replayed``: an earlier request under the same key created the job."""

    job: Job
    replayed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateJob:
    """``retention``: how long a job is kept."""

    reader: BlueprintReader
    blueprints: BlueprintBucket
    uploads: UploadTable
    remote_files: RemoteFiles
    parameters: Parameters
    page_quota: PageQuota
    jobs: JobRepository
    idempotency: IdempotencyService
    insert_job: InsertJob
    hand_over_pages: HandOverPages
    now: Callable[[], datetime]
    retention: timedelta

    def from_file(self, command: CreateJobCommand, file: StagedBlueprint) -> CreatedJob:
        """A job from a file that came with the request; file and job are both stored when this returns.

        With a key it is the job of the first request under it. Raises InvalidRequest, FileTooLarge,
        InvalidFileFormat, UnreadableBlueprint or QuotaExceeded, and with a key IdempotencyKeyReused or
        RequestInProgress, or JobNotFound when that job was erased.
        """
        return self._create(command, ReceivedBlueprint(file))

    def from_upload(self, command: CreateJobCommand, upload_id: str) -> CreatedJob:
        """A job from a file sent to storage before; the upload cannot be used again.

        Raises UploadNotFound, UploadChanged, and what `from_file` raises.
        """
        try:
            upload = self._find_usable_upload(command.owner, upload_id)
            with StagingFile() as file:
                received = self._download(upload, file)
                declared = upload.declaration(command.declared)
                return self._create(replace(command, declared=declared), received)
        except UploadNotFound:
            replay = self._find_replay_of_upload(command, upload_id)
            if replay is None:
                raise
            return _repeated(replay)

    def from_url(self, command: CreateJobCommand, url: str) -> CreatedJob:
        """A job from a file that is fetched from ``url``; a repeat fetches nothing.

        Raises UrlInputDisabled, what `RemoteFiles.fetch` raises, and what `from_file` raises.
        """
        if not self.parameters.url_input_enabled():
            raise UrlInputDisabled
        blueprint_format = check_known_format(command.declared.formats[0])
        if command.key is not None:
            replay = self.idempotency.find_replay_of_url(command.key, url, blueprint_format, command.pages)
            if replay is not None:
                return _repeated(replay)
        with StagingFile() as file:
            self.remote_files.fetch(url, file)
            return self._create(command, ReceivedBlueprint(file.staged(), url=url))

    def _create(self, command: CreateJobCommand, received: ReceivedBlueprint) -> CreatedJob:
        facts = self._validate_blueprint(command, received.file)
        pages = parse_pages(command.pages, facts.page_count) if command.pages is not None else ()
        claim = self._claim_key(command, received, facts, pages)
        if isinstance(claim, Replay):
            return _repeated(claim)
        job = self._new_job(command, received, facts, pages)
        context.bind(job_id=job.job_id)
        record = claim.record if claim else None
        with self.insert_job.rollback_on_failure(job, record):
            if pages:
                self.page_quota.take(command.owner, len(pages))
            self._write_file(job, received)
            self.insert_job(job, received.upload, record and record.completed(job))
        self.jobs.report(None, job)
        self._delete_upload(received)
        if pages:
            self.hand_over_pages.try_once(job)
        return CreatedJob(job)

    def _find_usable_upload(self, owner: str, upload_id: str) -> Upload:
        check_upload_id(upload_id)
        upload = self.uploads.get(upload_id)
        if upload is None:
            raise UploadNotFound
        upload.check_usable(owner, self.now())
        return upload

    def _download(self, upload: Upload, file: StagingFile) -> ReceivedBlueprint:
        etag = self.blueprints.fetch(upload.s3_key, file)
        if etag is None:
            raise UploadNotFound
        return ReceivedBlueprint(file.staged(), UploadVersion(upload, etag))

    def _find_replay_of_upload(self, command: CreateJobCommand, upload_id: str) -> Replay | None:
        if command.key is None:
            return None
        return self.idempotency.find_replay_of_upload(command.key, upload_id, command.declared, command.pages)

    def _validate_blueprint(self, command: CreateJobCommand, file: StagedBlueprint) -> BlueprintFacts:
        """What the file is, by its content, once that is what the caller declared."""
        check_size(file)
        try:
            facts = self.reader.read(file.path, command.owner)
        except NotABlueprint as exc:
            raise InvalidFileFormat(received_format(command.declared), exc.found_format) from exc
        check_agreement(command.declared, facts.format)
        return facts

    def _claim_key(
        self,
        command: CreateJobCommand,
        received: ReceivedBlueprint,
        facts: BlueprintFacts,
        pages: tuple[int, ...],
    ) -> Claimed | Replay | None:
        if command.key is None:
            return None
        file_hash = url_hash(received.url) if received.url is not None else received.file.sha256
        fingerprint = RequestFingerprint(file_hash, facts.format, format_pages(pages) or None)
        return self.idempotency.claim(command.key, fingerprint, facts.page_count, received.upload_id)

    def _new_job(
        self,
        command: CreateJobCommand,
        received: ReceivedBlueprint,
        facts: BlueprintFacts,
        pages: tuple[int, ...],
    ) -> Job:
        now = self.now()
        job_id = new_id("job", now)
        request = context.current()
        job = Job(
            job_id=job_id,
            owner=command.owner,
            status=JobStatus.PENDING,
            created_at=now,
            updated_at=now,
            expires_at=(now + self.retention).replace(microsecond=0),  # as it is stored
            blueprint_s3_key=blueprint_key(job_id, command.declared.filename, facts.format),
            blueprint_format=facts.format,
            blueprint_hash=received.file.sha256,
            blueprint_filename=command.declared.filename,
            blueprint_size_bytes=received.file.size_bytes,
            page_count=facts.page_count,
            request_id=request.request_id,
            correlation_id=request.correlation_id,
            api_version=API_VERSION,
            key_hash=command.key.hash if command.key else None,
            upload_id=received.upload_id,
        )
        if not pages:
            return job
        return job.owing(format_pages(pages), PageCounts(len(pages)), now + FIRST_TRY)

    def _write_file(self, job: Job, received: ReceivedBlueprint) -> None:
        key, media_type = job.blueprint_s3_key, MEDIA_TYPES[job.blueprint_format]
        source = received.from_upload
        if source is None:
            self.blueprints.put(key, received.file, media_type)
        else:
            self.blueprints.copy(source.upload.s3_key, source.etag, key, media_type)

    def _delete_upload(self, received: ReceivedBlueprint) -> None:
        if received.upload is None:
            return
        try:
            self.blueprints.delete(received.upload.s3_key)
        except DependencyError:
            log.warning("used upload left to its lifecycle rule", exc_info=True)


def _repeated(replay: Replay) -> CreatedJob:
    context.bind(job_id=replay.job.job_id)
    return CreatedJob(replay.job, replayed=True)
