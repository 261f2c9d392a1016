"""What a request under an idempotency key is told, by what is known under that key."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import KEY_LEASE, NOW, UPLOAD_ID, job, key_record
from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import IdempotencyKeyReused, InvalidFileFormat, InvalidRequest, RequestInProgress
from jobs.domain.idempotency import IdempotencyKey, IdempotencyRecord, RecordStage, RequestFingerprint

SAME = key_record().fingerprint
OTHERS = {
    "another file": replace(SAME, blueprint_hash="cd" * 32),
    "another format": replace(SAME, blueprint_format="jpg"),
    "other pages": replace(SAME, pages="1"),
}
AT_WORK = NOW + KEY_LEASE - timedelta(milliseconds=1)
DEAD = NOW + KEY_LEASE
RECORDS = {
    "claimed": key_record(),
    "created": key_record(stage=RecordStage.CREATED, job=job()),  # by the version before
    "answered": key_record().completed(job()),
}


@pytest.mark.parametrize("content", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize(("stage", "at"), [("claimed", AT_WORK), ("created", AT_WORK), ("answered", DEAD)])
def test_a_key_is_not_for_another_request(stage: str, at: Any, content: RequestFingerprint) -> None:
    with pytest.raises(IdempotencyKeyReused):
        RECORDS[stage].response_to(content, at)


def test_a_request_at_work_is_waited_for() -> None:
    with pytest.raises(RequestInProgress):
        RECORDS["claimed"].response_to(SAME, AT_WORK)


@pytest.mark.parametrize("content", [SAME, *OTHERS.values()], ids=["same", *OTHERS])
def test_a_dead_claim_is_free_for_any_request(content: RequestFingerprint) -> None:
    assert RECORDS["claimed"].response_to(content, DEAD) is None


@pytest.mark.parametrize("stage", ["created", "answered"])
@pytest.mark.parametrize("at", [NOW, DEAD])
def test_an_answer_stands(stage: str, at: Any) -> None:
    assert RECORDS[stage].response_to(SAME, at) == job()


def test_keys_are_apart_by_owner_and_by_key() -> None:
    pairs = [("ada", "first"), ("ada", "second"), ("bob", "first"), ("ad", "afirst"), ("adaf", "irst")]
    assert len({IdempotencyKey(owner, key).hash for owner, key in pairs}) == len(pairs)
    assert "first" not in IdempotencyKey("ada", "first").hash


def of_upload(
    record: IdempotencyRecord, upload_id: str = UPLOAD_ID, *formats: str, pages: str | None = None
) -> RequestFingerprint | None:
    return record.fingerprint_of_upload(upload_id, Declaration(formats), pages)


def test_a_used_upload_is_known_by_its_id() -> None:
    record = key_record(upload_id=UPLOAD_ID)
    assert of_upload(record, UPLOAD_ID, "PNG") == SAME
    assert of_upload(record, "up_20260301120000_another000000") is None
    assert of_upload(key_record()) is None
    with pytest.raises(InvalidFileFormat):
        of_upload(record, UPLOAD_ID, "pdf")


@pytest.mark.parametrize("record", [key_record(page_count=3), key_record().completed(job(page_count=3))])
@pytest.mark.parametrize(
    ("text", "pages"), [(None, None), ("all", "1-3"), ("3,1-2", "1-3"), ("2,2", "2"), ("1", "1")]
)
def test_pages_are_compared_as_a_set(record: IdempotencyRecord, text: str | None, pages: str | None) -> None:
    assert of_upload(replace(record, upload_id=UPLOAD_ID), pages=text) == replace(SAME, pages=pages)
    assert record.fingerprint_of_url("https://a.example/", "png", text).pages == pages


def test_pages_that_the_file_does_not_have_are_refused_before_they_are_compared() -> None:
    with pytest.raises(InvalidRequest):
        of_upload(key_record(upload_id=UPLOAD_ID, page_count=3), pages="1-4")
