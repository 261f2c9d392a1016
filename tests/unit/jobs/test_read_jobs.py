"""Reading jobs, lists of them and their blueprints, on fakes."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.domain.errors import (
    BlueprintNotFound,
    InvalidJobId,
    JobNotFound,
)
from jobs.domain.job import TIMED_OUT, Job, JobStatus
from world_jobs import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


VERBS: dict[str, Callable[[World], Any]] = {
    "get": lambda world: world.use_cases.read_jobs.get,
    "cancel": lambda world: world.use_cases.cancel_job,
    "blueprint": lambda world: world.use_cases.read_jobs.open_blueprint,
}
every_verb = pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)


@every_verb
def test_another_owners_job_is_not_found(world: World, verb: Callable[[World], Any]) -> None:
    world.has(job(owner="bob"))
    with pytest.raises(JobNotFound):
        verb(world)(JOB_ID, "ada")


@every_verb
def test_a_malformed_id_is_told_apart_from_an_unknown_one(world: World, verb: Callable[[World], Any]) -> None:
    with pytest.raises(InvalidJobId):
        verb(world)("nonsense", "ada")
    with pytest.raises(JobNotFound):
        verb(world)("job_unknown", "ada")


def test_an_expired_job_is_not_found(world: World) -> None:
    world.has(job())
    world.clock.now = NOW + timedelta(days=7)
    with pytest.raises(JobNotFound):
        world.use_cases.read_jobs.get(JOB_ID, "ada")


def test_a_blueprint_that_is_gone_is_not_found(world: World) -> None:
    world.has(job())
    with pytest.raises(BlueprintNotFound):
        world.use_cases.read_jobs.open_blueprint(JOB_ID, "ada")


def test_a_blueprint_is_read_in_pieces(world: World) -> None:
    created = world.create(b"pixels")
    found, stored = world.use_cases.read_jobs.open_blueprint(created.job_id, "ada")
    assert found == created
    assert (b"".join(stored.chunks), stored.size_bytes) == (b"pixels", 6)


STUCK = {"status": JobStatus.PROCESSING, "version": 2}


def looks(world: World) -> dict[str, Any]:
    read = world.use_cases.read_jobs
    return {
        "get": lambda: read.get(JOB_ID, "ada"),
        "list": lambda: read.list("ada", None, 20, None).jobs[0],
        "list of failed": lambda: read.list("ada", JobStatus.FAILED, 20, None).jobs[0],
    }


@pytest.mark.parametrize("look", ["get", "list", "list of failed"])
def test_a_job_stuck_in_processing_fails_when_anyone_looks(world: World, look: str) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=60)
    found = looks(world)[look]()
    assert (found.status, found.error, found.version) == (JobStatus.FAILED, TIMED_OUT, 3)
    assert world.jobs.get(JOB_ID) == found


def test_a_stuck_job_is_not_listed_as_processing(world: World) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=60)
    assert world.use_cases.read_jobs.list("ada", JobStatus.PROCESSING, 20, None).jobs == ()


def test_who_finds_a_stuck_job_second_sees_what_the_first_made_of_it(world: World) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=61)
    world.jobs.interfere = lambda saving: world.has(replace(saving, message="by another"))
    assert world.use_cases.read_jobs.get(JOB_ID, "ada").message == "by another"


def several(count: int) -> list[Job]:
    return [job(job_id=f"job_{i:02}", created_at=NOW + timedelta(milliseconds=i // 2)) for i in range(count)]


def test_pages_of_a_list_join_without_gap_or_repeat(world: World) -> None:
    world.has(*several(7), job(job_id="job_bobs", owner="bob"))
    seen: list[str] = []
    cursor = None
    for _ in range(4):
        page = world.use_cases.read_jobs.list("ada", None, 2, cursor)
        seen += [each.job_id for each in page.jobs]
        cursor = page.next_cursor
    assert cursor is None
    assert seen == [f"job_{i:02}" for i in reversed(range(7))]


def test_the_last_page_has_no_cursor_even_when_it_is_full(world: World) -> None:
    world.has(*several(4))
    assert world.use_cases.read_jobs.list("ada", None, 4, None).next_cursor is None


def test_a_list_of_one_state(world: World) -> None:
    world.has(*several(3), job(job_id="job_done", status=JobStatus.COMPLETED))
    page = world.use_cases.read_jobs.list("ada", JobStatus.COMPLETED, 2, None)
    assert [each.job_id for each in page.jobs] == ["job_done"]
