"""The composition root of the jobs service: adapters → use cases → blueprints."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from flask import Flask

from jobs.adapters.blueprint_bucket import S3BlueprintBucket
from jobs.adapters.blueprint_reader import HEADER_LIMITS, SANDBOX_MODULE, SandboxBlueprintReader
from jobs.adapters.bucket_listing import S3BucketListing
from jobs.adapters.erasure_table import DynamoErasureTable
from jobs.adapters.feedback_table import DynamoFeedbackTable
from jobs.adapters.idempotency_table import DynamoIdempotencyTable
from jobs.adapters.job_scanner import DynamoJobScanner
from jobs.adapters.job_table import DynamoJobTable
from jobs.adapters.preview_client import HttpPreview
from jobs.adapters.remote_files import HttpsRemoteFiles
from jobs.adapters.upload_table import DynamoUploadTable
from jobs.api import current_use_cases
from jobs.api.docs import OPEN_PATHS, docs
from jobs.api.errors import ERRORS
from jobs.api.feedback import feedback
from jobs.api.internal import internal
from jobs.api.jobs import jobs
from jobs.api.uploads import uploads
from jobs.api.viewer import create_viewer
from jobs.cli.api_keys import KeyRing, keys_commands
from jobs.cli.feedback import feedback_commands
from jobs.cli.internal_token import TokenSecret, token_commands
from jobs.cli.reconcile import reconcile_command
from jobs.domain import ports
from jobs.domain.job_rules import JobRules
from jobs.domain.reconciliation import ReconcileRules
from jobs.settings import PARAMETERS, Settings
from jobs.use_cases import UseCases
from jobs.use_cases.cancel_job import CancelJob
from jobs.use_cases.count_pages import CountPages
from jobs.use_cases.create_job import CreateJob
from jobs.use_cases.erase_job import EraseJob
from jobs.use_cases.export_feedback import ExportFeedback
from jobs.use_cases.fail_timed_out import FailTimedOut
from jobs.use_cases.finish_erasures import FinishErasures
from jobs.use_cases.give_feedback import GiveFeedback
from jobs.use_cases.hand_over_pages import HandOverPages
from jobs.use_cases.idempotency import IdempotencyService
from jobs.use_cases.insert_job import InsertJob
from jobs.use_cases.job_repository import JobRepository
from jobs.use_cases.open_upload import OpenUpload
from jobs.use_cases.read_feedback import ReadFeedback
from jobs.use_cases.read_jobs import ReadJobs
from jobs.use_cases.reconcile import Reconcile
from jobs.use_cases.take_back_feedback import TakeBackFeedback
from jobs.use_cases.transition_job import TransitionJob
from jobs.use_cases.watch_jobs import POLL_SECONDS, WatchJobs
from shared import http
from shared.aws import aws_client
from shared.bulkhead import Bulkhead
from shared.gunicorn_settings import MAX_IDLE
from shared.health import HealthProbes
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.periodic_task import PeriodicTask
from shared.rate_limits import DailyPageQuota
from shared.runtime import Runtime, build_runtime
from shared.sandbox import SandboxPool
from shared.timestamps import utc_now

MAX_PREVIEW_CALLS = 4
MAX_WAITING_FOR_PREVIEW = 2
"""Of a worker's eight threads (`shared.gunicorn_settings`) the others answer what preview asks meanwhile."""

_MAX_FETCHES = 2  # a quarter of the threads of a worker: a slow host holds one for seconds
_FETCH_SHARE = 0.6  # of a request's time; the rest is for opening and storing 50 MB
_KEY_LEASE_REQUESTS = (
    2  # an idempotency key is held for one request's time, and the rollback and clocks have as much
)
_FINISH_ERASURES_SECONDS = 60.0  # at most, until a worker looks again whether an erasure was left halfway
_OWED_SECONDS = 10.0  # until a worker looks again what jobs owe; each job is seen to once a minute
HEADER_READERS = 2  # warm children that open new files, one for each of the two cores of a task

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapters:
    """One for each port."""

    jobs: ports.JobTable
    scanner: ports.JobScanner
    uploads: ports.UploadTable
    idempotency: ports.IdempotencyTable
    erasures: ports.ErasureTable
    feedback: ports.FeedbackTable
    blueprints: ports.BlueprintBucket
    listing: ports.BucketListing
    reader: ports.BlueprintReader
    preview: ports.PreviewService
    remote_files: ports.RemoteFiles
    parameters: ports.Parameters
    page_quota: ports.PageQuota


