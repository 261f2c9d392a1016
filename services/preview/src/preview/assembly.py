"""How the parts of the service fit together, whatever stands behind its ports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from preview.concurrency.background import Background
from preview.concurrency.bulkhead import Callers
from preview.concurrency.call_executor import TimeBox
from preview.concurrency.compute_slots import Turns
from preview.domain.ports import (
    BlueprintSource,
    Jobs,
    PageAnalyser,
    Parameters,
    PreviewCache,
    ResultStore,
    TextReader,
)
from preview.service import PreviewService
from preview.use_cases.analyse_page import Pipeline
from preview.use_cases.draw_picture import CALLERS_AT_ONCE, CALLERS_OF_ONE_OWNER, KeptPictures, Pictures
from preview.use_cases.erase_results import Eraser
from preview.use_cases.fail_open_cache import SharedCache
from preview.use_cases.get_preview import CachedPreviews
from preview.use_cases.job_progress import JobProgress
from preview.use_cases.write_result import Keeper
from shared.metrics import Metrics


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the service is made of; what each is for, the classes say that take it."""

    jobs: Jobs
    cache: PreviewCache
    results: ResultStore
    blueprints: BlueprintSource
    text: TextReader
    parameters: Parameters
    analyser: PageAnalyser
    model_version: str
    calls: TimeBox
    callers: Callers
    turns: Turns
    background: Background
    metrics: Metrics
    now: Callable[[], datetime]
    wait: Callable[[float], None]

    def service(self) -> PreviewService:
        progress = JobProgress(self.jobs)
        shared_cache = SharedCache(self.cache, self.calls, self.now)
        eraser = Eraser(self.jobs, self.results, self.cache)
        pipeline = Pipeline(
            jobs=self.jobs,
            blueprints=self.blueprints,
            analyser=self.analyser,
            text=self.text,
            model_version=self.model_version,
            parameters=self.parameters,
            calls=self.calls,
            metrics=self.metrics,
            now=self.now,
        )
        previews = CachedPreviews(
            jobs=self.jobs,
            results=self.results,
            pipeline=pipeline,
            cache=shared_cache,
            keeper=Keeper(self.results, shared_cache, progress, self.calls),
            eraser=eraser,
            progress=progress,
            parameters=self.parameters,
            calls=self.calls,
            callers=self.callers,
            turns=self.turns,
            metrics=self.metrics,
            wait=self.wait,
        )
        return PreviewService(
            jobs=self.jobs,
            results=self.results,
            blueprints=self.blueprints,
            analyser=self.analyser,
            previews=previews,
            eraser=eraser,
            progress=progress,
            parameters=self.parameters,
            calls=self.calls,
            pictures=Pictures(
                self.callers,
                Callers(CALLERS_AT_ONCE, of_one_key=CALLERS_OF_ONE_OWNER),
                self.turns,
                KeptPictures(),
            ),
            background=self.background,
        )
