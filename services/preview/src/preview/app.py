"""Composition root: the one place that knows which adapter stands behind which port."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Flask

from preview.adapters.blueprint_bucket import S3BlueprintSource
from preview.adapters.cache_table import DynamoPreviewCache
from preview.adapters.dead_letters import SqsDeadLetters
from preview.adapters.jobs_client import HttpJobs
from preview.adapters.page_analyser import PAGE_LIMITS, SANDBOX_MODULE, SandboxPageAnalyser
from preview.adapters.page_queue import LONGEST_POLL_SECONDS, SqsPageQueue
from preview.adapters.page_table import DynamoPageTable
from preview.adapters.result_bucket import S3ResultStore
from preview.adapters.service_times import DynamoServiceTimes
from preview.adapters.textract import TextractReader
from preview.api.current_use_cases import install
from preview.api.errors import ERRORS, job_error
from preview.api.internal import internal
from preview.api.pages import pages
from preview.api.previews import previews
from preview.bulkheads import CALLERS_AT_ONCE, BulkheadShare, ComputeSlots
from preview.call_executor import CallExecutor
from preview.cli.dead_letters import dead_letters_commands
from preview.cli.work import work_command
from preview.domain import ports
from preview.domain.budget import MAX_REQUEST_SECONDS, PAGE_SECONDS
from preview.domain.corrections import Corrections
from preview.domain.page_work import DEFAULT_TIMES, PageTimes
from preview.measures.overlap import iou
from preview.rooms import DETECTOR_VERSION
from preview.rooms.text.room_types import room_type
from preview.settings import PARAMETERS, Settings
from preview.single_flight import SingleFlight
from preview.use_cases import UseCases
from preview.use_cases.analyse_page import AnalysePage
from preview.use_cases.cancel_pages import CancelPages
from preview.use_cases.compute_preview import ComputePreview
from preview.use_cases.create_preview import CreatePreview
from preview.use_cases.draw_picture import DrawPicture
from preview.use_cases.erase_results import EraseResults
from preview.use_cases.export_pages import ExportPages
from preview.use_cases.fail_open_cache import FailOpenCache
from preview.use_cases.given_scales import GivenScales
from preview.use_cases.list_pages import ListPages
from preview.use_cases.picture_cache import PictureCache
from preview.use_cases.process_page import ProcessPage
from preview.use_cases.read_preview import ReadPreview
from preview.use_cases.read_text import ReadText
from preview.use_cases.record_page import RecordPage
from preview.use_cases.report_pages import ReportPages
from preview.use_cases.request_pages import RequestPages
from preview.use_cases.requeue_pages import RequeuePages
from preview.use_cases.serve_stored import ServeStored
from preview.use_cases.write_result import WriteResult
from preview.worker import Worker, WorkerLimits
from shared import http
from shared.aws import aws_client
from shared.bulkhead import Bulkhead
from shared.health import HealthProbes
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.periodic_task import PeriodicTask
from shared.rate_limits import DailyPageQuota
from shared.retry import Backoff
from shared.runtime import Runtime, build_runtime
from shared.sandbox import SandboxPool
from shared.timestamps import utc_now

_CALL_THREADS = 32  # calls to AWS in progress per worker: two a request, and stragglers

COMPUTATIONS_AT_ONCE = 2
"""One for each of the two cores of a task. Waiting for Textract is not counted, it needs none."""


Clock = Callable[[], datetime]
Sleep = Callable[[float], None]
Monotonic = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """One for each port."""

    jobs: ports.Jobs
    cache: ports.PreviewCache
    results: ports.ResultStore
    blueprints: ports.BlueprintSource
    text: ports.TextReader
    parameters: ports.Parameters
    analyser: ports.PageAnalyser
    pages: ports.PageTable
    queue: ports.PageQueue
    page_quota: ports.PageQuota
    service_times: ports.ServiceTimes


@dataclass(frozen=True, slots=True, kw_only=True)
class Concurrency:
    """What bounds the work of one worker; `preview.bulkheads` says how."""

    calls: CallExecutor
    bulkhead: Bulkhead
    slots: ComputeSlots


def create_app(settings: Settings, *, use_cases: UseCases | None = None) -> Flask:
    """The app under ``settings``; a test may bring ``use_cases`` of its own."""
    runtime = build_runtime("preview", settings, PARAMETERS)
    jobs = InternalClient("jobs", settings.jobs_url, runtime.token, runtime.backoff, runtime.metrics)
    sandbox = SandboxPool(size=COMPUTATIONS_AT_ONCE, preload=(SANDBOX_MODULE,), limits=PAGE_LIMITS)
    adapters, probes = _adapters(settings, jobs, sandbox, runtime)
    concurrency = Concurrency(
        calls=CallExecutor(_CALL_THREADS),
        bulkhead=Bulkhead(CALLERS_AT_ONCE),
        slots=ComputeSlots(COMPUTATIONS_AT_ONCE),
    )
    app = http.create_app(
        __name__,
        http.HttpSettings("Preview", settings.cors_origins, MAX_REQUEST_SECONDS),
        runtime=runtime,
        probes=probes,
        errors=ERRORS,
        blueprints=(previews, pages, internal),
    )
    times = PageTimes(timedelta(seconds=settings.worker_visibility_timeout_seconds))
    use_cases = use_cases or build_use_cases(adapters, concurrency, runtime.metrics, times=times)
    install(app, use_cases)
    requeue = PeriodicTask(use_cases.requeue_pages, settings.requeue_seconds)
    app.extensions["on_start"] += [sandbox.warm_up, requeue.start]
    app.extensions["on_stop"] += [
        jobs.close,
        sandbox.close,
        concurrency.calls.close,
        requeue.stop,
    ]
    worker = partial(_worker, settings, adapters.queue, use_cases, runtime.metrics)
    sqs = partial(aws_client, "sqs", region=settings.region, backoff=runtime.backoff)
    app.cli.add_command(dead_letters_commands(SqsDeadLetters(sqs, settings.preview_pages_queue)))
    app.cli.add_command(work_command(worker, app.extensions["on_start"], app.extensions["on_stop"]))
    return app


def _worker(
    settings: Settings,
    queue: ports.PageQueue,
    use_cases: UseCases,
    metrics: Metrics,
    report_alive: Callable[[], None],
) -> Worker:
    limits = WorkerLimits(
        poll=settings.worker_poll_seconds,
        drain=settings.worker_drain_seconds,
        visibility_timeout=settings.worker_visibility_timeout_seconds,
    )
    return Worker(queue, use_cases.process_page, metrics, limits, report_alive)


def _adapters(
    settings: Settings, jobs: InternalClient, sandbox: SandboxPool, runtime: Runtime
) -> tuple[Adapters, HealthProbes]:
    aws = partial(aws_client, region=settings.region, backoff=runtime.backoff, max_connections=_CALL_THREADS)
    s3 = aws("s3")
    textract = aws("textract", read_timeout_seconds=PAGE_SECONDS)
    dynamodb = aws("dynamodb", read_timeout_seconds=1.0)
    results = S3ResultStore(s3, settings.cache_bucket)
    cache = DynamoPreviewCache(
        dynamodb, settings.preview_cache_table, results, settings.preview_cache_seconds, utc_now
    )
    adapters = Adapters(
        jobs=HttpJobs(jobs),
        cache=cache,
        results=results,
        blueprints=S3BlueprintSource(s3, settings.blueprints_bucket),
        text=TextractReader(textract, settings.blueprints_bucket, runtime.metrics),
        parameters=runtime.parameters.as_methods(),
        analyser=SandboxPageAnalyser(sandbox),
        pages=DynamoPageTable(dynamodb, settings.preview_pages_table, utc_now),
        queue=_queue(settings, runtime),
        page_quota=DailyPageQuota(dynamodb, settings.rate_limits_table, runtime.parameters, utc_now),
        service_times=DynamoServiceTimes(dynamodb, settings.preview_pages_table, utc_now),
    )
    return adapters, HealthProbes({"dynamodb": cache.is_alive, "s3": results.is_alive, "jobs": jobs.is_alive})


def _queue(settings: Settings, runtime: Runtime) -> SqsPageQueue:
    polling_client = aws_client(
        "sqs",
        region=settings.region,
        backoff=Backoff(retries=0),  # a worker polls again by itself
        read_timeout_seconds=LONGEST_POLL_SECONDS + 5.0,
    )
    client = aws_client("sqs", region=settings.region, backoff=runtime.backoff)
    return SqsPageQueue(client, polling_client, settings.preview_pages_queue, runtime.metrics)


def build_use_cases(
    adapters: Adapters,
    concurrency: Concurrency,
    metrics: Metrics,
    *,
    model_version: str = DETECTOR_VERSION,
    times: PageTimes = DEFAULT_TIMES,
    now: Clock = utc_now,
    sleep: Sleep = time.sleep,
    monotonic: Monotonic = time.monotonic,
) -> UseCases:
    """The use cases over ``adapters``, which may be fakes."""
    jobs, results, parameters = adapters.jobs, adapters.results, adapters.parameters
    calls = concurrency.calls
    pictures = PictureCache()
    erase_results = EraseResults(jobs, results, adapters.cache, pictures, adapters.pages)
    analyse_page = _analyse_page(adapters, calls, metrics, model_version, now)
    report_pages = ReportPages(jobs, adapters.pages, model_version)
    given_scales = GivenScales(adapters.pages, erase_results, calls)
    request_pages = RequestPages(
        jobs=jobs,
        pages=adapters.pages,
        queue=adapters.queue,
        service_times=adapters.service_times,
        page_quota=adapters.page_quota,
        report_pages=report_pages,
        given_scales=given_scales,
        parameters=parameters,
        times=times,
        now=now,
    )
    create_preview = _create_preview(
        adapters,
        concurrency,
        metrics,
        erase_results=erase_results,
        request_pages=request_pages,
        analyse_page=analyse_page,
        sleep=sleep,
        monotonic=monotonic,
    )
    cancel_pages = CancelPages(jobs, adapters.pages, report_pages, parameters, now)
    list_pages = ListPages(jobs, adapters.pages, report_pages, parameters)
    corrections = partial(Corrections, iou=iou, type_of=room_type)
    process_page = ProcessPage(
        jobs,
        adapters.pages,
        create_preview,
        cancel_pages,
        report_pages,
        adapters.service_times,
        job_error,
        times,
        now,
    )
    return UseCases(
        create_preview=create_preview,
        request_pages=request_pages,
        list_pages=list_pages,
        export_pages=ExportPages(
            list_pages,
            jobs,
            results,
            given_scales,
            calls,
            BulkheadShare(concurrency.bulkhead, "exports"),
            corrections,
        ),
        cancel_pages=cancel_pages,
        requeue_pages=RequeuePages(adapters.pages, adapters.queue, times, now),
        process_page=process_page,
        read_preview=ReadPreview(jobs, results, given_scales, parameters, calls, corrections),
        read_text=ReadText(jobs, results, parameters, calls),
        draw_picture=_draw_picture(adapters, concurrency, pictures),
        erase_results=erase_results,
    )


def _create_preview(
    adapters: Adapters,
    concurrency: Concurrency,
    metrics: Metrics,
    *,
    erase_results: EraseResults,
    request_pages: RequestPages,
    analyse_page: AnalysePage,
    sleep: Sleep,
    monotonic: Monotonic,
) -> CreatePreview:
    jobs, parameters, version = adapters.jobs, adapters.parameters, analyse_page.model_version
    calls, results = concurrency.calls, adapters.results
    record_page = RecordPage(
        jobs, adapters.pages, request_pages.report_pages, erase_results, job_error, analyse_page.now
    )
    cache = FailOpenCache(adapters.cache, calls, analyse_page.now)
    write_result = WriteResult(results, calls)
    serve_stored = ServeStored(jobs, results, cache, write_result, record_page, calls, version)
    compute_preview = ComputePreview(
        jobs=jobs,
        cache=cache,
        serve_stored=serve_stored,
        analyse_page=analyse_page,
        write_result=write_result,
        record_page=record_page,
        bulkhead=concurrency.bulkhead,
        single_flight=SingleFlight(cache, concurrency.slots, sleep),
    )
    return CreatePreview(
        jobs=jobs,
        cache=cache,
        serve_stored=serve_stored,
        compute_preview=compute_preview,
        erase_results=erase_results,
        given_scales=request_pages.given_scales,
        request_pages=request_pages,
        parameters=parameters,
        metrics=metrics,
        model_version=version,
        monotonic=monotonic,
    )


def _analyse_page(
    adapters: Adapters,
    calls: CallExecutor,
    metrics: Metrics,
    model_version: str,
    now: Clock,
) -> AnalysePage:
    return AnalysePage(
        jobs=adapters.jobs,
        blueprints=adapters.blueprints,
        analyser=adapters.analyser,
        text=adapters.text,
        model_version=model_version,
        parameters=adapters.parameters,
        calls=calls,
        metrics=metrics,
        now=now,
    )


def _draw_picture(adapters: Adapters, concurrency: Concurrency, pictures: PictureCache) -> DrawPicture:
    return DrawPicture(
        jobs=adapters.jobs,
        blueprints=adapters.blueprints,
        analyser=adapters.analyser,
        calls=concurrency.calls,
        callers=BulkheadShare(concurrency.bulkhead, "pictures"),
        slots=concurrency.slots,
        pictures=pictures,
    )
