"""Items in DynamoDB as they are stored: a version must read what the one before it wrote."""

from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import JOB_ID, NOW, RULES, UPLOAD_ID, job, key_record, settings, upload
from fakes_jobs import Clock
from jobs.adapters.erasure_table import DynamoErasureTable
from jobs.adapters.idempotency_table import DynamoIdempotencyTable
from jobs.adapters.job_scanner import DynamoJobScanner
from jobs.adapters.job_table import DynamoJobTable
from jobs.adapters.upload_table import DynamoUploadTable
from jobs.domain.erasure import Erasure, Tombstone
from jobs.domain.idempotency import IdempotencyTombstone, RecordStage
from jobs.domain.job import Job, JobError, JobStage, JobStatus
from jobs.domain.pages import PageCounts

JOB, ERASURE, TOMBSTONE = ({"kind": {"S": kind}} for kind in ("job", "erasure", "tombstone"))
AFTER = timedelta(minutes=15)
FAILED = job(
    status=JobStatus.FAILED,
    stage=JobStage.PREVIEW,
    progress=40,
    message="Half: ½",
    result_s3_key="cache/preview/x.json",
    degraded=("textract_unavailable",),
    error=JobError("UNREADABLE_BLUEPRINT", "It is damaged."),
    version=9,
    key_hash="abc",
    upload_id=UPLOAD_ID,
)
PROCESSING = job(status=JobStatus.PROCESSING, blueprint_filename=None, request_id=None, correlation_id=None)

FAILED_ITEM: dict[str, Any] = {
    "job_id": {"S": JOB_ID},
    "owner": {"S": "ada"},
    "status": {"S": "failed"},
    "stage": {"S": "preview"},
    "progress": {"N": "40"},
    "message": {"S": "Half: ½"},
    "created_at": {"S": "2026-03-01T12:00:00.250Z"},
    "updated_at": {"S": "2026-03-01T12:00:00.250Z"},
    "expires_at": {"N": "1772971200"},
    "blueprint_s3_key": {"S": f"blueprints/{JOB_ID}/plan.png"},
    "blueprint_format": {"S": "png"},
    "blueprint_hash": {"S": "ab" * 32},
    "blueprint_filename": {"S": "plan.png"},
    "blueprint_size_bytes": {"N": "1234"},
    "page_count": {"N": "1"},
    "result_s3_key": {"S": "cache/preview/x.json"},
    "degraded": {"L": [{"S": "textract_unavailable"}]},
    "error_code": {"S": "UNREADABLE_BLUEPRINT"},
    "error_message": {"S": "It is damaged."},
    "request_id": {"S": "req_20260301120000_0123456789abc"},
    "correlation_id": {"S": "import-7"},
    "api_version": {"S": "v1"},
    "key_hash": {"S": "abc"},
    "upload_id": {"S": UPLOAD_ID},
    "version": {"N": "9"},
}
PROCESSING_ITEM: dict[str, Any] = {
    "job_id": {"S": JOB_ID},
    "owner": {"S": "ada"},
    "status": {"S": "processing"},
    "progress": {"N": "0"},
    "created_at": {"S": "2026-03-01T12:00:00.250Z"},
    "updated_at": {"S": "2026-03-01T12:00:00.250Z"},
    "processing_since": {"S": "2026-03-01T12:00:00.250Z"},
    "expires_at": {"N": "1772971200"},
    "blueprint_s3_key": {"S": f"blueprints/{JOB_ID}/plan.png"},
    "blueprint_format": {"S": "png"},
    "blueprint_hash": {"S": "ab" * 32},
    "blueprint_size_bytes": {"N": "1234"},
    "page_count": {"N": "1"},
    "api_version": {"S": "v1"},
    "version": {"N": "1"},
}
OWING = job(page_count=3).owing("1-3", PageCounts(3), NOW + timedelta(seconds=10))
JOBS = {"full": (FAILED, FAILED_ITEM), "sparse": (PROCESSING, PROCESSING_ITEM)}

