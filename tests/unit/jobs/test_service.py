"""The use cases of the jobs service, on fakes."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import JOB_ID, NOW, PNG_FACTS, UPLOAD_ID, job
from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import (
    BlueprintNotFound,
    ConcurrentUpdate,
    InvalidFileFormat,
    InvalidJobId,
    InvalidRequest,
    JobCancelled,
    JobFinished,
    JobNotFound,
    NotABlueprint,
    UnreadableBlueprint,
    UploadChanged,
    UploadNotFound,
)
from jobs.domain.job import TIMED_OUT, Job, JobError, JobStatus, Transition
from jobs.use_cases.service import JobService
from jobs.use_cases.start_preview import PREVIEW_NOT_STARTED
from shared.errors import DependencyUnavailable
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
    assert created.expires_at == NOW + timedelta(days=7)


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
    assert "job undone without knowing whether it was stored" in caplog.messages


def test_create_with_preview_answers_the_job_as_preview_left_it(world: World) -> None:
    def begin(job_id: str) -> None:
        world.service.transition(job_id, Transition(JobStatus.PROCESSING), 1)

    world.preview.on_start = begin
    assert world.create(preview=True).status is JobStatus.PROCESSING
    assert len(world.preview.started) == 1


def test_create_without_preview_asks_for_none(world: World) -> None:
    world.create()
    assert not world.preview.started


def test_create_survives_a_preview_that_is_away(world: World) -> None:
    world.preview.reachable = False
    created = world.create(preview=True)
    assert (created.status, created.message) == (JobStatus.PENDING, PREVIEW_NOT_STARTED)
    assert world.service.get(created.job_id, "ada") == created


def test_create_survives_a_table_that_goes_away_after_the_insert(world: World) -> None:
    world.preview.reachable = False
    world.jobs.broken = {"save"}
    created = world.create(preview=True)
    assert (created.status, created.message) == (JobStatus.PENDING, PREVIEW_NOT_STARTED)


def test_create_tells_the_truth_when_preview_had_started_after_all(world: World) -> None:
    world.preview.reachable = False

    def preview_was_first(saving: Job) -> None:
        stored = world.jobs.stored[saving.job_id]
        world.jobs.stored[saving.job_id] = stored.moved(Transition(JobStatus.PROCESSING), NOW)

    world.jobs.interfere = preview_was_first
    assert world.create(preview=True).status is JobStatus.PROCESSING


def test_create_survives_not_reading_the_job_again(world: World) -> None:
    world.jobs.broken = {"get"}
    assert world.create(preview=True).status is JobStatus.PENDING


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
        world.service.create_from_upload("ada", upload_id, Declaration(), start_preview=False)


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


def test_open_upload_leads_to_a_key_of_its_own(world: World) -> None:
    ticket = world.service.open_upload("ada", "plan.pdf", "pdf")
    assert ticket.post.fields["key"] == f"uploads/{ticket.upload.upload_id}"
    assert ticket.upload.usable_until == NOW + timedelta(minutes=15)
    assert world.uploads.get(ticket.upload.upload_id) == ticket.upload


def test_open_upload_refuses_an_unknown_format(world: World) -> None:
    with pytest.raises(InvalidFileFormat):
        world.service.open_upload("ada", None, "gif")


@pytest.mark.parametrize("verb", ["get", "cancel", "blueprint"])
def test_another_owners_job_is_not_found(world: World, verb: str) -> None:
    world.has(job(owner="bob"))
    with pytest.raises(JobNotFound):
        getattr(world.service, verb)(JOB_ID, "ada")


@pytest.mark.parametrize("verb", ["get", "cancel", "blueprint"])
def test_a_malformed_id_is_told_apart_from_an_unknown_one(world: World, verb: str) -> None:
    with pytest.raises(InvalidJobId):
        getattr(world.service, verb)("nonsense", "ada")
    with pytest.raises(JobNotFound):
        getattr(world.service, verb)("job_unknown", "ada")


def test_an_expired_job_is_not_found(world: World) -> None:
    world.has(job())
    world.clock.now = NOW + timedelta(days=7)
    with pytest.raises(JobNotFound):
        world.service.get(JOB_ID, "ada")


def test_a_blueprint_that_is_gone_is_not_found(world: World) -> None:
    world.has(job())
    with pytest.raises(BlueprintNotFound):
        world.service.blueprint(JOB_ID, "ada")


def test_a_blueprint_is_read_in_pieces(world: World) -> None:
    created = world.create(b"pixels")
    found, stored = world.service.blueprint(created.job_id, "ada")
    assert found == created
    assert (b"".join(stored.chunks), stored.size_bytes) == (b"pixels", 6)


def test_cancel_is_saved(world: World) -> None:
    world.has(job())
    cancelled = world.service.cancel(JOB_ID, "ada")
    assert cancelled.status is JobStatus.CANCELLED
    assert world.jobs.get(JOB_ID) == cancelled


def test_a_cancel_that_comes_second_is_told_so(world: World) -> None:
    world.has(job())
    moved = job().moved(Transition(JobStatus.PROCESSING), NOW)
    world.jobs.interfere = lambda saving: world.has(moved)
    with pytest.raises(ConcurrentUpdate):
        world.service.cancel(JOB_ID, "ada")
    assert world.jobs.get(JOB_ID) == moved


def test_a_transition_moves_the_job_on(world: World) -> None:
    world.has(job())
    started = world.service.transition(JOB_ID, Transition(JobStatus.PROCESSING), 1)
    done = world.service.transition(
        JOB_ID, Transition(JobStatus.COMPLETED, result_s3_key="k"), started.version
    )
    assert (done.status, done.version, done.result_s3_key) == (JobStatus.COMPLETED, 3, "k")


@pytest.mark.parametrize(
    ("status", "to", "refusal"),
    [
        (JobStatus.CANCELLED, JobStatus.PROCESSING, JobCancelled),
        (JobStatus.COMPLETED, JobStatus.PROCESSING, JobFinished),
        (JobStatus.PENDING, JobStatus.COMPLETED, ConcurrentUpdate),
        (JobStatus.PENDING, JobStatus.PROCESSING, ConcurrentUpdate),
    ],
)
def test_a_transition_from_a_stale_version_is_refused(
    world: World, status: JobStatus, to: JobStatus, refusal: type[Exception]
) -> None:
    world.has(job(status=status, version=7))
    with pytest.raises(refusal):
        world.service.transition(JOB_ID, Transition(to), 6)


STUCK = {"status": JobStatus.PROCESSING, "version": 2}


def looks(service: JobService) -> dict[str, Any]:
    return {
        "get": lambda: service.get(JOB_ID, "ada"),
        "internal read": lambda: service.get(JOB_ID, None),
        "list": lambda: service.list("ada", None, 20, None).jobs[0],
        "list of failed": lambda: service.list("ada", JobStatus.FAILED, 20, None).jobs[0],
    }


@pytest.mark.parametrize("look", ["get", "internal read", "list", "list of failed"])
def test_a_job_stuck_in_processing_fails_when_anyone_looks(world: World, look: str) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=60)
    found = looks(world.service)[look]()
    assert (found.status, found.error, found.version) == (JobStatus.FAILED, TIMED_OUT, 3)
    assert world.jobs.get(JOB_ID) == found


def test_a_stuck_job_cannot_be_cancelled_but_started_again(world: World) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=60)
    with pytest.raises(JobFinished, match="failed"):
        world.service.cancel(JOB_ID, "ada")
    with pytest.raises(ConcurrentUpdate):
        world.service.transition(JOB_ID, Transition(JobStatus.COMPLETED), 2)
    assert (
        world.service.transition(JOB_ID, Transition(JobStatus.PROCESSING), 3).status is JobStatus.PROCESSING
    )


def test_a_stuck_job_is_not_listed_as_processing(world: World) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=60)
    assert world.service.list("ada", JobStatus.PROCESSING, 20, None).jobs == ()


def test_who_finds_a_stuck_job_second_sees_what_the_first_made_of_it(world: World) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=61)
    world.jobs.interfere = lambda saving: world.has(replace(saving, message="by another"))
    assert world.service.get(JOB_ID, "ada").message == "by another"


def several(count: int) -> list[Job]:
    return [job(job_id=f"job_{i:02}", created_at=NOW + timedelta(milliseconds=i // 2)) for i in range(count)]


def test_pages_of_a_list_join_without_gap_or_repeat(world: World) -> None:
    world.has(*several(7), job(job_id="job_bobs", owner="bob"))
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page = world.service.list("ada", None, 2, cursor)
        seen += [each.job_id for each in page.jobs]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == [f"job_{i:02}" for i in reversed(range(7))]


def test_the_last_page_has_no_cursor_even_when_it_is_full(world: World) -> None:
    world.has(*several(4))
    assert world.service.list("ada", None, 4, None).next_cursor is None


def test_a_list_of_one_state(world: World) -> None:
    world.has(*several(3), job(job_id="job_done", status=JobStatus.COMPLETED))
    page = world.service.list("ada", JobStatus.COMPLETED, 2, None)
    assert [each.job_id for each in page.jobs] == ["job_done"]


def test_every_change_of_state_is_audited_and_counted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "audit")
    created = world.create()
    world.service.transition(created.job_id, Transition(JobStatus.PROCESSING), 1)
    error = JobError("UNREADABLE_BLUEPRINT", "It is damaged.")
    world.service.transition(created.job_id, Transition(JobStatus.FAILED, error=error), 2)
    world.service.transition(created.job_id, Transition(JobStatus.PROCESSING), 3)
    world.service.cancel(created.job_id, "ada")
    changes = [record.context for record in caplog.records if record.name == "audit"]
    assert [(each["event"], each["from"], each["to"]) for each in changes] == [
        ("state_changed", None, "pending"),
        ("state_changed", "pending", "processing"),
        ("state_changed", "processing", "failed"),
        ("state_changed", "failed", "processing"),
        ("state_changed", "processing", "cancelled"),
    ]
    counted = [json.loads(line) for line in world.metrics.getvalue().splitlines()]
    assert [line["status"] for line in counted] == [
        "pending",
        "processing",
        "failed",
        "processing",
        "cancelled",
    ]
