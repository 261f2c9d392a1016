"""Jobs' client of preview against preview's real app."""

from collections.abc import Callable

import pytest

import builders_jobs
from builders_jobs import NOW
from builders_preview import JOB_ID, OWNER, a_job
from fakes_preview import World
from jobs.adapters.preview_client import DELETE_SECONDS, HttpPreview
from jobs.domain import pages as jobs_pages
from jobs.domain.erasure import ErasedResults
from jobs.domain.errors import InvalidRequest, PagesRefused
from jobs.domain.feedback import ROOM_TYPES
from jobs.domain.job import Job, JobStatus
from jobs.domain.pages import PageCounts
from preview.domain import page_ranges
from preview.domain.errors import InvalidPages, NoSuchPage
from preview.domain.job import JobStatus as SeenStatus
from preview.domain.preview import Preview
from preview.domain.room_type import RoomType
from preview.use_cases.erase_results import ERASE_SECONDS
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.internal_client import InternalClient
from shared.timestamps import iso_millis

Connect = Callable[[str, str], InternalClient]
SECONDS = 60.0


@pytest.fixture
def asking(preview_url: str, client_of: Connect) -> HttpPreview:
    return HttpPreview(client_of("preview", preview_url), max_calls=4, max_waiting=2)


def owing(pages: str = "1-2", page_count: int = 3, status: JobStatus = JobStatus.PENDING) -> Job:
    asked = len(jobs_pages.parse_pages(pages, page_count))
    made = builders_jobs.job(job_id=JOB_ID, owner=OWNER, page_count=page_count, status=status)
    return made.owing(pages, PageCounts(asked), NOW)


def test_preview_has_the_pages_once_it_answers(asking: HttpPreview, preview_world: World) -> None:
    counts = asking.request_pages(owing())
    assert (counts.asked, counts.done, counts.failed) == (2, 0, 0)
    assert counts.number > 0
    pages = preview_world.pages.of_job(JOB_ID)
    assert [(page.page, page.unfinished) for page in pages] == [(1, True), (2, True)]


def test_pages_are_requested_twice_and_counted_once(asking: HttpPreview, preview_world: World) -> None:
    first = asking.request_pages(owing())
    assert asking.request_pages(owing()) == first
    assert len(preview_world.pages.of_job(JOB_ID)) == 2


@pytest.mark.parametrize("status", list(JobStatus))
def test_pages_of_a_job_in_any_state_are_taken(asking: HttpPreview, status: JobStatus) -> None:
    """Preview is told what may have changed since: nothing of it makes the promise one that nobody keeps."""
    assert asking.request_pages(owing(status=status)).asked == 2


def test_a_page_that_the_file_lacks_is_refused(asking: HttpPreview) -> None:
    with pytest.raises(PagesRefused):
        asking.request_pages(owing().owing("1-4", PageCounts(4), NOW))


def test_progress_is_told_of_pages_that_wait(asking: HttpPreview) -> None:
    counts = asking.request_pages(owing())
    progress = asking.page_progress(JOB_ID, SECONDS)
    assert progress.unfinished
    assert progress.report is not None
    assert (progress.report.counts, progress.report.begun) == (counts, False)
    assert (progress.report.error, progress.report.degraded) == (None, ())


def test_preview_knows_no_pages_of_a_job_that_never_had_any(asking: HttpPreview) -> None:
    progress = asking.page_progress(JOB_ID, SECONDS)
    assert (progress.report, progress.unfinished) == (None, False)


def test_progress_is_told_of_pages_that_have_ended(asking: HttpPreview, preview_world: World) -> None:
    asking.request_pages(owing("1", page_count=1))
    preview_world.jobs.add(a_job(page_count=1))
    preview_world.use_cases().process_page(JOB_ID, 1)
    progress = asking.page_progress(JOB_ID, SECONDS)
    assert not progress.unfinished
    assert progress.report is not None
    counts = progress.report.counts
    assert (counts.asked, counts.done, counts.failed) == (1, 1, 0)
    assert progress.report.result_s3_key == preview_world.jobs.reports[JOB_ID][-1].result_s3_key
    assert progress.report.rooms == 1
    assert preview_world.jobs.get(JOB_ID, None).status is SeenStatus.COMPLETED


