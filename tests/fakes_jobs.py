"""Stand-ins for the adapters of jobs; the tables and the bucket pass the tests of the real ones."""

import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builders_jobs import NOW, RULES
from jobs.domain.blueprint_file import BlueprintFacts, StagedBlueprint
from jobs.domain.erasure import ErasedResults, Erasure, Tombstone
from jobs.domain.errors import (
    ConcurrentUpdate,
    FeedbackNotFound,
    InvalidFeedback,
    PagesRefused,
    RequestInProgress,
    UploadChanged,
    UploadNotFound,
    UrlNotAllowed,
)
from jobs.domain.feedback import MAX_CORNERS_OF_A_JOB, MAX_ENTRIES_OF_A_JOB, Computation, Entry, PageRooms
from jobs.domain.idempotency import IdempotencyRecord, IdempotencyTombstone
from jobs.domain.job import UNFINISHED, Job, JobStatus, Owed, PageReport
from jobs.domain.listing import JobFilter, Position
from jobs.domain.pages import PageCounts, parse_pages
from jobs.domain.ports import ByteSink, PageProgress, StoredBlueprint
from jobs.domain.reconciliation import StoredFile, UnfinishedJob
from jobs.domain.upload import PresignedPost, Upload
from shared.errors import DependencyUnavailable
from shared.timestamps import iso_millis


@dataclass
class Clock:
    now: datetime

    def __call__(self) -> datetime:
        return self.now


class FakeCondition(threading.Condition):
    """Runs ``meanwhile`` once instead of blocking; ``asked_seconds`` is for how long each would have."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], None] = lambda: None
        self.asked_seconds: list[float | None] = []

    def wait_for(self, predicate: Callable[[], Any], timeout: float | None = None) -> Any:
        self.asked_seconds.append(timeout)
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        return predicate()


class Faults:
    """``broken`` names the methods that fail as if the dependency were away.

    ``unanswered`` names those that fail after they were carried out.
    """

    def __init__(self) -> None:
        self.broken: set[str] = set()
        self.unanswered: set[str] = set()

    def check(self, method: str) -> None:
        if method in self.broken:
            raise DependencyUnavailable("a fake")

    def check_answer(self, method: str) -> None:
        if method in self.unanswered:
            raise DependencyUnavailable("a fake")


class FakeUploadTable(Faults):
    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self._uploads: dict[str, Upload] = {}

    def insert(self, upload: Upload) -> None:
        self.check("insert")
        self._uploads[upload.upload_id] = upload

    def get(self, upload_id: str) -> Upload | None:
        self.check("get")
        upload = self._uploads.get(upload_id)
        return upload if upload and upload.expires_at > self._now() else None

    def redact(self, upload_id: str) -> None:
        self.check("redact")
        if upload_id in self._uploads:
            self._uploads[upload_id] = replace(self._uploads[upload_id], filename=None, format=None)

    def use(self, upload: Upload) -> None:
        stored = self.get(upload.upload_id)
        if stored is None:
            raise UploadNotFound
        stored.check_usable(upload.owner, self._now())
        self._uploads[upload.upload_id] = replace(stored, used=True)


class FakeIdempotencyTable(Faults):
    """``interfere`` runs before each claim, to play the part of somebody else who writes at that moment."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.stored: dict[str, IdempotencyRecord | IdempotencyTombstone] = {}
        self.interfere: Callable[[IdempotencyRecord], None] = lambda record: None

    def get(self, key_hash: str) -> IdempotencyRecord | IdempotencyTombstone | None:
        self.check("get")
        record = self.stored.get(key_hash)
        return record if record and record.expires_at > self._now() else None

    def claim(self, record: IdempotencyRecord, replacing: IdempotencyRecord | None) -> None:
        self.check("claim")
        self.interfere(record)
        stored = self.get(record.key_hash)
        if isinstance(stored, IdempotencyTombstone):
            raise RequestInProgress
        if stored and (
            replacing is None
            or (stored.lease_owner, stored.stage) != (replacing.lease_owner, replacing.stage)
        ):
            raise RequestInProgress
        self.stored[record.key_hash] = record

    def save(self, record: IdempotencyRecord) -> None:
        self.check("save")
        self.check_held(record)
        self.stored[record.key_hash] = record

    def release(self, record: IdempotencyRecord) -> None:
        self.check("release")
        if record.key_hash in self.stored:
            self.check_held(record)
            del self.stored[record.key_hash]

    def put_tombstone(self, tombstone: IdempotencyTombstone) -> None:
        self.check("put_tombstone")
        stored = self.stored.get(tombstone.key_hash)
        if isinstance(stored, IdempotencyRecord) and stored.job and stored.job.job_id == tombstone.job_id:
            self.stored[tombstone.key_hash] = tombstone

    def check_held(self, record: IdempotencyRecord) -> None:
        stored = self.stored.get(record.key_hash)
        if not isinstance(stored, IdempotencyRecord) or stored.lease_owner != record.lease_owner:
            raise RequestInProgress


