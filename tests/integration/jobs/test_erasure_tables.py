"""What erasing relies on from the tables: the same for DynamoDB (moto) and for the fakes."""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import NOW, RULES, job, key_record, settings, upload
from fakes_jobs import Clock, FakeErasureTable, FakeIdempotencyTable, FakeJobTable, FakeUploadTable
from jobs.adapters.erasure_table import DynamoErasureTable
from jobs.adapters.idempotency_table import DynamoIdempotencyTable
from jobs.adapters.job_table import DynamoJobTable
from jobs.adapters.upload_table import DynamoUploadTable
from jobs.domain.erasure import Erasure, Tombstone
from jobs.domain.errors import ConcurrentUpdate, RequestInProgress
from jobs.domain.idempotency import IdempotencyKey, IdempotencyRecord, IdempotencyTombstone
from jobs.domain.job import Job, JobStatus
from jobs.domain.listing import JobFilter
from jobs.domain.ports import ErasureTable, IdempotencyTable, JobTable, UploadTable

AFTER = timedelta(minutes=15)
numbers = itertools.count()


@dataclass
class Tables:
    jobs: JobTable
    erasures: ErasureTable
    keys: IdempotencyTable
    uploads: UploadTable
    clock: Clock

    def has(self, **changes: Any) -> Job:
        made = job(job_id=f"job_erased_{next(numbers):06}", owner=f"owner {next(numbers)}", **changes)
        self.jobs.insert(made)
        return made


@pytest.fixture(params=["fake", "dynamodb"])
def tables(request: pytest.FixtureRequest, clock: Clock) -> Tables:
    if request.param == "fake":
        keys, uploads = FakeIdempotencyTable(clock), FakeUploadTable(clock)
        jobs = FakeJobTable(clock, uploads, keys)
        return Tables(jobs, FakeErasureTable(jobs, clock, AFTER), keys, uploads, clock)
    client, names = request.getfixturevalue("dynamodb"), settings()
    return Tables(
        DynamoJobTable(
            client,
            names.jobs_table,
            names.uploads_table,
            names.idempotency_table,
            RULES.processing_timeout,
            clock,
        ),
        DynamoErasureTable(client, names.jobs_table, AFTER, clock),
        DynamoIdempotencyTable(client, names.idempotency_table, clock),
        DynamoUploadTable(client, names.uploads_table, clock),
        clock,
    )


def erasure_of(job: Job, **changes: Any) -> Erasure:
    return Erasure.of(job, NOW, **changes)


@pytest.mark.parametrize("changes", [{}, {"key_hash": "abc", "upload_id": "up_1"}], ids=["bare", "full"])
def test_an_erasure_takes_the_place_of_its_job(tables: Tables, changes: dict[str, Any]) -> None:
    made = tables.has(created_at=NOW.replace(microsecond=0), **changes)
    erasure = erasure_of(made)
    assert tables.erasures.begin(erasure) == erasure
    assert tables.erasures.get(made.job_id) == erasure

    assert tables.jobs.get(made.job_id) is None
    listed, _ = tables.jobs.page(JobFilter(made.owner, None, NOW), 10, None)
    assert listed == []
    with pytest.raises(ConcurrentUpdate):
        tables.jobs.save(made.cancelled(NOW))
    tables.jobs.delete(made.job_id)
    assert tables.erasures.get(made.job_id) == erasure


def test_a_job_that_moves_meanwhile_is_erased_all_the_same(tables: Tables) -> None:
    made = tables.has(status=JobStatus.PROCESSING)
    tables.jobs.save(made.cancelled(NOW))
    assert tables.erasures.begin(erasure_of(made)) == erasure_of(made)


def test_whoever_begins_second_goes_on_with_the_first(tables: Tables) -> None:
    made = tables.has()
    first = tables.erasures.begin(erasure_of(made))
    assert tables.erasures.begin(Erasure.of(made, NOW + timedelta(seconds=9))) == first

    tables.erasures.complete(Tombstone(made.job_id, NOW))
    assert tables.erasures.get(made.job_id) is None
    assert tables.erasures.begin(erasure_of(made)) is None
    tables.erasures.delete_tombstone(made.job_id)
    assert tables.erasures.begin(erasure_of(made)) is None
    assert tables.erasures.get(made.job_id) is None


def test_a_live_job_is_no_erasure(tables: Tables) -> None:
    made = tables.has()
    assert tables.erasures.get(made.job_id) is None
    assert tables.erasures.get("job_unknown") is None


