"""How an attempt at a page from the queue ends."""

import pytest

from builders_preview import JOB_ID, a_job
from fakes_preview import FakeJobs, World
from preview.domain.errors import UnreadableBlueprint
from preview.domain.job import JobStatus
from preview.domain.queued_page import PageOutcome


def test_a_page_is_previewed_and_stored(world: World) -> None:
    assert world.use_cases().preview_page(JOB_ID, 1) is PageOutcome.DONE
    assert world.results.read_latest_preview(JOB_ID, 1)


def test_a_page_that_cannot_be_read_has_failed(world: World) -> None:
    world.analyser.page_error = UnreadableBlueprint("It is empty.", "corrupt")
    assert world.use_cases().preview_page(JOB_ID, 1) is PageOutcome.FAILED


@pytest.mark.parametrize("jobs", [FakeJobs(), FakeJobs(a_job(status=JobStatus.CANCELLED))])
def test_nothing_is_done_for_a_job_that_is_gone(jobs: FakeJobs) -> None:
    world = World(jobs=jobs)
    try:
        assert world.use_cases().preview_page(JOB_ID, 1) is PageOutcome.SKIPPED
    finally:
        world.close()
