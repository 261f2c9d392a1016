"""Asking for pages, listing them, taking them back, and putting in again what waits too long."""

import pytest

from builders_preview import EXPIRES_AT, JOB_ID, OTHER_JOB_ID, OWNER, a_job
from fakes_preview import FakeJobs, World, too_complex
from preview.domain.errors import InvalidPages, JobCancelled, JobNotFound, PageChanged
from preview.domain.job import JobStatus, JobSummary
from preview.domain.page_work import PageCounts, PageStatus
from preview.domain.queued_page import PageOutcome, QueuedPage
from shared.errors import DependencyUnavailable
from shared.rate_limits import QuotaExceeded

SUMMARY = JobSummary(JOB_ID, OWNER, JobStatus.PENDING, 3, EXPIRES_AT)


@pytest.fixture
def world() -> World:
    return World(jobs=FakeJobs(a_job(page_count=3)))


def ask(world: World, pages: str, *, refresh: bool = False) -> PageCounts:
    return world.use_cases().request_pages(JOB_ID, OWNER, pages, refresh=refresh)


def received(world: World) -> list[int]:
    """The pages that wait in the queue, each as often as it is there; they are taken out of it."""
    found = []
    while page := world.queue.receive(0, 60):
        found.append(page.queued.page)
        world.queue.delete(page)
    return sorted(found)


def statuses(world: World) -> dict[int, PageStatus]:
    return {page.page: page.status for page in world.pages.of_job(JOB_ID)}


def test_pages_are_stored_queued_and_told_to_jobs(world: World) -> None:
    counts = ask(world, "all")
    assert (counts.asked, counts.done, counts.failed) == (3, 0, 0)
    assert statuses(world) == dict.fromkeys((1, 2, 3), PageStatus.QUEUED)
    assert received(world) == [1, 2, 3]
    assert [report.asked for report in world.jobs.reports[JOB_ID]] == [3]


def test_asking_again_changes_nothing(world: World) -> None:
    first = ask(world, "1-2")
    received(world)
    assert ask(world, "1-2") == first
    assert received(world) == []


def test_asking_for_more_adds_to_the_counts(world: World) -> None:
    ask(world, "1")
    received(world)
    assert ask(world, "1-3").asked == 3
    assert received(world) == [2, 3]


def test_what_is_stored_whole_is_done_already(world: World) -> None:
    ask(world, "1")
    world.use_cases().process_page(JOB_ID, 1)
    received(world)
    counts = ask(world, "all")
    assert (counts.asked, counts.done) == (3, 1)
    assert received(world) == [2, 3]


def test_pages_asked_for_after_a_failure_begin_a_new_count(world: World) -> None:
    ask(world, "1-2")
    world.analyser.page_error = too_complex()
    for page in (1, 2):
        world.use_cases().process_page(JOB_ID, page)
    assert world.jobs.get(JOB_ID, None).status is JobStatus.FAILED
    last = world.jobs.reports[JOB_ID][-1].number
    counts = ask(world, "2")
    assert (counts.asked, counts.done, counts.failed) == (1, 0, 0)
    assert counts.number > last
    world.analyser.page_error = None
    world.use_cases().process_page(JOB_ID, 2)
    assert world.jobs.get(JOB_ID, None).status is JobStatus.COMPLETED


def test_jobs_is_told_how_many_rooms_all_pages_have_once_they_have_ended(world: World) -> None:
    ask(world, "1-2")
    for page in (1, 2):
        world.use_cases().process_page(JOB_ID, page)
    *before, last = world.jobs.reports[JOB_ID]
    assert ({report.rooms for report in before}, last.rooms) == ({None}, 2)


def test_pages_asked_for_after_the_end_count_and_leave_the_state(world: World) -> None:
    ask(world, "1")
    world.use_cases().process_page(JOB_ID, 1)
    counts = ask(world, "2")
    assert (counts.asked, counts.done) == (2, 1)
    assert world.jobs.get(JOB_ID, None).status is JobStatus.COMPLETED


