"""A page that a request is answered with at once is a page of its job, as one that a worker previewed."""

from collections.abc import Callable, Sequence

import pytest

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER, a_job
from fakes_preview import FakeJobs, FakeResultStore, World, too_complex
from fakes_preview_pages import FakePageTable
from preview.domain.errors import JobCancelled, JobNotFound, PageChanged, UnreadableBlueprint
from preview.domain.job import JobStatus
from preview.domain.page_work import DEFAULT_TIMES, CountChange, PageCounts, PageStatus, PageWork
from preview.domain.preview import Degraded, Preview
from preview.domain.queued_page import PageOutcome
from shared.errors import DependencyUnavailable


@pytest.fixture
def world() -> World:
    return World(jobs=FakeJobs(a_job(page_count=3)))


def preview_of(world: World, page: int = 1, *, job_id: str = JOB_ID, refresh: bool = False) -> Preview:
    found = world.use_cases().create_preview(job_id, OWNER, page, refresh=refresh)
    assert isinstance(found, Preview)
    return found


def ask(world: World, pages: str, *, refresh: bool = False) -> None:
    world.use_cases().request_pages(JOB_ID, OWNER, pages, refresh=refresh)


def recorded(world: World, page: int = 1, job_id: str = JOB_ID) -> PageWork:
    work = world.pages.get(job_id, page)
    assert work
    return work


def counted(world: World, job_id: str = JOB_ID) -> tuple[int, int, int]:
    counts = world.pages.counts(job_id)
    return (counts.asked, counts.done, counts.failed) if counts else (0, 0, 0)


def status(world: World, job_id: str = JOB_ID) -> JobStatus:
    return world.jobs.get(job_id, None).status


def test_page_1_is_completed_and_counts_among_the_pages_of_its_job(world: World) -> None:
    preview_of(world)
    page = recorded(world)
    assert (page.status, page.rooms, page.degraded, page.due_at) == (PageStatus.COMPLETED, 1, (), None)
    assert counted(world) == (1, 1, 0)
    assert world.jobs.get(JOB_ID, OWNER).counted
    assert [report.rooms for report in world.jobs.reports[JOB_ID]] == [1]


def test_another_page_is_completed_and_does_not_count(world: World) -> None:
    preview_of(world, 2)
    assert recorded(world, 2).status is PageStatus.COMPLETED
    assert counted(world) == (0, 0, 0)
    assert (status(world), world.jobs.reports) == (JobStatus.PENDING, {})


def test_what_was_answered_is_not_queued_again(world: World) -> None:
    preview_of(world)
    preview_of(world, 2)
    ask(world, "all")
    assert counted(world) == (3, 2, 0)
    received = world.queue.receive(0, 60)
    assert received
    assert received.queued.page == 3
    assert world.queue.receive(0, 60) is None


def test_a_page_from_the_cache_is_recorded_for_its_own_job(world: World) -> None:
    preview_of(world)
    world.jobs.add(a_job(OTHER_JOB_ID))
    assert preview_of(world, job_id=OTHER_JOB_ID).cached
    assert recorded(world, job_id=OTHER_JOB_ID).status is PageStatus.COMPLETED
    assert counted(world, OTHER_JOB_ID) == (1, 1, 0)


def test_a_repeated_preview_writes_and_tells_nothing(world: World) -> None:
    preview_of(world)
    world.clock.advance(60)
    before, told = recorded(world), len(world.jobs.reports[JOB_ID])
    world.pages.failing_saves = [DependencyUnavailable("a fake")]
    preview_of(world)
    assert (recorded(world), len(world.jobs.reports[JOB_ID])) == (before, told)
    assert world.pages.failing_saves, "nothing was saved"


@pytest.mark.parametrize("cause", [DependencyUnavailable("a fake"), PageChanged()])
def test_a_page_that_cannot_be_recorded_is_answered_and_recorded_next_time(
    world: World, cause: Exception
) -> None:
    world.pages.failing_saves = [cause] * 10
    assert preview_of(world).degraded == (Degraded.STATE_NOT_SAVED,)
    assert status(world) is JobStatus.PROCESSING
    world.pages.failing_saves = []
    assert preview_of(world).degraded == ()
    assert recorded(world).status is PageStatus.COMPLETED
    assert counted(world) == (1, 1, 0)