def create_app(settings: Settings, *, use_cases: UseCases | None = None) -> Flask:
    """The app under ``settings``; a test may bring ``use_cases`` of its own."""
    runtime = build_runtime("jobs", settings, PARAMETERS)
    preview = InternalClient("preview", settings.preview_url, runtime.token, runtime.backoff, runtime.metrics)
    readers = SandboxPool(size=HEADER_READERS, preload=(SANDBOX_MODULE,), limits=HEADER_LIMITS)
    adapters, probes = _adapters(settings, preview, readers, runtime)
    app = http.create_app(
        __name__,
        http.HttpSettings("Jobs", settings.cors_origins, settings.request_seconds, OPEN_PATHS),
        runtime=runtime,
        probes=probes,
        errors=ERRORS,
        blueprints=(jobs, uploads, feedback, internal),
    )
    if use_cases is None:
        rules = _job_rules(settings), _reconcile_rules(settings)
        use_cases = build_use_cases(adapters, runtime.metrics, _now_in_millis, *rules)
    current_use_cases.install(app, use_cases, settings.request_seconds)
    app.register_blueprint(docs)
    app.register_blueprint(create_viewer(adapters.blueprints.upload_origin, settings.retention_days))
    seconds = min(max(1.0, settings.reconcile_after_seconds), _FINISH_ERASURES_SECONDS)
    tasks = [
        PeriodicTask(use_cases.finish_erasures, seconds),
        PeriodicTask(use_cases.hand_over_pages, _OWED_SECONDS),
        PeriodicTask(use_cases.fail_timed_out, _OWED_SECONDS),
        PeriodicTask(use_cases.watch_jobs.poll, POLL_SECONDS),
    ]
    app.extensions["on_start"] += [readers.warm_up, *(task.start for task in tasks)]
    app.extensions["on_drain"].append(use_cases.watch_jobs.stop)
    app.extensions["on_stop"] += [preview.close, readers.close, *(task.stop for task in tasks)]
    app.cli.add_command(keys_commands(KeyRing(runtime.secrets, settings.api_keys_secret)))
    app.cli.add_command(token_commands(TokenSecret(runtime.secrets, settings.internal_token_secret)))
    app.cli.add_command(feedback_commands(use_cases.export_feedback))
    app.cli.add_command(reconcile_command(use_cases.reconcile))
    return app


