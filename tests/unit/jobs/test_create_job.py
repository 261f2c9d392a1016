"""Creating jobs from files and uploads, on fakes."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import NOW, PNG_FACTS, UPLOAD_ID
from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import (
    InvalidFileFormat,
    InvalidRequest,
    NotABlueprint,
    UnreadableBlueprint,
    UploadChanged,
    UploadNotFound,
)
from jobs.domain.job import JobStatus
from jobs.domain.pages import PageCounts
from shared.errors import DependencyUnavailable
from shared.rate_limits import QuotaExceeded
from world_jobs import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def test_create_stores_the_file_and_the_job(world: World) -> None:
    created = world.create(b"pixels")
    assert world.jobs.get(created.job_id) == created
    assert created.status is JobStatus.PENDING
    assert created.blueprint_s3_key == f"blueprints/{created.job_id}/Plan_1.png"
    assert created.blueprint_filename == "Plan 1.png"
    stored = world.bucket.objects[created.blueprint_s3_key]
    assert (stored.content, stored.media_type) == (b"pixels", "image/png")
    assert created.blueprint_size_bytes == 6
    assert created.expires_at == NOW.replace(microsecond=0) + timedelta(days=7)


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (NotABlueprint("gif"), InvalidFileFormat),
        (NotABlueprint(None), InvalidFileFormat),
        (UnreadableBlueprint("Encrypted.", "encrypted"), UnreadableBlueprint),
        (replace(PNG_FACTS, format="jpg"), InvalidFileFormat),
    ],
)
def test_a_file_that_is_refused_leaves_nothing(world: World, answer: Any, refusal: type[Exception]) -> None:
    world.reader.answer = answer
    with pytest.raises(refusal):
        world.create()
    assert not world.bucket.objects
    assert not world.jobs.stored


def test_an_empty_file_is_refused_before_it_is_opened(world: World) -> None:
    world.reader.answer = AssertionError()
    with pytest.raises(InvalidRequest, match="empty"):
        world.create(b"")


@pytest.mark.parametrize("broken", ["insert", "put"])
def test_a_file_without_a_job_is_undone(world: World, broken: str) -> None:
    world.jobs.broken = world.bucket.broken = {broken}
    with pytest.raises(DependencyUnavailable):
        world.create()
    assert not world.bucket.objects
    assert not world.jobs.stored


def test_an_undo_that_fails_is_an_error_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.jobs.broken = {"insert", "delete"}
    world.bucket.broken = {"delete"}
    with pytest.raises(DependencyUnavailable):
        world.create()
    left = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert {record.message for record in left} == {
        "blueprint left without a job",
        "job possibly left without its blueprint",
    }
    assert not any("Plan" in str(record.__dict__) for record in left), "nothing that the caller wrote"


@pytest.mark.parametrize("from_upload", [False, True])
def test_a_job_stands_when_only_the_answer_to_its_insert_is_lost(world: World, from_upload: bool) -> None:
    world.has_upload(b"pixels")
    world.jobs.unanswered = {"insert"}
    created = world.create_from_upload() if from_upload else world.create(b"pixels")
    assert world.jobs.stored == {created.job_id: created}
    assert world.bucket.objects[created.blueprint_s3_key].content == b"pixels"


def test_a_job_that_may_be_stored_is_undone(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.jobs.unanswered = {"insert"}
    world.jobs.broken = {"get"}
    with pytest.raises(DependencyUnavailable):
        world.create()
    assert not world.bucket.objects
    assert not world.jobs.stored
    assert "job rolled back without knowing whether it was stored" in caplog.messages


def test_create_with_pages_answers_that_they_wait(world: World) -> None:
    world.reader.answer = replace(PNG_FACTS, page_count=7)
    created = world.create(pages="3,1-2,7")
    assert (created.status, created.message) == (JobStatus.PENDING, "4 pages wait to be previewed.")
    assert created.pages == PageCounts(4)
    assert world.preview.requested == [(created.job_id, "1-3,7")]
    assert world.jobs.stored[created.job_id].owes is None


def test_create_without_pages_asks_for_none(world: World) -> None:
    assert world.create().pages is None
    assert not world.preview.requested


def test_create_survives_a_preview_that_is_away(world: World) -> None:
    world.preview.broken = {"request_pages"}
    created = world.create(pages="1")
    assert created.message == "1 page waits to be previewed."
    assert world.use_cases.read_jobs.get(created.job_id, "ada") == created
    assert created.owed_pages == "1"


def test_create_survives_a_table_that_goes_away_after_the_insert(world: World) -> None:
    world.jobs.broken = {"save"}
    created = world.create(pages="1")
    assert world.jobs.stored[created.job_id].owed_pages == "1", "so that it is handed over again"


@pytest.mark.parametrize("pages", ["2", "0", "1-2", "2-1", "", "every", "1;1"])
def test_pages_that_the_file_does_not_have_leave_nothing(world: World, pages: str) -> None:
    with pytest.raises(InvalidRequest):
        world.create_under("key", pages=pages)
    assert (world.bucket.objects, world.jobs.stored, world.keys.stored) == ({}, {}, {})
    assert not world.page_quota.taken


def test_more_pages_than_a_day_allows_leave_nothing(world: World) -> None:
    world.page_quota.per_day = 1
    world.create(pages="all")
    world.create()
    before = (dict(world.bucket.objects), dict(world.jobs.stored))
    with pytest.raises(QuotaExceeded):
        world.create_under("key", pages="1")
    assert (world.bucket.objects, world.jobs.stored) == before
    assert not world.keys.stored


def test_an_upload_becomes_a_job_once(world: World) -> None:
    world.has_upload(b"pixels", filename="big.png", format="png")
    created = world.create_from_upload()
    assert created.blueprint_filename == "big.png"
    assert list(world.bucket.objects) == [created.blueprint_s3_key]
    with pytest.raises(UploadNotFound):
        world.create_from_upload()


@pytest.mark.parametrize(
    "changes",
    [{"owner": "bob"}, {"used": True}, {"usable_until": NOW}, {"expires_at": NOW}],
    ids=["foreign", "used", "expired", "past its expiry"],
)
def test_an_upload_that_is_not_usable_is_not_found(world: World, changes: dict[str, Any]) -> None:
    world.has_upload(**changes)
    with pytest.raises(UploadNotFound):
        world.create_from_upload()
    assert not world.jobs.stored


@pytest.mark.parametrize("upload_id", ["", "up_x", "../x", UPLOAD_ID, UPLOAD_ID + "\n"])
def test_an_upload_that_was_never_opened_is_not_found(world: World, upload_id: str) -> None:
    with pytest.raises(UploadNotFound):
        world.create_from_upload(upload_id=upload_id)


def test_an_upload_that_was_never_sent_is_not_found(world: World) -> None:
    world.has_upload(content=None)
    with pytest.raises(UploadNotFound):
        world.create_from_upload()


def test_the_format_given_when_an_upload_was_opened_counts(world: World) -> None:
    world.has_upload(format="pdf")
    with pytest.raises(InvalidFileFormat):
        world.create_from_upload()
    with pytest.raises(InvalidFileFormat):
        world.create_from_upload(declared=Declaration(("png",)))


def test_a_refused_file_leaves_its_upload_usable(world: World) -> None:
    world.has_upload()
    with pytest.raises(InvalidFileFormat):
        world.create_from_upload(declared=Declaration(("pdf",)))
    assert world.create_from_upload(declared=Declaration(("png",))).status is JobStatus.PENDING


def test_of_two_jobs_from_one_upload_the_second_is_undone(world: World) -> None:
    world.has_upload()
    raced = world.uploads.get(UPLOAD_ID)
    assert raced is not None
    copy = world.bucket.copy

    def somebody_is_faster(*args: str) -> None:
        copy(*args)
        world.uploads.insert(replace(raced, used=True))

    world.bucket.copy = somebody_is_faster  # the fake's own seam
    with pytest.raises(UploadNotFound):
        world.create_from_upload()
    assert list(world.bucket.objects) == [f"uploads/{UPLOAD_ID}"]


def test_an_upload_sent_again_while_it_is_read_is_refused(world: World) -> None:
    world.has_upload(b"looked at")
    world.reader.answer = PNG_FACTS
    reader_read = world.reader.read

    def sent_again(path: Path, owner: str) -> Any:
        world.bucket.store(f"uploads/{UPLOAD_ID}", b"not looked at")
        return reader_read(path, owner)

    world.reader.read = sent_again  # the fake's own seam
    with pytest.raises(UploadChanged):
        world.create_from_upload()
    assert not world.jobs.stored


def test_a_job_is_created_although_its_upload_cannot_be_removed(world: World) -> None:
    world.has_upload()
    world.bucket.broken = {"delete"}
    assert world.create_from_upload().status is JobStatus.PENDING