def test_jobs_that_were_not_told_are_told_next_time(world: World) -> None:
    world.jobs.report_switch.down = True
    assert preview_of(world).degraded == (Degraded.STATE_NOT_SAVED,)
    world.jobs.report_switch.down = False
    preview_of(world)
    assert world.jobs.reports == {}, "who recorded the page tells jobs at this moment"
    world.clock.advance(60)
    preview_of(world)
    assert [report.done for report in world.jobs.reports[JOB_ID]] == [1]


def test_a_page_that_waits_is_done_and_its_worker_has_nothing_to_do(world: World) -> None:
    ask(world, "1-2")
    preview_of(world, 2)
    assert counted(world) == (2, 1, 0)
    assert [report.done for report in world.jobs.reports[JOB_ID]] == [0, 1]
    assert world.use_cases().process_page(JOB_ID, 2) is PageOutcome.SKIPPED
    assert world.use_cases().process_page(JOB_ID, 1) is PageOutcome.DONE
    assert status(world) is JobStatus.COMPLETED


def test_pages_asked_for_while_page_1_is_computed_move_the_job(world: World) -> None:
    world.analyser.on_page = lambda: ask(world, "2-3")
    assert preview_of(world).degraded == ()
    assert (counted(world), status(world)) == ((3, 1, 0), JobStatus.PROCESSING)
    world.analyser.on_page = lambda: None
    for page in (2, 3):
        assert world.use_cases().process_page(JOB_ID, page) is PageOutcome.DONE
    assert status(world) is JobStatus.COMPLETED


def test_a_page_that_is_to_be_computed_again_is_left_to_its_worker(world: World) -> None:
    preview_of(world)
    ask(world, "1", refresh=True)
    preview_of(world)
    assert recorded(world).status is PageStatus.QUEUED


def test_a_page_that_a_worker_has_begun_is_left_to_it(world: World) -> None:
    ask(world, "1")
    counts = world.pages.counts(JOB_ID)
    assert counts
    begun = recorded(world).begun(world.clock(), DEFAULT_TIMES)
    world.pages.save([begun], counts, CountChange(begun=True))
    preview_of(world)
    assert recorded(world) == begun


def test_a_page_that_a_worker_ends_meanwhile_counts_once(world: World) -> None:
    ask(world, "1")
    world.pages.failing_saves = [PageChanged()]
    preview_of(world)
    assert counted(world) == (1, 1, 0)


def test_a_degraded_page_is_recorded_and_then_repaired(world: World) -> None:
    world.text.switch.down = True
    preview_of(world)
    assert recorded(world).degraded == (Degraded.TEXTRACT_UNAVAILABLE,)
    world.text.switch.down = False
    preview_of(world)
    assert recorded(world).degraded == ()
    assert world.jobs.get(JOB_ID, OWNER).degraded == ()
    assert counted(world) == (1, 1, 0)


def listed(world: World) -> list[tuple[int, PageStatus, str | None]]:
    """What the list of pages says: number, status and the error's code."""
    pages = world.use_cases().list_pages(JOB_ID, OWNER, 100).pages
    return [(page.page, page.status, page.error.code if page.error else None) for page in pages]


@pytest.mark.parametrize("page", [1, 2])
def test_a_page_that_cannot_be_drawn_is_listed_as_failed(world: World, page: int) -> None:
    world.analyser.page_error = too_complex()
    with pytest.raises(UnreadableBlueprint):
        preview_of(world, page)
    assert listed(world) == [(page, PageStatus.FAILED, "UNREADABLE_BLUEPRINT")]
    assert counted(world) == ((1, 1, 1) if page == 1 else (0, 0, 0))
    assert status(world) is (JobStatus.FAILED if page == 1 else JobStatus.PENDING)