@pytest.mark.parametrize("pages", ["", "4", "1-4", "two"])
def test_pages_that_the_document_lacks_are_refused(world: World, pages: str) -> None:
    with pytest.raises(InvalidPages):
        ask(world, pages)
    assert statuses(world) == {}


def test_nothing_is_asked_of_a_cancelled_job_or_anothers(world: World) -> None:
    with pytest.raises(JobNotFound):
        world.use_cases().request_pages(JOB_ID, "somebody", "1")
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    with pytest.raises(JobCancelled):
        ask(world, "1")


def test_pages_that_the_document_lacks_are_told_of_before_the_cancellation(world: World) -> None:
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    with pytest.raises(InvalidPages):
        ask(world, "99")


def test_jobs_may_ask_while_it_answers_nobody_and_again(world: World) -> None:
    world.jobs.switch.down = True
    for _ in range(2):
        world.use_cases().request_pages.for_jobs(SUMMARY, "1-2")
    assert statuses(world) == {1: PageStatus.QUEUED, 2: PageStatus.QUEUED}
    assert received(world) == [1, 2]
    assert world.jobs.reports == {}


def test_what_is_queued_counts_for_the_day_and_what_is_stored_does_not(world: World) -> None:
    ask(world, "1-2")
    ask(world, "1-2")
    assert world.page_quota.taken == {OWNER: 2}
    world.use_cases().process_page(JOB_ID, 1)
    ask(world, "1-3")
    assert world.page_quota.taken == {OWNER: 3}


def test_computing_again_counts_again(world: World) -> None:
    ask(world, "1")
    for taken in (2, 3):
        world.use_cases().process_page(JOB_ID, 1)
        ask(world, "1", refresh=True)
        assert world.page_quota.taken == {OWNER: taken}


@pytest.mark.parametrize("refresh", [False, True])
def test_more_pages_than_a_day_allows_leave_nothing(world: World, refresh: bool) -> None:
    world.page_quota.per_day = 2
    with pytest.raises(QuotaExceeded):
        ask(world, "all", refresh=refresh)
    assert (statuses(world), received(world), world.pages.counts(JOB_ID)) == ({}, [], None)
    assert world.jobs.reports == {}
    assert ask(world, "1-2").asked == 2


def test_a_request_that_meets_another_counts_once(world: World) -> None:
    world.pages.failing_saves = [PageChanged(), PageChanged()]
    ask(world, "1-2")
    assert world.page_quota.taken == {OWNER: 2}


def test_what_jobs_hands_over_was_counted_by_jobs(world: World) -> None:
    world.page_quota.per_day = 0
    world.use_cases().request_pages.for_jobs(SUMMARY, "all")
    assert len(statuses(world)) == 3


def test_pages_whose_messages_were_not_sent_are_found_within_a_minute(world: World) -> None:
    world.queue.failing = DependencyUnavailable("SQS")
    assert ask(world, "1-2").asked == 2
    world.queue.failing = None
    world.use_cases().requeue_pages()
    assert received(world) == []
    world.clock.advance(60)
    world.use_cases().requeue_pages()
    assert received(world) == [1, 2]


def test_a_page_that_waits_on_is_put_in_every_quarter_of_an_hour(world: World) -> None:
    ask(world, "1")
    received(world)
    world.clock.advance(60)
    world.use_cases().requeue_pages()
    assert received(world) == [1]
    for minutes, again in ((14, []), (1, [1]), (14, []), (1, [1])):
        world.clock.advance(60 * minutes)
        world.use_cases().requeue_pages()
        assert received(world) == again


def test_one_job_that_fails_holds_up_no_other(world: World) -> None:
    other = a_job(OTHER_JOB_ID)
    world.jobs.add(other)
    ask(world, "1")
    world.use_cases().request_pages(OTHER_JOB_ID, OWNER, "1")
    world.pages.erase(JOB_ID)
    received(world)
    world.clock.advance(120)
    world.use_cases().requeue_pages()
    again = world.queue.receive(0, 60)
    while again and again.queued.job_id != OTHER_JOB_ID:
        again = world.queue.receive(0, 60)
    assert again
    assert again.queued == QueuedPage(OTHER_JOB_ID, 1)


