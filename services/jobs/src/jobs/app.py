"""The composition root of the jobs service: adapters → service → blueprints."""

from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from flask import Flask

from jobs.adapters.blueprint_bucket import S3BlueprintBucket
from jobs.adapters.blueprint_reader import HEADER_LIMITS, WORKER, SandboxBlueprintReader
from jobs.adapters.bucket_listing import S3BucketListing
from jobs.adapters.erasure_table import DynamoErasureTable
from jobs.adapters.feedback_table import DynamoFeedbackTable
from jobs.adapters.idempotency_table import DynamoIdempotencyTable
from jobs.adapters.job_scanner import DynamoJobScanner
from jobs.adapters.job_table import DynamoJobTable
from jobs.adapters.parameters import PARAMETERS, StoredParameters
from jobs.adapters.preview_client import HttpPreview
from jobs.adapters.remote_files import HttpsRemoteFiles
from jobs.adapters.upload_table import DynamoUploadTable
from jobs.api import current_use_cases
from jobs.api.docs import OPEN_PATHS, docs
from jobs.api.errors import ERRORS
from jobs.api.internal import internal
from jobs.api.jobs import jobs
from jobs.api.uploads import uploads
from jobs.domain.ports import Stores
from jobs.domain.reconciliation import ReconcileRules
from jobs.periodic_task import PeriodicTask
from jobs.reconcile_cli import reconcile_command
from jobs.settings import Settings
from jobs.use_cases.erase_job import Erasing
from jobs.use_cases.reconcile import Reconciler
from jobs.use_cases.service import JobRules, JobService
from shared import http
from shared.aws import aws_client
from shared.health import HealthProbes
from shared.internal_client import InternalClient
from shared.keys_cli import KeyRing, keys_commands
from shared.metrics import Metrics
from shared.runtime import Runtime, build_runtime
from shared.sandbox import SandboxPool
from shared.timestamps import utc_now
from shared.token_cli import TokenSecret, token_commands

_PREVIEW_STARTS_AT_ONCE = 4  # half of the threads of a worker; see docker/gunicorn.conf.py
_FETCHES_AT_ONCE = 2  # a quarter of the threads of a worker: a slow host holds one for seconds
_FETCH_SHARE = 0.6  # of a request's time; the rest is for opening and storing 50 MB
_KEY_LEASE_REQUESTS = (
    2  # an idempotency key is held for one request's time, and undoing and clocks have as much
)
_ROUND_SECONDS = 60.0  # at most, until a worker looks again whether an erasure was left halfway
HEADER_READERS = 2  # warm children that open new files, one for each of the two cores of a task


@dataclass(frozen=True, slots=True)
class Adapters:
    jobs: DynamoJobTable
    records: DynamoJobScanner
    uploads: DynamoUploadTable
    keys: DynamoIdempotencyTable
    erasures: DynamoErasureTable
    feedback: DynamoFeedbackTable
    blueprints: S3BlueprintBucket
    files: S3BucketListing
    preview: HttpPreview
    remote_files: HttpsRemoteFiles
    parameters: StoredParameters
    readers: SandboxPool


def create_app(settings: Settings, *, service: JobService | None = None) -> Flask:
    """The app under ``settings``; a test may bring a ``service`` of its own."""
    runtime = build_runtime("jobs", settings, PARAMETERS)
    preview = InternalClient("preview", settings.preview_url, runtime.token, runtime.backoff, runtime.metrics)
    adapters = _adapters(settings, preview, runtime)
    app = http.create_app(
        __name__,
        http.HttpSettings("Jobs", settings.cors_origins, settings.request_seconds, OPEN_PATHS),
        runtime=runtime,
        probes=HealthProbes(
            {
                "dynamodb": adapters.jobs.is_alive,
                "s3": adapters.blueprints.is_alive,
                "preview": preview.is_alive,
            }
        ),
        errors=ERRORS,
        blueprints=(jobs, uploads, internal),
    )
    erasing = _erasing(adapters)
    service = service or _service(settings, adapters, runtime.metrics)
    current_use_cases.install(app, current_use_cases.Wiring(service, erasing, settings.request_seconds))
    app.register_blueprint(docs)
    seconds = min(max(1.0, settings.reconcile_after_seconds), _ROUND_SECONDS)
    rounds = PeriodicTask(erasing.finish_due, seconds)
    app.extensions["on_start"] += [adapters.readers.warm_up, rounds.start]
    app.extensions["on_stop"] += [preview.close, adapters.readers.close, rounds.stop]
    app.cli.add_command(keys_commands(KeyRing(runtime.secrets, settings.api_keys_secret)))
    app.cli.add_command(token_commands(TokenSecret(runtime.secrets, settings.internal_token_secret)))
    app.cli.add_command(reconcile_command(_reconciler(settings, adapters, runtime.metrics)))
    return app