def test_a_preview_that_cannot_be_read_later_is_listed_as_failed(world: World) -> None:
    world.analyser.naming_late = True
    preview_of(world)
    assert listed(world) == [(1, PageStatus.FAILED, "SERVICE_UNAVAILABLE")]
    assert status(world) is JobStatus.FAILED


def test_a_failed_page_is_completed_by_the_next_request(world: World) -> None:
    world.analyser.page_error = too_complex()
    for _ in range(2):
        with pytest.raises(UnreadableBlueprint):
            preview_of(world)
        assert status(world) is JobStatus.FAILED
    world.analyser.page_error = None
    preview_of(world)
    assert listed(world) == [(1, PageStatus.COMPLETED, None)]
    assert (counted(world), status(world)) == ((1, 1, 0), JobStatus.COMPLETED)


@pytest.mark.parametrize("degraded", [False, True])
def test_a_completed_page_stays_so_where_it_cannot_be_computed_again(world: World, degraded: bool) -> None:
    world.text.switch.down = degraded
    preview_of(world)
    world.analyser.page_error = too_complex()
    with pytest.raises(UnreadableBlueprint):
        preview_of(world, refresh=True)
    assert listed(world) == [(1, PageStatus.COMPLETED, None)]
    assert status(world) is JobStatus.COMPLETED


def test_a_page_that_waits_is_left_to_its_worker_where_a_caller_fails(world: World) -> None:
    ask(world, "1")
    world.analyser.page_error = too_complex()
    with pytest.raises(UnreadableBlueprint):
        preview_of(world)
    assert listed(world) == [(1, PageStatus.QUEUED, None)]


def test_a_failed_page_of_a_cancelled_job_is_not_recorded(world: World) -> None:
    world.analyser.page_error = too_complex()
    world.analyser.on_page = lambda: world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    with pytest.raises(UnreadableBlueprint):
        preview_of(world)
    assert listed(world) == []


def test_a_failed_job_is_completed_by_page_1_in_a_new_count(world: World) -> None:
    ask(world, "1-2")
    world.analyser.page_error = too_complex()
    for page in (1, 2):
        world.use_cases().process_page(JOB_ID, page)
    assert (counted(world), status(world)) == ((2, 2, 2), JobStatus.FAILED)
    world.analyser.page_error = None
    preview_of(world)
    assert (counted(world), status(world)) == ((1, 1, 0), JobStatus.COMPLETED)


def test_pages_that_jobs_has_yet_to_hand_over_are_left_to_it(world: World) -> None:
    world.jobs.add(a_job(page_count=3, counted=True))
    preview_of(world)
    assert (world.pages.of_job(JOB_ID), world.pages.counts(JOB_ID)) == ([], None)
    assert status(world) is JobStatus.PENDING


class CancellingResults(FakeResultStore):
    """``on_written`` is called after a preview is written."""

    on_written: Callable[[], None] = staticmethod(lambda: None)

    def write_preview(self, preview: Preview) -> None:
        super().write_preview(preview)
        self.on_written()


class ErasingPages(FakePageTable):
    """``on_save`` is called before pages are saved."""

    on_save: Callable[[], None] = staticmethod(lambda: None)

    def save(self, pages: Sequence[PageWork], counts: PageCounts, change: CountChange) -> None:
        self.on_save()
        super().save(pages, counts, change)


@pytest.mark.parametrize("page", [1, 2])
def test_a_job_cancelled_meanwhile_gets_no_completed_page(world: World, page: int) -> None:
    world.results = results = CancellingResults()
    results.on_written = lambda: world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    with pytest.raises(JobCancelled):
        preview_of(world, page)
    assert world.pages.of_job(JOB_ID) == []


@pytest.mark.parametrize("page", [1, 2])
def test_a_job_erased_while_its_page_is_recorded_keeps_none(world: World, page: int) -> None:
    world.pages = pages = ErasingPages(world.clock)
    pages.on_save = lambda: world.jobs.forget(JOB_ID)
    with pytest.raises(JobNotFound):
        preview_of(world, page)
    assert (world.pages.of_job(JOB_ID), world.pages.counts(JOB_ID)) == ([], None)
