"""Handing over to preview the pages that jobs owe it, whatever dies or is away meanwhile; on fakes."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.domain.job import Job, JobStatus, Owed, PageReport
from jobs.domain.pages import PageCounts
from jobs.use_cases.hand_over_pages import FIRST_TRY, RETRY_AFTER
from world_jobs import World, new_world

COUNTS = PageCounts(1)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def owing(job_id: str = JOB_ID, seconds: float = 0) -> Job:
    return job(job_id=job_id).owing("1", COUNTS, NOW + timedelta(seconds=seconds))


def stored(world: World) -> Job:
    return world.jobs.stored[JOB_ID]


def test_pages_are_handed_over_once(world: World) -> None:
    world.has(owing())
    world.use_cases.hand_over_pages()
    world.clock.now += timedelta(hours=1)
    world.use_cases.hand_over_pages()
    assert world.preview.requested == [(JOB_ID, "1")]
    assert (stored(world).owes, stored(world).status) == (None, JobStatus.PENDING)


def test_the_request_that_creates_a_job_has_the_first_try(world: World) -> None:
    world.preview.on_request = lambda _: world.use_cases.hand_over_pages()
    created = world.create(pages="1")
    assert [job_id for job_id, _ in world.preview.requested] == [created.job_id]
    assert world.jobs.stored[created.job_id].owes is None


def test_after_the_first_try_a_run_hands_over(world: World) -> None:
    world.preview.broken = {"request_pages"}
    created = world.create(pages="1")
    world.preview.broken = set()
    world.use_cases.hand_over_pages()
    assert not world.preview.requested
    world.clock.now += FIRST_TRY
    world.use_cases.hand_over_pages()
    assert world.preview.requested == [(created.job_id, "1")]


def test_while_preview_is_away_a_run_asks_once_and_the_job_waits_its_turn(world: World) -> None:
    world.has(owing(), owing("job_later", seconds=1))
    world.clock.now += timedelta(seconds=1)
    world.preview.broken = {"request_pages"}
    world.use_cases.hand_over_pages()
    assert stored(world).hand_over_at == world.clock.now + RETRY_AFTER
    assert world.jobs.stored["job_later"].version == 1

    world.preview.broken = set()
    world.use_cases.hand_over_pages()
    assert world.preview.requested == [("job_later", "1")]
    world.clock.now += RETRY_AFTER
    world.use_cases.hand_over_pages()
    assert world.preview.requested == [("job_later", "1"), (JOB_ID, "1")]


def test_pages_that_preview_refuses_hold_up_no_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.has(owing(), owing("job_later", seconds=0.5))
    world.clock.now += timedelta(seconds=1)
    world.preview.refuses = True
    world.use_cases.hand_over_pages()
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]
    assert [each.owes for each in world.jobs.stored.values()] == [Owed.PAGES, Owed.PAGES]


def test_an_answer_that_is_lost_has_the_pages_handed_over_again(world: World) -> None:
    world.has(owing())
    world.preview.unanswered = {"request_pages"}
    world.use_cases.hand_over_pages()
    world.preview.unanswered = set()
    world.clock.now += RETRY_AFTER
    world.use_cases.hand_over_pages()
    assert len(world.preview.requested) == 2
    assert stored(world).owes is None


def test_of_many_workers_one_hands_over(world: World) -> None:
    """Each finds the job due, and of their claims one is written."""
    world.has(owing())
    found = world.jobs.find_due

    def another_is_faster(owed: Owed) -> object:
        world.jobs.find_due = found  # the fake's own seam
        due = list(found(owed))
        world.use_cases.hand_over_pages()
        return iter(due)

    world.jobs.find_due = another_is_faster  # type: ignore[assignment]
    world.use_cases.hand_over_pages()
    assert world.preview.requested == [(JOB_ID, "1")]


def test_a_job_that_another_claimed_after_it_was_found_is_left_to_it(world: World) -> None:
    """The index may tell of what was due a moment ago."""
    world.has(owing(seconds=60))
    world.jobs.find_due = lambda owed: iter([JOB_ID])  # the fake's own seam
    world.use_cases.hand_over_pages()
    assert not world.preview.requested


def test_a_claim_that_loses_its_race_does_not_hand_over(world: World) -> None:
    def another_claims(saving: Job) -> None:
        world.jobs.interfere = lambda _: None
        world.jobs.stored[JOB_ID] = saving

    world.has(owing())
    world.jobs.interfere = another_claims
    world.use_cases.hand_over_pages()
    assert not world.preview.requested


def begun(world: World) -> None:
    world.use_cases.count_pages(JOB_ID, PageReport(PageCounts(1, number=2), begun=True))


def ended(world: World) -> None:
    world.use_cases.count_pages(JOB_ID, PageReport(PageCounts(1, 1, number=3), begun=True))


def cancelled(world: World) -> None:
    world.use_cases.cancel_job(JOB_ID, "ada")


def erased(world: World) -> None:
    world.use_cases.erase_job(JOB_ID, "ada")


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [(begun, JobStatus.PROCESSING), (ended, JobStatus.COMPLETED), (cancelled, JobStatus.CANCELLED)],
)
def test_what_becomes_of_the_job_meanwhile_stays(
    world: World, meanwhile: Callable[[World], None], status: JobStatus
) -> None:
    world.has(owing())
    world.preview.on_request = lambda _: meanwhile(world)
    world.use_cases.hand_over_pages()
    assert (stored(world).status, stored(world).owed_pages) == (status, None)


def test_an_erased_job_does_not_come_back(world: World) -> None:
    world.has(owing())
    world.preview.on_request = lambda _: erased(world)
    world.use_cases.hand_over_pages()
    assert not world.jobs.stored


@pytest.mark.parametrize("end", [cancelled, erased])
def test_pages_of_a_job_that_has_ended_are_not_handed_over(
    world: World, end: Callable[[World], None]
) -> None:
    world.has(owing())
    end(world)
    world.clock.now += RETRY_AFTER
    world.use_cases.hand_over_pages()
    assert not world.preview.requested


def test_a_job_that_is_always_in_the_way_is_handed_over_again(world: World) -> None:
    world.has(owing())

    def changed(saving: Job) -> None:
        if saving.owed_pages is None:
            current = stored(world)
            world.jobs.stored[JOB_ID] = replace(current, version=current.version + 1)

    world.jobs.interfere = changed
    world.use_cases.hand_over_pages()
    assert stored(world).owed_pages == "1"
    world.jobs.interfere = lambda _: None
    world.clock.now += RETRY_AFTER
    world.use_cases.hand_over_pages()
    assert stored(world).owed_pages is None


def test_a_table_that_is_away_is_a_warning(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.jobs.broken = {"find_due"}
    world.use_cases.hand_over_pages()
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
