"""The jobs service on fakes."""

import io
from dataclasses import dataclass
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
    FakeJobTable,
    FakeParameters,
    FakePreview,
    FakeReader,
    FakeRemoteFiles,
    FakeUploadTable,
)
from jobs.domain.blueprint_file import Declaration
from jobs.domain.job import Job
from jobs.domain.ports import Stores
from jobs.use_cases.erase_job import Erasing
from jobs.use_cases.service import JobService
from shared.metrics import Metrics

PNG = Declaration(("png",), filename="Plan 1.png")


@dataclass
class World:
    service: JobService
    jobs: FakeJobTable
    uploads: FakeUploadTable
    keys: FakeIdempotencyTable
    bucket: FakeBucket
    reader: FakeReader
    preview: FakePreview
    remote_files: FakeRemoteFiles
    parameters: FakeParameters
    erasures: FakeErasureTable
    feedback: FakeFeedbackTable
    erasing: Erasing
    clock: Clock
    metrics: io.StringIO
    folder: Path

    def create(
        self, content: bytes = b"pixels", declared: Declaration = PNG, *, preview: bool = False
    ) -> Job:
        file = staged(self.folder / "incoming", content)
        return self.service.create("ada", file, declared, start_preview=preview).job

    def create_from_upload(self, owner: str = "ada", declared: Declaration | None = None) -> Job:
        return self.service.create_from_upload(
            owner, UPLOAD_ID, declared or Declaration(), start_preview=False
        ).job

    def has(self, *jobs: Job) -> None:
        for each in jobs:
            self.jobs.stored[each.job_id] = each

    def has_upload(self, content: bytes | None = b"pixels", **changes: Any) -> None:
        self.uploads.insert(upload(**changes))
        if content is not None:
            self.bucket.store(f"uploads/{UPLOAD_ID}", content)


def new_world(folder: Path) -> World:
    clock = Clock(NOW)
    uploads = FakeUploadTable(clock)
    keys = FakeIdempotencyTable(clock)
    jobs = FakeJobTable(clock, uploads, keys)
    bucket, reader, preview, metrics = FakeBucket(), FakeReader(PNG_FACTS), FakePreview(), io.StringIO()
    remote_files, parameters = FakeRemoteFiles(), FakeParameters()
    stores = Stores(jobs, uploads, keys, bucket)
    erasures, feedback = FakeErasureTable(jobs, clock), FakeFeedbackTable()
    erasing = Erasing(stores, erasures, feedback, FakeBucketListing(bucket), preview, clock)
    service = JobService(
        stores=stores,
        reader=reader,
        preview=preview,
        remote_files=remote_files,
        parameters=parameters,
        metrics=Metrics("jobs", "test", metrics),
        now=clock,
        rules=RULES,
    )
    return World(
        service,
        jobs,
        uploads,
        keys,
        bucket,
        reader,
        preview,
        remote_files,
        parameters,
        erasures,
        feedback,
        erasing,
        clock,
        metrics,
        folder,
    )
