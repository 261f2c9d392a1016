"""Stand-ins for what the preview service talks to.

FakeJobs, FakePreviewCache and FakeResultStore pass the tests of the adapters that they stand for.
"""

import io
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builders_preview import NOW, a_job, a_loaded_page, a_rejected_candidate, a_room, a_word, an_ocr_result
from fakes_page_queue import FakePageQueue, FakeServiceTimes
from fakes_preview_pages import FakePageTable
from fakes_shared import FakePageQuota
from preview.app import Adapters, Concurrency, build_use_cases
from preview.bulkheads import ComputeSlots
from preview.call_executor import CallExecutor
from preview.domain.budget import MAX_DEADLINE_SECONDS
from preview.domain.cache_entry import CacheEntry, CacheResult, CacheSnapshot
from preview.domain.corrections import FeedbackEntry
from preview.domain.detection import Detection
from preview.domain.erased_results import ErasedResults
from preview.domain.errors import (
    BlueprintMissing,
    ConcurrentUpdate,
    DetectionTimeout,
    JobCancelled,
    JobNotFound,
    UnreadableBlueprint,
)
from preview.domain.job import Job, JobError, JobStatus, Transition
from preview.domain.page import LoadedPage
from preview.domain.page_work import PageReport
from preview.domain.picture import PagePart, PicturedRoom
from preview.domain.ports import Regions
from preview.domain.preview import Preview
from preview.domain.result_keys import analysis_key, cache_key, preview_key
from preview.domain.room import Room, Word
from preview.domain.scale import PageSize, Scale
from preview.domain.text_analysis import OcrResult, TextAnalysis
from preview.use_cases import UseCases
from shared.bulkhead import Bulkhead
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.metrics import Metrics

MODEL_VERSION = "1.0.0"

PATIENCE_SECONDS = 60.0
"""How long a test waits for what comes in milliseconds, so that a loaded machine is no failure."""

A_WHILE_SECONDS = 3.0
"""A deadline that is to be reached because something hangs, with time for all the rest."""
SOMEBODY = "somebody-else"

_ALLOWED = {
    (JobStatus.PENDING, JobStatus.PROCESSING),
    (JobStatus.FAILED, JobStatus.PROCESSING),
    (JobStatus.PROCESSING, JobStatus.COMPLETED),
    (JobStatus.PROCESSING, JobStatus.FAILED),
}


class Clock:
    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Switch:
    """Takes a part of the outside away: ``down`` makes its calls fail, ``hangs`` until `release`."""

    def __init__(self) -> None:
        self.down = False
        self.hangs = False
        self._released = threading.Event()

    def pass_through(self) -> None:
        if self.hangs:
            self._released.wait(PATIENCE_SECONDS)
        if self.down:
            raise DependencyUnavailable("a fake")

    def release(self) -> None:
        self._released.set()


