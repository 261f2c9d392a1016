"""What the jobs service does, one verb a use case."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from jobs.domain.blueprint_file import (
    MAX_BLUEPRINT_BYTES,
    Declaration,
    StagedBlueprint,
    check_known_format,
)
from jobs.domain.errors import (
    BlueprintNotFound,
    ConcurrentUpdate,
    JobNotFound,
    UploadNotFound,
    UrlInputDisabled,
)
from jobs.domain.idempotency import IdempotencyKey, RequestFingerprint
from jobs.domain.job import Job, JobStatus, Transition, check_job_id
from jobs.domain.listing import JobFilter, JobPage, decode_cursor, encode_cursor
from jobs.domain.ports import (
    BlueprintReader,
    Parameters,
    PreviewStarter,
    RemoteFiles,
    StoredBlueprint,
    Stores,
)
from jobs.domain.upload import Upload, UploadTicket, check_upload_id
from jobs.staging import StagingFile
from jobs.use_cases.create_job import Creating, Order
from jobs.use_cases.idempotency import Repeats
from jobs.use_cases.insert_job import Storing
from jobs.use_cases.job_repository import StateChanges
from jobs.use_cases.start_preview import Answering, Created
from shared.ids import new_id
from shared.metrics import Metrics


@dataclass(frozen=True, slots=True)
class JobRules:
    """``retention``: how long a job is kept; ``processing_timeout``: after it a worker counts as dead;
    ``key_lease``: after it a request that holds an idempotency key does; ``upload_lifetime``: how long an
    upload can be sent and made a job of; ``upload_retention``: how long its record is kept."""

    retention: timedelta
    processing_timeout: timedelta
    key_lease: timedelta
    upload_lifetime: timedelta = timedelta(minutes=15)
    upload_retention: timedelta = timedelta(days=1)


class JobService:
    """Every method that takes an ``owner`` acts on that owner's things only; another's are not found."""

    def __init__(
        self,
        *,
        stores: Stores,
        reader: BlueprintReader,
        preview: PreviewStarter,
        remote_files: RemoteFiles,
        parameters: Parameters,
        metrics: Metrics,
        now: Callable[[], datetime],
        rules: JobRules,
    ) -> None:
        self._jobs = stores.jobs
        self._uploads = stores.uploads
        self._blueprints = stores.blueprints
        self._remote_files = remote_files
        self._parameters = parameters
        self._changes = StateChanges(stores.jobs, metrics)
        self._clock = now
        self._repeats = Repeats(stores.keys, self._now, rules.key_lease)
        self._answering = Answering(stores.jobs, preview, self._repeats, self._now)
        self._creating = Creating(
            reader=reader,
            blueprints=stores.blueprints,
            storing=Storing(stores),
            repeats=self._repeats,
            answering=self._answering,
            changes=self._changes,
            now=self._now,
            retention=rules.retention,
        )
        self._rules = rules

    def create(
        self,
        owner: str,
        blueprint: StagedBlueprint,
        declared: Declaration,
        *,
        start_preview: bool,
        key: str | None = None,
    ) -> Created:
        """A job from a file that came with the request; file and job are both stored when this returns.

        With a ``key`` it is the job of the first request under it. Raises InvalidRequest, FileTooLarge,
        InvalidFileFormat or UnreadableBlueprint, and with a key IdempotencyKeyReused or RequestInProgress, or
        JobNotFound when that job was erased.
        """
        return self._store(Order(owner, blueprint, declared, start_preview, key))

    def create_from_url(
        self, owner: str, url: str, declared: Declaration, *, start_preview: bool, key: str | None = None
    ) -> Created:
        """A job from a file that is fetched from ``url``; a repeat fetches nothing.

        Raises UrlInputDisabled, what `RemoteFiles.fetch` raises, and what `create` raises.
        """
        if not self._parameters.url_input_enabled():
            raise UrlInputDisabled
        content = RequestFingerprint.of_url(url, check_known_format(declared.formats[0]), start_preview)
        found = self._repeats.of_url(IdempotencyKey(owner, key), content) if key is not None else None
        if found is not None and found.job is not None:
            return self._answering.again(found, found.job)
        with StagingFile() as file:
            self._remote_files.fetch(url, file)
            return self._store(Order(owner, file.staged(), declared, start_preview, key, fetched=content))

    def create_from_upload(
        self,
        owner: str,
        upload_id: str,
        declared: Declaration,
        *,
        start_preview: bool,
        key: str | None = None,
    ) -> Created:
        """A job from a file sent to storage before; uses the upload up.

        Raises UploadNotFound, UploadChanged, and what `create` raises.
        """
        try:
            return self._create_from_upload(owner, upload_id, declared, start_preview, key)
        except UploadNotFound:
            if key is None:
                raise
            request = IdempotencyKey(owner, key)
            found = self._repeats.of_upload(request, upload_id, declared, start_preview=start_preview)
            if found is None or found.job is None:
                raise
            return self._answering.again(found, found.job)

    def open_upload(self, owner: str, filename: str | None, declared_format: str | None) -> UploadTicket:
        """Room for one large file. Raises InvalidFileFormat for a format that is not accepted."""
        if declared_format is not None:
            check_known_format(declared_format)
        now = self._now()
        upload = Upload(
            upload_id=new_id("up", now),
            owner=owner,
            created_at=now,
            usable_until=now + self._rules.upload_lifetime,
            expires_at=now + self._rules.upload_retention,
            filename=filename,
            format=declared_format,
        )
        valid_seconds = int(self._rules.upload_lifetime.total_seconds())
        post = self._blueprints.presign(upload.s3_key, MAX_BLUEPRINT_BYTES, valid_seconds)
        self._uploads.insert(upload)
        return UploadTicket(upload, post)

    def get(self, job_id: str, owner: str | None) -> Job:
        """The job, whoever owns it if ``owner`` is None.

        Raises InvalidJobId or JobNotFound, as every method does that takes a ``job_id``.
        """
        check_job_id(job_id)
        job = self._jobs.get(job_id)
        if job is None or owner not in (None, job.owner):
            raise JobNotFound(job_id)
        return self._settled(job)

    def list(self, owner: str, status: JobStatus | None, limit: int, cursor: str | None) -> JobPage:
        """The owner's jobs, newest first. Raises InvalidRequest for a cursor of another list."""
        wanted = JobFilter(owner, status, self._now() - self._rules.processing_timeout)
        after = decode_cursor(cursor, wanted) if cursor is not None else None
        jobs, last = self._jobs.page(wanted, limit, after)
        return JobPage(
            tuple(self._settled(job) for job in jobs), encode_cursor(last, wanted) if last else None
        )

    def cancel(self, job_id: str, owner: str) -> Job:
        """Raises JobFinished, or ConcurrentUpdate when the job changed meanwhile."""
        job = self.get(job_id, owner)
        return self._changes.save(job, job.cancelled(self._now()))

    def blueprint(self, job_id: str, owner: str) -> tuple[Job, StoredBlueprint]:
        """The job and its file, to be streamed. Raises BlueprintNotFound when the file is gone."""
        job = self.get(job_id, owner)
        stored = self._blueprints.open(job.blueprint_s3_key)
        if stored is None:
            raise BlueprintNotFound(job_id)
        return job, stored

    def transition(self, job_id: str, change: Transition, expected_version: int) -> Job:
        """Move a job on.

        Raises JobCancelled, JobFinished, or ConcurrentUpdate when ``expected_version`` is not the last.
        """
        job = self.get(job_id, None)
        moved = job.moved(change, self._now())
        if job.version != expected_version:
            raise ConcurrentUpdate(job_id)
        return self._changes.save(job, moved)

    def _store(self, order: Order) -> Created:
        return self._creating.create(
            order, lambda key, media_type: self._blueprints.put(key, order.blueprint, media_type)
        )

    def _create_from_upload(
        self, owner: str, upload_id: str, declared: Declaration, start_preview: bool, key: str | None
    ) -> Created:
        upload = self._usable_upload(owner, upload_id)
        declared = upload.declaration(declared)
        with StagingFile() as file:
            tag = self._blueprints.fetch(upload.s3_key, file)
            if tag is None:
                raise UploadNotFound
            return self._creating.create(
                Order(owner, file.staged(), declared, start_preview, key, upload),
                lambda key, media_type: self._blueprints.copy(upload.s3_key, tag, key, media_type),
            )

    def _usable_upload(self, owner: str, upload_id: str) -> Upload:
        check_upload_id(upload_id)
        upload = self._uploads.get(upload_id)
        if upload is None:
            raise UploadNotFound
        upload.check_usable(owner, self._now())
        return upload

    def _settled(self, job: Job) -> Job:
        """The job, failed if it has been processing for too long."""
        now = self._now()
        if not job.has_timed_out(now, self._rules.processing_timeout):
            return job
        try:
            return self._changes.save(job, job.failed_by_timeout(now))
        except ConcurrentUpdate:
            return self._jobs.get(job.job_id) or job

    def _now(self) -> datetime:
        now = self._clock()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)
