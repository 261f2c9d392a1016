"""Erasing a job on fakes: what is left of it, whatever dies or is away on the way."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import UPLOAD_ID, entry, job
from jobs.domain.erasure import ErasedResults, ErasureReceipt, RemovedCounts, Tombstone
from jobs.domain.errors import ConcurrentUpdate, InvalidJobId, JobNotFound
from jobs.domain.idempotency import IdempotencyKey, IdempotencyTombstone
from jobs.domain.job import Job, JobStatus, Transition
from shared.errors import DependencyError
from world_jobs import World, new_world

KEY = "first"
HASH = IdempotencyKey("ada", KEY).hash
LATER = timedelta(minutes=15)
ALL = RemovedCounts(blueprint=1, results=2, analysis=2, feedback=3)
NOTHING = RemovedCounts(blueprint=0, results=0, analysis=0, feedback=0)


class Died(BaseException):
    """The process is killed here: nothing after it runs but what Python itself runs."""


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


@pytest.fixture
def made(world: World) -> Job:
    """A job of an upload, created under a key, with everything that there can be of one."""
    world.has_upload(filename="Villa Rosa.png", format="png")
    created = create(world)
    world.bucket.store(f"uploads/{UPLOAD_ID}", b"sent once more")
    world.preview.results[created.job_id] = ErasedResults(2, 2)
    world.feedback.stored[created.job_id] = [entry(n, job_id=created.job_id) for n in range(3)]
    return created


def create(world: World) -> Job:
    return world.create_from_upload(key=KEY)


def erase(world: World, job: Job) -> ErasureReceipt:
    return world.use_cases.erase_job(job.job_id, "ada")


def killed(fake: Any, method: str, when: str) -> None:
    """Have the process die right before or after the fake does this for the first time."""
    original = getattr(fake, method)

    def die(*args: Any) -> None:
        setattr(fake, method, original)
        if when == "after":
            original(*args)
        raise Died

    setattr(fake, method, die)


def is_hidden(world: World, job: Job) -> None:
    with pytest.raises(JobNotFound):
        world.use_cases.read_jobs.get(job.job_id, "ada")
    with pytest.raises(JobNotFound):
        world.use_cases.read_jobs.open_blueprint(job.job_id, "ada")
    assert world.use_cases.read_jobs.list("ada", None, 20, None).jobs == ()


def is_gone(world: World, job: Job) -> None:
    is_hidden(world, job)
    assert world.bucket.objects == {}
    assert (world.preview.results, world.feedback.stored) == ({}, {})
    assert world.keys.stored == {
        HASH: IdempotencyTombstone(HASH, job.job_id, job.created_at + timedelta(hours=24))
    }
    upload = world.uploads.get(UPLOAD_ID)
    assert upload is not None
    assert (upload.filename, upload.format, upload.used) == (None, None, True)
    assert world.jobs.stored == {}
    assert world.erasures.stored == {job.job_id: Tombstone(job.job_id, world.clock.now)}


def test_nothing_is_left_but_a_tombstone(world: World, made: Job, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert erase(world, made) == ErasureReceipt(made.job_id, world.clock.now, ALL)

    is_gone(world, made)
    [line] = [record.context for record in caplog.records if record.name == "audit"]  # type: ignore[attr-defined]  # by shared.logs
    assert (line["event"], line["job_id"], line["owner"], line["removed"]["feedback"]) == (
        "erased",
        made.job_id,
        "ada",
        3,
    )


def test_what_was_erased_cannot_be_erased_again(world: World, made: Job) -> None:
    erase(world, made)
    with pytest.raises(JobNotFound):
        erase(world, made)
    is_gone(world, made)


def test_a_repeated_create_is_told_that_the_job_is_gone(world: World, made: Job) -> None:
    erase(world, made)
    with pytest.raises(JobNotFound):
        create(world)
    with pytest.raises(JobNotFound):
        world.create_under(KEY, b"other pixels")
    is_gone(world, made)


def test_a_key_that_made_another_job_since_keeps_it(world: World, made: Job) -> None:
    other = job(job_id="job_of_today")
    record = world.keys.stored[HASH]
    world.keys.stored[HASH] = replace(record, job=other)  # type: ignore[type-var]  # it is a record
    erase(world, made)
    assert world.keys.stored[HASH] == replace(record, job=other)  # type: ignore[type-var]  # it is a record


def test_a_create_that_is_still_answering_does_not_bring_its_job_back(world: World) -> None:
    world.has_upload()
    world.preview.on_request = lambda job_id: world.use_cases.erase_job(job_id, "ada") and None
    world.create_from_upload(key=KEY, pages="1")
    assert isinstance(world.keys.stored[HASH], IdempotencyTombstone)
    assert (world.jobs.stored, world.bucket.objects) == ({}, {})


def test_only_the_owner_can_erase(world: World, made: Job) -> None:
    with pytest.raises(JobNotFound):
        world.use_cases.erase_job(made.job_id, "bob")
    assert world.use_cases.read_jobs.get(made.job_id, "ada") == made

    world.preview.broken = {"erase_results"}
    with pytest.raises(DependencyError):
        erase(world, made)
    world.preview.broken = set()
    with pytest.raises(JobNotFound):
        world.use_cases.erase_job(made.job_id, "bob")
    assert made.job_id in world.preview.results


@pytest.mark.parametrize(("job_id", "error"), [("job_unknown", JobNotFound), ("nonsense", InvalidJobId)])
def test_there_has_to_be_a_job(world: World, job_id: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        world.use_cases.erase_job(job_id, "ada")


@pytest.mark.parametrize("status", list(JobStatus))
def test_a_job_in_any_state_can_be_erased(world: World, status: JobStatus) -> None:
    world.has(job(status=status))
    assert erase(world, job()).removed == NOTHING
    is_hidden(world, job())


@pytest.mark.parametrize("to", [JobStatus.COMPLETED, JobStatus.FAILED])
def test_work_in_progress_cannot_bring_the_job_back(world: World, to: JobStatus) -> None:
    begun = job(status=JobStatus.PROCESSING)
    world.has(begun)
    erase(world, begun)
    with pytest.raises(JobNotFound):
        world.use_cases.transition_job(begun.job_id, Transition(to), begun.version)
    with pytest.raises(ConcurrentUpdate):
        world.jobs.save(begun.moved(Transition(to), world.clock.now))
    is_hidden(world, begun)


STEPS: list[tuple[str, Callable[[World], Any], str]] = [
    ("hide the job", lambda world: world.erasures, "begin"),
    ("key", lambda world: world.keys, "put_tombstone"),
    ("upload's object", lambda world: world.bucket, "delete"),
    ("upload's record", lambda world: world.uploads, "redact"),
    ("feedback", lambda world: world.feedback, "delete_all"),
    ("results", lambda world: world.preview, "erase_results"),
    ("tombstone", lambda world: world.erasures, "complete"),
]
every_step = pytest.mark.parametrize(
    ("fake", "method"), [step[1:] for step in STEPS], ids=[s[0] for s in STEPS]
)


@every_step
@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("who", ["the owner", "a worker"])
def test_whoever_comes_next_ends_what_a_dead_process_began(
    world: World,
    made: Job,
    caplog: pytest.LogCaptureFixture,
    fake: Callable[[World], Any],
    method: str,
    when: str,
    who: str,
) -> None:
    caplog.set_level(logging.INFO, "audit")
    killed(fake(world), method, when)
    with pytest.raises(Died):
        erase(world, made)
    if (method, when) != ("begin", "before"):
        is_hidden(world, made)

    if (method, when) == ("complete", "after"):
        with pytest.raises(JobNotFound):
            erase(world, made)
    elif who == "the owner" or (method, when) == ("begin", "before"):
        erase(world, made)
    else:
        world.use_cases.finish_erasures()
        assert not isinstance(world.erasures.stored[made.job_id], Tombstone), "not yet: it may be at work"
        world.clock.now += LATER
        world.use_cases.finish_erasures()
    is_gone(world, made)
    told = [line for line in caplog.records if line.name == "audit"]
    assert len(told) == (2 if (method, when) == ("complete", "before") else 1)


@every_step
def test_a_store_that_is_away_leaves_the_job_hidden_and_the_rest_for_later(
    world: World, made: Job, fake: Callable[[World], Any], method: str
) -> None:
    fake(world).broken = {method}
    with pytest.raises(DependencyError):
        erase(world, made)
    if method != "begin":
        is_hidden(world, made)
    fake(world).broken = set()
    erase(world, made)
    is_gone(world, made)


@every_step
def test_two_at_once_do_each_other_no_harm(
    world: World, made: Job, fake: Callable[[World], Any], method: str
) -> None:
    original = getattr(fake(world), method)
    others: list[ErasureReceipt] = []

    def meanwhile(*args: Any) -> Any:
        setattr(fake(world), method, original)
        others.append(erase(world, made))
        return original(*args)

    setattr(fake(world), method, meanwhile)
    try:
        both = [erase(world, made), *others]
    except JobNotFound:  # the other had ended before this one began
        both = others
        assert method == "begin"

    is_gone(world, made)
    assert sum(receipt.removed.feedback for receipt in both) == ALL.feedback


def test_what_was_written_too_late_is_erased_some_minutes_later(
    world: World, made: Job, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    erase(world, made)
    world.preview.results[made.job_id] = ErasedResults(1, 1)
    world.use_cases.finish_erasures()
    assert made.job_id in world.preview.results, "its writer may still be at work"

    world.clock.now += LATER
    world.use_cases.finish_erasures()
    assert (world.preview.results, world.erasures.stored) == ({}, {})
    assert "late results of an erased job deleted" in caplog.text
    world.use_cases.finish_erasures()


def test_one_that_cannot_be_finished_is_left_and_holds_up_no_other(world: World, made: Job) -> None:
    other = job(job_id="job_other")
    world.has(other)
    for each in (made, other):
        killed(world.preview, "erase_results", "before")
        with pytest.raises(Died):
            erase(world, each)
    world.clock.now += LATER
    killed_once = world.keys  # only the first was created under a key
    killed_once.broken = {"put_tombstone"}
    world.use_cases.finish_erasures()
    assert {each: type(found).__name__ for each, found in world.erasures.stored.items()} == {
        made.job_id: "Erasure",
        other.job_id: "Tombstone",
    }
    killed_once.broken = set()
    world.use_cases.finish_erasures()
    assert isinstance(world.erasures.stored[made.job_id], Tombstone)


def test_a_round_without_its_table_is_no_end_of_the_rounds(world: World) -> None:
    world.erasures.broken = {"find_due"}
    world.use_cases.finish_erasures()


def test_another_job_of_the_same_file_keeps_its_own(world: World) -> None:
    one, other = world.create(b"same"), world.create(b"same")
    erase(world, one)
    assert world.use_cases.read_jobs.get(other.job_id, "ada") == other
    assert set(world.bucket.objects) == {other.blueprint_s3_key}