class FakeJobs:
    """``history`` are the states each job was moved to; ``results`` and ``errors`` what came with them."""

    def __init__(self, *jobs: Job) -> None:
        self.switch = Switch()
        self.transition_switch = Switch()
        self.report_switch = Switch()
        self.said: dict[tuple[str, int], list[FeedbackEntry]] = {}
        self.history: dict[str, list[JobStatus]] = {}
        self.results: dict[str, str | None] = {}
        self.errors: dict[str, JobError | None] = {}
        self.reports: dict[str, list[PageReport]] = {}
        self.before_transition: Callable[[Transition], None] = lambda _: None
        self._jobs = {job.job_id: job for job in jobs}
        self._lock = threading.Lock()

    def add(self, job: Job) -> None:
        self._jobs[job.job_id] = job

    def get(self, job_id: str, owner: str | None) -> Job:
        self.switch.pass_through()
        job = self._jobs.get(job_id)
        if job is None or owner not in (None, job.owner):
            raise JobNotFound(job_id)
        return job

    def feedback(self, job_id: str, page: int) -> tuple[FeedbackEntry, ...]:
        self.switch.pass_through()
        return tuple(self.said.get((job_id, page), ()))

    def transition(self, job: Job, transition: Transition) -> Job:
        self.switch.pass_through()
        self.transition_switch.pass_through()
        self.before_transition(transition)
        with self._lock:
            current = self.get(job.job_id, job.owner)
            if current.status is JobStatus.CANCELLED:
                raise JobCancelled(job.job_id)
            if current.version != job.version or (current.status, transition.to) not in _ALLOWED:
                raise ConcurrentUpdate(job.job_id)
            return self._write(current, transition)

    def report_pages(self, job_id: str, report: PageReport) -> Job:
        """Takes the state from the counts, as the jobs service does."""
        self.switch.pass_through()
        self.report_switch.pass_through()
        if report.number < 1:
            raise DependencyFailed("a fake")
        with self._lock:
            job = self.get(job_id, None)
            self.reports.setdefault(job_id, []).append(report)
            for to in _steps(job.status, _status_after(job, report)):
                step = _step(to, report)
                self.before_transition(step)
                job = self.get(job_id, None)
                if job.status is JobStatus.CANCELLED:
                    return job
                job = self._write(job, step) if job.status is not to or _says_more(step, job) else job
            self._jobs[job_id] = job = replace(job, counted=report.asked > 0, version=job.version + 1)
            return job

    def forget(self, job_id: str) -> None:
        """The jobs service erases it."""
        self._jobs.pop(job_id, None)

    def move(self, job_id: str, to: JobStatus) -> None:
        """What somebody else does meanwhile."""
        current = self._jobs[job_id]
        self._jobs[job_id] = replace(current, status=to, version=current.version + 1)

    def _write(self, job: Job, transition: Transition) -> Job:
        moved = replace(
            job,
            status=transition.to,
            version=job.version + 1,
            message=transition.message,
            result_s3_key=transition.result_s3_key or job.result_s3_key,
            degraded=transition.degraded,
        )
        self._jobs[job.job_id] = moved
        self.history.setdefault(job.job_id, []).append(transition.to)
        self.results[job.job_id] = transition.result_s3_key
        self.errors[job.job_id] = transition.error
        return moved


def _steps(before: JobStatus, to: JobStatus) -> list[JobStatus]:
    """The states from one to another, through ``processing`` where there is no other way."""
    if before is to:
        return [to] if to is JobStatus.COMPLETED else []
    return [to] if (before, to) in _ALLOWED or to is JobStatus.PENDING else [JobStatus.PROCESSING, to]


def _says_more(step: Transition, job: Job) -> bool:
    """Of the result of a job that is completed already."""
    key = step.result_s3_key or job.result_s3_key
    return (step.message, key, step.degraded) != (job.message, job.result_s3_key, job.degraded)


def _step(to: JobStatus, report: PageReport) -> Transition:
    if to is JobStatus.COMPLETED:
        message = f"{report.rooms} room{'' if report.rooms == 1 else 's'} found on {report.asked} page."
        return Transition(to, 100, message, report.result_s3_key, report.degraded)
    message = report.error.message if report.error else ""
    return Transition(to, 0, message, error=report.error)


def _status_after(job: Job, report: PageReport) -> JobStatus:
    if job.status in (JobStatus.COMPLETED, JobStatus.CANCELLED):
        return job.status
    if not report.asked:
        was_taken_back = job.counted and job.status is JobStatus.PROCESSING
        return JobStatus.PENDING if was_taken_back else job.status
    if report.asked == report.done:
        return JobStatus.FAILED if report.failed == report.asked else JobStatus.COMPLETED
    return JobStatus.PROCESSING if report.begun else job.status


@dataclass
class _Row:
    result: CacheResult | None = None
    version: str | None = None
    expires_at: datetime = NOW
    lease: tuple[str, datetime] | None = None
    job_id: str | None = None


