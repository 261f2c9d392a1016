"""Create a job from a blueprint that came with the request, was sent to an upload, or lies at a URL.

`CreateJob._create` is the whole story: validate the blueprint, claim the idempotency key, write the file,
insert the job, start the preview, record the response.
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
from jobs.domain.idempotency import IdempotencyKey, RequestFingerprint
from jobs.domain.job import Job, JobStatus
from jobs.domain.ports import BlueprintBucket, BlueprintReader, Parameters, RemoteFiles, UploadTable
from jobs.domain.upload import Upload, check_upload_id
from jobs.staging import StagingFile
from jobs.use_cases.idempotency import Claimed, IdempotencyService, Replay
from jobs.use_cases.insert_job import InsertJob
from jobs.use_cases.job_repository import JobRepository
from jobs.use_cases.start_preview import StartPreview
from shared import context
from shared.errors import DependencyError
from shared.ids import new_id

log = logging.getLogger(__name__)

API_VERSION = "v1"


@dataclass(frozen=True, slots=True)
class CreateJobCommand:
    """What the caller asks for, wherever the file is."""

    owner: str
    declared: Declaration
    start_preview: bool = False
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

    ``fingerprint`` identifies the request where the bytes do not: what a URL leads to may change.
    """

    file: StagedBlueprint
    from_upload: UploadVersion | None = None
    fingerprint: RequestFingerprint | None = None

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
    jobs: JobRepository
    idempotency: IdempotencyService
    insert_job: InsertJob
    start_preview: StartPreview
    now: Callable[[], datetime]
    retention: timedelta

    def from_file(self, command: CreateJobCommand, file: StagedBlueprint) -> CreatedJob:
        """A job from a file that came with the request; file and job are both stored when this returns.

        With a key it is the job of the first request under it. Raises InvalidRequest, FileTooLarge,
        InvalidFileFormat or UnreadableBlueprint, and with a key IdempotencyKeyReused or RequestInProgress, or
        JobNotFound when that job was erased.
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
            replay = self._claim_replay_of_upload(command, upload_id)
            if replay is None:
                raise
            return self._respond_to_repeat(replay)

    def from_url(self, command: CreateJobCommand, url: str) -> CreatedJob:
        """A job from a file that is fetched from ``url``; a repeat fetches nothing.

        Raises UrlInputDisabled, what `RemoteFiles.fetch` raises, and what `from_file` raises.
        """
        if not self.parameters.url_input_enabled():
            raise UrlInputDisabled
        blueprint_format = check_known_format(command.declared.formats[0])
        fingerprint = RequestFingerprint.of_url(url, blueprint_format, command.start_preview)
        replay = self.idempotency.claim_replay(command.key, fingerprint) if command.key else None
        if replay is not None:
            return self._respond_to_repeat(replay)
        with StagingFile() as file:
            self.remote_files.fetch(url, file)
            return self._create(command, ReceivedBlueprint(file.staged(), fingerprint=fingerprint))

    def _create(self, command: CreateJobCommand, received: ReceivedBlueprint) -> CreatedJob:
        facts = self._validate_blueprint(command, received.file)
        claim = self._claim_key(command, received, facts)
        if isinstance(claim, Replay):
            return self._respond_to_repeat(claim)
        job = self._new_job(command, received, facts)
        context.bind(job_id=job.job_id)
        record = claim.record if claim else None
        with self.insert_job.rollback_on_failure(job, record):
            self._write_file(job, received)
            # Without a preview the response is known already, and stored in the same write
            stored = record and (record.created(job) if command.start_preview else record.completed(job))
            self.insert_job(job, received.upload, stored)
        self.jobs.report(None, job)
        self._delete_upload(received)
        if command.start_preview:
            job = self.start_preview(job)
            if record is not None:
                self.idempotency.record_response(record, job)
        return CreatedJob(job)

    def _respond_to_repeat(self, replay: Replay) -> CreatedJob:
        """The response of the first request; where that one died before its preview started, start it now."""
        context.bind(job_id=replay.job.job_id)
        if replay.unfinished is None:
            return CreatedJob(replay.job, replayed=True)
        job = self.jobs.reload(replay.job)
        if job.status is JobStatus.PENDING:
            job = self.start_preview(job)
        self.idempotency.record_response(replay.unfinished, job)
        return CreatedJob(job, replayed=True)

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

    def _claim_replay_of_upload(self, command: CreateJobCommand, upload_id: str) -> Replay | None:
        if command.key is None:
            return None
        return self.idempotency.claim_replay_of_upload(
            command.key, upload_id, command.declared, start_preview=command.start_preview
        )

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
        self, command: CreateJobCommand, received: ReceivedBlueprint, facts: BlueprintFacts
    ) -> Claimed | Replay | None:
        if command.key is None:
            return None
        of_bytes = RequestFingerprint(received.file.sha256, facts.format, command.start_preview)
        return self.idempotency.claim(command.key, received.fingerprint or of_bytes, received.upload_id)

    def _new_job(self, command: CreateJobCommand, received: ReceivedBlueprint, facts: BlueprintFacts) -> Job:
        now = self.now()
        job_id = new_id("job", now)
        request = context.current()
        return Job(
            job_id=job_id,
            owner=command.owner,
            status=JobStatus.PENDING,
            created_at=now,
            updated_at=now,
            expires_at=now + self.retention,
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
