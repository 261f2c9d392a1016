"""What the reconciler relies on from its cheap looks: the same for DynamoDB and S3 (moto) and the fakes."""

import itertools
from collections.abc import Collection
from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import NOW, RULES, job, settings
from fakes_jobs import Clock, FakeBucket, FakeBucketListing, FakeJobScanner, FakeJobTable, FakeUploadTable
from jobs.adapters.bucket_listing import S3BucketListing
from jobs.adapters.erasure_table import DynamoErasureTable
from jobs.adapters.job_scanner import DynamoJobScanner
from jobs.adapters.job_table import DynamoJobTable
from jobs.domain.erasure import Tombstone
from jobs.domain.job import Job, JobStatus
from jobs.domain.ports import BucketListing, JobScanner, JobTable
from jobs.domain.reconciliation import UnfinishedJob
from shared.errors import DependencyFailed

numbers = itertools.count()
PAGE = 2


class Files:
    """A view of stored files, and a way to put some there."""

    def __init__(self, view: BucketListing, store: Any) -> None:
        self.view = view
        self._store = store

    def store(self, *keys: str) -> None:
        for key in keys:
            self._store(key, b"pixels")


@pytest.fixture(params=["fake", "s3"])
def files(request: pytest.FixtureRequest) -> Files:
    if request.param == "fake":
        bucket = FakeBucket()
        return Files(FakeBucketListing(bucket, PAGE), bucket.store)
    s3, name = request.getfixturevalue("s3"), settings().blueprints_bucket
    for left in s3.list_objects_v2(Bucket=name).get("Contents", ()):
        s3.delete_object(Bucket=name, Key=left["Key"])

    def put(key: str, content: bytes) -> None:
        s3.put_object(Bucket=name, Key=key, Body=content)

    return Files(S3BucketListing(s3, name, PAGE), put)


def keys_under(files: Files, prefix: str) -> list[str]:
    return [file.key for page in files.view.pages(prefix) for file in page]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5])
def test_all_files_under_a_prefix_come_in_pages(files: Files, count: int) -> None:
    keys = [f"blueprints/job_{number}/plan.png" for number in range(count)]
    files.store(*keys, "uploads/up_1", "blueprints.txt")
    assert keys_under(files, "blueprints/") == keys
    assert all(0 < len(page) <= PAGE for page in files.view.pages("blueprints/"))


def test_names_come_as_they_are(files: Files) -> None:
    keys = ["blueprints/job_1/a+b c.png", "blueprints/job_1/ä%20.png"]
    files.store(*keys)
    assert keys_under(files, "blueprints/") == keys


def test_a_file_tells_when_it_was_stored(files: Files) -> None:
    files.store("blueprints/job_1/plan.png")
    [[file]] = files.view.pages("blueprints/")
    assert file.stored_at.utcoffset() == timedelta()


STORED = [f"blueprints/job_{letter}/plan.png" for letter in "bdfhjln"]
ABSENT = [f"blueprints/job_{letter}/plan.png" for letter in "acegikmoz"]


@pytest.mark.parametrize(
    "asked",
    [
        [],
        ABSENT,
        STORED,
        STORED + ABSENT,
        [STORED[0], ABSENT[-1]],
        [STORED[-1], ABSENT[-1]],
        ["blueprints/job_b/plan.pn", "blueprints/job_b/plan.png2"],
    ],
)
def test_missing_are_those_that_are_not_there(files: Files, asked: list[str]) -> None:
    files.store(*STORED, "uploads/up_1")
    assert files.view.missing(asked) == set(asked) - set(STORED)


def test_neighbours_do_not_hide_a_file(files: Files) -> None:
    """More of them than a page holds lie between a key and the one a letter shorter."""
    files.store(*(f"blueprints/job_a/plan.pn{letter}" for letter in "abcdeg"))
    assert files.view.missing({"blueprints/job_a/plan.png"} | {"blueprints/job_a/plan.pnf"}) == {
        "blueprints/job_a/plan.pnf"
    }


def test_everything_is_missing_from_an_empty_bucket(files: Files) -> None:
    assert files.view.missing(STORED) == set(STORED)


def test_a_missing_bucket_is_our_failure(s3: Any) -> None:
    files = S3BucketListing(s3, "no-such-bucket")
    with pytest.raises(DependencyFailed):
        files.missing({"blueprints/x"})
    with pytest.raises(DependencyFailed):
        list(files.pages("blueprints/"))


class Jobs:
    def __init__(self, table: JobTable, view: JobScanner) -> None:
        self.view = view
        self._table = table

    def has(self, **changes: Any) -> Job:
        made = job(job_id=f"job_records_{next(numbers):06}", **changes)
        self._table.insert(made)
        return made

    def unfinished(self, among: Collection[Job]) -> list[UnfinishedJob]:
        ids = {each.job_id for each in among}
        return sorted(
            (each for each in self.view.unfinished_jobs() if each.job_id in ids), key=lambda each: each.job_id
        )


@pytest.fixture(params=["fake", "dynamodb"])
def jobs(request: pytest.FixtureRequest, clock: Clock) -> Jobs:
    if request.param == "fake":
        fake = FakeJobTable(clock, FakeUploadTable(clock))
        return Jobs(fake, FakeJobScanner(fake, clock))
    client, names = request.getfixturevalue("dynamodb"), settings()
    table = DynamoJobTable(
        client,
        names.jobs_table,
        names.uploads_table,
        names.idempotency_table,
        RULES.processing_timeout,
        clock,
    )
    return Jobs(table, DynamoJobScanner(client, names.jobs_table, clock, PAGE))


@pytest.mark.parametrize("count", [0, 1, 100, 101])
def test_expiries_of_as_many_jobs_as_are_asked_for(jobs: Jobs, count: int) -> None:
    made = [jobs.has() for _ in range(count)]
    expected = {each.job_id: each.expires_at for each in made}
    assert jobs.view.expiry_times({*expected, "job_unknown"}) == expected


def test_an_expired_job_tells_its_expiry(jobs: Jobs, clock: Clock) -> None:
    made = jobs.has()
    clock.now = made.expires_at + timedelta(days=1)
    assert jobs.view.expiry_times({made.job_id}) == {made.job_id: made.expires_at}


def test_what_is_left_of_a_job_that_is_gone_has_no_expiry(dynamodb: Any, clock: Clock) -> None:
    table = settings().jobs_table
    DynamoErasureTable(dynamodb, table, timedelta(0), clock).complete(Tombstone("job_gone", NOW))
    assert DynamoJobScanner(dynamodb, table, clock).expiry_times({"job_gone"}) == {}


def test_unfinished_jobs_are_all_those_pending_or_processing(jobs: Jobs) -> None:
    made = [jobs.has(status=status) for status in JobStatus for _ in range(PAGE)]
    unfinished = [each for each in made if each.status in (JobStatus.PENDING, JobStatus.PROCESSING)]
    assert jobs.unfinished(made) == [UnfinishedJob(each.job_id, each.blueprint_s3_key) for each in unfinished]


def test_an_expired_job_is_nobodys_work(jobs: Jobs, clock: Clock) -> None:
    made = jobs.has()
    clock.now = made.expires_at
    assert jobs.unfinished([made]) == []


def test_a_missing_table_is_our_failure(dynamodb: Any) -> None:
    records = DynamoJobScanner(dynamodb, "no-such-table", Clock(NOW))
    with pytest.raises(DependencyFailed):
        records.expiry_times({"job_x"})
    with pytest.raises(DependencyFailed):
        list(records.unfinished_jobs())
