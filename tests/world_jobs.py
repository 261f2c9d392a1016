"""The use cases of the jobs service on fakes."""

import io
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from builders_jobs import NOW, PNG_FACTS, RULES, UPLOAD_ID, staged, upload
from fakes_jobs import (
    Clock,
    FakeBucket,
    FakeBucketListing,
    FakeErasureTable,
    FakeFeedbackTable,
    FakeIdempotencyTable,
    FakeJobScanner,
    FakeJobTable,
    FakeParameters,
    FakePreview,
    FakeReader,
    FakeRemoteFiles,
    FakeUploadTable,
)
from fakes_shared import FakePageQuota
from jobs.app import Adapters, build_use_cases
from jobs.domain.blueprint_file import Declaration
from jobs.domain.job import Job
from jobs.domain.ports import JobTable
from jobs.domain.reconciliation import ReconcileRules
from jobs.use_cases import UseCases
from jobs.use_cases.create_job import CreatedJob, CreateJobCommand
from shared.metrics import Metrics

PNG = Declaration(("png",), filename="Plan 1.png")
RECONCILE_RULES = ReconcileRules(
    grace=timedelta(minutes=15),
    retention=RULES.retention,
    max_early_orphans=4,
)


@dataclass
class World:
    use_cases: UseCases
    jobs: FakeJobTable
    uploads: FakeUploadTable
    keys: FakeIdempotencyTable
    bucket: FakeBucket
    listing: FakeBucketListing
    scanner: FakeJobScanner
    reader: FakeReader
    preview: FakePreview
    remote_files: FakeRemoteFiles
    parameters: FakeParameters
    page_quota: FakePageQuota
    erasures: FakeErasureTable
    feedback: FakeFeedbackTable
    clock: Clock
    metrics: io.StringIO
    folder: Path

    def create(
        self, content: bytes = b"pixels", declared: Declaration = PNG, *, pages: str | None = None
    ) -> Job:
        return self.create_under(None, content, declared, pages=pages).job

    def create_under(
        self,
        key: str | None,
        content: bytes = b"pixels",
        declared: Declaration = PNG,
        *,
        pages: str | None = None,
    ) -> CreatedJob:
        file = staged(self.folder / "incoming", content)
        command = CreateJobCommand("ada", declared, pages, key)
        return self.use_cases.create_job.from_file(command, file)

    def create_from_upload(
        self,
        owner: str = "ada",
        declared: Declaration | None = None,
        *,
        key: str | None = None,
        pages: str | None = None,
        upload_id: str = UPLOAD_ID,
    ) -> Job:
        command = CreateJobCommand(owner, declared or Declaration(), pages, key)
        return self.use_cases.create_job.from_upload(command, upload_id).job

    def has(self, *jobs: Job) -> None:
        for each in jobs:
            self.jobs.stored[each.job_id] = each

    def has_upload(self, content: bytes | None = b"pixels", **changes: object) -> None:
        self.uploads.insert(upload(**changes))
        if content is not None:
            self.bucket.store(f"uploads/{UPLOAD_ID}", content)


def new_world(folder: Path) -> World:
    clock = Clock(NOW)
    uploads, keys = FakeUploadTable(clock), FakeIdempotencyTable(clock)
    jobs, bucket = FakeJobTable(clock, uploads, keys), FakeBucket(clock)
    fakes: dict[str, Any] = {
        "uploads": uploads,
        "listing": FakeBucketListing(bucket, page_keys=2),
        "scanner": FakeJobScanner(jobs, clock),
        "reader": FakeReader(PNG_FACTS),
        "preview": FakePreview(),
        "remote_files": FakeRemoteFiles(),
        "parameters": FakeParameters(),
        "page_quota": FakePageQuota(),
        "erasures": FakeErasureTable(jobs, clock),
        "feedback": FakeFeedbackTable(clock),
    }
    adapters = fake_adapters(jobs, clock, idempotency=keys, blueprints=bucket, **fakes)
    metrics = io.StringIO()
    use_cases = build_use_cases(adapters, Metrics("jobs", "test", metrics), clock, RULES, RECONCILE_RULES)
    return World(
        use_cases=use_cases,
        jobs=jobs,
        keys=keys,
        bucket=bucket,
        clock=clock,
        metrics=metrics,
        folder=folder,
        **fakes,
    )


def fake_adapters(jobs: JobTable, clock: Clock, **others: Any) -> Adapters:
    """Fakes around ``jobs``, which may be a real table, with ``others`` in place of theirs."""
    table = jobs if isinstance(jobs, FakeJobTable) else FakeJobTable(clock, FakeUploadTable(clock))
    bucket = FakeBucket(clock)
    fakes: dict[str, Any] = {
        "scanner": FakeJobScanner(table, clock),
        "uploads": FakeUploadTable(clock),
        "idempotency": FakeIdempotencyTable(clock),
        "erasures": FakeErasureTable(table, clock),
        "feedback": FakeFeedbackTable(clock),
        "blueprints": bucket,
        "listing": FakeBucketListing(bucket),
        "reader": FakeReader(PNG_FACTS),
        "preview": FakePreview(),
        "remote_files": FakeRemoteFiles(),
        "parameters": FakeParameters(),
        "page_quota": FakePageQuota(),
    }
    return Adapters(jobs=jobs, **(fakes | others))