def test_pages_are_listed_by_number_and_piecewise(world: World) -> None:
    ask(world, "3,1-2")
    use_cases = world.use_cases()
    first = use_cases.list_pages(JOB_ID, OWNER, 2)
    assert ([page.page for page in first.pages], first.last) == ([1, 2], 2)
    rest = use_cases.list_pages(JOB_ID, OWNER, 2, after=2)
    assert ([page.page for page in rest.pages], rest.last) == ([3], None)
    with pytest.raises(JobNotFound):
        use_cases.list_pages(JOB_ID, "somebody", 2)


def test_pages_of_a_cancelled_job_are_listed_as_taken_back(world: World) -> None:
    ask(world, "1-2")
    world.jobs.move(JOB_ID, JobStatus.CANCELLED)
    listed = world.use_cases().list_pages(JOB_ID, OWNER, 10).pages
    assert {page.status for page in listed} == {PageStatus.CANCELLED}


def test_what_waits_is_taken_back_and_what_is_done_stays(world: World) -> None:
    ask(world, "all")
    world.use_cases().process_page(JOB_ID, 1)
    counts = world.use_cases().cancel_pages(JOB_ID, OWNER)
    assert counts
    assert (counts.asked, counts.done) == (1, 1)
    assert statuses(world) == {1: PageStatus.COMPLETED, 2: PageStatus.CANCELLED, 3: PageStatus.CANCELLED}
    assert world.jobs.get(JOB_ID, None).status is JobStatus.COMPLETED


def test_a_page_taken_back_is_not_begun_and_can_be_asked_for_again(world: World) -> None:
    ask(world, "1")
    world.use_cases().cancel_pages(JOB_ID, OWNER)
    assert world.jobs.reports[JOB_ID][-1].asked == 0
    world.use_cases().process_page(JOB_ID, 1)
    assert world.analyser.pages_drawn == 0
    assert ask(world, "1").asked == 1
    assert statuses(world) == {1: PageStatus.QUEUED}


def test_a_job_whose_begun_pages_are_all_taken_back_begins_anew(world: World) -> None:
    ask(world, "1")
    world.text.switch.down = True
    assert world.use_cases().process_page(JOB_ID, 1) is PageOutcome.RETRY
    assert world.jobs.get(JOB_ID, None).status is JobStatus.PROCESSING
    world.use_cases().cancel_pages(JOB_ID, OWNER)
    assert world.jobs.get(JOB_ID, None).status is JobStatus.PENDING
    last = world.jobs.reports[JOB_ID][-1].number
    counts = ask(world, "1-2")
    assert (counts.asked, counts.begun) == (2, False)
    assert counts.number > last
    assert world.jobs.get(JOB_ID, None).status is JobStatus.PENDING


def test_another_page_alone_leaves_the_counts_of_a_failed_job(world: World) -> None:
    ask(world, "1")
    world.analyser.page_error = too_complex()
    world.use_cases().process_page(JOB_ID, 1)
    before = world.pages.counts(JOB_ID)
    world.parameters.seconds = 0.5
    with world.slots.hold(1), world.slots.hold(1):
        world.use_cases().create_preview(JOB_ID, OWNER, 2)
    assert world.pages.get(JOB_ID, 2)
    assert world.pages.counts(JOB_ID) == before


def test_taking_back_what_was_never_asked_for_is_nothing(world: World) -> None:
    assert world.use_cases().cancel_pages(JOB_ID, OWNER) is None


def test_jobs_is_told_whether_anything_is_left_to_do(world: World) -> None:
    use_cases = world.use_cases()
    report, unfinished = use_cases.list_pages.report(JOB_ID)
    assert (report.asked, report.number, unfinished) == (0, 0, False)
    ask(world, "1")
    assert use_cases.list_pages.report(JOB_ID)[1]
    use_cases.process_page(JOB_ID, 1)
    report, unfinished = use_cases.list_pages.report(JOB_ID)
    assert (report.done, unfinished) == (1, False)