DUE = {
    "owner": {"S": "\nerased"},
    "created_at": {"S": "2026-03-01T12:15:00.250Z"},
    "expires_at": {"N": "1774958400"},
}
ERASURE_ITEM = DUE | {
    "job_id": {"S": JOB_ID},
    "erased_for": {"S": "ada"},
    "begun_at": {"S": "2026-03-01T12:00:00.250Z"},
    "blueprint_s3_key": {"S": f"blueprints/{JOB_ID}/plan.png"},
}
KEYED = {"upload_id": {"S": UPLOAD_ID}, "key_hash": {"S": "abc"}, "key_expires_at": {"N": "1772452800"}}
ERASURES = {
    "keyed": (
        Erasure(
            JOB_ID,
            "ada",
            NOW,
            f"blueprints/{JOB_ID}/plan.png",
            UPLOAD_ID,
            IdempotencyTombstone("abc", JOB_ID, NOW.replace(microsecond=0) + timedelta(hours=24)),
        ),
        ERASURE_ITEM | KEYED,
    ),
    "bare": (Erasure(JOB_ID, "ada", NOW, f"blueprints/{JOB_ID}/plan.png"), ERASURE_ITEM),
}
TOMBSTONE_ITEM = DUE | {"job_id": {"S": JOB_ID}, "erased_at": {"S": "2026-03-01T12:00:00.250Z"}}

CLAIM = key_record()
CLAIM_ITEM: dict[str, Any] = {
    "idempotency_key": {"S": CLAIM.key_hash},
    "stage": {"S": "claimed"},
    "holder": {"S": "one"},
    "claimed_until": {"S": "2026-03-01T12:00:20.250Z"},
    "expires_at": {"N": "1772452800"},
    "blueprint_hash": {"S": "ab" * 32},
    "blueprint_format": {"S": "png"},
}
RECORDS = {
    "claimed": (CLAIM, CLAIM_ITEM),
    "created": (
        key_record(upload_id=UPLOAD_ID, stage=RecordStage.CREATED, job=FAILED),
        CLAIM_ITEM | {"stage": {"S": "created"}, "upload_id": {"S": UPLOAD_ID}, "job": {"M": FAILED_ITEM}},
    ),
    "completed": (
        key_record().completed(PROCESSING),
        CLAIM_ITEM | {"stage": {"S": "answered"}, "job": {"M": PROCESSING_ITEM}},
    ),
}
UPLOAD_ITEM = {
    "upload_id": {"S": UPLOAD_ID},
    "owner": {"S": "ada"},
    "created_at": {"S": "2026-03-01T12:00:00.250Z"},
    "usable_until": {"S": "2026-03-01T12:15:00.250Z"},
    "expires_at": {"N": "1772452800"},
    "filename": {"S": "a.png"},
    "format": {"S": "png"},
    "used": {"BOOL": False},
}


class Store:
    """One table, by its items."""

    def __init__(self, client: Any, name: str, key: str) -> None:
        self._client, self._name, self._key = client, name, key
        for item in client.scan(TableName=name)["Items"]:
            client.delete_item(TableName=name, Key={key: item[key]})

    def put(self, item: dict[str, Any]) -> None:
        self._client.put_item(TableName=self._name, Item=item)

    def only_item(self) -> dict[str, Any]:
        [item] = self._client.scan(TableName=self._name)["Items"]
        return dict(item)


@pytest.fixture
def jobs_store(dynamodb: Any) -> Store:
    return Store(dynamodb, settings().jobs_table, "job_id")


@pytest.fixture
def job_table(dynamodb: Any, clock: Clock) -> DynamoJobTable:
    names = settings()
    return DynamoJobTable(
        dynamodb,
        names.jobs_table,
        names.uploads_table,
        names.idempotency_table,
        RULES.processing_timeout,
        clock,
    )


@pytest.fixture
def erasures(dynamodb: Any, clock: Clock) -> DynamoErasureTable:
    return DynamoErasureTable(dynamodb, settings().jobs_table, AFTER, clock)


@pytest.fixture
def keys(dynamodb: Any, clock: Clock) -> DynamoIdempotencyTable:
    return DynamoIdempotencyTable(dynamodb, settings().idempotency_table, clock)


every_job = pytest.mark.parametrize(("known", "item"), JOBS.values(), ids=JOBS)
every_erasure = pytest.mark.parametrize(("known", "item"), ERASURES.values(), ids=ERASURES)
every_record = pytest.mark.parametrize(("known", "item"), RECORDS.values(), ids=RECORDS)


@every_job
def test_a_job_is_read(
    jobs_store: Store, job_table: DynamoJobTable, known: Job, item: dict[str, Any]
) -> None:
    jobs_store.put(item | JOB | {"write_id": {"S": "e285188cc2e6abd4"}})
    assert job_table.get(JOB_ID) == known


