"""What the use cases need from outside: one class in ``adapters`` for each, and one fake in the tests."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from jobs.domain.blueprint_file import BlueprintFacts, StagedBlueprint
from jobs.domain.erasure import ErasedResults, Erasure, Tombstone
from jobs.domain.feedback import Computation, Entry, PageRooms
from jobs.domain.idempotency import IdempotencyRecord, IdempotencyTombstone
from jobs.domain.job import Job, Owed, PageReport
from jobs.domain.listing import JobFilter, Position
from jobs.domain.pages import PageCounts
from jobs.domain.reconciliation import StoredFile, UnfinishedJob
from jobs.domain.upload import PresignedPost, Upload


class JobTable(Protocol):
    """Jobs by id. What is expired or being erased is absent. Every method may raise DependencyError."""

    def insert(
        self, job: Job, upload: Upload | None = None, idempotency_record: IdempotencyRecord | None = None
    ) -> None:
        """Store a new job, mark its upload as used and save the record of its key: all or nothing.

        Raises RequestInProgress when another holds the key meanwhile, or else UploadNotFound when the upload
        was used or has expired.
        """

    def get(self, job_id: str) -> Job | None:
        """The job as last written."""

    def versions(self, job_ids: Collection[str]) -> Mapping[str, int | None]:
        """The versions of at most 100 jobs as last written, None for one that is absent, in one read.

        A job that could not be read just now is left out.
        """

    def save(self, job: Job) -> None:
        """Replace the version before ``job.version``. Raises ConcurrentUpdate if that is not the last one."""

    def delete(self, job_id: str) -> None:
        """Delete a job that no response has named."""

    def page(self, jobs: JobFilter, limit: int, after: Position | None) -> tuple[list[Job], Position | None]:
        """Up to ``limit`` jobs, newest first, and where to go on, or None at the end.

        May fall short of ``limit``, and may miss what was written a moment ago.
        """

    def find_due(self, owed: Owed) -> Iterator[str]:
        """The ids of some jobs that owe this and are due, the longest due first.

        May miss what was written a moment ago, and may answer what was seen to by now.
        """


class UploadTable(Protocol):
    """Uploads by id; raises DependencyError as above."""

    def insert(self, upload: Upload) -> None: ...

    def get(self, upload_id: str) -> Upload | None: ...

    def redact(self, upload_id: str) -> None:
        """Delete what the caller said about the file, if the upload is there; that it was used stays."""


class IdempotencyTable(Protocol):
    """Records by the hash of their key; what is past its expiry is absent. Raises DependencyError as above.

    The writes raise RequestInProgress when the stored record is not the expected one.
    """

    def get(self, key_hash: str) -> IdempotencyRecord | IdempotencyTombstone | None:
        """The record as last written."""

    def claim(self, record: IdempotencyRecord, replacing: IdempotencyRecord | None) -> None:
        """Store a record where there is none, or in place of ``replacing`` if that one is unchanged."""

    def save(self, record: IdempotencyRecord) -> None:
        """Replace the record of the same lease owner."""

    def release(self, record: IdempotencyRecord) -> None:
        """Delete the record of the same lease owner, at whatever stage it is, if it is there."""

    def put_tombstone(self, tombstone: IdempotencyTombstone) -> None:
        """Replace the record, expired or not, if it is of that job; does nothing if it is not."""


class ErasureTable(Protocol):
    """Erasures by job, each in the place of its job. Raises DependencyError as above."""

    def get(self, job_id: str) -> Erasure | None:
        """An erasure that is not complete."""

    def begin(self, erasure: Erasure) -> Erasure | None:
        """Replace the job, whatever its version. Answers the erasure that is stored now, perhaps another's.

        None when there is neither job nor erasure: another process has completed it.
        """

    def complete(self, tombstone: Tombstone) -> None:
        """Replace the erasure by a tombstone."""

    def put_tombstone(self, tombstone: Tombstone) -> None:
        """Put it in the place of a job that has expired or is not there; do nothing in any other case."""

    def delete_tombstone(self, job_id: str) -> None: ...

    def find_due(self) -> Iterator[Erasure | Tombstone]:
        """Erasures that were not completed in time, and tombstones past the time for late writes.

        May miss what was written a moment ago, and may answer what is gone by now.
        """


class FeedbackTable(Protocol):
    """What was said about jobs, and pages' rooms as they were then; what is expired is absent.

    Raises DependencyError as above.
    """

    def add(self, entries: Sequence[Entry], pages: Sequence[PageRooms]) -> None:
        """Store the ``entries`` of one job, and with them each of ``pages`` that is not stored yet: all or
        nothing. Raises InvalidFeedback when the job has no room for so many.
        """

    def get(self, job_id: str, feedback_id: str) -> Entry | None: ...

    def page(
        self, job_id: str, page: int | None, limit: int, after: str | None
    ) -> tuple[list[Entry], str | None]:
        """Up to ``limit`` entries, oldest first, all pages' unless one is named; and the id of the last when
        there are more.
        """

    def rooms(self, job_id: str, page: int, computation: Computation) -> PageRooms | None:
        """The rooms of a page as they were."""

    def delete(self, entry: Entry) -> None:
        """Raises FeedbackNotFound when it is gone."""

    def delete_all(self, job_id: str, erased_at: datetime | None = None) -> int:
        """Delete all feedback on a job; answers how many entries there were.

        With ``erased_at``, and if there was any, that it was erased then is all that stays.
        """

    def job_ids(self) -> set[str]:
        """All jobs of which something was said, by an eventually consistent read."""

    def is_erased(self, job_id: str) -> bool:
        """Whether feedback on this job was erased."""


class ByteSink(Protocol):
    def write(self, data: bytes, /) -> int: ...


@dataclass(frozen=True, slots=True)
class StoredBlueprint:
    """A stored file; ``chunks`` is read once, and closed by whoever does not read it to its end."""

    size_bytes: int
    chunks: Iterator[bytes]


class BlueprintBucket(Protocol):
    """Blueprints and uploads in storage; raises DependencyError as above."""

    @property
    def upload_origin(self) -> str:
        """Scheme and host of the URLs that ``presign`` answers."""

    def put(self, key: str, blueprint: StagedBlueprint, media_type: str) -> None:
        """Store a file under a new key, its checksum verified by the store."""

    def open(self, key: str) -> StoredBlueprint | None:
        """The object under ``key``, or None."""

    def fetch(self, key: str, into: ByteSink) -> str | None:
        """Write an object into ``into``; answers the ETag of the version read, or None when there is none."""

    def copy(self, source_key: str, etag: str, key: str, media_type: str) -> None:
        """Copy the version ``etag`` of an upload's object.

        Raises UploadChanged if it is not that version any more, UploadNotFound if it is gone.
        """

    def delete(self, key: str) -> None:
        """Delete an object, if it is there."""

    def presign(self, key: str, max_bytes: int, valid_seconds: int) -> PresignedPost:
        """A form with which anybody can store one object of 1 to ``max_bytes`` bytes under ``key``."""


class BlueprintReader(Protocol):
    def read(self, path: Path, owner: str) -> BlueprintFacts:
        """What the header of the ``owner``'s file says. Raises NotABlueprint or UnreadableBlueprint."""


