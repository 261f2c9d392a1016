"""A job is erased while its preview is made, at every moment that there is: nothing of it stays."""

from typing import Any

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job
from fakes_preview import World, too_complex
from preview.domain.erased_results import ErasedResults
from preview.domain.errors import InvalidJobId, JobNotFound
from preview.domain.preview import Degraded, Preview
from preview.domain.queued_page import PageOutcome
from shared.errors import DependencyUnavailable


def preview_of(world: World, job_id: str = JOB_ID, page: int = 1, *, refresh: bool = False) -> Preview:
    found = world.use_cases().create_preview(job_id, OWNER, page, refresh=refresh)
    assert isinstance(found, Preview)
    return found


def erase(world: World, job_id: str = JOB_ID) -> None:
    """As the jobs service does it: the job is hidden, then its results are erased."""
    world.jobs.forget(job_id)
    world.use_cases().erase_results(job_id)


def erased_at(world: World, moment: str, when: str) -> None:
    """Erase the job right before or after a part of the world does this for the first time."""
    name, method = moment.split(".")
    part = getattr(world, name)
    original = getattr(part, method)

    def meanwhile(*args: Any) -> Any:
        setattr(part, method, original)
        if when == "before":
            erase(world)
        done = original(*args)
        if when == "after":
            erase(world)
        return done

    setattr(part, method, meanwhile)


def is_gone(world: World, job_id: str = JOB_ID) -> None:
    assert (world.cache.keys_of(job_id), world.results.keys_of(job_id)) == (set(), set())


MOMENTS = [
    "cache.get",
    "cache.take_lease",
    "blueprints.download",
    "analyser.page",
    "text.read",
    "results.write_analysis",
    "results.write_preview",
    "cache.put",
]
before_and_after = pytest.mark.parametrize("when", ["before", "after"])


@before_and_after
@pytest.mark.parametrize(
    ("page", "moment"),
    [*((page, moment) for page in (1, 2) for moment in MOMENTS), (1, "jobs.transition")],
)
def test_an_erasure_beats_the_preview_being_made(world: World, moment: str, when: str, page: int) -> None:
    erased_at(world, moment, when)
    with pytest.raises(JobNotFound):
        preview_of(world, page=page)
    is_gone(world)


@before_and_after
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_erasure_beats_a_refresh_of_a_completed_job(world: World, moment: str, when: str) -> None:
    preview_of(world)
    erased_at(world, moment, when)
    with pytest.raises(JobNotFound):
        preview_of(world, refresh=True)
    is_gone(world)


@before_and_after
@pytest.mark.parametrize("moment", ["cache.refill", "results.read_preview"])
def test_an_erasure_beats_what_is_put_into_the_cache_again(world: World, moment: str, when: str) -> None:
    preview_of(world)
    world.clock.advance(4000)
    erased_at(world, moment, when)
    with pytest.raises(JobNotFound):
        preview_of(world)
    is_gone(world)


@before_and_after
@pytest.mark.parametrize(
    "moment", ["results.read_analysis", "results.write_analysis", "results.write_preview"]
)
def test_an_erasure_beats_a_copy_of_anothers_results(world: World, moment: str, when: str) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world, OTHER_JOB_ID)
    erased_at(world, moment, when)
    with pytest.raises(JobNotFound):
        preview_of(world)
    is_gone(world)
    assert preview_of(world, OTHER_JOB_ID).cached, "the other job keeps its own"


@before_and_after
def test_an_erasure_beats_a_file_that_cannot_be_drawn(world: World, when: str) -> None:
    world.analyser.page_error = too_complex()
    erased_at(world, "cache.put", when)
    with pytest.raises(JobNotFound):
        preview_of(world)
    is_gone(world)


def test_an_erasure_beats_a_worker(world: World) -> None:
    world.use_cases().request_pages(JOB_ID, OWNER, "1")
    erased_at(world, "results.write_preview", "before")
    assert world.use_cases().process_page(JOB_ID, 1) is PageOutcome.SKIPPED
    is_gone(world)
    assert world.pages.of_job(JOB_ID) == []


def test_another_job_of_the_same_file_goes_on_with_its_own_results(world: World) -> None:
    world.jobs.add(a_job(OTHER_JOB_ID))
    preview_of(world)
    preview_of(world, OTHER_JOB_ID)
    erase(world)
    is_gone(world)
    again = preview_of(world, OTHER_JOB_ID)
    assert (again.cached, len(world.text.calls)) == (True, 1)
    assert world.cache.keys_of(OTHER_JOB_ID), "refilled as its own"


def test_erasing_counts_and_may_be_repeated(world: World) -> None:
    preview_of(world)
    preview_of(world, page=2)
    assert world.use_cases().erase_results(JOB_ID) == ErasedResults(results=2, analysis=2)
    assert world.use_cases().erase_results(JOB_ID) == ErasedResults(results=0, analysis=0)
    with pytest.raises(InvalidJobId):
        world.use_cases().erase_results("nonsense")


def test_results_that_cannot_be_erased_are_an_error(world: World) -> None:
    preview_of(world)
    world.results.switch.down = True
    with pytest.raises(DependencyUnavailable):
        world.use_cases().erase_results(JOB_ID)


def test_a_job_that_cannot_be_looked_at_afterwards_is_previewed_all_the_same(world: World) -> None:
    def away() -> None:
        world.jobs.switch.down = True

    world.text.on_read = away
    assert preview_of(world).degraded == (Degraded.STATE_NOT_SAVED,)