class FakePreviewCache:
    def __init__(self, fresh_seconds: float, now: Callable[[], datetime]) -> None:
        self.switch = Switch()
        self.put_switch = Switch()
        self._fresh = timedelta(seconds=fresh_seconds)
        self._now = now
        self._rows: dict[str, _Row] = {}
        self._lock = threading.Lock()

    def get(self, key: str) -> CacheSnapshot:
        self.switch.pass_through()
        row = self._rows.get(key, _Row())
        fresh = row.expires_at > self._now()
        return CacheSnapshot(row.result if fresh else None, row.version, self._leased(row))

    def take_lease(
        self, key: str, token: str, snapshot: CacheSnapshot, expires_at: datetime, job_id: str
    ) -> bool:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.setdefault(key, _Row())
            if self._out_of_date(row, token, snapshot):
                return False
            if snapshot.result is None:
                row.job_id = job_id
            row.lease = (token, expires_at)
            return True

    def renew_lease(self, key: str, token: str, expires_at: datetime) -> bool:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if row.lease is None or row.lease[0] != token:
                return False
            row.lease = (token, expires_at)
            return True

    def put(self, key: str, token: str, result: CacheResult) -> bool:
        self.switch.pass_through()
        self.put_switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if row.lease and row.lease[0] == token:
                row = self._rows[key] = _Row(result, token, self._now() + self._fresh, job_id=result.job_id)
            return row.version == token

    def release(self, key: str, token: str) -> None:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if row.lease and row.lease[0] == token:
                row.lease = None

    def refill(self, key: str, entry: CacheEntry, snapshot: CacheSnapshot) -> None:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if not self._out_of_date(row, "", snapshot):
                version = f"refilled {entry.preview.job_id} {self._now()}"
                self._rows[key] = _Row(entry, version, self._now() + self._fresh, job_id=entry.job_id)

    def erase(self, job_id: str) -> None:
        self.switch.pass_through()
        with self._lock:
            self._rows = {key: row for key, row in self._rows.items() if row.job_id != job_id}

    def keys_of(self, job_id: str) -> set[str]:
        """What is there of a job, results and leases alike."""
        return {key for key, row in self._rows.items() if row.job_id == job_id}

    def _leased(self, row: _Row) -> bool:
        return row.lease is not None and row.lease[1] > self._now()

    def _out_of_date(self, row: _Row, token: str, snapshot: CacheSnapshot) -> bool:
        theirs = row.lease is not None and row.lease[0] != token
        return (theirs and self._leased(row)) or row.version != snapshot.version


class FakeResultStore:
    def __init__(self) -> None:
        self.switch = Switch()
        self.analysis_switch = Switch()
        self.preview_switch = Switch()
        self.copy_switch = Switch()
        self.unreadable: set[str] = set()
        self._stored: dict[str, Any] = {}

    def write_analysis(self, analysis: TextAnalysis) -> None:
        self.switch.pass_through()
        self.analysis_switch.pass_through()
        self._stored[analysis.s3_key] = analysis

    def read_analysis(self, job_id: str, page: int) -> TextAnalysis | None:
        self.switch.pass_through()
        self.copy_switch.pass_through()
        if job_id in self.unreadable:
            raise DependencyFailed("a fake")
        return self._stored.get(analysis_key(job_id, page))

    def write_preview(self, preview: Preview) -> None:
        self.switch.pass_through()
        self.preview_switch.pass_through()
        self._stored[preview_key(preview.job_id, preview.model_version, preview.page.number)] = preview

    def read_preview(self, job_id: str, page: int, model_version: str) -> Preview | None:
        self.switch.pass_through()
        return self._stored.get(preview_key(job_id, model_version, page))

    def read_latest_preview(self, job_id: str, page: int) -> Preview | None:
        self.switch.pass_through()
        mine = [
            stored
            for stored in self._stored.values()
            if isinstance(stored, Preview) and (stored.job_id, stored.page.number) == (job_id, page)
        ]
        return mine[-1] if mine else None

    def list_previews(self, job_id: str) -> dict[int, str]:
        self.switch.pass_through()
        return {
            stored.page.number: key
            for key, stored in self._stored.items()
            if isinstance(stored, Preview) and stored.job_id == job_id
        }

    def read_listed(self, key: str) -> Preview | None:
        self.switch.pass_through()
        return self._stored.get(key)

    def erase(self, job_id: str) -> ErasedResults:
        self.switch.pass_through()
        gone = self.keys_of(job_id)
        self._stored = {key: kept for key, kept in self._stored.items() if key not in gone}
        previews = sum(key.startswith("cache/preview/") for key in gone)
        return ErasedResults(results=previews, analysis=len(gone) - previews)

    def keys_of(self, job_id: str) -> set[str]:
        return {key for key in self._stored if f"/{job_id}/" in key}


