"""One run over jobs and files, on fakes."""

import io
import json
import logging
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import NOW, UPLOAD_ID, job, upload
from fakes_jobs import (
    Clock,
    FakeBucket,
    FakeBucketListing,
    FakeErasureTable,
    FakeJobScanner,
    FakeJobTable,
    FakeUploadTable,
)
from jobs.domain.erasure import Tombstone
from jobs.domain.job import BLUEPRINT_MISSING, Job, JobStatus
from jobs.domain.reconciliation import ReconcileRules
from jobs.use_cases.job_repository import JobRepository
from jobs.use_cases.reconcile import Reconcile, Reconciliation
from shared.logs import JsonFormatter
from shared.metrics import Metrics

GRACE = timedelta(minutes=15)
RETENTION = timedelta(days=7)
MOST = 4
UPLOAD_KEY = f"uploads/{UPLOAD_ID}"


@dataclass
class World:
    clock: Clock
    jobs: FakeJobTable
    erasures: FakeErasureTable
    uploads: FakeUploadTable
    scanner: FakeJobScanner
    bucket: FakeBucket
    listing: FakeBucketListing
    metrics: io.StringIO

    def has(self, number: int, *, file: bool = True, row: bool = True, **changes: Any) -> Job:
        """A job created `NOW`, with or without its file and its record."""
        job_id = f"job_{number:06}"
        made = job(job_id=job_id, blueprint_s3_key=f"blueprints/{job_id}/plan.png", **changes)
        if row:
            self.jobs.stored[job_id] = made
        if file:
            self.bucket.store(made.blueprint_s3_key, b"pixels")
        return made

    def run(self) -> Reconciliation:
        metrics = Metrics("jobs", "test", self.metrics)
        return Reconcile(
            jobs=JobRepository(self.jobs, metrics),
            scanner=self.scanner,
            erasures=self.erasures,
            uploads=self.uploads,
            blueprints=self.bucket,
            listing=self.listing,
            metrics=metrics,
            now=self.clock,
            rules=ReconcileRules(
                grace=GRACE,
                retention=RETENTION,
                max_early_orphans=MOST,
            ),
        )()

    def run_later(self, after: timedelta = GRACE) -> Reconciliation:
        self.clock.now = NOW + after
        return self.run()

    def measured(self) -> dict[str, Any]:
        lines = [json.loads(line) for line in self.metrics.getvalue().splitlines()]
        [line] = [line for line in lines if "ReconcilerRuns" in line]
        return {name: value for name, value in line.items() if name not in ("_aws", "ReconcilerSeconds")}


@pytest.fixture
def world() -> World:
    clock = Clock(NOW)
    uploads = FakeUploadTable(clock)
    jobs, bucket = FakeJobTable(clock, uploads), FakeBucket(clock)
    scanner, listing = FakeJobScanner(jobs, clock), FakeBucketListing(bucket, page_keys=2)
    erasures = FakeErasureTable(jobs, clock)
    return World(clock, jobs, erasures, uploads, scanner, bucket, listing, io.StringIO())


def test_what_belongs_together_is_left_alone(world: World) -> None:
    kept = [world.has(number, status=status) for number, status in enumerate(JobStatus)]
    kept[1] = world.jobs.stored[kept[1].job_id] = replace(kept[1], processing_since=NOW + GRACE)
    done = world.run_later()
    assert replace(done, seconds=0) == Reconciliation()
    assert list(world.jobs.stored.values()) == kept
    assert set(world.bucket.objects) == {each.blueprint_s3_key for each in kept}


def test_a_file_without_a_job_is_deleted_and_the_others_stay(world: World) -> None:
    orphans = [world.has(number, row=False) for number in (1, 2, 5)]
    kept = [world.has(number) for number in (0, 3, 4)]
    world.bucket.store("blueprints/no-id-of-a-job", b"pixels")
    assert world.run_later().orphans_deleted == len(orphans) + 1
    assert set(world.bucket.objects) == {each.blueprint_s3_key for each in kept}


