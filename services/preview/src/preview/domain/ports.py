"""What the service needs from outside. Adapters and fakes have these shapes.

Unless said otherwise every method raises `shared.errors.DependencyError` when its store or peer does not do
its part: DependencyUnavailable for what may pass, DependencyFailed for what will not.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.corrections import FeedbackEntry
from preview.domain.detection import Detection
from preview.domain.erased_results import ErasedResults
from preview.domain.job import Job, Transition
from preview.domain.page import LoadedPage
from preview.domain.page_work import CountChange, PageCounts, PageReport, PageWork
from preview.domain.picture import PagePart, PicturedRoom
from preview.domain.preview import Preview
from preview.domain.queued_page import Backlog, DeadLetter, QueuedPage, ReceivedPage
from preview.domain.room import Word
from preview.domain.scale import GivenScale, PageSize
from preview.domain.text_analysis import OcrResult, TextAnalysis

Regions = Sequence[Any]
"""What the detector found in the pixels; opaque to everything but the detector."""


class Jobs(Protocol):
    def get(self, job_id: str, owner: str | None) -> Job:
        """The job; with ``owner`` given, only if it is theirs. Raises JobNotFound."""
        ...

    def feedback(self, job_id: str, page: int) -> tuple[FeedbackEntry, ...]:
        """All that was said about a page."""

    def transition(self, job: Job, transition: Transition) -> Job:
        """Change ``job`` as it was read. Raises ConcurrentUpdate, JobCancelled or JobNotFound."""
        ...

    def report_pages(self, job_id: str, report: PageReport) -> Job:
        """Say how far its pages have come; the job, whatever state it is in. Raises JobNotFound."""
        ...


class PreviewCache(Protocol):
    """One result a key, and a lease on the key for the one who computes it.

    ``token`` names the holder of a lease; a lease ends at its expiry whether or not its holder lives. Each
    result and each lease on an empty key is of one job.
    """

    def get(self, key: str) -> CacheSnapshot: ...

    def take_lease(
        self, key: str, token: str, snapshot: CacheSnapshot, expires_at: datetime, job_id: str
    ) -> bool:
        """False when somebody holds it, or a result was stored since ``snapshot``."""
        ...

    def renew_lease(self, key: str, token: str, expires_at: datetime) -> bool:
        """False, and nothing done, when the lease is lost."""
        ...

    def put(self, key: str, token: str, result: CacheResult) -> bool:
        """Store the result and end the lease. False, and nothing done, when the lease is lost."""
        ...

    def release(self, key: str, token: str) -> None:
        """End the lease without a result; what was stored before stays."""
        ...

    def refill(self, key: str, entry: CacheEntry, snapshot: CacheSnapshot) -> None:
        """Store an entry that expired here and is still true. Does nothing if ``snapshot`` is out of date."""
        ...

    def erase(self, job_id: str) -> None:
        """Remove all that is of this job; may overlook what was written a moment ago."""
        ...


class PageQueue(Protocol):
    """Pages that wait for a worker; any page may be delivered twice, late, or not at all."""

    def send(self, pages: Sequence[QueuedPage], owner: str) -> None:
        """Queue pages of jobs of ``owner``. When it raises, some may be queued: send them all again."""
        ...

    def receive(self, wait_seconds: int, visibility_timeout_seconds: int) -> ReceivedPage | None:
        """A page that nobody else receives for ``visibility_timeout_seconds``.

        None when none came within ``wait_seconds``. What names no page is deleted and logged.
        """
        ...

    def delete(self, page: ReceivedPage) -> None:
        """Take the page from the queue; nothing happens where it is gone."""
        ...

    def set_visibility_timeout(self, page: ReceivedPage, seconds: int) -> None:
        """Keep the page from others for ``seconds`` from now; 0 gives it back at once."""
        ...

    def backlog(self) -> Backlog: ...


class ServiceTimes(Protocol):
    """What pages take workers, those of all processes together."""

    def add(self, seconds: float) -> None:
        """Count an attempt at a page, whatever came of it."""
        ...

    def mean(self) -> float | None:
        """The mean seconds of the last quarter of an hour or more; None where there was no attempt."""
        ...


class DeadLetters(Protocol):
    """Messages of the queue of pages that were received too often."""

    def read(self) -> list[DeadLetter]:
        """All of them; each stays where it is."""
        ...

    def redrive(self) -> int:
        """Send all of them to the queue again, each once unless it is interrupted; how many."""
        ...


class PageTable(Protocol):
    """The pages that are to be previewed, and their counts by job. What has expired is absent.

    A page changes as `PageWork.version` says, and together with the counts of its job.
    """

    def counts(self, job_id: str) -> PageCounts | None: ...

    def get(self, job_id: str, page: int) -> PageWork | None: ...

    def of_job(self, job_id: str) -> list[PageWork]:
        """All pages of the job, by number."""
        ...

    def begin_round(self, counts: PageCounts) -> None:
        """Store counts of a round in which nothing counts yet.

        Raises PageChanged when there is that round already, or not the one before.
        """
        ...

    def save(self, pages: Sequence[PageWork], counts: PageCounts, change: CountChange) -> None:
        """Store pages of one job and add ``change`` to its counts: all or nothing.

        At most `MAX_SAVED_PAGES`. Raises PageChanged when a page is not as it was read, or the counts are of
        another round than ``counts``.
        """
        ...

    def due(self, at: datetime, limit: int) -> list[QueuedPage]:
        """Up to ``limit`` unfinished pages that somebody has to look at by then, the most overdue first.

        May miss what was written a moment ago, and may answer what has ended by now.
        """
        ...

    def scales(self, job_id: str) -> dict[int, GivenScale]:
        """Those that were given, by page."""
        ...

    def get_with_scale(self, job_id: str, page: int) -> tuple[PageWork | None, GivenScale | None]:
        """A page and the scale that was given for it, which may be there without the other."""
        ...

    def give_scale(
        self, job_id: str, pages: Sequence[int], scale: GivenScale | None, expires_at: datetime
    ) -> None:
        """Keep the scale of these pages, or forget it; whoever changes the pages meanwhile does not matter.

        ``expires_at`` is that of pages that nobody has asked for. Raises PageChanged.
        """
        ...

    def erase(self, job_id: str) -> None:
        """Remove counts, pages and scales of the job; what is written later than that is not found."""
        ...


class PageQuota(Protocol):
    def take(self, owner: str, pages: int) -> None:
        """Count pages that an owner asks for. Raises QuotaExceeded, having counted none of them."""
        ...


MAX_SAVED_PAGES = 99
"""A transaction writes a hundred items at most, and the counts are one of them.

