"""Stand-ins for what the preview service talks to.

FakeJobs, FakePreviewCache and FakeResultStore pass the tests of the adapters that they stand for.
"""

import io
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from builders_preview import NOW, a_job, a_loaded_page, a_reading, a_room, a_withheld, a_word
from preview.adapters.parameters import LONGEST_DEADLINE_SECONDS
from preview.assembly import Parts
from preview.concurrency.background import Background
from preview.concurrency.bulkhead import Callers
from preview.concurrency.call_executor import TimeBox
from preview.concurrency.compute_slots import Turns
from preview.domain.analysis import Analysis, Reading
from preview.domain.cache_entry import CacheEntry, CacheState, Outcome
from preview.domain.erased import Erased
from preview.domain.errors import (
    BlueprintMissing,
    ConcurrentUpdate,
    DetectionLate,
    JobCancelled,
    JobNotFound,
    UnreadableBlueprint,
)
from preview.domain.job import Job, JobError, JobStatus, StateChange
from preview.domain.page import LoadedPage
from preview.domain.ports import Regions
from preview.domain.preview import Preview
from preview.domain.result_keys import analysis_key, cache_key, preview_key
from preview.domain.room import Detection, Room, Word
from preview.service import PreviewService
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
    (JobStatus.COMPLETED, JobStatus.COMPLETED),
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
        self.changes_switch = Switch()
        self.history: dict[str, list[JobStatus]] = {}
        self.results: dict[str, str | None] = {}
        self.errors: dict[str, JobError | None] = {}
        self.before_change: Callable[[StateChange], None] = lambda _: None
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

    def change(self, job: Job, change: StateChange) -> Job:
        self.switch.pass_through()
        self.changes_switch.pass_through()
        self.before_change(change)
        with self._lock:
            current = self.get(job.job_id, job.owner)
            if current.status is JobStatus.CANCELLED:
                raise JobCancelled(job.job_id)
            if current.version != job.version or (current.status, change.to) not in _ALLOWED:
                raise ConcurrentUpdate(job.job_id)
            return self._write(current, change)

    def forget(self, job_id: str) -> None:
        """The jobs service erases it."""
        self._jobs.pop(job_id, None)

    def move(self, job_id: str, to: JobStatus) -> None:
        """What somebody else does meanwhile."""
        current = self._jobs[job_id]
        self._jobs[job_id] = replace(current, status=to, version=current.version + 1)

    def _write(self, job: Job, change: StateChange) -> Job:
        moved = replace(
            job,
            status=change.to,
            version=job.version + 1,
            message=change.message,
            result_s3_key=change.result_s3_key or job.result_s3_key,
            degraded=change.degraded,
        )
        self._jobs[job.job_id] = moved
        self.history.setdefault(job.job_id, []).append(change.to)
        self.results[job.job_id] = change.result_s3_key
        self.errors[job.job_id] = change.error
        return moved


@dataclass
class _Row:
    outcome: Outcome | None = None
    edition: str | None = None
    expires_at: datetime = NOW
    lease: tuple[str, datetime] | None = None
    job_id: str | None = None