class FakeJobTable(Faults):
    """``interfere`` runs before each save, to play the part of somebody else who writes at that moment.

    ``batches`` are the ids of each read of versions, after which ``after_batch`` runs.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        uploads: FakeUploadTable,
        keys: FakeIdempotencyTable | None = None,
    ) -> None:
        super().__init__()
        self._now = now
        self._uploads = uploads
        self._keys = keys or FakeIdempotencyTable(now)
        self.processing_timeout = RULES.processing_timeout
        self.stored: dict[str, Job] = {}
        self.batches: list[set[str]] = []
        self.after_batch: Callable[[], None] = lambda: None
        self.interfere: Callable[[Job], None] = lambda job: None

    def insert(
        self, job: Job, upload: Upload | None = None, idempotency_record: IdempotencyRecord | None = None
    ) -> None:
        self.check("insert")
        if idempotency_record is not None:
            self._keys.check_held(idempotency_record)
        if upload is not None:
            self._uploads.use(upload)
        if idempotency_record is not None:
            self._keys.stored[idempotency_record.key_hash] = idempotency_record
        self.stored[job.job_id] = job
        self.check_answer("insert")

    def get(self, job_id: str) -> Job | None:
        self.check("get")
        job = self.stored.get(job_id)
        return job if job and job.expires_at > self._now() else None

    def versions(self, job_ids: Collection[str]) -> dict[str, int | None]:
        self.check("versions")
        self.batches.append(set(job_ids))
        jobs = {job_id: self.get(job_id) for job_id in job_ids}
        self.after_batch()
        return {job_id: job and job.version for job_id, job in jobs.items()}

    def save(self, job: Job) -> None:
        self.check("save")
        self.interfere(job)
        before = self.stored.get(job.job_id)
        if before is None or before.version != job.version - 1:
            raise ConcurrentUpdate(job.job_id)
        self.stored[job.job_id] = job

    def delete(self, job_id: str) -> None:
        self.check("delete")
        self.stored.pop(job_id, None)

    def page(self, jobs: JobFilter, limit: int, after: Position | None) -> tuple[list[Job], Position | None]:
        self.check("page")
        found = [job for job in self.stored.values() if self._wanted(job, jobs)]
        found.sort(key=lambda job: (job.created_at, job.job_id), reverse=True)
        if after is not None:
            found = [job for job in found if _position(job) < after]
        last = _position(found[limit - 1]) if len(found) > limit else None
        return found[:limit], last

    def find_due(self, owed: Owed) -> Iterator[str]:
        self.check("find_due")
        due = [
            (at, job.job_id)
            for job in self.stored.values()
            if job.owes is owed and (at := job.due_at(self.processing_timeout)) and at <= self._now()
        ]
        return iter([job_id for _, job_id in sorted(due)])

    def _wanted(self, job: Job, jobs: JobFilter) -> bool:
        stuck = job.processing_since is not None and job.processing_since <= jobs.stuck_before
        statuses = {None, job.status} | ({JobStatus.FAILED} if stuck else set())
        return job.owner == jobs.owner and job.expires_at > self._now() and jobs.status in statuses


@dataclass
class FakeErasureTable(Faults):
    """In the place of the jobs of ``table``; ``after`` as the real one has it."""

    table: FakeJobTable
    now: Callable[[], datetime]
    after: timedelta = timedelta(minutes=15)
    stored: dict[str, Erasure | Tombstone] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def get(self, job_id: str) -> Erasure | None:
        self.check("get")
        found = self.stored.get(job_id)
        return found if isinstance(found, Erasure) else None

    def begin(self, erasure: Erasure) -> Erasure | None:
        self.check("begin")
        if self.table.stored.pop(erasure.job_id, None) is not None:
            self.stored[erasure.job_id] = erasure
        self.check_answer("begin")
        return self.get(erasure.job_id)

    def complete(self, tombstone: Tombstone) -> None:
        self.check("complete")
        self.stored[tombstone.job_id] = tombstone
        self.check_answer("complete")

    def put_tombstone(self, tombstone: Tombstone) -> None:
        self.check("put_tombstone")
        job = self.table.stored.get(tombstone.job_id)
        if tombstone.job_id in self.stored or (job is not None and job.expires_at > self.now()):
            return
        self.table.stored.pop(tombstone.job_id, None)
        self.stored[tombstone.job_id] = tombstone
        self.check_answer("put_tombstone")

    def delete_tombstone(self, job_id: str) -> None:
        self.check("delete_tombstone")
        self.stored.pop(job_id, None)

    def find_due(self) -> Iterator[Erasure | Tombstone]:
        self.check("find_due")
        return iter([found for found in self.stored.values() if self._since(found) <= self.now()])

    def _since(self, found: Erasure | Tombstone) -> datetime:
        return (found.begun_at if isinstance(found, Erasure) else found.erased_at) + self.after


class FakeFeedbackTable(Faults):
    """``stored``: what was said about each job; ``after_add`` runs once entries are stored.

    ``pages_read`` counts reads of what was said of a page.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._now = now
        self.stored: dict[str, list[Entry]] = {}
        self.pages: dict[tuple[str, int, Computation], PageRooms] = {}
        self.erased: set[str] = set()
        self.pages_read = 0
        self.after_add: Callable[[str], None] = lambda job_id: None

    def add(self, entries: Sequence[Entry], pages: Sequence[PageRooms]) -> None:
        self.check("add")
        job_id = entries[0].job_id
        after = [*self.stored.get(job_id, ()), *entries]
        if len(after) > MAX_ENTRIES_OF_A_JOB or sum(each.corners for each in after) > MAX_CORNERS_OF_A_JOB:
            raise InvalidFeedback("entries", "Too many.")
        self.stored.setdefault(job_id, []).extend(entries)
        for page in pages:
            self.pages.setdefault((job_id, page.page, page.computation), page)
        self.after_add(job_id)

    def get(self, job_id: str, feedback_id: str) -> Entry | None:
        return next((each for each in self._live(job_id) if each.feedback_id == feedback_id), None)

    def page(
        self, job_id: str, page: int | None, limit: int, after: str | None
    ) -> tuple[list[Entry], str | None]:
        self.check("page")
        self.pages_read += 1
        found = [
            each
            for each in self._live(job_id)
            if page in (None, each.page) and (after is None or each.feedback_id > after)
        ]
        return found[:limit], found[limit - 1].feedback_id if len(found) > limit else None

    def rooms(self, job_id: str, page: int, computation: Computation) -> PageRooms | None:
        return self.pages.get((job_id, page, computation))

    def delete(self, entry: Entry) -> None:
        if entry not in self.stored.get(entry.job_id, ()):
            raise FeedbackNotFound(entry.feedback_id)
        self.stored[entry.job_id].remove(entry)

    def job_ids(self) -> set[str]:
        return {job_id for job_id in self.stored if self._live(job_id)}

    def is_erased(self, job_id: str) -> bool:
        return job_id in self.erased

    def delete_all(self, job_id: str, erased_at: datetime | None = None) -> int:
        self.check("delete_all")
        if erased_at is not None and self.stored.get(job_id):
            self.erased.add(job_id)
        self.pages = {key: page for key, page in self.pages.items() if key[0] != job_id}
        return len(self.stored.pop(job_id, ()))

    def _live(self, job_id: str) -> list[Entry]:
        live = [each for each in self.stored.get(job_id, ()) if each.expires_at > self._now()]
        return sorted(live, key=lambda each: each.feedback_id)


