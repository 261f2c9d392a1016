"""One page of a job's blueprint, from the stored file to named rooms."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ParamSpec, TypeVar

from preview.bulkheads import ComputeSlot
from preview.call_executor import CallExecutor
from preview.domain.budget import RENDER_SECONDS, Budget
from preview.domain.detection import Detection
from preview.domain.errors import DetectionTimeout
from preview.domain.job import Job
from preview.domain.page import LoadedPage
from preview.domain.ports import (
    BlueprintSource,
    Jobs,
    PageAnalyser,
    PageTask,
    Parameters,
    Regions,
    TextReader,
)
from preview.domain.preview import Degraded, Preview, Timing
from preview.domain.result_keys import analysis_key
from preview.domain.room import RejectedCandidate, Room
from preview.domain.text_analysis import OcrResult, TextAnalysis, TextMetadata, blocks_of
from preview.use_cases.download_blueprint import download_blueprint
from preview.use_cases.preview_request import PreviewRequest
from shared import context
from shared.errors import DependencyError, DependencyUnavailable
from shared.metrics import Metrics

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Area = TypeVar("Area", Room, RejectedCandidate)

_CANCELLED_CHECK_SECONDS = 0.5  # the jobs service answers in milliseconds, or is away and nobody can cancel

_NO_DETECTION = Detection(rooms=(), rejected=())


@dataclass(frozen=True, slots=True)
class PageResult:
    preview: Preview
    text: TextAnalysis


@dataclass(frozen=True, slots=True)
class _OcrCall:
    """A call of Textract in progress; ``began`` is in seconds of the performance counter."""

    answer: Future[tuple[OcrResult, float]]
    features: tuple[str, ...]
    began: float


@dataclass(frozen=True, slots=True)
class _Ocr:
    """What Textract answered; ``pages`` counts those sent, which are paid for even if the answer is late."""

    result: OcrResult | None
    seconds: float
    features: tuple[str, ...]
    pages: int


@dataclass(frozen=True, slots=True)
class _Regions:
    """The page, and the regions ``found`` on it; None when detection timed out."""

    page: LoadedPage
    found: Regions | None
    render_seconds: float
    seconds: float


@dataclass(frozen=True, slots=True)
class AnalysePage:
    """``model_version`` is the detector's, ``calls`` bounds every call outside."""

    jobs: Jobs
    blueprints: BlueprintSource
    analyser: PageAnalyser
    text: TextReader
    model_version: str
    parameters: Parameters
    calls: CallExecutor
    metrics: Metrics
    now: Callable[[], datetime]

    def __call__(self, request: PreviewRequest, slot: ComputeSlot) -> PageResult:
        """Find the rooms of one page, in time for them to be stored.

        ``slot`` is released when regions have been found: waiting for text needs no core.

        Raises BlueprintMissing, UnreadableBlueprint, NoSuchPage, DeadlineExceeded, JobCancelled, JobNotFound,
        and DependencyError when the file cannot be fetched. Text that cannot be read and rooms that cannot
        be found in time only degrade the preview.
        """
        job, budget, started = request.job, request.budget, time.perf_counter()
        with (
            context.call_deadline(budget.seconds_to_compute()),
            download_blueprint(job, self.blueprints, self.calls, budget.seconds_to_compute()) as path,
        ):
            load_seconds = time.perf_counter() - started
            with self.analyser.analyse(
                path, job.blueprint_format, request.page, job.blueprint_size_bytes
            ) as task:
                regions, call = self._read_and_detect(job, task, budget)
        slot.release()
        ocr = self._wait_for_text(call, budget)
        detection, naming_seconds = _measure_seconds(self._name_rooms, regions, ocr, budget)
        timing = Timing(
            load_seconds=round(load_seconds, 3),
            render_seconds=round(regions.render_seconds, 3),
            textract_analysis_seconds=round(ocr.seconds, 3),
            room_detection_seconds=round(regions.seconds + naming_seconds, 3),
            total_seconds=round(time.perf_counter() - started, 3),
        )
        preview = self._preview(job, regions.page, detection, timing)
        preview = preview.with_degraded(*_degraded(detection, ocr))
        result = PageResult(preview, _text_analysis(job, regions.page, ocr, preview.timestamp))
        self._record_metrics(result)
        return result

    def _read_and_detect(self, job: Job, task: PageTask, budget: Budget) -> tuple[_Regions, _OcrCall]:
        """Have Textract read the page while the child finds regions on it."""
        page, render_seconds = _measure_seconds(task.page, budget.seconds_to_compute(), RENDER_SECONDS)
        self._check_not_cancelled(job, budget)
        call = self._start_reading(job, page)
        found, seconds = _measure_seconds(self._find_regions, task, budget)
        return _Regions(page, found, render_seconds, seconds), call

    def _check_not_cancelled(self, job: Job, budget: Budget) -> None:
        """Stop before Textract is paid for if the job has been cancelled or erased."""
        with suppress(DependencyError), context.call_deadline(budget.at_most(_CANCELLED_CHECK_SECONDS)):
            self.jobs.get(job.job_id, job.owner).check_not_cancelled()

    def _start_reading(self, job: Job, page: LoadedPage) -> _OcrCall:
        key, png, features = job.blueprint_s3_key, page.textract_png, self.parameters.textract_features()
        answer = self.calls.submit(_measure_seconds, self.text.read, key, png, features)
        return _OcrCall(answer, features, time.perf_counter())

    def _find_regions(self, task: PageTask, budget: Budget) -> Regions | None:
        try:
            return task.regions(budget.seconds_to_compute())
        except DetectionTimeout:
            log.warning("room detection was late")
            return None

    def _wait_for_text(self, call: _OcrCall, budget: Budget) -> _Ocr:
        done, _ = wait([call.answer], timeout=budget.seconds_to_read_text())
        try:
            if done:
                return _Ocr(*call.answer.result(), call.features, pages=1)
            pages = 0 if call.answer.cancel() else 1
            kind = "late"
            log.warning("text reading was late")
        except DependencyError as exc:
            pages = 0
            kind = "unavailable" if isinstance(exc, DependencyUnavailable) else "failed"
            log.warning("text could not be read", exc_info=exc)
        self.metrics.count("TextractErrors", kind=kind)
        return _Ocr(None, time.perf_counter() - call.began, call.features, pages)

    def _name_rooms(self, regions: _Regions, ocr: _Ocr, budget: Budget) -> Detection | None:
        """None when detection or naming timed out."""
        if regions.found is None:
            return None
        words = ocr.result.words if ocr.result else ()
        try:
            page = regions.page
            return self.analyser.name_rooms(
                regions.found, words, page.words, page.page.size, budget.seconds_to_compute()
            )
        except DetectionTimeout:
            log.warning("naming of rooms was late")
            return None

    def _preview(self, job: Job, page: LoadedPage, detection: Detection | None, timing: Timing) -> Preview:
        found = detection or _NO_DETECTION
        return Preview(
            job_id=job.job_id,
            page=page.page,
            rooms=tuple(
                replace(_with_two_decimals(room), confidence=round(room.confidence, 2))
                for room in found.rooms
            ),
            withheld=tuple(_with_two_decimals(region) for region in found.rejected),
            scale=found.scale,
            timing=timing,
            model_version=self.model_version,
            degraded=(),
            timestamp=self.now(),
        )

    def _record_metrics(self, result: PageResult) -> None:
        timing, metadata = result.preview.timing, result.text.metadata
        self.metrics.record(
            {
                "LoadSeconds": (timing.load_seconds, "Seconds"),
                "RenderSeconds": (timing.render_seconds, "Seconds"),
                "TextractSeconds": (timing.textract_analysis_seconds, "Seconds"),
                "DetectionSeconds": (timing.room_detection_seconds, "Seconds"),
                "TotalSeconds": (timing.total_seconds, "Seconds"),
                "RoomsFound": (len(result.preview.rooms), "Count"),
                "TextractPages": (metadata.textract_pages, "Count"),
                "TextractEstimatedUsd": (metadata.estimated_usd, "None"),
            }
        )


