"""One page of a job's blueprint, from the stored file to named rooms."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from preview.concurrency.call_executor import TimeBox, limited_to, seconds_left, timed
from preview.concurrency.compute_slots import Turn
from preview.domain.analysis import Analysis, AnalysisMetadata, Reading, blocks_of
from preview.domain.errors import DetectionLate, NoTimeLeft, UnreadableBlueprint
from preview.domain.job import Job
from preview.domain.page import LoadedPage
from preview.domain.ports import (
    BlueprintSource,
    Jobs,
    PageAnalyser,
    PageAnalysis,
    Parameters,
    Regions,
    TextReader,
)
from preview.domain.preview import Degraded, Preview, Timing
from preview.domain.result_keys import analysis_key
from preview.domain.room import Detection, Room, Withheld
from preview.use_cases.download_blueprint import downloaded
from shared.errors import DependencyError, DependencyUnavailable
from shared.metrics import Metrics

log = logging.getLogger(__name__)

Place = TypeVar("Place", Room, Withheld)

DRAWING_SECONDS = 3.0
"""A page that takes longer to draw is too complex: the rest of five seconds is for reading it."""

_STATE_CHECK_SECONDS = 0.5  # the jobs service answers in milliseconds, or is away and nobody can cancel

_NAMING_SECONDS = 0.6
"""Kept for naming while text is waited for: three times what a floor of a hundred rooms takes."""

_NOTHING = Detection(rooms=(), withheld=())


@contextmanager
def time_to_draw() -> Iterator[float]:
    """The seconds in which a page is to be drawn.

    Raises NoTimeLeft where it is not, and other things took the time: the page may be innocent.
    """
    seconds = min(DRAWING_SECONDS, seconds_left())
    try:
        yield seconds
    except UnreadableBlueprint as exc:
        if exc.reason == "too_complex" and seconds < DRAWING_SECONDS:
            raise NoTimeLeft from exc
        raise


@dataclass(frozen=True, slots=True)
class Findings:
    preview: Preview
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class _Asked:
    """A call of Textract in progress; ``began`` is in seconds of the performance counter."""

    answer: Future[tuple[Reading, float]]
    features: tuple[str, ...]
    began: float


@dataclass(frozen=True, slots=True)
class _Text:
    """What Textract answered; ``pages`` counts those sent, which are paid for even if the answer is late."""

    reading: Reading | None
    seconds: float
    features: tuple[str, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Collaborators of `run`; ``model_version`` is the detector's, ``calls`` bounds every call outside."""

    jobs: Jobs
    blueprints: BlueprintSource
    analyser: PageAnalyser
    text: TextReader
    model_version: str
    parameters: Parameters
    calls: TimeBox
    metrics: Metrics
    now: Callable[[], datetime]

    def run(self, job: Job, page_number: int, turn: Turn) -> Findings:
        """Find the rooms of one page within the deadline of the work in progress.

        ``turn`` is given back when the page has been drawn and looked at: waiting for text needs no core.

        Raises BlueprintMissing, UnreadableBlueprint, NoSuchPage, NoTimeLeft, JobCancelled, JobNotFound, and
        DependencyError when the file cannot be fetched. Text that cannot be read and rooms that cannot be
        found in time only degrade the preview.
        """
        started = time.perf_counter()
        with downloaded(job, self.blueprints, self.calls) as path:
            load_seconds = time.perf_counter() - started
            with self.analyser.analyse(
                path, job.blueprint_format, page_number, job.blueprint_size_bytes
            ) as analysis:
                with time_to_draw() as seconds:
                    page, render_seconds = timed(analysis.page, seconds)
                self._refuse_if_cancelled(job)
                asked = self._start_reading(job, page)
                regions, looking_seconds = timed(self._regions, analysis)
        turn.give_back()
        text = self._text(asked)
        detection, naming_seconds = timed(self._detection, regions, text, page)
        found = detection or _NOTHING
        timing = Timing(
            load_seconds=round(load_seconds, 3),
            render_seconds=round(render_seconds, 3),
            textract_analysis_seconds=round(text.seconds, 3),
            room_detection_seconds=round(looking_seconds + naming_seconds, 3),
            total_seconds=round(time.perf_counter() - started, 3),
        )
        preview = Preview(
            job_id=job.job_id,
            page=page.page,
            rooms=tuple(
                replace(_with_two_decimals(room), confidence=round(room.confidence, 2))
                for room in found.rooms
            ),
            withheld=tuple(_with_two_decimals(region) for region in found.withheld),
            timing=timing,
            model_version=self.model_version,
            degraded=(),
            timestamp=self.now(),
        ).lacking(*_lacks(detection, text))
        return Findings(preview, self._analysis(job, page, text, preview.timestamp))

    def _refuse_if_cancelled(self, job: Job) -> None:
        """Textract is paid for by the page: a job that was cancelled or erased meanwhile stops here."""
        with suppress(DependencyError), limited_to(_STATE_CHECK_SECONDS):
            self.jobs.get(job.job_id, job.owner).refuse_cancelled()

    def _start_reading(self, job: Job, page: LoadedPage) -> _Asked:
        key, png, features = job.blueprint_s3_key, page.textract_png, self.parameters.textract_features()
        answer = self.calls.start(timed, self.text.read, key, png, features)
        return _Asked(answer, features, time.perf_counter())

    def _regions(self, analysis: PageAnalysis) -> Regions | None:
        """None when detection is late."""
        try:
            return analysis.regions(seconds_left())
        except DetectionLate:
            log.warning("room detection was late")
            return None

    def _text(self, asked: _Asked) -> _Text:
        done, _ = wait([asked.answer], timeout=max(0.0, seconds_left() - _NAMING_SECONDS))
        try:
            if done:
                return _Text(*asked.answer.result(), asked.features, pages=1)
            pages = 0 if asked.answer.cancel() else 1
            kind = "late"
            log.warning("text reading was late")
        except DependencyError as exc:
            pages = 0
            kind = "unavailable" if isinstance(exc, DependencyUnavailable) else "failed"
            log.warning("text could not be read", exc_info=exc)
        self.metrics.count("TextractErrors", kind=kind)
        return _Text(None, time.perf_counter() - asked.began, asked.features, pages)

    def _detection(self, regions: Regions | None, text: _Text, page: LoadedPage) -> Detection | None:
        """None when detection is late, or naming."""
        if regions is None:
            return None
        found = text.reading.words if text.reading else ()
        try:
            return self.analyser.name_rooms(regions, found, page.words, seconds_left())
        except DetectionLate:
            log.warning("naming of rooms was late")
            return None

    def _analysis(self, job: Job, page: LoadedPage, text: _Text, timestamp: datetime) -> Analysis:
        reading = text.reading or Reading((), blocks_of(page.words), (), None)
        metadata = AnalysisMetadata(
            page=page.page.number,
            page_count=page.page.count,
            text_source="textract" if text.reading else "text_layer" if page.words else None,
            features=text.features,
            textract_model_version=reading.model_version,
            textract_pages=text.pages,
            text_layer_words=len(page.words),
        )
        return Analysis(
            job_id=job.job_id,
            s3_key=analysis_key(job.job_id, page.page.number),
            text_blocks=reading.text_blocks,
            layout_blocks=reading.layout_blocks,
            metadata=metadata,
            timestamp=timestamp,
        )


def _lacks(detection: Detection | None, text: _Text) -> Iterator[Degraded]:
    if text.reading is None:
        yield Degraded.TEXTRACT_UNAVAILABLE
    if detection is None:
        yield Degraded.DEADLINE_REACHED


def _with_two_decimals(place: Place) -> Place:
    x_min, y_min, x_max, y_max = (round(side, 2) for side in place.bounding_box)
    polygon = tuple((round(x, 2), round(y, 2)) for x, y in place.polygon)
    return replace(place, bounding_box=(x_min, y_min, x_max, y_max), polygon=polygon)
