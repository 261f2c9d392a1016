"""What the service relies on from its tables: the same for DynamoDB (moto) and for the fakes."""

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from builders_jobs import NOW, RULES, job, settings, upload
from fakes_jobs import Clock, FakeJobTable, FakeUploadTable
from jobs.adapters.job_table import DynamoJobTable
from jobs.adapters.upload_table import DynamoUploadTable
from jobs.domain.errors import ConcurrentUpdate, UploadNotFound
from jobs.domain.job import Job, JobError, JobStage, JobStatus, Owed, Transition
from jobs.domain.listing import JobFilter
from jobs.domain.pages import PageCounts
from jobs.domain.ports import JobTable, UploadTable
from shared.aws import aws_client
from shared.errors import DependencyFailed
from shared.retry import Backoff

numbers = itertools.count()


@dataclass
class Tables:
    jobs: JobTable
    uploads: UploadTable
    clock: Clock


@pytest.fixture(params=["fake", "dynamodb"])
def tables(request: pytest.FixtureRequest, clock: Clock) -> Tables:
    if request.param == "fake":
        uploads = FakeUploadTable(clock)
        return Tables(FakeJobTable(clock, uploads), uploads, clock)
    client = request.getfixturevalue("dynamodb")
    names = settings()
    return Tables(
        DynamoJobTable(
            client,
            names.jobs_table,
            names.uploads_table,
            names.idempotency_table,
            RULES.processing_timeout,
            clock,
        ),
        DynamoUploadTable(client, names.uploads_table, clock),
        clock,
    )


@pytest.fixture
def owner() -> str:
    return f"owner-{next(numbers)}"


def new_job(owner: str = "ada", **changes: Any) -> Job:
    return job(job_id=f"job_{next(numbers):06}", owner=owner, **changes)


FULL = {
    "status": JobStatus.FAILED,
    "stage": JobStage.PREVIEW,
    "progress": 40,
    "message": "Half of it: ½",
    "result_s3_key": "cache/preview/x.json",
    "degraded": ("textract_unavailable", "analysis_not_stored"),
    "error": JobError("UNREADABLE_BLUEPRINT", "It is damaged."),
    "processing_since": NOW,
    "pages": PageCounts(40, 12, 1, 17),
    "owed_pages": "1-3,7",
    "hand_over_at": NOW,
    "version": 9,
}
EMPTY = {"blueprint_filename": None, "request_id": None, "correlation_id": None}


@pytest.mark.parametrize("changes", [{}, FULL, EMPTY], ids=["new", "full", "empty"])
def test_a_job_comes_back_as_it_was_stored(tables: Tables, changes: dict[str, Any]) -> None:
    stored = new_job(**changes)
    tables.jobs.insert(stored)
    assert tables.jobs.get(stored.job_id) == stored


def test_an_unknown_job_is_absent(tables: Tables) -> None:
    assert tables.jobs.get("job_unknown") is None


def test_a_job_is_absent_once_it_expires(tables: Tables) -> None:
    stored = new_job("expiring")
    tables.jobs.insert(stored)
    tables.clock.now = stored.expires_at
    assert tables.jobs.get(stored.job_id) is None
    assert tables.jobs.page(JobFilter("expiring", None, NOW), 10, None) == ([], None)


def test_versions_of_several_jobs_are_read_at_once(tables: Tables) -> None:
    stored, expiring = new_job(version=7), new_job()
    for each in (stored, replace(expiring, expires_at=NOW)):
        tables.jobs.insert(each)
    tables.jobs.save(replace(stored, version=8))
    ids = {stored.job_id, expiring.job_id, "job_unknown"}
    assert tables.jobs.versions(ids) == {stored.job_id: 8, expiring.job_id: None, "job_unknown": None}