class FakeBlueprintSource:
    def __init__(self) -> None:
        self.switch = Switch()
        self.missing: set[str] = set()

    def download(self, job: Job, path: Path) -> None:
        self.switch.pass_through()
        if job.job_id in self.missing:
            raise BlueprintMissing(job.job_id)
        path.write_bytes(b"a blueprint")


class FakeTextReader:
    """``calls`` is what was asked, as ``(s3 key, png)``; ``on_read`` happens while it reads."""

    def __init__(self) -> None:
        self.switch = Switch()
        self.reading: OcrResult = an_ocr_result(a_word())
        self.calls: list[tuple[str, bytes | None]] = []
        self.on_read: Callable[[], None] = lambda: None

    def read(self, blueprint_s3_key: str, png: bytes | None, features: Sequence[str]) -> OcrResult:
        self.calls.append((blueprint_s3_key, png))
        self.on_read()
        self.switch.pass_through()
        return self.reading


class FakePageAnalyser:
    """Finds ``found`` rooms, or raises ``page_error``.

    ``on_page`` happens while a page is drawn to be looked at, ``on_picture`` while it is drawn to be shown.
    """

    def __init__(self) -> None:
        self.page_error: Exception | None = None
        self.detection_late = False
        self.naming_late = False
        self.loaded: LoadedPage = a_loaded_page()
        self.found: list[Room] = [a_room()]
        self.scale: Scale | None = None
        self.on_page: Callable[[], None] = lambda: None
        self.on_picture: Callable[[], None] = lambda: None
        self.pages_drawn = 0
        self.limits: tuple[float, float] | None = None
        self.pictures_drawn = 0

    @contextmanager
    def analyse(
        self, path: Path, blueprint_format: str, page_number: int, byte_size: int
    ) -> Iterator["FakePageAnalyser"]:
        self._page_number = page_number
        yield self

    def page(self, timeout_seconds: float, cpu_seconds: float) -> LoadedPage:
        self.pages_drawn += 1
        self.limits = timeout_seconds, cpu_seconds
        self.on_page()
        if self.page_error is not None:
            raise self.page_error
        return replace(self.loaded, page=replace(self.loaded.page, number=self._page_number))

    def regions(self, timeout_seconds: float) -> Regions:
        if self.detection_late:
            raise DetectionTimeout
        return self.found

    def name_rooms(
        self,
        regions: Regions,
        textract: Sequence[Word],
        text_layer: Sequence[Word],
        page: PageSize,
        timeout_seconds: float,
    ) -> Detection:
        """Names every room with all the words there are; rejects one region, to the thousandth."""
        if self.naming_late:
            raise DetectionTimeout
        text = " ".join(word.text for word in (*textract, *text_layer)) or None
        return Detection(
            tuple(replace(room, name_hint=text) for room in regions),
            (a_rejected_candidate(box=(60.0, 60.0, 90.0, 80.004)),),
            self.scale,
        )

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
        self.pictures_drawn += 1
        self.limits = timeout_seconds, cpu_seconds
        self.on_picture()
        if self.page_error is not None:
            raise self.page_error
        shown = "bare" if rooms is None else f"{len(rooms)} rooms"
        size = f", {part.size_px[0]} x {part.size_px[1]} px" if part else ""
        return f"{path.read_text()}, page {page_number}, {shown}{size}".encode()


