"""Jobs' client of preview against preview's real app."""

from collections.abc import Callable

import pytest

from builders_preview import JOB_ID, OWNER, a_job
from fakes_preview import World
from jobs.adapters.preview_client import HttpPreview
from jobs.domain.erasure import RemovedResults
from jobs.domain.errors import PreviewNotStarted
from preview.domain.job import JobStatus
from shared.errors import DependencyUnavailable
from shared.internal_client import InternalClient

Connect = Callable[[str, str], InternalClient]


@pytest.fixture
def starter(preview_url: str, client_of: Connect) -> HttpPreview:
    return HttpPreview(client_of("preview", preview_url), max_calls=4, max_waiting=2)


def test_a_started_preview_has_moved_the_job_on(starter: HttpPreview, preview_world: World) -> None:
    preview_world.jobs.add(a_job())
    starter.start(JOB_ID)
    assert preview_world.jobs.get(JOB_ID, None).status in (JobStatus.PROCESSING, JobStatus.COMPLETED)


@pytest.mark.parametrize("status", [None, JobStatus.CANCELLED])
def test_a_refusal_is_understood(
    starter: HttpPreview, preview_world: World, status: JobStatus | None
) -> None:
    if status is not None:
        preview_world.jobs.add(a_job(status=status))
    with pytest.raises(PreviewNotStarted):
        starter.start(JOB_ID)


def test_a_preview_that_is_away_is_not_started(client_of: Connect) -> None:
    starter = HttpPreview(client_of("preview", "http://127.0.0.1:9"), max_calls=4, max_waiting=2)
    with pytest.raises(PreviewNotStarted):
        starter.start(JOB_ID)


def test_results_are_erased_and_counted(starter: HttpPreview, preview_world: World) -> None:
    preview_world.jobs.add(a_job())
    preview_world.use_cases().get_preview(JOB_ID, OWNER, 1)
    preview_world.use_cases().get_preview(JOB_ID, OWNER, 2)
    assert starter.delete_results(JOB_ID) == RemovedResults(results=2, analysis=2)
    assert starter.delete_results(JOB_ID) == RemovedResults(results=0, analysis=0)


def test_results_that_cannot_be_erased_are_no_success(starter: HttpPreview, preview_world: World) -> None:
    preview_world.results.switch.down = True
    with pytest.raises(DependencyUnavailable):
        starter.delete_results(JOB_ID)


def test_preview_says_that_it_is_alive(preview_url: str, client_of: Connect) -> None:
    assert client_of("preview", preview_url).is_alive()
