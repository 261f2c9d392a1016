from datetime import timedelta

import pytest

from builders_preview import NOW, a_preview, a_work, some_counts
from preview.domain.job import JobError
from preview.domain.page_work import (
    DEFAULT_TIMES,
    MAX_ATTEMPTS,
    TIMED_OUT,
    CountChange,
    PageStatus,
    PageWork,
    all_degraded,
    count_change,
    lowest_error,
)
from preview.domain.preview import Degraded

BROKEN = JobError("UNREADABLE_BLUEPRINT", "The file is broken.")
TIMES = DEFAULT_TIMES
AT_WORK = a_work().begun(NOW, TIMES)
LATER = NOW + timedelta(hours=1)


def begun_often(times: int) -> PageWork:
    work = a_work()
    for _ in range(times):
        work = work.begun(NOW, TIMES).put_back(NOW, TIMES)
    return work


def test_beginning_counts_an_attempt() -> None:
    work = a_work().begun(LATER, TIMES)
    assert (work.status, work.attempts, work.updated_at) == (PageStatus.PROCESSING, 1, LATER)
    assert work.due_at == LATER + TIMES.attempt


def test_the_fifth_attempt_marks_the_page_failed() -> None:
    assert begun_often(MAX_ATTEMPTS - 1).begun(NOW, TIMES).status is PageStatus.PROCESSING
    fifth = begun_often(MAX_ATTEMPTS).begun(NOW, TIMES)
    assert (fifth.status, fifth.error, fifth.due_at) == (PageStatus.FAILED, TIMED_OUT, None)


def test_a_page_at_work_is_taken_up_once_its_worker_must_have_died() -> None:
    work = a_work().begun(NOW, TIMES)
    assert not work.may_begin(NOW + TIMES.attempt - timedelta(seconds=1))
    assert work.may_begin(NOW + TIMES.attempt)


def test_a_page_that_waits_may_begin_and_one_that_ended_may_not() -> None:
    assert a_work().may_begin(NOW)
    waiting = a_work()
    for ended in (waiting.cancelled(NOW), waiting.failed(BROKEN, NOW), waiting.completed(a_preview(), NOW)):
        assert not ended.may_begin(LATER)
        assert ended.due_at is None


def test_asked_for_again_a_page_has_all_attempts_and_no_result() -> None:
    ended = begun_often(MAX_ATTEMPTS).begun(NOW, TIMES)
    again = ended.replaced_by(a_work())
    assert (again.status, again.attempts, again.error) == (PageStatus.QUEUED, 0, None)
    assert again.version == ended.version + 1


def test_a_page_that_waits_is_put_in_again_soon_and_then_every_quarter_of_an_hour() -> None:
    work = a_work()
    assert work.due_at == NOW + TIMES.visibility_timeout
    assert work.requeued(LATER, TIMES).due_at == LATER + TIMES.requeue


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (None, a_work(), CountChange(asked=1)),
        (a_work(), a_work().begun(NOW, TIMES), CountChange(begun=True)),
        (a_work().begun(NOW, TIMES), begun_often(1), CountChange()),
        (
            a_work().begun(NOW, TIMES),
            a_work().begun(NOW, TIMES).completed(a_preview(), NOW),
            CountChange(done=1),
        ),
        (
            a_work().begun(NOW, TIMES),
            a_work().begun(NOW, TIMES).failed(BROKEN, NOW),
            CountChange(done=1, failed=1),
        ),
        (a_work(), a_work().cancelled(NOW), CountChange(asked=-1)),
        (a_work().cancelled(NOW), a_work().cancelled(NOW).replaced_by(a_work()), CountChange(asked=1)),
        (a_work().failed(BROKEN, NOW), a_work().replaced_by(a_work()), CountChange(done=-1, failed=-1)),
        (a_work(round=None), a_work(round=None).begun(NOW, TIMES), CountChange()),
        (a_work(round=None), a_work(round=None).in_round(1), CountChange(asked=1)),
        (a_work().failed(BROKEN, NOW), a_work().replaced_by(a_work(round=2)), CountChange(-1, -1, -1)),
    ],
)
def test_what_a_change_of_a_page_does_to_the_counts(
    before: PageWork | None, after: PageWork, change: CountChange
) -> None:
    assert count_change(before, after, 1) == change


def test_changes_add_up() -> None:
    total = CountChange(asked=1, begun=True) + CountChange(asked=1, done=1, failed=1)
    assert total == CountChange(2, 1, 1, begun=True)
    assert not CountChange()


def test_all_have_ended_when_as_many_are_done_as_were_asked_for() -> None:
    assert some_counts(asked=2, done=2).all_ended
    assert not some_counts(asked=2, done=1).all_ended
    assert not some_counts().all_ended


def test_the_error_is_that_of_the_lowest_page() -> None:
    pages = [a_work(page=3).failed(TIMED_OUT, NOW), a_work(page=2).failed(BROKEN, NOW), a_work(page=1)]
    assert lowest_error(pages) == BROKEN
    assert lowest_error([a_work()]) is None


def test_what_pages_lack_is_named_once_and_in_order() -> None:
    late, unread = Degraded.DEADLINE_REACHED, Degraded.TEXTRACT_UNAVAILABLE
    pages = [a_work(degraded=(late,)), a_work(degraded=(unread, late)), a_work()]
    assert all_degraded(pages) == (unread, late)
