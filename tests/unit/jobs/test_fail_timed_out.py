"""Jobs that have been processing for too long without moving: preview knows whether that is for good."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.domain.job import TIMED_OUT, Job, JobError, JobStage, JobStatus, PageReport
from jobs.domain.pages import PageCounts
from jobs.domain.ports import PageProgress
from world_jobs import World, new_world

MINUTE = timedelta(seconds=60)
COUNTS = PageCounts(3, 1, 0, number=4)


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = new_world(tmp_path)
    said = {"stage": JobStage.PREVIEW, "progress": 33, "message": COUNTS.summary}
    world.has(job(status=JobStatus.PROCESSING, pages=COUNTS, version=2, **said))
    world.clock.now = NOW + MINUTE
    return world


def read(world: World) -> Job:
    return world.use_cases.read_jobs.get(JOB_ID, "ada")


def listed(world: World) -> Job:
    return world.use_cases.read_jobs.list("ada", None, 20, None).jobs[0]


def from_the_background(world: World) -> Job:
    world.use_cases.fail_timed_out()
    return world.jobs.stored[JOB_ID]


every_look = pytest.mark.parametrize("look", [read, listed, from_the_background])
Look = Callable[[World], Job]


def says(world: World, counts: PageCounts, *, unfinished: bool, error: JobError | None = None) -> None:
    world.preview.progress[JOB_ID] = PageProgress(
        PageReport(counts, counts.done > 0, error=error), unfinished
    )


@every_look
def test_a_job_without_any_page_at_work_fails(world: World, look: Look) -> None:
    says(world, COUNTS, unfinished=False)
    found = look(world)
    assert (found.status, found.error, found.version) == (JobStatus.FAILED, TIMED_OUT, 3)
    assert world.jobs.stored[JOB_ID] == found


@every_look
def test_a_job_of_which_preview_knows_nothing_fails(world: World, look: Look) -> None:
    assert look(world).error == TIMED_OUT


@every_look
def test_a_job_whose_pages_wait_goes_on_and_is_asked_about_once_a_minute(world: World, look: Look) -> None:
    says(world, COUNTS, unfinished=True)
    assert look(world).status is JobStatus.PROCESSING
    world.clock.now += MINUTE - timedelta(milliseconds=1)
    assert look(world).status is JobStatus.PROCESSING
    assert world.preview.asked == [JOB_ID]
    world.clock.now += timedelta(milliseconds=1)
    look(world)
    assert world.preview.asked == [JOB_ID, JOB_ID]


@every_look
def test_a_report_that_was_lost_is_made_good(world: World, look: Look) -> None:
    says(world, PageCounts(3, 2, 0, number=7), unfinished=True)
    found = look(world)
    assert (found.pages, found.progress, found.version) == (PageCounts(3, 2, 0, 7), 66, 3)
    world.clock.now += MINUTE
    says(world, PageCounts(3, 3, 0, number=8), unfinished=False)
    assert look(world).status is JobStatus.COMPLETED


@every_look
def test_a_job_whose_pages_were_all_taken_back_is_pending_again(world: World, look: Look) -> None:
    says(world, PageCounts(0, number=7), unfinished=False)
    found = look(world)
    assert (found.status, found.asked_pages, found.error) == (JobStatus.PENDING, None, None)


@every_look
def test_while_preview_does_not_answer_a_job_stays(world: World, look: Look) -> None:
    world.preview.broken = {"page_progress"}
    found = look(world)
    assert (found.status, found.version) == (JobStatus.PROCESSING, 2)


@every_look
def test_a_job_that_moved_lately_is_not_asked_about(world: World, look: Look) -> None:
    world.clock.now -= timedelta(milliseconds=1)
    look(world)
    assert world.preview.asked == []


def test_preview_is_not_asked_about_what_it_asks_for(world: World) -> None:
    found = world.use_cases.read_jobs.get_for_preview(JOB_ID, None)
    assert (found.status, world.preview.asked) == (JobStatus.PROCESSING, [])


def several(world: World, count: int) -> None:
    world.has(*(job(job_id=f"job_{i}", status=JobStatus.PROCESSING) for i in range(count)))


@pytest.mark.parametrize("look", [listed, from_the_background])
def test_once_preview_does_not_answer_it_is_asked_no_more(
    world: World, look: Look, caplog: pytest.LogCaptureFixture
) -> None:
    several(world, 5)
    world.preview.broken = {"page_progress"}
    look(world)
    assert len(caplog.records) == 1


def test_lists_of_a_state_hold_jobs_of_that_state_alone(world: World) -> None:
    says(world, COUNTS, unfinished=True)
    several(world, 2)

    def ids(status: JobStatus) -> set[str]:
        return {each.job_id for each in world.use_cases.read_jobs.list("ada", status, 20, None).jobs}

    assert ids(JobStatus.PROCESSING) == {JOB_ID}
    assert ids(JobStatus.FAILED) == {"job_0", "job_1"}
    assert ids(JobStatus.PROCESSING) == {JOB_ID}


def test_a_job_that_goes_on_meanwhile_is_not_failed(world: World) -> None:
    def completes(saving: Job) -> None:
        world.jobs.interfere = lambda _: None
        world.use_cases.count_pages(JOB_ID, PageReport(PageCounts(3, 3, 0, 9), begun=True))

    world.jobs.interfere = completes
    assert read(world).status is JobStatus.COMPLETED
