"""Creates that are sent again under one idempotency key, on fakes; see `test_idempotency` for the rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import KEY_LEASE, NOW, UPLOAD_ID, staged
from jobs.domain.blueprint_file import Declaration
from jobs.domain.errors import (
    IdempotencyKeyReused,
    InvalidFileFormat,
    NotABlueprint,
    RequestInProgress,
    UploadNotFound,
)
from jobs.domain.idempotency import IdempotencyKey
from jobs.domain.job import Job, JobStatus, Owed, PageReport
from jobs.domain.pages import PageCounts
from jobs.use_cases.create_job import CreatedJob, CreateJobCommand
from jobs.use_cases.hand_over_pages import FIRST_TRY
from shared.errors import DependencyError
from world_jobs import PNG, World, new_world

KEY = "first"
HASH = IdempotencyKey("ada", KEY).hash


class Died(BaseException):
    """The process is killed here: nothing after it runs but what Python itself runs."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def create(
    world: World,
    content: bytes = b"pixels",
    key: str | None = KEY,
    owner: str = "ada",
    *,
    pages: str | None = None,
) -> CreatedJob:
    file = staged(world.folder / "incoming", content)
    return world.use_cases.create_job.from_file(CreateJobCommand(owner, PNG, pages, key), file)


def from_upload(
    world: World, upload_id: str = UPLOAD_ID, *formats: str, pages: str | None = None
) -> CreatedJob:
    command = CreateJobCommand("ada", Declaration(formats), pages, KEY)
    return world.use_cases.create_job.from_upload(command, upload_id)


def dying(*args: Any, **kwargs: Any) -> Any:
    raise Died


def stores_one_job(world: World, created: Job) -> None:
    assert list(world.jobs.stored) == [created.job_id]
    assert list(world.bucket.objects) == [created.blueprint_s3_key]


def test_a_repeat_is_told_of_the_first_job(world: World) -> None:
    first = create(world)
    world.clock.now += timedelta(hours=23)
    again = create(world)
    assert (first.replayed, again.replayed) == (False, True)
    assert again.job.job_id == first.job.job_id
    stores_one_job(world, first.job)


def test_a_repeat_is_told_what_the_first_was_told_and_not_what_became_of_the_job(world: World) -> None:
    first = create(world)
    world.use_cases.cancel_job(first.job.job_id, "ada")
    again = create(world)
    assert (again.job.status, again.job.version) == (JobStatus.PENDING, 1)


def test_other_requests_make_jobs_of_their_own(world: World) -> None:
    made = [create(world), create(world, key="second"), create(world, owner="bob"), create(world, key=None)]
    made.append(create(world, key=None))
    assert len({each.job.job_id for each in made}) == 5
    assert not any(each.replayed for each in made)


def test_a_key_used_for_something_else_is_refused(world: World) -> None:
    first = create(world)
    with pytest.raises(IdempotencyKeyReused):
        create(world, b"other pixels")
    with pytest.raises(IdempotencyKeyReused):
        create(world, pages="1")
    stores_one_job(world, first.job)


def test_a_key_is_forgotten_after_a_day(world: World) -> None:
    first = create(world)
    world.clock.now += timedelta(hours=24)
    second = create(world, b"other pixels")
    assert not second.replayed
    assert second.job.job_id != first.job.job_id


def test_a_refused_file_leaves_its_key_free(world: World) -> None:
    world.reader.answer, good = NotABlueprint("gif"), world.reader.answer
    with pytest.raises(InvalidFileFormat):
        create(world)
    assert not world.keys.stored
    world.reader.answer = good
    assert not create(world, b"other pixels").replayed


@pytest.mark.parametrize(("store", "broken"), [("bucket", "put"), ("jobs", "insert")])
def test_a_failure_leaves_its_key_free(world: World, store: str, broken: str) -> None:
    faults = getattr(world, store)
    faults.broken = {broken}
    with pytest.raises(DependencyError):
        create(world)
    assert not world.keys.stored
    assert not world.bucket.objects
    faults.broken = set()
    assert not create(world, b"other pixels").replayed


def test_a_key_that_cannot_be_claimed_stores_nothing(world: World) -> None:
    world.keys.broken = {"claim"}
    with pytest.raises(DependencyError):
        create(world)
    assert not world.bucket.objects
    assert not world.jobs.stored