def test_a_version_that_was_not_read_is_left_out(dynamodb: Any, clock: Clock) -> None:
    client, names = aws_client("dynamodb", region="us-east-1", backoff=Backoff(1, 0.01)), settings()
    table = DynamoJobTable(
        client, names.jobs_table, names.uploads_table, names.idempotency_table, timedelta(0), clock
    )
    unread = {names.jobs_table: {"Keys": [{"job_id": {"S": "job_2"}}]}}
    with Stubber(client) as stubber:
        answer = {"Responses": {names.jobs_table: []}, "UnprocessedKeys": unread}
        stubber.add_response("batch_get_item", answer)
        assert table.versions(["job_1", "job_2"]) == {"job_1": None}


def test_save_replaces_the_version_before(tables: Tables) -> None:
    stored = new_job()
    tables.jobs.insert(stored)
    saved = stored.hand_over_postponed(NOW)
    tables.jobs.save(saved)
    assert tables.jobs.get(stored.job_id) == saved


def test_of_two_saves_on_one_version_the_second_loses(tables: Tables) -> None:
    stored = new_job()
    tables.jobs.insert(stored)
    first = stored.cancelled(NOW)
    tables.jobs.save(first)
    with pytest.raises(ConcurrentUpdate):
        tables.jobs.save(stored.moved(Transition(JobStatus.PROCESSING), NOW))
    with pytest.raises(ConcurrentUpdate):
        tables.jobs.save(stored.cancelled(NOW))
    assert tables.jobs.get(stored.job_id) == first


def test_a_job_that_is_gone_cannot_be_saved(tables: Tables) -> None:
    stored = new_job()
    tables.jobs.insert(stored)
    tables.jobs.delete(stored.job_id)
    assert tables.jobs.get(stored.job_id) is None
    with pytest.raises(ConcurrentUpdate):
        tables.jobs.save(stored.cancelled(NOW))


def new_upload(**changes: Any) -> Any:
    return upload(upload_id=f"up_20260301120000_{next(numbers):013}", **changes)


@pytest.mark.parametrize("changes", [{}, {"filename": "Grundriß 1.pdf", "format": "pdf"}])
def test_an_upload_comes_back_as_it_was_stored(tables: Tables, changes: dict[str, Any]) -> None:
    opened = new_upload(**changes)
    tables.uploads.insert(opened)
    assert tables.uploads.get(opened.upload_id) == opened


def test_an_upload_is_absent_when_unknown_or_expired(tables: Tables) -> None:
    opened = new_upload()
    tables.uploads.insert(opened)
    tables.clock.now = opened.expires_at
    assert tables.uploads.get(opened.upload_id) is None
    assert tables.uploads.get("up_unknown") is None


def test_an_upload_is_used_up_with_the_job_it_becomes(tables: Tables) -> None:
    opened, stored, second = new_upload(), new_job(), new_job()
    tables.uploads.insert(opened)
    tables.jobs.insert(stored, opened)
    assert tables.uploads.get(opened.upload_id) == replace(opened, used=True)
    assert tables.jobs.get(stored.job_id) == stored
    with pytest.raises(UploadNotFound):
        tables.jobs.insert(second, opened)
    assert tables.jobs.get(second.job_id) is None


@pytest.mark.parametrize("why", ["unknown", "foreign", "run out"])
def test_an_upload_that_cannot_be_used_stores_no_job(tables: Tables, why: str) -> None:
    opened, stored = new_upload(), new_job()
    if why != "unknown":
        tables.uploads.insert(opened)
    if why == "foreign":
        opened = replace(opened, owner="bob")
    if why == "run out":
        tables.clock.now = opened.usable_until
    with pytest.raises(UploadNotFound):
        tables.jobs.insert(stored, opened)
    assert tables.jobs.get(stored.job_id) is None


def at(seconds: float) -> dict[str, Any]:
    return {"created_at": NOW + timedelta(seconds=seconds)}


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 7, 100])
def test_pages_are_newest_first_and_join(tables: Tables, owner: str, limit: int) -> None:
    stored = [new_job(owner, **at(second)) for second in (3, 1, 2, 2, 0, 5)]
    for each in stored:
        tables.jobs.insert(each)
    jobs, after = JobFilter(owner, None, NOW), None
    seen: list[Job] = []
    for _ in range(7):
        found, after = tables.jobs.page(jobs, limit, after)
        assert len(found) <= limit
        seen += found
        if after is None:
            break
    assert after is None
    assert sorted(seen, key=lambda each: each.job_id) == sorted(stored, key=lambda each: each.job_id)
    assert [each.created_at for each in seen] == sorted((each.created_at for each in stored), reverse=True)


