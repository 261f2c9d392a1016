"""Composition root: the one place that knows which adapter stands behind which port."""

from dataclasses import dataclass
from functools import partial

from flask import Flask

from preview.adapters.blueprint_bucket import S3BlueprintSource
from preview.adapters.cache_table import DynamoPreviewCache
from preview.adapters.jobs_client import HttpJobs
from preview.adapters.page_analyser import PAGE_LIMITS, WORKER, SandboxPageAnalyser
from preview.adapters.parameters import LONGEST_DEADLINE_SECONDS, PARAMETERS, StoredParameters
from preview.adapters.result_bucket import S3ResultStore
from preview.adapters.textract import TextractReader
from preview.api.current_service import install
from preview.api.errors import ERRORS
from preview.api.internal import internal
from preview.api.previews import previews
from preview.assembly import Parts
from preview.concurrency.background import Background
from preview.concurrency.bulkhead import Callers
from preview.concurrency.call_executor import TimeBox
from preview.concurrency.compute_slots import Turns
from preview.rooms import DETECTOR_VERSION
from preview.service import PreviewService
from preview.settings import Settings
from shared import http
from shared.aws import aws_client
from shared.health import HealthProbes
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.runtime import Runtime, build_runtime
from shared.sandbox import SandboxPool
from shared.timestamps import utc_now

_CALL_THREADS = 32  # calls to AWS in progress per worker: two a request or background thread, and stragglers
_LONGEST_REQUEST_SECONDS = LONGEST_DEADLINE_SECONDS  # each use case sets its own, shorter deadline

COMPUTATIONS_AT_ONCE = 2
"""One for each of the two cores of a task. Waiting for Textract is not counted, it needs none."""

_BACKGROUND_THREADS = 4
"""Previews at work in the background, per worker: half of them wait for Textract while two are drawn."""

_BACKGROUND_PLACES = 16
"""Previews started but not finished, per worker: four at a time and 5 s each, they end within 20 s."""

DRAIN_SECONDS = 6.0
"""How long a worker that stops goes on in the background: as long as a preview takes, and some.

What is unfinished then is given back. Together with what comes before, see docker/gunicorn.conf.py, it has to
end inside ``graceful_timeout``.
"""


@dataclass(frozen=True, slots=True)
class Adapters:
    jobs: HttpJobs
    cache: DynamoPreviewCache
    results: S3ResultStore
    blueprints: S3BlueprintSource
    text: TextractReader
    parameters: StoredParameters
    analyser: SandboxPageAnalyser


def create_app(settings: Settings, *, service: PreviewService | None = None) -> Flask:
    """The app under ``settings``; a test may bring a ``service`` of its own."""
    runtime = build_runtime("preview", settings, PARAMETERS)
    jobs = InternalClient("jobs", settings.jobs_url, runtime.token, runtime.backoff, runtime.metrics)
    pages = SandboxPool(size=COMPUTATIONS_AT_ONCE, preload=(WORKER,), limits=PAGE_LIMITS)
    adapters = _adapters(settings, jobs, pages, runtime)
    calls = TimeBox(_CALL_THREADS)
    background = Background(_BACKGROUND_THREADS, _BACKGROUND_PLACES)
    app = http.create_app(
        __name__,
        http.HttpSettings("Preview", settings.cors_origins, _LONGEST_REQUEST_SECONDS),
        runtime=runtime,
        probes=HealthProbes(
            {
                "dynamodb": adapters.cache.is_alive,
                "s3": adapters.results.is_alive,
                "jobs": jobs.is_alive,
            }
        ),
        errors=ERRORS,
        blueprints=(previews, internal),
    )
    install(app, service or _service(adapters, calls, background, runtime.metrics))
    app.extensions["on_start"].append(pages.warm_up)
    drain = partial(background.drain, DRAIN_SECONDS)
    app.extensions["on_stop"] += [jobs.close, pages.close, calls.close, drain]
    return app


def _adapters(settings: Settings, jobs: InternalClient, pages: SandboxPool, runtime: Runtime) -> Adapters:
    aws = partial(aws_client, region=settings.region, backoff=runtime.backoff, max_connections=_CALL_THREADS)
    s3 = aws("s3")
    textract = aws("textract", read_timeout_seconds=LONGEST_DEADLINE_SECONDS)
    results = S3ResultStore(s3, settings.cache_bucket)
    return Adapters(
        jobs=HttpJobs(jobs),
        cache=DynamoPreviewCache(
            aws("dynamodb", read_timeout_seconds=1.0),
            settings.preview_cache_table,
            results,
            settings.preview_cache_seconds,
            utc_now,
        ),
        results=results,
        blueprints=S3BlueprintSource(s3, settings.blueprints_bucket),
        text=TextractReader(textract, settings.blueprints_bucket, runtime.metrics),
        parameters=StoredParameters(runtime.parameters),
        analyser=SandboxPageAnalyser(pages),
    )


def _service(adapters: Adapters, calls: TimeBox, background: Background, metrics: Metrics) -> PreviewService:
    return Parts(
        jobs=adapters.jobs,
        cache=adapters.cache,
        results=adapters.results,
        blueprints=adapters.blueprints,
        text=adapters.text,
        parameters=adapters.parameters,
        analyser=adapters.analyser,
        model_version=DETECTOR_VERSION,
        calls=calls,
        callers=Callers(),
        turns=Turns(COMPUTATIONS_AT_ONCE),
        background=background,
        metrics=metrics,
        now=utc_now,
        wait=background.pause,
    ).service()