@pytest.mark.parametrize(
    "text",
    ["all", "1", "3", "1-3", "3,1", "2,2", "01", "0", "4", "2-1", "1-4", "", "a", "1,", "1 ", "1\n", "-1"],
)
def test_both_services_read_pages_alike(text: str) -> None:
    try:
        ours = jobs_pages.parse_pages(text, 3)
    except InvalidRequest:
        with pytest.raises((InvalidPages, NoSuchPage)):
            page_ranges.parse_pages(text, 3)
    else:
        assert page_ranges.parse_pages(text, 3) == ours
        assert page_ranges.parse_pages(jobs_pages.format_pages(ours), 3) == ours


def test_a_preview_that_is_away_takes_no_pages(client_of: Connect) -> None:
    asking = HttpPreview(client_of("preview", "http://127.0.0.1:9"), max_calls=4, max_waiting=2)
    with pytest.raises(DependencyUnavailable):
        asking.request_pages(owing())
    with pytest.raises(DependencyUnavailable):
        asking.page_progress(JOB_ID, SECONDS)


def test_results_are_erased_and_counted(asking: HttpPreview, preview_world: World) -> None:
    preview_world.jobs.add(a_job())
    preview_world.use_cases().create_preview(JOB_ID, OWNER, 1)
    preview_world.use_cases().create_preview(JOB_ID, OWNER, 2)
    assert asking.erase_results(JOB_ID) == ErasedResults(results=2, analysis=2)
    assert asking.erase_results(JOB_ID) == ErasedResults(results=0, analysis=0)


def test_pages_that_wait_are_erased_with_the_results(asking: HttpPreview, preview_world: World) -> None:
    asking.request_pages(owing())
    asking.erase_results(JOB_ID)
    assert list(preview_world.pages.of_job(JOB_ID)) == []
    assert asking.page_progress(JOB_ID, SECONDS).report is None


def test_results_that_cannot_be_erased_are_no_success(asking: HttpPreview, preview_world: World) -> None:
    preview_world.results.switch.down = True
    with pytest.raises(DependencyUnavailable):
        asking.erase_results(JOB_ID)


def test_the_rooms_of_a_page_are_read_as_preview_answers_them(
    asking: HttpPreview, preview_world: World
) -> None:
    preview_world.jobs.add(a_job())
    preview = preview_world.use_cases().create_preview(JOB_ID, OWNER, 1)
    assert isinstance(preview, Preview)
    preview_world.jobs.switch.down = True  # preview asks jobs nothing before it answers
    found = asking.read_rooms(JOB_ID, 1)
    assert found is not None
    assert (found.page, found.width_px, found.height_px) == (1, 3300, 2550)
    assert found.computation.model_version == preview.model_version
    assert iso_millis(found.computation.computed_at) == iso_millis(preview.timestamp)
    assert found.room_ids == {room.id for room in preview.rooms}
    assert found.outline(preview.rooms[0].id) == preview.rooms[0].polygon
    assert asking.read_rooms(JOB_ID, 2) is None


def test_a_preview_that_cannot_be_read_is_not_taken_for_none(
    asking: HttpPreview, preview_world: World
) -> None:
    preview_world.results.switch.down = True
    with pytest.raises(DependencyUnavailable):
        asking.read_rooms(JOB_ID, 1)
    with pytest.raises(DependencyFailed):
        asking.read_rooms("nonsense", 1)


def test_both_know_the_same_types_of_rooms() -> None:
    assert tuple(RoomType) == ROOM_TYPES


def test_preview_says_that_it_is_alive(preview_url: str, client_of: Connect) -> None:
    assert client_of("preview", preview_url).is_alive()


def test_jobs_waits_longer_than_preview_may_take_to_erase() -> None:
    assert DELETE_SECONDS > ERASE_SECONDS
