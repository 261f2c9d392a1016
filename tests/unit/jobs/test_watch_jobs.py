"""Waiting for jobs to change, on a fake table: what happens during a wait happens in the same thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from builders_jobs import NOW, job
from fakes_jobs import FakeCondition
from jobs.domain.job import Job, JobStatus
from jobs.domain.pages import PageCounts
from jobs.use_cases.watch_jobs import Waited, WatchJobs
from shared.bulkhead import Bulkhead
from world_jobs import World, new_world


@dataclass
class Waiting:
    world: World
    condition: FakeCondition
    watch: WatchJobs
    idle: list[str]

    def wait(self, job: Job, key: str = "key_1", meanwhile: Callable[[], None] = lambda: None) -> Waited:
        self.condition.meanwhile = meanwhile
        return self.watch.wait(job, key, 20)


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[Waiting]:
    world, condition, said = new_world(tmp_path), FakeCondition(), []

    @contextmanager
    def idle() -> Iterator[None]:
        said.append("idle")
        yield
        said.append("at work")

    watch = WatchJobs(world.jobs, Bulkhead(4, permits_per_key=2), idle, condition)
    yield Waiting(world, condition, watch, said)
    watch.stop()


def job_number(number: int = 1, **changes: Any) -> Job:
    return job(job_id=f"job_{number}", **changes)


def test_a_wait_ends_when_the_job_has_changed(waiting: Waiting) -> None:
    first, woken = job_number(), []
    waiting.world.has(first)

    def change() -> None:
        waiting.watch.poll()
        woken.append(waiting.wait(first))  # one more waits, and its time passes
        waiting.world.has(replace(first, version=2))
        waiting.watch.poll()

    assert waiting.wait(first, meanwhile=change) is Waited.APPLIED
    assert woken == [Waited.APPLIED]
    assert waiting.condition.asked_seconds == [20, 20]
    assert waiting.idle == ["idle", "idle", "at work", "at work"]


@pytest.mark.parametrize("gone", [True, False], ids=["erased", "cancelled"])
def test_an_erased_or_cancelled_job_is_a_change(waiting: Waiting, gone: bool) -> None:
    first, ends = job_number(), []
    waiting.world.has(first)

    def change() -> None:
        if gone:
            waiting.world.jobs.delete(first.job_id)
        else:
            waiting.world.has(first.cancelled(NOW))
        waiting.watch.poll()
        ends.append(woken(waiting))

    waiting.wait(first, meanwhile=change)
    assert ends == [[True]]


def woken(waiting: Waiting) -> list[bool]:
    """Of each caller who waits, whether it has been told to go on."""
    return [waiter.changed for waiter in waiting.watch._waiters]


def test_only_those_whose_job_changed_are_woken(waiting: Waiting) -> None:
    first, second = job_number(1), job_number(2)
    waiting.world.has(first, second)
    seen: list[list[bool]] = []

    def change() -> None:
        waiting.world.has(replace(second, version=2))
        waiting.watch.poll()
        seen.append(woken(waiting))

    waiting.wait(first, meanwhile=lambda: waiting.wait(second, meanwhile=change) and None)
    assert seen == [[False, True]]


def test_an_older_version_is_no_change(waiting: Waiting) -> None:
    waiting.world.has(job_number())
    seen: list[list[bool]] = []

    def look() -> None:
        waiting.watch.poll()
        seen.append(woken(waiting))

    waiting.wait(job_number(version=2), meanwhile=look)
    assert seen == [[False]]


def test_all_who_wait_cost_one_read_and_nobody_costs_none(waiting: Waiting) -> None:
    reads = waiting.world.jobs.batches
    waiting.watch.poll()
    assert reads == []
    jobs = [job_number(number) for number in range(4)]
    waiting.world.has(*jobs)

    def all_wait(left: list[Job]) -> None:
        if not left:
            waiting.watch.poll()
        else:
            waiting.wait(left[0], left[0].job_id, meanwhile=lambda: all_wait(left[1:]))

    all_wait(jobs)
    assert reads == [{job.job_id for job in jobs}]
    waiting.watch.poll()
    assert len(reads) == 1


def test_there_are_so_many_places_and_half_of_them_for_one_key(waiting: Waiting) -> None:
    outcomes: list[Waited] = []

    def also(*keys: str) -> None:
        if keys:
            outcomes.append(waiting.wait(job_number(), keys[0], meanwhile=lambda: also(*keys[1:])))

    also("a", "a", "b", "b", "c")
    assert outcomes == [Waited.NO_PLACE, *[Waited.APPLIED] * 4]  # innermost first
    outcomes.clear()
    also("a", "a", "a")
    assert outcomes == [Waited.NO_PLACE, *[Waited.APPLIED] * 2]
    assert waiting.wait(job_number(), "a") is Waited.APPLIED


def test_a_place_is_free_again_after_a_failure(waiting: Waiting) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            waiting.wait(job_number(), meanwhile=fail)
    assert waiting.wait(job_number()) is Waited.APPLIED


def test_a_table_that_is_away_wakes_nobody(waiting: Waiting, caplog: pytest.LogCaptureFixture) -> None:
    first = job_number()
    seen: list[list[bool]] = []

    def look() -> None:
        waiting.world.jobs.broken.add("versions")
        waiting.watch.poll()
        seen.append(woken(waiting))

    waiting.wait(first, meanwhile=look)
    assert seen == [[False]]
    assert "run broken off" in caplog.text


def test_a_worker_that_stops_answers_all_and_takes_nobody(waiting: Waiting) -> None:
    outcomes: list[Waited] = []

    def second() -> None:
        outcomes.append(waiting.wait(job_number(2), "key_2", meanwhile=waiting.watch.stop))

    outcomes.append(waiting.wait(job_number(1), meanwhile=second))
    outcomes.append(waiting.wait(job_number(3)))
    assert outcomes == [Waited.NO_PLACE] * 3
    assert len(waiting.condition.asked_seconds) == 2


PAGES = PageCounts(3, 1, 0, 2)


@pytest.mark.parametrize(
    ("changes", "waited"),
    [
        ({}, Waited.APPLIED),
        ({"status": JobStatus.PROCESSING}, Waited.APPLIED),
        ({"status": JobStatus.COMPLETED}, Waited.JOB_HAS_ENDED),
        ({"status": JobStatus.COMPLETED, "pages": PageCounts(3, 3, 1, 4)}, Waited.JOB_HAS_ENDED),
        ({"status": JobStatus.COMPLETED, "pages": PAGES}, Waited.APPLIED),
        ({"status": JobStatus.FAILED}, Waited.JOB_HAS_ENDED),
        ({"status": JobStatus.FAILED, "pages": PAGES}, Waited.APPLIED),
        ({"status": JobStatus.CANCELLED, "pages": PAGES}, Waited.JOB_HAS_ENDED),
    ],
)
def test_nobody_waits_for_a_job_of_which_nothing_is_left_to_do(
    waiting: Waiting, changes: dict[str, Any], waited: Waited
) -> None:
    assert waiting.wait(job(**changes)) is waited
