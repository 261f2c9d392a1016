"""Taking over what preview says of the pages of a job, on fakes."""

from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from builders_jobs import JOB_ID, job
from jobs.domain.errors import ConcurrentUpdate, InvalidJobId, JobNotFound
from jobs.domain.job import Job, JobStatus, PageReport
from jobs.domain.pages import PageCounts
from world_jobs import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    world.has(job(pages=PageCounts(3)))
    return world


def report(done: int, number: int, asked: int = 3) -> PageReport:
    return PageReport(PageCounts(asked, done, 0, number), begun=True)


def count(world: World, done: int, number: int, asked: int = 3) -> Job:
    return world.use_cases.count_pages(JOB_ID, report(done, number, asked))


def test_the_job_is_answered_as_the_report_leaves_it(world: World) -> None:
    counted = count(world, 1, 2)
    assert (counted.status, counted.pages) == (JobStatus.PROCESSING, PageCounts(3, 1, 0, 2))
    assert world.jobs.stored[JOB_ID] == counted


def test_unknown_jobs_are_told_apart(world: World) -> None:
    with pytest.raises(JobNotFound):
        world.use_cases.count_pages("job_unknown", report(1, 2))
    with pytest.raises(InvalidJobId):
        world.use_cases.count_pages("nonsense", report(1, 2))


@pytest.mark.parametrize("order", list(permutations([(0, 1), (1, 2), (2, 3), (3, 4)])))
def test_reports_in_any_order_end_the_same(world: World, order: tuple[tuple[int, int], ...]) -> None:
    seen = []
    for done, number in order:
        seen.append(count(world, done, number).progress)
        world.clock.now += timedelta(seconds=1)
    found = world.jobs.stored[JOB_ID]
    assert (found.status, found.pages, found.progress) == (JobStatus.COMPLETED, PageCounts(3, 3, 0, 4), 100)
    assert seen == sorted(seen), "progress goes back"


def test_progress_is_written_once_a_second_and_at_the_end(world: World) -> None:
    count(world, 0, 1)
    world.clock.now += timedelta(milliseconds=999)
    assert count(world, 1, 2).version == 2
    world.clock.now += timedelta(milliseconds=1)
    assert count(world, 2, 3).version == 3
    assert count(world, 2, 4, asked=4).version == 4, "pages asked for are told at once"
    assert count(world, 4, 5, asked=4).status is JobStatus.COMPLETED


def test_a_change_meanwhile_is_no_obstacle(world: World) -> None:
    def another(saving: Job) -> None:
        world.jobs.interfere = lambda _: None
        current = world.jobs.stored[JOB_ID]
        world.jobs.stored[JOB_ID] = replace(current, version=current.version + 1, message="Another's.")

    world.jobs.interfere = another
    assert count(world, 3, 4).status is JobStatus.COMPLETED


def test_a_cancel_meanwhile_stays(world: World) -> None:
    def cancel(saving: Job) -> None:
        world.jobs.interfere = lambda _: None
        world.use_cases.cancel_job(JOB_ID, "ada")

    world.jobs.interfere = cancel
    assert count(world, 3, 4).status is JobStatus.CANCELLED


def test_a_job_that_changes_all_the_while_is_given_up(world: World) -> None:
    def another(saving: Job) -> None:
        current = world.jobs.stored[JOB_ID]
        world.jobs.stored[JOB_ID] = replace(current, version=current.version + 1)

    world.jobs.interfere = another
    with pytest.raises(ConcurrentUpdate):
        count(world, 3, 4)