def _measure_seconds(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> tuple[R, float]:
    """What ``call`` returns, and how many seconds it took."""
    started = time.perf_counter()
    return call(*args, **kwargs), time.perf_counter() - started


def _degraded(detection: Detection | None, ocr: _Ocr) -> Iterator[Degraded]:
    if ocr.result is None:
        yield Degraded.TEXTRACT_UNAVAILABLE
    if detection is None:
        yield Degraded.DEADLINE_REACHED


def _text_analysis(job: Job, page: LoadedPage, ocr: _Ocr, timestamp: datetime) -> TextAnalysis:
    result = ocr.result or OcrResult((), blocks_of(page.words), (), None)
    metadata = TextMetadata(
        page=page.page.number,
        page_count=page.page.count,
        text_source="textract" if ocr.result else "text_layer" if page.words else None,
        features=ocr.features,
        textract_model_version=result.model_version,
        textract_pages=ocr.pages,
        text_layer_words=len(page.words),
    )
    return TextAnalysis(
        job_id=job.job_id,
        s3_key=analysis_key(job.job_id, page.page.number),
        text_blocks=result.text_blocks,
        layout_blocks=result.layout_blocks,
        metadata=metadata,
        timestamp=timestamp,
    )


def _with_two_decimals(area: Area) -> Area:
    x_min, y_min, x_max, y_max = (round(side, 2) for side in area.bounding_box)
    polygon = tuple((round(x, 2), round(y, 2)) for x, y in area.polygon)
    return replace(area, bounding_box=(x_min, y_min, x_max, y_max), polygon=polygon)
