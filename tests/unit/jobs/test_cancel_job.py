"""Cancelling jobs, on fakes."""

from pathlib import Path

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.domain.errors import (
    ConcurrentUpdate,
)
from jobs.domain.job import JobStatus, Transition
from world_jobs import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def test_cancel_is_saved(world: World) -> None:
    world.has(job())
    cancelled = world.use_cases.cancel_job(JOB_ID, "ada")
    assert cancelled.status is JobStatus.CANCELLED
    assert world.jobs.get(JOB_ID) == cancelled


def test_a_cancel_that_comes_second_is_told_so(world: World) -> None:
    world.has(job())
    moved = job().moved(Transition(JobStatus.PROCESSING), NOW)
    world.jobs.interfere = lambda saving: world.has(moved)
    with pytest.raises(ConcurrentUpdate):
        world.use_cases.cancel_job(JOB_ID, "ada")
    assert world.jobs.get(JOB_ID) == moved