def test_a_job_stands_when_only_the_answer_to_its_insert_is_lost(world: World) -> None:
    world.jobs.unanswered = {"insert"}
    first = create(world)
    assert create(world) == CreatedJob(first.job, replayed=True)


def test_a_job_that_may_be_stored_is_undone_with_its_key(world: World) -> None:
    world.jobs.unanswered, world.jobs.broken = {"insert"}, {"get"}
    with pytest.raises(DependencyError):
        create(world)
    assert not world.keys.stored
    assert not world.jobs.stored
    assert not world.bucket.objects


def test_a_job_that_may_be_stored_stays_when_its_key_cannot_be_released(world: World) -> None:
    """Or a repeat would be told of a job that is not there."""
    world.jobs.unanswered, world.jobs.broken, world.keys.broken = {"insert"}, {"get"}, {"release"}
    with pytest.raises(DependencyError):
        create(world)
    world.jobs.broken, world.keys.broken = set(), set()
    again = create(world)
    assert again.replayed
    stores_one_job(world, again.job)


def test_a_request_meets_the_first_at_work(world: World) -> None:
    def repeat_meanwhile(*args: Any) -> None:
        world.bucket.put = put  # the fake's own seam
        with pytest.raises(RequestInProgress):
            create(world)
        with pytest.raises(IdempotencyKeyReused):
            create(world, pages="1")
        put(*args)

    put, world.bucket.put = world.bucket.put, repeat_meanwhile
    stores_one_job(world, create(world).job)


def test_of_two_that_find_a_key_free_the_second_waits(world: World) -> None:
    def somebody_is_faster(record: Any) -> None:
        world.keys.stored[HASH] = replace(record, lease_owner="another")

    world.keys.interfere = somebody_is_faster
    with pytest.raises(RequestInProgress):
        create(world)
    assert not world.bucket.objects


@pytest.mark.parametrize(("store", "at"), [("bucket", "put"), ("jobs", "insert")])
def test_a_worker_that_dies_before_its_job_is_stored_is_replaced(world: World, store: str, at: str) -> None:
    target = getattr(world, store)
    working = getattr(target, at)
    setattr(target, at, dying)
    with pytest.raises(Died):
        create(world)
    setattr(target, at, working)
    world.clock.now += KEY_LEASE - timedelta(milliseconds=1)
    with pytest.raises(RequestInProgress):
        create(world)
    world.clock.now += timedelta(milliseconds=1)
    second = create(world)
    assert not second.replayed
    assert list(world.jobs.stored) == [second.job.job_id]
    assert create(world) == CreatedJob(second.job, replayed=True)


def test_a_late_worker_stores_nothing_once_it_is_replaced(world: World) -> None:
    replaced: list[CreatedJob] = []

    def sleep_past_the_lease(*args: Any) -> None:
        world.bucket.put = put  # the fake's own seam
        put(*args)
        world.clock.now += KEY_LEASE
        replaced.append(create(world))

    put, world.bucket.put = world.bucket.put, sleep_past_the_lease
    with pytest.raises(RequestInProgress):
        create(world)
    stores_one_job(world, replaced[0].job)
    assert create(world) == CreatedJob(replaced[0].job, replayed=True)


def test_a_late_worker_that_fails_leaves_its_replacement_alone(world: World) -> None:
    replaced: list[CreatedJob] = []

    def sleep_past_the_lease_and_fail(*args: Any) -> None:
        world.bucket.put = put  # the fake's own seam
        world.clock.now += KEY_LEASE
        replaced.append(create(world))
        world.bucket.check("away")

    world.bucket.broken = {"away"}
    put, world.bucket.put = world.bucket.put, sleep_past_the_lease_and_fail
    with pytest.raises(DependencyError):
        create(world)
    stores_one_job(world, replaced[0].job)
    assert create(world).replayed


def begin(world: World) -> Callable[[str], None]:
    """A worker that begins the job's page before preview has even answered."""

    def on_request(job_id: str) -> None:
        world.use_cases.count_pages(job_id, PageReport(PageCounts(1, number=2), begun=True))

    return on_request