@dataclass
class FakeParameters:
    seconds: float = MAX_DEADLINE_SECONDS
    features: tuple[str, ...] = ("LAYOUT",)

    def deadline_seconds(self) -> float:
        return self.seconds

    def textract_features(self) -> tuple[str, ...]:
        return self.features


def too_complex() -> UnreadableBlueprint:
    return UnreadableBlueprint("The page is too complex to draw.", "too_complex")


@dataclass
class World:
    """The service among fakes; ``waits`` are the pauses made while others compute.

    ``skipped_seconds`` have gone by on the monotonic clock besides those that really have.
    """

    jobs: FakeJobs = field(default_factory=FakeJobs)
    clock: Clock = field(default_factory=Clock)
    results: FakeResultStore = field(default_factory=FakeResultStore)
    blueprints: FakeBlueprintSource = field(default_factory=FakeBlueprintSource)
    text: FakeTextReader = field(default_factory=FakeTextReader)
    analyser: FakePageAnalyser = field(default_factory=FakePageAnalyser)
    parameters: FakeParameters = field(default_factory=FakeParameters)
    metric_lines: io.StringIO = field(default_factory=io.StringIO)
    waits: list[float] = field(default_factory=list)
    skipped_seconds: float = 0.0
    on_wait: Callable[[], None] = lambda: None
    at_once: int = 2
    callers_at_once: int = 100

    def __post_init__(self) -> None:
        self.cache = FakePreviewCache(3600, self.clock)
        self.pages = FakePageTable(self.clock)
        self.queue = FakePageQueue(self.clock)
        self.page_quota = FakePageQuota()
        self.service_times = FakeServiceTimes(self.clock)
        self.calls = CallExecutor(16)
        self.slots = ComputeSlots(self.at_once)

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.on_wait()

    def monotonic(self) -> float:
        return time.monotonic() + self.skipped_seconds

    def use_cases(self) -> UseCases:
        adapters = Adapters(
            jobs=self.jobs,
            cache=self.cache,
            results=self.results,
            blueprints=self.blueprints,
            text=self.text,
            parameters=self.parameters,
            analyser=self.analyser,
            pages=self.pages,
            queue=self.queue,
            page_quota=self.page_quota,
            service_times=self.service_times,
        )
        concurrency = Concurrency(
            calls=self.calls,
            bulkhead=Bulkhead(self.callers_at_once),
            slots=self.slots,
        )
        metrics = Metrics("preview", "test", self.metric_lines)
        return build_use_cases(
            adapters,
            concurrency,
            metrics,
            model_version=MODEL_VERSION,
            now=self.clock,
            sleep=self.sleep,
            monotonic=self.monotonic,
        )

    def somebody_computes(self, job: Job | None = None) -> None:
        """Another worker holds the lease on page 1 of the job's file, for seven seconds."""
        job = job or a_job()
        key = cache_key(job.blueprint_hash, job.owner, MODEL_VERSION, 1)
        assert self.cache.take_lease(
            key, SOMEBODY, self.cache.get(key), self.clock() + timedelta(seconds=7), job.job_id
        )

    def close(self) -> None:
        for switch in (
            self.jobs.switch,
            self.jobs.transition_switch,
            self.jobs.report_switch,
            self.cache.switch,
            self.cache.put_switch,
            self.results.switch,
            self.results.analysis_switch,
            self.results.preview_switch,
            self.results.copy_switch,
            self.blueprints.switch,
            self.text.switch,
        ):
            switch.release()
        self.calls.close()