class FakePreviewCache:
    def __init__(self, fresh_seconds: float, now: Callable[[], datetime]) -> None:
        self.switch = Switch()
        self.finish_switch = Switch()
        self._fresh = timedelta(seconds=fresh_seconds)
        self._now = now
        self._rows: dict[str, _Row] = {}
        self._lock = threading.Lock()

    def look(self, key: str) -> CacheState:
        self.switch.pass_through()
        row = self._rows.get(key, _Row())
        fresh = row.expires_at > self._now()
        return CacheState(row.outcome if fresh else None, row.edition, self._leased(row))

    def take_lease(self, key: str, token: str, seen: CacheState, expires_at: datetime, job_id: str) -> bool:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.setdefault(key, _Row())
            if self._out_of_date(row, token, seen):
                return False
            if seen.outcome is None:
                row.job_id = job_id
            row.lease = (token, expires_at)
            return True

    def finish(self, key: str, token: str, outcome: Outcome) -> bool:
        self.switch.pass_through()
        self.finish_switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if row.lease and row.lease[0] == token:
                row = self._rows[key] = _Row(outcome, token, self._now() + self._fresh, job_id=outcome.job_id)
            return row.edition == token

    def release(self, key: str, token: str) -> None:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if row.lease and row.lease[0] == token:
                row.lease = None

    def restore(self, key: str, entry: CacheEntry, seen: CacheState) -> None:
        self.switch.pass_through()
        with self._lock:
            row = self._rows.get(key, _Row())
            if not self._out_of_date(row, "", seen):
                edition = f"restored {entry.preview.job_id} {self._now()}"
                self._rows[key] = _Row(entry, edition, self._now() + self._fresh, job_id=entry.job_id)

    def erase(self, job_id: str) -> None:
        self.switch.pass_through()
        with self._lock:
            self._rows = {key: row for key, row in self._rows.items() if row.job_id != job_id}

    def keys_of(self, job_id: str) -> set[str]:
        """What is there of a job, outcomes and leases alike."""
        return {key for key, row in self._rows.items() if row.job_id == job_id}

    def _leased(self, row: _Row) -> bool:
        return row.lease is not None and row.lease[1] > self._now()

    def _out_of_date(self, row: _Row, token: str, seen: CacheState) -> bool:
        theirs = row.lease is not None and row.lease[0] != token
        return (theirs and self._leased(row)) or row.edition != seen.edition


class FakeResultStore:
    def __init__(self) -> None:
        self.switch = Switch()
        self.analysis_switch = Switch()
        self.preview_switch = Switch()
        self.copy_switch = Switch()
        self.unreadable: set[str] = set()
        self._stored: dict[str, Any] = {}

    def save_analysis(self, analysis: Analysis) -> None:
        self.switch.pass_through()
        self.analysis_switch.pass_through()
        self._stored[analysis.s3_key] = analysis

    def analysis(self, job_id: str, page: int) -> Analysis | None:
        self.switch.pass_through()
        self.copy_switch.pass_through()
        if job_id in self.unreadable:
            raise DependencyFailed("a fake")
        return self._stored.get(analysis_key(job_id, page))

    def save_preview(self, preview: Preview) -> None:
        self.switch.pass_through()
        self.preview_switch.pass_through()
        self._stored[preview_key(preview.job_id, preview.model_version, preview.page.number)] = preview

    def preview(self, job_id: str, page: int, model_version: str) -> Preview | None:
        self.switch.pass_through()
        return self._stored.get(preview_key(job_id, model_version, page))

    def latest_preview(self, job_id: str, page: int) -> Preview | None:
        self.switch.pass_through()
        mine = [
            stored
            for stored in self._stored.values()
            if isinstance(stored, Preview) and (stored.job_id, stored.page.number) == (job_id, page)
        ]
        return mine[-1] if mine else None

    def erase(self, job_id: str) -> Erased:
        self.switch.pass_through()
        gone = self.keys_of(job_id)
        self._stored = {key: kept for key, kept in self._stored.items() if key not in gone}
        previews = sum(key.startswith("cache/preview/") for key in gone)
        return Erased(results=previews, analysis=len(gone) - previews)

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
        self.reading: Reading = a_reading(a_word())
        self.calls: list[tuple[str, bytes | None]] = []
        self.on_read: Callable[[], None] = lambda: None

    def read(self, blueprint_s3_key: str, png: bytes | None, features: Sequence[str]) -> Reading:
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
        self.on_page: Callable[[], None] = lambda: None
        self.on_picture: Callable[[], None] = lambda: None
        self.pages_drawn = 0
        self.pictures_drawn = 0

    @contextmanager
    def analyse(
        self, path: Path, blueprint_format: str, page_number: int, byte_size: int
    ) -> Iterator["FakePageAnalyser"]:
        self._page_number = page_number
        yield self

    def page(self, timeout_seconds: float) -> LoadedPage:
        self.pages_drawn += 1
        self.on_page()
        if self.page_error is not None:
            raise self.page_error
        return replace(self.loaded, page=replace(self.loaded.page, number=self._page_number))

    def regions(self, timeout_seconds: float) -> Regions:
        if self.detection_late:
            raise DetectionLate
        return self.found

    def name_rooms(
        self,
        regions: Regions,
        textract: Sequence[Word],
        text_layer: Sequence[Word],
        timeout_seconds: float,
    ) -> Detection:
        """Names every room with all the words there are; withholds one region, to the thousandth."""
        if self.naming_late:
            raise DetectionLate
        text = " ".join(word.text for word in (*textract, *text_layer)) or None
        return Detection(
            tuple(replace(room, name_hint=text) for room in regions),
            (a_withheld(box=(60.0, 60.0, 90.0, 80.004)),),
        )

    def draw(
        self,
        path: Path,
        blueprint_format: str,
        page_number: int,
        rooms: Sequence[Room],
        timeout_seconds: float,
    ) -> bytes:
        self.pictures_drawn += 1
        self.on_picture()
        if self.page_error is not None:
            raise self.page_error
        return f"{path.read_text()}, page {page_number}, {len(rooms)} rooms".encode()