def build_use_cases(
    adapters: Adapters, metrics: Metrics, now: Clock, rules: JobRules, reconcile_rules: ReconcileRules
) -> UseCases:
    """``now`` gives whole milliseconds, as times are stored."""
    repository = JobRepository(adapters.jobs, metrics)
    erase_job = _erase_job(adapters, now)
    read_feedback = ReadFeedback(repository, adapters.feedback)
    hand_over_pages = HandOverPages(repository, adapters.preview, now)
    count_pages = CountPages(repository, now)
    timeout = rules.processing_timeout
    fail_timed_out = FailTimedOut(repository, adapters.preview, count_pages, now, timeout)
    return UseCases(
        create_job=_create_job(adapters, repository, hand_over_pages, now, rules),
        read_jobs=ReadJobs(repository, adapters.blueprints, fail_timed_out, now, timeout),
        watch_jobs=WatchJobs(adapters.jobs, Bulkhead(MAX_IDLE, permits_per_key=MAX_IDLE // 2), http.idle),
        cancel_job=CancelJob(repository, fail_timed_out, now),
        transition_job=TransitionJob(repository, now),
        count_pages=count_pages,
        hand_over_pages=hand_over_pages,
        fail_timed_out=fail_timed_out,
        erase_job=erase_job,
        finish_erasures=FinishErasures(erase_job, adapters.erasures, adapters.feedback, adapters.preview),
        open_upload=OpenUpload(adapters.uploads, adapters.blueprints, now, rules),
        give_feedback=GiveFeedback(repository, adapters.feedback, adapters.preview, now),
        read_feedback=read_feedback,
        export_feedback=ExportFeedback(
            adapters.jobs, adapters.feedback, read_feedback, adapters.blueprints, now
        ),
        take_back_feedback=TakeBackFeedback(repository, adapters.feedback),
        reconcile=_reconcile(adapters, repository, metrics, now, reconcile_rules),
    )


def _create_job(
    adapters: Adapters,
    repository: JobRepository,
    hand_over_pages: HandOverPages,
    now: Clock,
    rules: JobRules,
) -> CreateJob:
    return CreateJob(
        reader=adapters.reader,
        blueprints=adapters.blueprints,
        uploads=adapters.uploads,
        remote_files=adapters.remote_files,
        parameters=adapters.parameters,
        page_quota=adapters.page_quota,
        jobs=repository,
        idempotency=IdempotencyService(adapters.idempotency, now, rules.key_lease),
        insert_job=InsertJob(adapters.jobs, adapters.idempotency, adapters.blueprints),
        hand_over_pages=hand_over_pages,
        now=now,
        retention=rules.retention,
    )


def _erase_job(adapters: Adapters, now: Clock) -> EraseJob:
    return EraseJob(
        jobs=adapters.jobs,
        erasures=adapters.erasures,
        uploads=adapters.uploads,
        idempotency=adapters.idempotency,
        feedback=adapters.feedback,
        blueprints=adapters.blueprints,
        listing=adapters.listing,
        preview=adapters.preview,
        now=now,
    )


def _reconcile(
    adapters: Adapters, repository: JobRepository, metrics: Metrics, now: Clock, rules: ReconcileRules
) -> Reconcile:
    return Reconcile(
        jobs=repository,
        scanner=adapters.scanner,
        erasures=adapters.erasures,
        uploads=adapters.uploads,
        blueprints=adapters.blueprints,
        listing=adapters.listing,
        metrics=metrics,
        now=now,
        rules=rules,
    )


def _adapters(
    settings: Settings, preview: InternalClient, readers: SandboxPool, runtime: Runtime
) -> tuple[Adapters, HealthProbes]:
    aws = partial(aws_client, region=settings.region, backoff=runtime.backoff)
    dynamodb, s3 = aws("dynamodb"), aws("s3")
    bulk_s3 = aws("s3", connect_timeout_seconds=5.0, read_timeout_seconds=20.0)
    jobs_table = DynamoJobTable(
        dynamodb,
        settings.jobs_table,
        settings.uploads_table,
        settings.idempotency_table,
        timedelta(seconds=settings.processing_timeout_seconds),
        utc_now,
    )
    blueprints = S3BlueprintBucket(s3, bulk_s3, settings.blueprints_bucket)
    erasures_after = timedelta(seconds=settings.reconcile_after_seconds)
    adapters = Adapters(
        jobs=jobs_table,
        scanner=DynamoJobScanner(dynamodb, settings.jobs_table, utc_now),
        uploads=DynamoUploadTable(dynamodb, settings.uploads_table, utc_now),
        idempotency=DynamoIdempotencyTable(dynamodb, settings.idempotency_table, utc_now),
        erasures=DynamoErasureTable(dynamodb, settings.jobs_table, erasures_after, utc_now),
        feedback=DynamoFeedbackTable(dynamodb, settings.feedback_table, utc_now),
        blueprints=blueprints,
        listing=S3BucketListing(s3, settings.blueprints_bucket),
        reader=SandboxBlueprintReader(readers),
        preview=HttpPreview(preview, MAX_PREVIEW_CALLS, MAX_WAITING_FOR_PREVIEW),
        remote_files=HttpsRemoteFiles(_MAX_FETCHES, _FETCH_SHARE * settings.request_seconds),
        parameters=runtime.parameters.as_methods(),
        page_quota=DailyPageQuota(dynamodb, settings.rate_limits_table, runtime.parameters, utc_now),
    )
    probes = {"dynamodb": jobs_table.is_alive, "s3": blueprints.is_alive, "preview": preview.is_alive}
    return adapters, HealthProbes(probes)


def _job_rules(settings: Settings) -> JobRules:
    return JobRules(
        retention=timedelta(days=settings.retention_days),
        processing_timeout=timedelta(seconds=settings.processing_timeout_seconds),
        key_lease=timedelta(seconds=_KEY_LEASE_REQUESTS * settings.request_seconds),
    )


def _reconcile_rules(settings: Settings) -> ReconcileRules:
    return ReconcileRules(
        grace=timedelta(seconds=settings.reconcile_after_seconds),
        retention=timedelta(days=settings.retention_days),
        max_early_orphans=settings.reconcile_most_orphans,
    )


def _now_in_millis() -> datetime:
    now = utc_now()
    return now.replace(microsecond=now.microsecond // 1000 * 1000)