@pytest.mark.parametrize("is_away", [False, True])
def test_a_repeat_is_told_that_the_pages_wait_whatever_became_of_them(world: World, is_away: bool) -> None:
    world.preview.on_request = begin(world)
    world.preview.broken = {"request_pages"} if is_away else set()
    first = create(world, pages="1")
    assert (first.job.status, first.job.message) == (JobStatus.PENDING, "1 page waits to be previewed.")
    assert first.job.pages == PageCounts(1)
    assert create(world, pages="1") == CreatedJob(first.job, replayed=True)
    assert len(world.preview.requested) == (0 if is_away else 1)


def test_while_pages_are_handed_over_a_repeat_has_its_answer(world: World) -> None:
    repeats: list[CreatedJob] = []
    world.preview.on_request = lambda _: repeats.append(create(world, pages="1"))
    first = create(world, pages="1")
    assert repeats == [CreatedJob(first.job, replayed=True)]
    stores_one_job(world, first.job)


@pytest.mark.parametrize("begun", [False, True])
def test_a_worker_that_dies_handing_pages_over_is_replaced_without_a_repeat(
    world: World, begun: bool
) -> None:
    def die(job_id: str) -> None:
        if begun:
            begin(world)(job_id)
        raise Died

    world.preview.on_request = die
    with pytest.raises(Died):
        create(world, pages="1")
    world.preview.on_request = lambda _: None
    world.clock.now += FIRST_TRY
    world.use_cases.hand_over_pages()
    [(job_id, pages)] = world.preview.requested
    assert (pages, world.jobs.stored[job_id].owes) == ("1", Owed.END if begun else None)
    stores_one_job(world, create(world, pages="1").job)


@pytest.mark.parametrize("same", ["1", "all", "1,1-1"])
def test_pages_in_other_words_are_the_same_request(world: World, same: str) -> None:
    first = create(world, pages="1")
    assert create(world, pages=same) == CreatedJob(first.job, replayed=True)
    with pytest.raises(IdempotencyKeyReused):
        create(world)


def test_a_repeat_after_the_upload_is_used_up(world: World) -> None:
    world.has_upload(b"pixels")
    first = from_upload(world)
    again = from_upload(world, UPLOAD_ID, "png")
    assert again == CreatedJob(first.job, replayed=True)
    stores_one_job(world, first.job)


def test_a_repeat_when_nothing_is_known_of_the_upload_any_more(world: World) -> None:
    world.has_upload(b"pixels", expires_at=NOW + timedelta(hours=1))
    first = from_upload(world)
    world.clock.now += timedelta(hours=23)
    assert world.uploads.get(UPLOAD_ID) is None
    assert from_upload(world) == CreatedJob(first.job, replayed=True)


def test_a_used_upload_under_its_key_with_other_options(world: World) -> None:
    world.has_upload(b"pixels")
    from_upload(world)
    with pytest.raises(IdempotencyKeyReused):
        from_upload(world, pages="1")
    with pytest.raises(InvalidFileFormat):
        from_upload(world, UPLOAD_ID, "pdf")


def test_another_upload_is_judged_by_its_file(world: World) -> None:
    first = create(world, b"pixels")
    world.has_upload(b"pixels")
    assert from_upload(world) == CreatedJob(first.job, replayed=True)
    world.bucket.store(f"uploads/{UPLOAD_ID}", b"other pixels")
    with pytest.raises(IdempotencyKeyReused):
        from_upload(world)
    with pytest.raises(UploadNotFound):
        from_upload(world, "up_20260301120000_another000000")
    found = world.uploads.get(UPLOAD_ID)
    assert found is not None
    assert not found.used


def test_a_repeat_that_has_read_the_upload_before_it_was_used_up(world: World) -> None:
    """It sees no record, then loses the race for the file."""
    first: list[CreatedJob] = []

    def somebody_is_faster(key: str, into: Any) -> Any:
        world.bucket.fetch = fetch  # the fake's own seam
        first.append(from_upload(world))
        return fetch(key, into)

    world.has_upload(b"pixels")
    fetch, world.bucket.fetch = world.bucket.fetch, somebody_is_faster
    assert from_upload(world) == CreatedJob(first[0].job, replayed=True)
    stores_one_job(world, first[0].job)
