"""What a request under an idempotency key is told, by what is known under that key."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import KEY_LEASE, NOW, UPLOAD_ID, job, key_record
from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import IdempotencyKeyReused, InvalidFileFormat, RequestInProgress
from jobs.domain.idempotency import ClaimStatus, IdempotencyKey, IdempotencyRecord, RequestFingerprint

SAME = key_record().fingerprint
OTHERS = {
    "another file": replace(SAME, blueprint_hash="cd" * 32),
    "another format": replace(SAME, blueprint_format="jpg"),
    "other options": replace(SAME, start_preview=True),
}
AT_WORK = NOW + KEY_LEASE - timedelta(milliseconds=1)
DEAD = NOW + KEY_LEASE
RECORDS = {
    "claimed": key_record(),
    "created": key_record().created(job()),
    "answered": key_record().completed(job()),
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(
    ("stage", "at"), [("claimed", AT_WORK), ("created", AT_WORK), ("created", DEAD), ("answered", DEAD)]
)
def test_a_key_is_not_for_another_request(stage: str, at: Any, content: RequestFingerprint) -> None:
    with pytest.raises(IdempotencyKeyReused):
        RECORDS[stage].claim_status(content, at)


@pytest.mark.parametrize("stage", ["claimed", "created"])
def test_a_request_at_work_is_waited_for(stage: str) -> None:
    with pytest.raises(RequestInProgress):
        RECORDS[stage].claim_status(SAME, AT_WORK)


@pytest.mark.parametrize("content", [SAME, *OTHERS.values()], ids=["same", *OTHERS])
def test_a_dead_claim_is_free_for_any_request(content: RequestFingerprint) -> None:
    assert RECORDS["claimed"].claim_status(content, DEAD) is ClaimStatus.FREE


def test_a_job_whose_request_died_is_gone_on_with() -> None:
    assert RECORDS["created"].claim_status(SAME, DEAD) is ClaimStatus.ABANDONED


@pytest.mark.parametrize("at", [NOW, DEAD])
def test_an_answer_stands(at: Any) -> None:
    assert RECORDS["answered"].claim_status(SAME, at) is ClaimStatus.COMPLETED


def test_keys_are_apart_by_owner_and_by_key() -> None:
    pairs = [("ada", "first"), ("ada", "second"), ("bob", "first"), ("ad", "afirst"), ("adaf", "irst")]
    assert len({IdempotencyKey(owner, key).hash for owner, key in pairs}) == len(pairs)
    assert "first" not in IdempotencyKey("ada", "first").hash


def of_upload(
    record: IdempotencyRecord, upload_id: str = UPLOAD_ID, *formats: str
) -> RequestFingerprint | None:
    return record.fingerprint_of_upload(upload_id, Declaration(formats), start_preview=True)


def test_a_used_upload_is_known_by_its_id() -> None:
    record = key_record(upload_id=UPLOAD_ID)
    assert of_upload(record, UPLOAD_ID, "PNG") == replace(SAME, start_preview=True)
    assert of_upload(record, "up_20260301120000_another000000") is None
    assert of_upload(key_record()) is None
    with pytest.raises(InvalidFileFormat):
        of_upload(record, UPLOAD_ID, "pdf")