def test_what_is_due_is_shown_once_its_time_has_come(tables: Tables) -> None:
    begun, ended = tables.has(), tables.has()
    for made in (begun, ended):
        tables.erasures.begin(erasure_of(made))
    tables.clock.now = NOW + timedelta(minutes=5)
    tombstone = Tombstone(ended.job_id, tables.clock.now)
    tables.erasures.complete(tombstone)

    def due(minutes: int) -> list[Erasure | Tombstone]:
        tables.clock.now = NOW + timedelta(minutes=minutes)
        return [each for each in tables.erasures.find_due() if each.job_id in (begun.job_id, ended.job_id)]

    assert due(14) == []
    assert due(15) == [erasure_of(begun)]
    assert due(20) == [erasure_of(begun), tombstone]
    tables.erasures.delete_tombstone(ended.job_id)
    assert due(20) == [erasure_of(begun)]


@pytest.mark.parametrize("was_there", [True, False])
def test_an_expired_job_gets_a_tombstone(tables: Tables, was_there: bool) -> None:
    expired = tables.has(expires_at=NOW) if was_there else job(job_id=f"job_gone_{next(numbers)}")
    tombstone = Tombstone(expired.job_id, NOW)
    tables.erasures.put_tombstone(tombstone)
    tables.erasures.put_tombstone(Tombstone(expired.job_id, NOW + timedelta(minutes=5)))
    assert tables.jobs.get(expired.job_id) is None
    with pytest.raises(ConcurrentUpdate):
        tables.jobs.save(expired.cancelled(NOW))
    tables.clock.now = NOW + AFTER
    assert tombstone in list(tables.erasures.find_due())


def test_nothing_else_gets_a_tombstone_in_its_place(tables: Tables) -> None:
    living, erased = tables.has(), tables.has()
    tables.erasures.begin(erasure_of(erased))
    for made in (living, erased):
        tables.erasures.put_tombstone(Tombstone(made.job_id, NOW))
    assert tables.jobs.get(living.job_id) == living
    assert tables.erasures.get(erased.job_id) == erasure_of(erased)


def test_of_an_erased_request_nothing_is_left_but_the_job_it_led_to(tables: Tables) -> None:
    record, made = _recorded(tables)
    erased = IdempotencyTombstone(record.key_hash, made.job_id, record.expires_at)
    tables.keys.put_tombstone(erased)
    tables.keys.put_tombstone(erased)
    assert tables.keys.get(record.key_hash) == erased

    for write in (tables.keys.save, tables.keys.release):
        with pytest.raises(RequestInProgress):
            write(record)
    with pytest.raises(RequestInProgress):
        tables.keys.claim(record, replacing=record)
    tables.clock.now = record.expires_at
    assert tables.keys.get(record.key_hash) is None
    tables.keys.claim(record, replacing=None)


def test_a_record_of_another_job_is_not_erased(tables: Tables) -> None:
    record, _ = _recorded(tables)
    tables.keys.put_tombstone(IdempotencyTombstone(record.key_hash, "job_of_yesterday", record.expires_at))
    assert tables.keys.get(record.key_hash) == record
    tables.keys.put_tombstone(IdempotencyTombstone("no such key", "job_of_yesterday", record.expires_at))
    assert tables.keys.get("no such key") is None


def test_a_forgotten_upload_is_still_used(tables: Tables) -> None:
    sent = upload(upload_id=f"up_{next(numbers)}", filename="Villa Rosa.png", format="png")
    tables.uploads.insert(sent)
    tables.uploads.redact(sent.upload_id)
    tables.uploads.redact("up_unknown")
    assert tables.uploads.get(sent.upload_id) == upload(upload_id=sent.upload_id)
    assert tables.uploads.get("up_unknown") is None


def test_nothing_that_tells_of_the_blueprint_stays_in_any_item(dynamodb: Any, clock: Clock) -> None:
    names = settings()
    erasures = DynamoErasureTable(dynamodb, names.jobs_table, AFTER, clock)
    erasures.complete(Tombstone("job_tomb", NOW))
    item = dynamodb.get_item(TableName=names.jobs_table, Key={"job_id": {"S": "job_tomb"}})["Item"]
    assert set(item) == {"kind", "job_id", "erased_at", "owner", "created_at", "expires_at"}
    assert item["owner"] == {"S": "\nerased"}


def _recorded(tables: Tables) -> tuple[IdempotencyRecord, Job]:
    """A record whose job is answered, and that job."""
    key = IdempotencyKey("ada", str(next(numbers))).hash
    claim = key_record(key_hash=key)
    made = job(job_id=f"job_keyed_{next(numbers):06}", key_hash=key)
    tables.keys.claim(claim, replacing=None)
    record = claim.completed(made)
    tables.jobs.insert(made, idempotency_record=record)
    return record, made