def _adapters(settings: Settings, preview: InternalClient, runtime: Runtime) -> Adapters:
    aws = partial(aws_client, region=settings.region, backoff=runtime.backoff)
    dynamodb, s3 = aws("dynamodb"), aws("s3")
    return Adapters(
        jobs=DynamoJobTable(
            dynamodb, settings.jobs_table, settings.uploads_table, settings.idempotency_table, utc_now
        ),
        records=DynamoJobScanner(dynamodb, settings.jobs_table, utc_now),
        uploads=DynamoUploadTable(dynamodb, settings.uploads_table, utc_now),
        keys=DynamoIdempotencyTable(dynamodb, settings.idempotency_table, utc_now),
        erasures=DynamoErasureTable(
            dynamodb, settings.jobs_table, timedelta(seconds=settings.reconcile_after_seconds), utc_now
        ),
        feedback=DynamoFeedbackTable(dynamodb, settings.feedback_table),
        blueprints=S3BlueprintBucket(
            s3,
            aws("s3", connect_timeout_seconds=5.0, read_timeout_seconds=20.0),
            settings.blueprints_bucket,
        ),
        files=S3BucketListing(s3, settings.blueprints_bucket),
        preview=HttpPreview(preview, _PREVIEW_STARTS_AT_ONCE),
        remote_files=HttpsRemoteFiles(_FETCHES_AT_ONCE, _FETCH_SHARE * settings.request_seconds),
        parameters=StoredParameters(runtime.parameters),
        readers=SandboxPool(size=HEADER_READERS, preload=(WORKER,), limits=HEADER_LIMITS),
    )


def _stores(adapters: Adapters) -> Stores:
    return Stores(adapters.jobs, adapters.uploads, adapters.keys, adapters.blueprints)


def _erasing(adapters: Adapters) -> Erasing:
    return Erasing(
        _stores(adapters), adapters.erasures, adapters.feedback, adapters.files, adapters.preview, utc_now
    )


def _service(settings: Settings, adapters: Adapters, metrics: Metrics) -> JobService:
    return JobService(
        stores=_stores(adapters),
        reader=SandboxBlueprintReader(adapters.readers),
        preview=adapters.preview,
        remote_files=adapters.remote_files,
        parameters=adapters.parameters,
        metrics=metrics,
        now=utc_now,
        rules=JobRules(
            retention=timedelta(days=settings.retention_days),
            processing_timeout=timedelta(seconds=settings.processing_timeout_seconds),
            key_lease=timedelta(seconds=_KEY_LEASE_REQUESTS * settings.request_seconds),
        ),
    )


def _reconciler(settings: Settings, adapters: Adapters, metrics: Metrics) -> Reconciler:
    return Reconciler(
        jobs=adapters.jobs,
        records=adapters.records,
        erasures=adapters.erasures,
        uploads=adapters.uploads,
        blueprints=adapters.blueprints,
        files=adapters.files,
        metrics=metrics,
        now=utc_now,
        rules=ReconcileRules(
            grace=timedelta(seconds=settings.reconcile_after_seconds),
            processing_timeout=timedelta(seconds=settings.processing_timeout_seconds),
            retention=timedelta(days=settings.retention_days),
            max_early_orphans=settings.reconcile_most_orphans,
        ),
    )