@dataclass
class FakeJobScanner:
    """All jobs of ``table``, but for those ``unseen``: written a moment ago, or left out under load."""

    table: FakeJobTable
    now: Callable[[], datetime]
    unseen: set[str] = field(default_factory=set)

    def expiry_times(self, job_ids: Collection[str]) -> dict[str, datetime]:
        return {job.job_id: job.expires_at for job in self._seen() if job.job_id in job_ids}

    def unfinished_jobs(self) -> Iterator[UnfinishedJob]:
        for job in self._seen():
            if job.status in UNFINISHED and job.expires_at > self.now():
                yield UnfinishedJob(job.job_id, job.blueprint_s3_key)

    def _seen(self) -> list[Job]:
        self.table.check("scan")
        return [job for job in self.table.stored.values() if job.job_id not in self.unseen]


def _position(job: Job) -> "_Ordered":
    return _Ordered(iso_millis(job.created_at), job.job_id)


class _Ordered(Position):
    def __lt__(self, other: Position) -> bool:
        return (self.created_at, self.job_id) < (other.created_at, other.job_id)


@dataclass
class FakeObject:
    content: bytes
    media_type: str
    etag: str
    stored_at: datetime


class FakeBucket(Faults):
    def __init__(self, now: Callable[[], datetime] = lambda: NOW) -> None:
        super().__init__()
        self._now = now
        self.objects: dict[str, FakeObject] = {}
        self._tags = 0

    @property
    def upload_origin(self) -> str:
        return "https://bucket.example"

    def put(self, key: str, blueprint: StagedBlueprint, media_type: str) -> None:
        self.check("put")
        self.store(key, blueprint.path.read_bytes(), media_type)

    def store(self, key: str, content: bytes, media_type: str = "application/octet-stream") -> None:
        """Put an object there as somebody else would."""
        self._tags += 1
        self.objects[key] = FakeObject(content, media_type, str(self._tags), self._now())

    def open(self, key: str) -> StoredBlueprint | None:
        self.check("open")
        found = self.objects.get(key)
        return StoredBlueprint(len(found.content), _halves(found.content)) if found else None

    def fetch(self, key: str, into: ByteSink) -> str | None:
        self.check("fetch")
        found = self.objects.get(key)
        if found is None:
            return None
        into.write(found.content)
        return found.etag

    def copy(self, source_key: str, etag: str, key: str, media_type: str) -> None:
        self.check("copy")
        source = self.objects.get(source_key)
        if source is None:
            raise UploadNotFound
        if source.etag != etag:
            raise UploadChanged
        self.store(key, source.content, media_type)

    def delete(self, key: str) -> None:
        self.check("delete")
        self.objects.pop(key, None)

    def presign(self, key: str, max_bytes: int, valid_seconds: int) -> PresignedPost:
        self.check("presign")
        return PresignedPost("https://bucket.example/", {"key": key})


