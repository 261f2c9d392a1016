"""How the parts of the service fit together, whatever stands behind its ports."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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
from preview.work.background import Background
from preview.work.cached_previews import CachedPreviews
from preview.work.callers import Callers
from preview.work.erasing import Eraser
from preview.work.job_progress import JobProgress
from preview.work.keeping import Keeper
from preview.work.pictures import CALLERS_AT_ONCE, CALLERS_OF_ONE_OWNER, KeptPictures, Pictures
from preview.work.pipeline import Pipeline
from preview.work.shared_cache import SharedCache
from preview.work.time_box import TimeBox
from preview.work.turns import Turns
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