def test_a_page_holds_one_owners_jobs(tables: Tables, owner: str) -> None:
    tables.jobs.insert(new_job(owner))
    assert tables.jobs.page(JobFilter(owner + "x", None, NOW), 10, None) == ([], None)


@pytest.mark.parametrize("status", JobStatus)
def test_a_page_of_one_state(tables: Tables, owner: str, status: JobStatus) -> None:
    """A job that has been processing for too long counts as both: preview knows."""
    stuck = new_job(owner, status=JobStatus.PROCESSING, processing_since=NOW - timedelta(seconds=60))
    others = [new_job(owner, status=each) for each in JobStatus]
    for each in (stuck, *others):
        tables.jobs.insert(each)
    found, after = tables.jobs.page(JobFilter(owner, status, NOW - timedelta(seconds=60)), 10, None)
    expected = {others[list(JobStatus).index(status)].job_id} | (
        {stuck.job_id} if status in (JobStatus.PROCESSING, JobStatus.FAILED) else set()
    )
    assert ({each.job_id for each in found}, after) == (expected, None)


def test_rare_jobs_are_found_among_many_and_paged(tables: Tables, owner: str) -> None:
    for second in range(40):
        status = JobStatus.COMPLETED if second % 10 == 0 else JobStatus.PENDING
        tables.jobs.insert(new_job(owner, status=status, **at(second)))
    jobs = JobFilter(owner, JobStatus.COMPLETED, NOW)
    first, after = tables.jobs.page(jobs, 3, None)
    rest, end = tables.jobs.page(jobs, 3, after)
    assert [len(first), len(rest), end] == [3, 1, None]


def due(tables: Tables, owed: Owed, among: list[Job]) -> list[str]:
    ids = {each.job_id for each in among}
    return [job_id for job_id in tables.jobs.find_due(owed) if job_id in ids]


def test_jobs_that_owe_something_are_found_once_they_are_due(tables: Tables) -> None:
    stuck = {"status": JobStatus.PROCESSING, "processing_since": NOW - RULES.processing_timeout}
    later = NOW + timedelta(milliseconds=1)
    owing = [new_job().owing("1-3", PageCounts(3), at) for at in (NOW, NOW - timedelta(days=1), later)]
    ending = [new_job(**stuck), new_job(**stuck | {"processing_since": later})]
    stored = [*owing, *ending, new_job(), new_job(status=JobStatus.COMPLETED)]
    for each in stored:
        tables.jobs.insert(each)
    assert due(tables, Owed.PAGES, stored) == [owing[1].job_id, owing[0].job_id]
    assert due(tables, Owed.END, stored) == [ending[0].job_id]

    tables.jobs.save(owing[0].handed_over(PageCounts(3, number=1)))
    tables.jobs.save(owing[1].hand_over_postponed(later))
    tables.jobs.save(ending[0].moved(Transition(JobStatus.COMPLETED), NOW))
    assert due(tables, Owed.PAGES, stored) == []
    assert due(tables, Owed.END, stored) == []
    tables.clock.now = later
    assert set(due(tables, Owed.PAGES, stored)) == {owing[1].job_id, owing[2].job_id}


def test_a_missing_table_is_our_failure(dynamodb: Any, clock: Clock) -> None:
    table = DynamoJobTable(dynamodb, *["no-such-table"] * 3, RULES.processing_timeout, clock)
    with pytest.raises(DependencyFailed):
        table.get("job_x")
    with pytest.raises(DependencyFailed):
        table.find_due(Owed.PAGES)
    with pytest.raises(DependencyFailed):
        table.insert(new_job())
    with pytest.raises(DependencyFailed):
        table.insert(new_job(), new_upload())