@dataclass
class FakeBucketListing:
    """What lies in ``bucket``; keys in ``not_yet`` are stored right after the first look for them.

    ``when_listed`` is called after the last page of a listing.
    """

    bucket: FakeBucket
    page_keys: int = 1000
    not_yet: set[str] = field(default_factory=set)
    when_listed: Callable[[], None] = lambda: None

    def pages(self, prefix: str) -> Iterator[list[StoredFile]]:
        self.bucket.check("pages")
        found = sorted(self.bucket.objects.items())
        files = [StoredFile(key, each.stored_at) for key, each in found if key.startswith(prefix)]
        for first in range(0, len(files), self.page_keys):
            yield files[first : first + self.page_keys]
        self.when_listed()

    def missing(self, keys: Collection[str]) -> set[str]:
        self.bucket.check("missing")
        absent = {key for key in keys if key not in self.bucket.objects or key in self.not_yet}
        self.not_yet -= set(keys)
        return absent


def _halves(content: bytes) -> Iterator[bytes]:
    middle = len(content) // 2
    yield content[:middle]
    yield content[middle:]


@dataclass
class FakeReader:
    """Says ``answer`` of every file, or raises it."""

    answer: BlueprintFacts | Exception

    def read(self, path: Path, owner: str) -> BlueprintFacts:
        assert path.exists()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@dataclass
class FakePreview(Faults):
    """``on_request`` runs before it answers that it has the pages of a job.

    ``progress`` is what it says of the pages of each job, ``results`` what it keeps of them; ``rooms`` are
    those of each page that has a preview, of whatever job.
    """

    on_request: Callable[[str], None] = lambda job_id: None
    refuses: bool = False
    requested: list[tuple[str, str | None]] = field(default_factory=list)
    progress: dict[str, PageProgress] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    results: dict[str, ErasedResults] = field(default_factory=dict)
    rooms: dict[int, PageRooms] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def read_rooms(self, job_id: str, page: int) -> PageRooms | None:
        self.check("read_rooms")
        return self.rooms.get(page)

    def erase_results(self, job_id: str) -> ErasedResults:
        self.check("erase_results")
        return self.results.pop(job_id, ErasedResults(0, 0))

    def request_pages(self, job: Job) -> PageCounts:
        self.check("request_pages")
        if self.refuses:
            raise PagesRefused("a fake")
        self.on_request(job.job_id)
        self.requested.append((job.job_id, job.owed_pages))
        counts = PageCounts(len(parse_pages(job.owed_pages or "", job.page_count)), number=1)
        self.progress.setdefault(job.job_id, PageProgress(PageReport(counts), unfinished=True))
        self.check_answer("request_pages")
        return counts

    def page_progress(self, job_id: str, within_seconds: float) -> PageProgress:
        self.check("page_progress")
        self.asked.append(job_id)
        return self.progress.get(job_id, PageProgress(None, unfinished=False))


@dataclass
class FakeRemoteFiles:
    """``contents`` by URL; any other is refused."""

    contents: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)

    def fetch(self, url: str, into: ByteSink) -> None:
        self.fetched.append(url)
        if url not in self.contents:
            raise UrlNotAllowed("a fake")
        into.write(self.contents[url])


@dataclass
class FakeParameters:
    url_input: bool = True

    def url_input_enabled(self) -> bool:
        return self.url_input