Source: TransactWriteItems in the DynamoDB API reference.
"""


class ResultStore(Protocol):
    def write_analysis(self, analysis: TextAnalysis) -> None: ...

    def read_analysis(self, job_id: str, page: int) -> TextAnalysis | None: ...

    def write_preview(self, preview: Preview) -> None: ...

    def read_preview(self, job_id: str, page: int, model_version: str) -> Preview | None: ...

    def read_latest_preview(self, job_id: str, page: int) -> Preview | None:
        """Whatever the version of the detector that made it."""
        ...

    def list_previews(self, job_id: str) -> dict[int, str]:
        """The key of the newest preview of each page that has one, for `read_listed`."""
        ...

    def read_listed(self, key: str) -> Preview | None: ...

    def erase(self, job_id: str) -> ErasedResults:
        """Remove every page and version of the job's results."""
        ...


class BlueprintSource(Protocol):
    def download(self, job: Job, path: Path) -> None:
        """Write the job's file to ``path``. Raises BlueprintMissing."""
        ...


class TextReader(Protocol):
    def read(self, blueprint_s3_key: str, png: bytes | None, features: Sequence[str]) -> OcrResult:
        """Read one page: from ``png``, or from the stored file itself when that is None.

        ``features`` are Textract's: ``LAYOUT``, ``TABLES`` and so on.
        """
        ...


class PageTask(Protocol):
    """A page that is drawn, and on which rooms are detected, in a child process."""

    def page(self, timeout_seconds: float, cpu_seconds: float) -> LoadedPage:
        """Raises UnreadableBlueprint (``too_complex`` when it takes more than ``cpu_seconds`` of processor
        time), NoSuchPage, or DeadlineExceeded.
        """
        ...

    def regions(self, timeout_seconds: float) -> Regions:
        """To be called after `page`. Raises DetectionTimeout."""
        ...


class PageAnalyser(Protocol):
    def analyse(
        self, path: Path, blueprint_format: str, page_number: int, byte_size: int
    ) -> AbstractContextManager[PageTask]: ...

    def name_rooms(
        self,
        regions: Regions,
        textract: Sequence[Word],
        text_layer: Sequence[Word],
        page: PageSize,
        timeout_seconds: float,
    ) -> Detection:
        """The rooms among ``regions``, named by the words that Textract read and those of the page itself,
        and what these tell of measures.

        Raises DetectionTimeout when it takes longer.
        """
        ...

    def draw(
        self,
        path: Path,
        blueprint_format: str,
        page_number: int,
        rooms: Sequence[PicturedRoom] | None,
        timeout_seconds: float,
        cpu_seconds: float,
        part: PagePart | None = None,
    ) -> bytes:
        """A PNG of the page, or a part of it, with the rooms on it; bare where they are None.

        Raises as `PageTask.page` does.
        """
        ...


class Parameters(Protocol):
    """What operators change at run time."""

    def deadline_seconds(self) -> float: ...

    def textract_features(self) -> tuple[str, ...]: ...
