"""A worker that stops leaves no job in processing."""

import threading

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job
from fakes_preview import PATIENCE_SECONDS, World
from preview.domain.errors import DeadlineExceeded
from preview.domain.job import JobStatus
from preview.domain.preview import Preview

ABANDONED = [JobStatus.PROCESSING, JobStatus.FAILED]


def test_what_runs_and_what_waits_is_abandoned(world: World) -> None:
    begun, release, ended = threading.Event(), threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        assert release.wait(PATIENCE_SECONDS)
        ended.set()

    world.analyser.on_page = hang
    world.jobs.add(a_job(OTHER_JOB_ID, blueprint_hash="0" * 64))
    use_cases = world.use_cases()
    for job_id in (JOB_ID, OTHER_JOB_ID):
        use_cases.start_preview(job_id)
    assert begun.wait(PATIENCE_SECONDS)

    world.background.drain(0)
    for job_id in (JOB_ID, OTHER_JOB_ID):
        assert world.jobs.history[job_id] == ABANDONED
        error = world.jobs.errors[job_id]
        assert error is not None
        assert error.code == "SERVICE_UNAVAILABLE"

    release.set()
    assert ended.wait(PATIENCE_SECONDS)
    world.drain()
    assert world.analyser.pages_drawn == 1, "what waited is not begun any more"
    assert world.jobs.history == {JOB_ID: ABANDONED, OTHER_JOB_ID: ABANDONED}
    for job_id in (JOB_ID, OTHER_JOB_ID):
        assert isinstance(use_cases.get_preview(job_id, OWNER), Preview)
        assert world.jobs.get(job_id, OWNER).status is JobStatus.COMPLETED


def test_what_was_abandoned_does_not_wait_for_others_any_more(world: World) -> None:
    world.background.sleep(0)
    world.background.drain(0)
    with pytest.raises(DeadlineExceeded):
        world.background.sleep(PATIENCE_SECONDS)