def test_what_is_deleted_is_told_by_id_and_not_by_name(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(JsonFormatter("jobs"))
    caplog.set_level(logging.INFO, "jobs")
    orphan = world.has(1, row=False)
    world.uploads.insert(upload(used=True))
    world.bucket.store(UPLOAD_KEY, b"pixels")
    world.run_later()
    lines = [json.loads(line) for line in caplog.text.splitlines()]
    told = [(line["job_id"], line["context"]) for line in lines if line["message"] == "file deleted"]
    said = {"logger": "jobs.use_cases.reconcile"}
    assert told == [
        (orphan.job_id, {**said, "reason": "early orphan"}),
        (None, {**said, "reason": "used upload", "upload_id": UPLOAD_ID}),
    ]


def test_as_many_early_orphans_as_the_limit_are_deleted(world: World) -> None:
    for number in range(MOST):
        world.has(number, row=False)
    done = world.run_later()
    assert (done.orphans_deleted, done.failures, set(world.bucket.objects)) == (MOST, 0, set())


def test_none_of_more_early_orphans_than_the_limit_is_deleted(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    orphans = [world.has(number, row=False) for number in range(MOST + 3)]
    done = world.run_later()
    assert (done.orphans_deleted, done.failures) == (0, 1)
    assert set(world.bucket.objects) == {each.blueprint_s3_key for each in orphans}
    assert world.measured()["ReconcilerFailures"] == 1
    [said] = [record for record in caplog.records if record.message.startswith("too many files")]
    told = said.__dict__["context"]
    assert (said.levelname, told["found_at_least"], told["most"]) == ("ERROR", MOST + 1, MOST)
    assert told["one_job_id"] == orphans[0].job_id
    assert "restored" in told["may_mean"]
    assert "RECONCILE_MOST_ORPHANS" in told["do"]


def test_everything_else_is_done_beside_too_many_early_orphans(world: World) -> None:
    early = [world.has(number, row=False) for number in range(10, 10 + MOST + 1)]
    world.has(1, expires_at=NOW - GRACE)
    world.has(99, expires_at=NOW - GRACE)
    world.bucket.store("blueprints/job_20200101000000_x/plan.png", b"pixels")
    world.uploads.insert(upload(used=True))
    world.bucket.store(UPLOAD_KEY, b"pixels")
    lost = world.has(2, file=False)
    done = world.run_later()
    assert (done.expired_deleted, done.orphans_deleted, done.used_uploads_deleted) == (2, 1, 1)
    assert world.jobs.stored[lost.job_id].error == BLUEPRINT_MISSING
    assert set(world.bucket.objects) == {each.blueprint_s3_key for each in early}


def test_orphans_of_jobs_that_may_have_expired_are_deleted_whatever_their_number(world: World) -> None:
    for number in range(3 * MOST):
        world.has(number, row=False)
    done = world.run_later(RETENTION)
    assert (done.orphans_deleted, done.failures, set(world.bucket.objects)) == (3 * MOST, 0, set())


def test_files_whose_jobs_a_second_look_finds_do_not_count_as_orphans(world: World) -> None:
    kept = [world.has(number) for number in range(3 * MOST)]
    world.scanner.unseen = {each.job_id for each in kept}
    world.has(99, row=False)
    done = world.run_later()
    assert (done.orphans_deleted, done.failures) == (1, 0)
    assert set(world.bucket.objects) == {each.blueprint_s3_key for each in kept}


def test_a_job_that_comes_while_orphans_are_counted_keeps_its_file(world: World) -> None:
    late, gone = world.has(1, row=False), world.has(2, row=False)
    world.listing.when_listed = lambda: world.jobs.stored.update({late.job_id: late})
    assert world.run_later().orphans_deleted == 1
    assert set(world.bucket.objects) == {late.blueprint_s3_key}
    assert gone.blueprint_s3_key not in world.bucket.objects


def test_a_file_whose_job_is_being_created_is_left_alone(world: World) -> None:
    created = world.has(1, row=False)
    world.run_later(GRACE - timedelta(seconds=1))
    assert set(world.bucket.objects) == {created.blueprint_s3_key}


def test_a_file_stays_when_a_second_look_finds_its_job(world: World) -> None:
    created = world.has(1)
    world.scanner.unseen = {created.job_id}
    assert world.run_later().orphans_deleted == 0
    assert set(world.bucket.objects) == {created.blueprint_s3_key}


def test_the_file_of_an_expired_job_goes(world: World) -> None:
    expired, kept = world.has(1), world.has(2, expires_at=NOW + timedelta(days=9))
    done = world.run_later(timedelta(days=7) + GRACE)
    assert (done.expired_deleted, done.orphans_deleted, done.failed_missing_blueprint) == (1, 0, 0)
    assert set(world.bucket.objects) == {kept.blueprint_s3_key}
    assert world.jobs.stored == {kept.job_id: kept}
    assert world.erasures.stored == {expired.job_id: Tombstone(expired.job_id, world.clock.now)}


@pytest.mark.parametrize("step", [("erasures", "put_tombstone"), ("bucket", "delete")])
def test_the_results_of_a_job_whose_file_goes_are_to_be_erased_whatever_fails(
    world: World, step: tuple[str, str]
) -> None:
    gone = world.has(1, row=False)
    store, method = step
    getattr(world, store).broken = {method}
    assert world.run_later().failures == 1
    getattr(world, store).broken = set()
    world.run()
    assert world.bucket.objects == {}
    assert set(world.erasures.stored) == {gone.job_id}


def test_a_job_without_its_file_fails(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "audit")
    lost, kept = world.has(1, file=False), world.has(2)
    done = world.run_later()
    failed = world.jobs.stored[lost.job_id]
    assert (failed.status, failed.error, failed.version) == (JobStatus.FAILED, BLUEPRINT_MISSING, 2)
    assert world.jobs.stored[kept.job_id] == kept
    assert done.failed_missing_blueprint == 1
    [audited] = [record.__dict__["context"] for record in caplog.records]
    assert (audited["event"], audited["to"], audited["job_id"]) == ("state_changed", "failed", lost.job_id)


@pytest.mark.parametrize("status", [JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED])
def test_a_finished_job_without_its_file_stays(world: World, status: JobStatus) -> None:
    finished = world.has(1, file=False, status=status)
    world.run_later()
    assert world.jobs.stored[finished.job_id] == finished


def test_a_job_whose_file_is_found_by_a_second_look_stays(world: World) -> None:
    kept = world.has(1)
    world.listing.not_yet = {kept.blueprint_s3_key}
    world.run_later()
    assert world.jobs.stored[kept.job_id] == kept


def test_a_job_that_is_cancelled_meanwhile_stays_cancelled(world: World) -> None:
    lost = world.has(1, file=False)
    world.jobs.interfere = lambda _: world.jobs.stored.update({lost.job_id: lost.cancelled(NOW)})
    done = world.run_later()
    assert world.jobs.stored[lost.job_id].status is JobStatus.CANCELLED
    assert (done.failed_missing_blueprint, done.failures) == (0, 0)


def test_a_job_that_goes_away_meanwhile_is_no_failure(world: World) -> None:
    first, second = world.has(1, file=False), world.has(2, file=False)
    world.jobs.interfere = lambda _: world.jobs.delete(second.job_id)
    done = world.run_later()
    assert (done.failed_missing_blueprint, done.failures) == (1, 0)
    assert set(world.jobs.stored) == {first.job_id}


def test_a_job_whose_worker_may_have_died_is_left_to_those_who_can_ask_preview(world: World) -> None:
    stuck = world.has(1, status=JobStatus.PROCESSING)
    world.run_later(timedelta(seconds=60))
    assert world.jobs.stored[stuck.job_id] == stuck


@pytest.mark.parametrize(("used", "left"), [(True, set()), (False, {UPLOAD_KEY})])
def test_only_what_a_job_was_made_of_is_deleted_of_uploads(world: World, used: bool, left: set[str]) -> None:
    world.uploads.insert(upload(used=used))
    world.bucket.store(UPLOAD_KEY, b"pixels")
    done = world.run_later()
    assert (done.used_uploads_deleted, set(world.bucket.objects)) == (int(used), left)


def test_uploads_that_nobody_knows_are_left_to_the_lifecycle(world: World) -> None:
    for key in (UPLOAD_KEY, "uploads/", "uploads/other"):
        world.bucket.store(key, b"pixels")
    assert world.run_later().used_uploads_deleted == 0
    assert len(world.bucket.objects) == 3


def test_an_upload_is_left_to_the_request_that_uses_it(world: World) -> None:
    world.uploads.insert(upload(used=True))
    world.bucket.store(UPLOAD_KEY, b"pixels")
    world.run_later(GRACE - timedelta(seconds=1))
    assert set(world.bucket.objects) == {UPLOAD_KEY}


def test_a_part_that_fails_is_told_and_the_others_are_done(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    lost = world.has(1, file=False)
    world.bucket.broken = {"pages"}
    done = world.run_later()
    assert done.failures == 2  # both kinds of files are listed
    assert world.jobs.stored[lost.job_id].error == BLUEPRINT_MISSING
    assert world.measured()["ReconcilerFailures"] == 2
    assert [record.levelname for record in caplog.records if record.message == "reconciled"] == ["ERROR"]


def test_files_go_even_if_jobs_cannot_be_looked_over(world: World) -> None:
    world.uploads.insert(upload(used=True))
    world.bucket.store(UPLOAD_KEY, b"pixels")
    world.jobs.broken = {"scan"}
    done = world.run_later()
    assert (done.failures, done.used_uploads_deleted) == (1, 1)


def test_nothing_is_deleted_while_the_table_is_away(world: World) -> None:
    orphan = world.has(1, row=False)
    world.jobs.broken = {"get"}
    assert world.run_later().failures == 1
    assert set(world.bucket.objects) == {orphan.blueprint_s3_key}


def test_a_second_run_finds_nothing_to_do(world: World) -> None:
    world.has(1, row=False)
    world.has(2, file=False)
    first, second = world.run_later(), world.run()
    assert (first.orphans_deleted, first.failed_missing_blueprint) == (1, 1)
    assert replace(second, seconds=0) == Reconciliation()


def test_metrics_tell_what_was_done_zeros_included(world: World) -> None:
    world.has(1, row=False)
    world.has(2, file=False)
    world.run_later()
    assert world.measured() == {
        "service": "jobs",
        "environment": "test",
        "ReconcilerRuns": 1,
        "ReconcilerFailures": 0,
        "OrphanObjectsDeleted": 1,
        "ExpiredObjectsDeleted": 0,
        "UsedUploadsDeleted": 0,
        "JobsFailedMissingBlueprint": 1,
    }