@dataclass
class FakeParameters:
    seconds: float = LONGEST_DEADLINE_SECONDS
    features: tuple[str, ...] = ("LAYOUT",)

    def deadline_seconds(self) -> float:
        return self.seconds

    def textract_features(self) -> tuple[str, ...]:
        return self.features


def too_complex() -> UnreadableBlueprint:
    return UnreadableBlueprint("The page is too complex to draw.", "too_complex")


@dataclass
class World:
    """The service among fakes; ``waits`` are the pauses made while others compute."""

    jobs: FakeJobs = field(default_factory=FakeJobs)
    clock: Clock = field(default_factory=Clock)
    results: FakeResultStore = field(default_factory=FakeResultStore)
    blueprints: FakeBlueprintSource = field(default_factory=FakeBlueprintSource)
    text: FakeTextReader = field(default_factory=FakeTextReader)
    analyser: FakePageAnalyser = field(default_factory=FakePageAnalyser)
    parameters: FakeParameters = field(default_factory=FakeParameters)
    metric_lines: io.StringIO = field(default_factory=io.StringIO)
    waits: list[float] = field(default_factory=list)
    on_wait: Callable[[], None] = lambda: None
    at_once: int = 2
    callers_at_once: int = 100
    places: int = 2

    def __post_init__(self) -> None:
        self.cache = FakePreviewCache(3600, self.clock)
        self.calls = TimeBox(16)
        self.turns = Turns(self.at_once)
        self.background = Background(1, self.places)

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.on_wait()

    def service(self) -> PreviewService:
        return Parts(
            jobs=self.jobs,
            cache=self.cache,
            results=self.results,
            blueprints=self.blueprints,
            text=self.text,
            parameters=self.parameters,
            analyser=self.analyser,
            model_version=MODEL_VERSION,
            calls=self.calls,
            callers=Callers(self.callers_at_once),
            turns=self.turns,
            background=self.background,
            metrics=Metrics("preview", "test", self.metric_lines),
            now=self.clock,
            wait=self.wait,
        ).service()

    def somebody_computes(self, job: Job | None = None) -> None:
        """Another worker holds the lease on page 1 of the job's file, for seven seconds."""
        job = job or a_job()
        key = cache_key(job.blueprint_hash, job.owner, MODEL_VERSION, 1)
        assert self.cache.take_lease(
            key, SOMEBODY, self.cache.look(key), self.clock() + timedelta(seconds=7), job.job_id
        )

    def drain(self) -> None:
        """Wait for what runs in the background."""
        self.background.drain(PATIENCE_SECONDS)

    def close(self) -> None:
        for switch in (
            self.jobs.switch,
            self.jobs.changes_switch,
            self.cache.switch,
            self.cache.finish_switch,
            self.results.switch,
            self.results.analysis_switch,
            self.results.preview_switch,
            self.results.copy_switch,
            self.blueprints.switch,
            self.text.switch,
        ):
            switch.release()
        self.drain()
        self.calls.close()
