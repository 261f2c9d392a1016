"""Moving jobs from state to state, on fakes."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.domain.errors import (
    ConcurrentUpdate,
    JobCancelled,
    JobFinished,
)
from jobs.domain.job import JobError, JobStatus, Transition
from world_jobs import World, new_world


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


STUCK = {"status": JobStatus.PROCESSING, "version": 2}


def test_a_transition_moves_the_job_on(world: World) -> None:
    world.has(job())
    started = world.use_cases.transition_job(JOB_ID, Transition(JobStatus.PROCESSING), 1)
    done = world.use_cases.transition_job(
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
        world.use_cases.transition_job(JOB_ID, Transition(to), 6)


def test_a_stuck_job_cannot_be_cancelled_but_started_again(world: World) -> None:
    world.has(job(**STUCK))
    world.clock.now = NOW + timedelta(seconds=60)
    with pytest.raises(JobFinished, match="failed"):
        world.use_cases.cancel_job(JOB_ID, "ada")
    moved = world.use_cases.transition_job(JOB_ID, Transition(JobStatus.PROCESSING), 3)
    assert moved.status is JobStatus.PROCESSING


def test_every_change_of_state_is_audited_and_counted(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "audit")
    created = world.create()
    world.use_cases.transition_job(created.job_id, Transition(JobStatus.PROCESSING), 1)
    error = JobError("UNREADABLE_BLUEPRINT", "It is damaged.")
    world.use_cases.transition_job(created.job_id, Transition(JobStatus.FAILED, error=error), 2)
    world.use_cases.transition_job(created.job_id, Transition(JobStatus.PROCESSING), 3)
    world.use_cases.cancel_job(created.job_id, "ada")
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
