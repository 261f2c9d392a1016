"""What the service relies on from the keys it keeps: the same for DynamoDB (moto) and for the fakes."""

import itertools
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.stub import Stubber

from builders_jobs import KEY_LEASE, RULES, job, key_record, settings, upload
from fakes_jobs import Clock, FakeIdempotencyTable, FakeJobTable, FakeUploadTable
from jobs.adapters.idempotency_table import DynamoIdempotencyTable
from jobs.adapters.job_table import DynamoJobTable
from jobs.adapters.upload_table import DynamoUploadTable
from jobs.domain.errors import RequestInProgress, UploadNotFound
from jobs.domain.idempotency import IdempotencyKey, IdempotencyRecord, RequestFingerprint
from jobs.domain.job import Job, JobError, JobStatus
from jobs.domain.ports import IdempotencyTable, JobTable, UploadTable
from shared.errors import DependencyFailed, DependencyUnavailable

numbers = itertools.count()


@dataclass
class Tables:
    keys: IdempotencyTable
    jobs: JobTable
    uploads: UploadTable
    clock: Clock


@pytest.fixture(params=["fake", "dynamodb"])
def tables(request: pytest.FixtureRequest, clock: Clock) -> Tables:
    if request.param == "fake":
        keys, uploads = FakeIdempotencyTable(clock), FakeUploadTable(clock)
        return Tables(keys, FakeJobTable(clock, uploads, keys), uploads, clock)
    client, names = request.getfixturevalue("dynamodb"), settings()
    return Tables(
        DynamoIdempotencyTable(client, names.idempotency_table, clock),
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


def new_record(**changes: Any) -> IdempotencyRecord:
    return key_record(key_hash=IdempotencyKey("ada", str(next(numbers))).hash, **changes)


def new_job(**changes: Any) -> Job:
    return job(job_id=f"job_key_{next(numbers):06}", **changes)


def by_another(record: IdempotencyRecord) -> IdempotencyRecord:
    return replace(record, lease_owner="another", leased_until=record.leased_until + KEY_LEASE)


FULL = {
    "fingerprint": RequestFingerprint("cd" * 32, "pdf", "1-3,7"),
    "upload_id": "up_20260301120000_0123456789abc",
}


@pytest.mark.parametrize("changes", [{}, FULL], ids=["new", "full"])
def test_a_claim_comes_back_as_it_was_stored(tables: Tables, changes: dict[str, Any]) -> None:
    record = new_record(**changes)
    tables.keys.claim(record, replacing=None)
    assert tables.keys.get(record.key_hash) == record


@pytest.mark.parametrize(
    "told",
    [
        job(),
        job(blueprint_filename=None, request_id=None, correlation_id=None),
        job(
            status=JobStatus.FAILED,
            message="Half: ½",
            error=JobError("A_CODE", "Why."),
            version=9,
            progress=40,
        ),
    ],
    ids=["new", "empty", "full"],
)
def test_an_answer_comes_back_as_it_was_stored(tables: Tables, told: Job) -> None:
    record = new_record()
    tables.keys.claim(record, replacing=None)
    answered = record.completed(told)
    tables.keys.save(answered)
    assert tables.keys.get(record.key_hash) == answered


def test_an_unknown_key_is_absent(tables: Tables) -> None:
    assert tables.keys.get("unknown") is None


def test_a_key_is_absent_and_free_once_it_expires(tables: Tables) -> None:
    first = new_record()
    tables.keys.claim(first, replacing=None)
    tables.keys.save(first.completed(job()))
    tables.clock.now = first.expires_at - timedelta(seconds=1)
    with pytest.raises(RequestInProgress):
        tables.keys.claim(by_another(first), replacing=None)
    tables.clock.now = first.expires_at
    assert tables.keys.get(first.key_hash) is None
    second = replace(by_another(first), expires_at=first.expires_at + timedelta(hours=24))
    tables.keys.claim(second, replacing=None)
    assert tables.keys.get(first.key_hash) == second


def test_of_two_claims_the_second_fails(tables: Tables) -> None:
    first = new_record()
    tables.keys.claim(first, replacing=None)
    with pytest.raises(RequestInProgress):
        tables.keys.claim(by_another(first), replacing=None)
    assert tables.keys.get(first.key_hash) == first


def test_a_claim_is_taken_over_once(tables: Tables) -> None:
    first = new_record()
    tables.keys.claim(first, replacing=None)
    second = by_another(first)
    tables.keys.claim(second, replacing=first)
    with pytest.raises(RequestInProgress):
        tables.keys.claim(replace(first, lease_owner="a third"), replacing=first)
    assert tables.keys.get(first.key_hash) == second


def test_a_claim_that_has_come_further_is_not_taken_over(tables: Tables) -> None:
    seen = new_record()
    tables.keys.claim(seen, replacing=None)
    further = seen.completed(job())
    tables.keys.save(further)
    with pytest.raises(RequestInProgress):
        tables.keys.claim(by_another(seen), replacing=seen)
    assert tables.keys.get(seen.key_hash) == further


def test_whoever_was_replaced_writes_nothing_more(tables: Tables) -> None:
    first, stored = new_record(), new_job()
    tables.keys.claim(first, replacing=None)
    second = by_another(first)
    tables.keys.claim(second, replacing=first)
    with pytest.raises(RequestInProgress):
        tables.keys.save(first.completed(stored))
    with pytest.raises(RequestInProgress):
        tables.keys.release(first)
    with pytest.raises(RequestInProgress):
        tables.jobs.insert(stored, idempotency_record=first.completed(stored))
    assert tables.keys.get(first.key_hash) == second
    assert tables.jobs.get(stored.job_id) is None


def test_a_released_key_is_free(tables: Tables) -> None:
    first, stored = new_record(), new_job()
    tables.keys.claim(first, replacing=None)
    tables.jobs.insert(stored, idempotency_record=first.completed(stored))
    tables.keys.release(first)
    assert tables.keys.get(first.key_hash) is None
    tables.keys.release(first)
    with pytest.raises(RequestInProgress):
        tables.keys.save(first.completed(stored))
    with pytest.raises(RequestInProgress):
        tables.jobs.insert(new_job(), idempotency_record=first.completed(stored))
    tables.keys.claim(by_another(first), replacing=None)


@pytest.mark.parametrize("from_upload", [False, True])
def test_a_job_is_stored_together_with_its_answer(tables: Tables, from_upload: bool) -> None:
    record, stored = new_record(), new_job()
    sent = upload(upload_id=f"up_20260301120000_{next(numbers):013}") if from_upload else None
    if sent:
        tables.uploads.insert(sent)
    tables.keys.claim(record, replacing=None)
    tables.jobs.insert(stored, sent, record.completed(stored))
    assert tables.jobs.get(stored.job_id) == stored
    assert tables.keys.get(record.key_hash) == record.completed(stored)
    found = tables.uploads.get(sent.upload_id) if sent else None
    assert found is None or found.used


@pytest.mark.parametrize(("replaced", "refusal"), [(False, UploadNotFound), (True, RequestInProgress)])
def test_a_job_that_is_not_stored_leaves_key_and_upload(
    tables: Tables, replaced: bool, refusal: type[Exception]
) -> None:
    """When both are gone, it is because another request under the key has used the upload up."""
    record, stored = new_record(), new_job()
    unknown = upload(upload_id=f"up_20260301120000_{next(numbers):013}")
    tables.keys.claim(record, replacing=None)
    if replaced:
        tables.keys.claim(by_another(record), replacing=record)
    before = tables.keys.get(record.key_hash)
    with pytest.raises(refusal):
        tables.jobs.insert(stored, unknown, record.completed(stored))
    assert tables.keys.get(record.key_hash) == before
    assert tables.jobs.get(stored.job_id) is None


def cancelled(*reasons: str) -> dict[str, Any]:
    return {
        "service_error_code": "TransactionCanceledException",
        "modeled_fields": {"CancellationReasons": [{"Code": reason} for reason in reasons]},
    }


def job_table(client: Any, clock: Clock) -> DynamoJobTable:
    return DynamoJobTable(client, "jobs", "uploads", "keys", RULES.processing_timeout, clock)


def test_a_transaction_in_conflict_with_another_write_is_tried_again(client_of: Any, clock: Clock) -> None:
    client, record = client_of("dynamodb"), new_record()
    with Stubber(client) as stubber:
        stubber.add_client_error("transact_write_items", **cancelled("None", "TransactionConflict"))
        stubber.add_response("transact_write_items", {})
        job_table(client, clock).insert(new_job(), idempotency_record=record)
        stubber.assert_no_pending_responses()


def test_a_conflict_that_does_not_end_is_an_outage(client_of: Any, clock: Clock) -> None:
    client, record = client_of("dynamodb"), new_record()
    with Stubber(client) as stubber:
        for _ in range(6):
            stubber.add_client_error("transact_write_items", **cancelled("None", "TransactionConflict"))
        with pytest.raises(DependencyUnavailable):
            job_table(client, clock).insert(new_job(), idempotency_record=record)
        stubber.assert_no_pending_responses()


def test_a_claim_in_conflict_with_a_transaction_has_lost(client_of: Any, clock: Clock) -> None:
    client, record = client_of("dynamodb"), new_record()
    keys = DynamoIdempotencyTable(client, "keys", clock)
    with Stubber(client) as stubber:
        stubber.add_client_error("put_item", "TransactionConflictException", http_status_code=400)
        with pytest.raises(RequestInProgress):
            keys.claim(record, replacing=None)


def test_a_missing_table_is_our_failure(dynamodb: Any, clock: Clock) -> None:
    keys = DynamoIdempotencyTable(dynamodb, "no-such-table", clock)
    record = new_record()
    for call in (
        lambda: keys.get("x"),
        lambda: keys.claim(record, None),
        lambda: keys.save(record),
        lambda: keys.release(record),
    ):
        with pytest.raises(DependencyFailed):
            call()
