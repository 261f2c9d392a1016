"""What a table of pages does, for DynamoDB and for the fake that stands in for it."""

from datetime import timedelta

import pytest

from builders_preview import EXPIRES_AT, JOB_ID, NOW, OTHER_JOB_ID, a_preview, a_work, some_counts
from fakes_preview import Clock
from fakes_preview_pages import FakePageTable
from preview.adapters.page_table import DynamoPageTable
from preview.domain.blueprint import MAX_PAGES
from preview.domain.errors import PageChanged
from preview.domain.page_work import DEFAULT_TIMES, TIMED_OUT, CountChange
from preview.domain.ports import MAX_SAVED_PAGES, PageTable
from preview.domain.preview import Degraded
from preview.domain.queued_page import QueuedPage
from preview.domain.scale import GivenLength, GivenRatio

TABLE = "location-detection-test-preview-pages"
COUNTS = some_counts()
ASKED = CountChange(asked=1)
TIMES = DEFAULT_TIMES
MINUTE = timedelta(minutes=1)
LENGTH = GivenLength((100.25, 200.0), (400.0, 200.0), 5.2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["table", "fake"])
def pages(request: pytest.FixtureRequest, clock: Clock) -> PageTable:
    if request.param == "fake":
        return FakePageTable(clock)
    return DynamoPageTable(request.getfixturevalue("pages_dynamodb"), TABLE, clock)


@pytest.fixture
def counted(pages: PageTable) -> PageTable:
    """A table with a round of one job and nothing in it."""
    pages.begin_round(COUNTS)
    return pages


def test_a_job_that_nobody_asked_pages_of_has_none(pages: PageTable) -> None:
    assert pages.counts(JOB_ID) is None
    assert pages.get(JOB_ID, 1) is None
    assert pages.of_job(JOB_ID) == []


def test_a_page_comes_back_as_it_was_stored(counted: PageTable) -> None:
    queued = a_work()
    failed = a_work(page=2).begun(NOW, TIMES).failed(TIMED_OUT, NOW)
    degraded = a_preview(degraded=(Degraded.TEXTRACT_UNAVAILABLE,))
    completed = a_work(page=3, round=None).completed(degraded, NOW)
    counted.save([queued, a_work(page=2), a_work(page=3, round=None)], COUNTS, CountChange())
    counted.save([a_work(page=2).begun(NOW, TIMES), completed], COUNTS, CountChange())
    counted.save([failed], COUNTS, CountChange())
    assert counted.get(JOB_ID, 1) == queued
    assert counted.of_job(JOB_ID) == [queued, failed, completed]


def test_pages_are_saved_together_with_the_counts(counted: PageTable) -> None:
    counted.save([a_work(), a_work(page=2)], COUNTS, CountChange(asked=2))
    counted.save([a_work().begun(NOW, TIMES)], COUNTS, CountChange(begun=True))
    counted.save([a_work(page=2).begun(NOW, TIMES)], COUNTS, CountChange(done=1, failed=1))
    found = counted.counts(JOB_ID)
    assert found == some_counts(number=3, asked=2, done=1, failed=1, begun=True)


def test_as_many_pages_as_one_save_takes(counted: PageTable) -> None:
    works = [a_work(page=number) for number in range(1, MAX_SAVED_PAGES + 1)]
    counted.save(works, COUNTS, CountChange(asked=len(works)))
    assert counted.of_job(JOB_ID) == works


def test_a_page_that_changed_meanwhile_is_not_saved_and_nothing_is_counted(counted: PageTable) -> None:
    counted.save([a_work()], COUNTS, ASKED)
    before = counted.counts(JOB_ID)
    for stale in (a_work(), a_work().begun(NOW, TIMES).put_back(NOW, TIMES)):
        with pytest.raises(PageChanged):
            counted.save([a_work(page=2), stale], COUNTS, ASKED)
    assert counted.of_job(JOB_ID) == [a_work()]
    assert counted.counts(JOB_ID) == before


def test_nothing_counts_in_a_round_that_is_over(counted: PageTable) -> None:
    counted.begin_round(some_counts(round=2, number=8))
    with pytest.raises(PageChanged):
        counted.save([a_work()], COUNTS, ASKED)
    assert counted.counts(JOB_ID) == some_counts(round=2, number=8)
    assert counted.of_job(JOB_ID) == []


def test_a_round_begins_once(counted: PageTable) -> None:
    for again in (COUNTS, some_counts(round=3)):
        with pytest.raises(PageChanged):
            counted.begin_round(again)