@every_job
def test_a_job_is_written_as_before(
    jobs_store: Store, job_table: DynamoJobTable, known: Job, item: dict[str, Any]
) -> None:
    job_table.insert(known)
    written = jobs_store.only_item()
    assert set(written.pop("write_id")) == {"S"}
    owes = {"owes": {"S": "end"}, "due_at": {"S": "2026-03-01T12:01:00.250Z"}} if known.owes else {}
    assert written == item | JOB | owes


def test_a_job_says_what_it_owes_and_by_when(jobs_store: Store, job_table: DynamoJobTable) -> None:
    job_table.insert(OWING)
    stored = jobs_store.only_item()
    assert {name: stored[name] for name in ("owes", "due_at", "owed_pages", "hand_over_at", "pages")} == {
        "owes": {"S": "pages"},
        "due_at": {"S": "2026-03-01T12:00:10.250Z"},
        "owed_pages": {"S": "1-3"},
        "hand_over_at": {"S": "2026-03-01T12:00:10.250Z"},
        "pages": {"M": {"asked": {"N": "3"}, "done": {"N": "0"}, "failed": {"N": "0"}, "number": {"N": "0"}}},
    }


@every_erasure
def test_an_erasure_is_read(
    jobs_store: Store,
    job_table: DynamoJobTable,
    erasures: DynamoErasureTable,
    clock: Clock,
    known: Erasure,
    item: dict[str, Any],
) -> None:
    jobs_store.put(item | ERASURE)
    assert erasures.get(JOB_ID) == known
    assert job_table.get(JOB_ID) is None
    clock.now = NOW + AFTER
    assert list(erasures.find_due()) == [known]


@every_erasure
def test_an_erasure_is_written_as_before(
    jobs_store: Store, erasures: DynamoErasureTable, known: Erasure, item: dict[str, Any]
) -> None:
    jobs_store.put(PROCESSING_ITEM | JOB)
    assert erasures.begin(known) == known
    assert jobs_store.only_item() == item | ERASURE


def test_a_tombstone_is_read_and_written_as_before(
    jobs_store: Store, job_table: DynamoJobTable, erasures: DynamoErasureTable, dynamodb: Any, clock: Clock
) -> None:
    jobs_store.put(TOMBSTONE_ITEM | TOMBSTONE)
    assert erasures.get(JOB_ID) is None
    assert job_table.get(JOB_ID) is None
    assert DynamoJobScanner(dynamodb, settings().jobs_table, clock).expiry_times({JOB_ID}) == {}
    clock.now = NOW + AFTER
    assert list(erasures.find_due()) == [Tombstone(JOB_ID, NOW)]
    erasures.complete(Tombstone(JOB_ID, NOW))
    assert jobs_store.only_item() == TOMBSTONE_ITEM | TOMBSTONE


@every_record
def test_an_idempotency_record_is_read_and_written_as_before(
    dynamodb: Any, keys: DynamoIdempotencyTable, known: Any, item: dict[str, Any]
) -> None:
    store = Store(dynamodb, settings().idempotency_table, "idempotency_key")
    store.put(item)
    assert keys.get(known.key_hash) == known
    keys.save(known)
    assert store.only_item() == item


def test_an_idempotency_tombstone_is_read_and_written_as_before(
    dynamodb: Any, keys: DynamoIdempotencyTable
) -> None:
    store = Store(dynamodb, settings().idempotency_table, "idempotency_key")
    _, item = RECORDS["completed"]
    store.put(item)
    tombstone = IdempotencyTombstone(CLAIM.key_hash, JOB_ID, CLAIM.expires_at)
    keys.put_tombstone(tombstone)
    assert store.only_item() == {
        "idempotency_key": {"S": CLAIM.key_hash},
        "job_id": {"S": JOB_ID},
        "expires_at": {"N": "1772452800"},
    }
    assert keys.get(CLAIM.key_hash) == tombstone


def test_an_upload_is_read_and_written_as_before(dynamodb: Any, clock: Clock) -> None:
    store = Store(dynamodb, settings().uploads_table, "upload_id")
    table = DynamoUploadTable(dynamodb, settings().uploads_table, clock)
    known = upload(filename="a.png", format="png")
    store.put(UPLOAD_ITEM)
    assert table.get(UPLOAD_ID) == known
    table.insert(known)
    assert store.only_item() == UPLOAD_ITEM