class RemoteFiles(Protocol):
    def fetch(self, url: str, into: ByteSink) -> None:
        """Write the file at ``url`` into ``into``.

        Raises UrlNotAllowed, FileTooLarge, and DependencyUnavailable while too many are being fetched.
        """


class Parameters(Protocol):
    def url_input_enabled(self) -> bool:
        """Whether files may be fetched from URLs."""


class PageQuota(Protocol):
    def take(self, owner: str, pages: int) -> None:
        """Count pages that an owner asks for. Raises QuotaExceeded, having counted none of them."""


@dataclass(frozen=True, slots=True)
class PageProgress:
    """``unfinished``: a page of the job waits or is at work. ``report`` is None where preview has none."""

    report: PageReport | None
    unfinished: bool


class PreviewService(Protocol):
    """Preview; raises DependencyError when it does not answer."""

    def request_pages(self, job: Job) -> PageCounts:
        """Have the pages previewed that the job owes; once this returns, preview sees to them.

        May be repeated. Raises PagesRefused.
        """

    def page_progress(self, job_id: str, within_seconds: float) -> PageProgress:
        """How far the pages of a job have come."""

    def read_rooms(self, job_id: str, page: int) -> PageRooms | None:
        """The rooms of the stored preview of a page; None without one."""

    def erase_results(self, job_id: str) -> ErasedResults:
        """Delete all that preview keeps of a job."""


class JobScanner(Protocol):
    """All jobs, by eventually consistent reads: `JobTable.get` decides on each.

    Raises DependencyError as above.
    """

    def expiry_times(self, job_ids: Collection[str]) -> Mapping[str, datetime]:
        """When each of these jobs expires or has expired; one that is not seen is left out."""

    def unfinished_jobs(self) -> Iterator[UnfinishedJob]:
        """Every job that is pending or processing and not expired, in no order."""


class BucketListing(Protocol):
    """What lies in the bucket, by listing it; raises DependencyError as above."""

    def pages(self, prefix: str) -> Iterator[Sequence[StoredFile]]:
        """All objects whose keys begin so, in pages, ordered by key."""

    def missing(self, keys: Collection[str]) -> set[str]:
        """Those of ``keys``, all blueprints', under which nothing is stored."""