def test_pages_are_due_until_they_end(counted: PageTable, clock: Clock) -> None:
    early, late = a_work(page=1, due_at=NOW + MINUTE), a_work(page=6, due_at=NOW)
    counted.save([early, late], COUNTS, CountChange(asked=2))
    assert counted.due(NOW, 10) == [QueuedPage(JOB_ID, 6)]
    assert counted.due(NOW + MINUTE, 10) == [QueuedPage(JOB_ID, 6), QueuedPage(JOB_ID, 1)]
    assert counted.due(NOW + MINUTE, 1) == [QueuedPage(JOB_ID, 6)]
    counted.save([late.cancelled(NOW)], COUNTS, CountChange(asked=-1))
    assert counted.due(NOW + MINUTE, 10) == [QueuedPage(JOB_ID, 1)]


def test_what_has_expired_is_absent(counted: PageTable, clock: Clock) -> None:
    counted.save([a_work()], COUNTS, ASKED)
    clock.at = COUNTS.expires_at
    assert counted.counts(JOB_ID) is None
    assert counted.get(JOB_ID, 1) is None
    assert counted.of_job(JOB_ID) == []


def test_erasing_a_job_leaves_nothing_of_it_and_all_of_others(counted: PageTable) -> None:
    other = some_counts(job_id=OTHER_JOB_ID)
    counted.begin_round(other)
    counted.save([a_work(job_id=OTHER_JOB_ID)], other, ASKED)
    counted.save([a_work(page=number) for number in range(1, 61)], COUNTS, CountChange(asked=60))
    counted.erase(JOB_ID)
    assert counted.counts(JOB_ID) is None
    assert counted.of_job(JOB_ID) == []
    assert counted.of_job(OTHER_JOB_ID) == [a_work(job_id=OTHER_JOB_ID)]
    assert counted.due(NOW + MINUTE, 10) == [QueuedPage(OTHER_JOB_ID, 1)]


def test_a_scale_is_kept_until_it_is_given_anew_or_forgotten(pages: PageTable) -> None:
    pages.give_scale(JOB_ID, [1, 3], LENGTH, EXPIRES_AT)
    pages.give_scale(JOB_ID, [3], GivenRatio(62.5), EXPIRES_AT)
    pages.give_scale(OTHER_JOB_ID, [2], GivenRatio(100), EXPIRES_AT)
    assert pages.scales(JOB_ID) == {1: LENGTH, 3: GivenRatio(62.5)}
    assert pages.get_with_scale(JOB_ID, 1) == (None, LENGTH)
    assert pages.get_with_scale(JOB_ID, 2) == (None, None)
    pages.give_scale(JOB_ID, [1, 2], None, EXPIRES_AT)
    assert pages.scales(JOB_ID) == {3: GivenRatio(62.5)}
    assert pages.of_job(JOB_ID) == []
    assert pages.get(JOB_ID, 3) is None


def test_a_scale_and_a_change_of_the_page_do_not_undo_each_other(counted: PageTable) -> None:
    counted.give_scale(JOB_ID, [1], LENGTH, EXPIRES_AT)
    counted.save([a_work()], COUNTS, ASKED)
    assert counted.get_with_scale(JOB_ID, 1) == (a_work(), LENGTH)
    begun = a_work().begun(NOW, TIMES)
    counted.save([begun], COUNTS, CountChange())
    counted.give_scale(JOB_ID, [1], GivenRatio(50), EXPIRES_AT)
    completed = begun.completed(a_preview(), NOW)
    counted.save([completed], COUNTS, CountChange())
    assert counted.get_with_scale(JOB_ID, 1) == (completed, GivenRatio(50))
    assert counted.get(JOB_ID, 1) == begun.completed(a_preview(), NOW)
    assert counted.due(EXPIRES_AT, 10) == []


def test_a_scale_is_of_as_many_pages_as_a_document_has(pages: PageTable) -> None:
    pages.give_scale(JOB_ID, range(1, MAX_PAGES + 1), LENGTH, EXPIRES_AT)
    assert len(pages.scales(JOB_ID)) == MAX_PAGES


def test_a_scale_expires_and_is_erased_with_its_job(pages: PageTable, clock: Clock) -> None:
    pages.give_scale(JOB_ID, [1], LENGTH, clock() + MINUTE)
    pages.give_scale(OTHER_JOB_ID, [1], LENGTH, clock() + 3 * MINUTE)
    clock.advance(120)
    assert (pages.get_with_scale(JOB_ID, 1), pages.scales(JOB_ID)) == ((None, None), {})
    pages.erase(OTHER_JOB_ID)
    assert pages.scales(OTHER_JOB_ID) == {}
