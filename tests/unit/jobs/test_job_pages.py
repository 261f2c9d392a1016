"""How the pages of a job move its state, and what it owes them."""

from datetime import timedelta
from typing import Any

import pytest

from builders_jobs import NOW, job
from jobs.domain.job import Job, JobError, JobStage, JobStatus, Owed, PageReport
from jobs.domain.pages import PageCounts

LATER = NOW + timedelta(seconds=5)
MINUTE = timedelta(seconds=60)
DAMAGED = JobError("UNREADABLE_BLUEPRINT", "It is damaged.")
PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = JobStatus


def report(asked: int, done: int = 0, failed: int = 0, number: int = 5, **more: Any) -> PageReport:
    more.setdefault("begun", done > 0)
    return PageReport(PageCounts(asked, done, failed, number), **more)


def steps(before: Job, told: PageReport) -> list[Job]:
    """The job after each step that a report makes it take."""
    taken: list[Job] = []
    while (after := before.counted(told, LATER)) is not before:
        taken.append(before := after)
    return taken


WAITING = job(pages=PageCounts(3), message="3 pages wait to be previewed.")
AT_WORK = job(status=PROCESSING, pages=PageCounts(3, 1, number=4), progress=33, stage=JobStage.PREVIEW)


@pytest.mark.parametrize(
    ("before", "told", "way"),
    [
        (WAITING, report(3), [PENDING]),
        (WAITING, report(3, begun=True), [PROCESSING]),
        (WAITING, report(3, 2), [PROCESSING]),
        (WAITING, report(3, 3, 2), [PROCESSING, COMPLETED]),
        (WAITING, report(3, 3, 3, error=DAMAGED), [PROCESSING, FAILED]),
        (AT_WORK, report(3, 2, 1), [PROCESSING]),
        (AT_WORK, report(3, 3, 1), [COMPLETED]),
        (AT_WORK, report(3, 3, 3, error=DAMAGED), [FAILED]),
        (job(status=FAILED), report(2), [FAILED]),
        (job(status=FAILED), report(2, begun=True), [PROCESSING]),
        (job(status=FAILED), report(2, 2), [PROCESSING, COMPLETED]),
        (job(status=COMPLETED), report(2, begun=True), [COMPLETED]),
        (job(status=COMPLETED), report(2, 2, 2, error=DAMAGED), [COMPLETED]),
        (job(status=CANCELLED), report(2, 2), []),
    ],
)
def test_a_report_takes_a_job_along_its_way(before: Job, told: PageReport, way: list[JobStatus]) -> None:
    taken = steps(before, told)
    assert [each.status for each in taken] == way
    assert [each.version for each in taken] == [before.version + i + 1 for i in range(len(way))]
    assert all(each.pages == told.counts for each in taken)


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("before", [AT_WORK, job(status=COMPLETED, pages=PageCounts(3, 3, number=4))])
def test_an_older_report_changes_nothing(before: Job, number: int) -> None:
    assert steps(before, report(3, 0, number=number, begun=True)) == []


def test_a_report_twice_changes_nothing() -> None:
    [after] = steps(AT_WORK, report(3, 2))
    assert after.counted(report(3, 2), LATER + MINUTE) is after


def test_progress_is_the_share_of_pages_that_ended_and_never_goes_back() -> None:
    [after] = steps(AT_WORK, report(3, 2))
    assert (after.progress, after.message) == (66, "2 of 3 pages done.")
    [more_asked] = steps(after, report(100, 2, number=6))
    assert more_asked.progress == 66


def test_a_job_that_moves_is_not_taken_for_stuck() -> None:
    [after] = steps(AT_WORK, report(3, 2))
    assert (after.processing_since, after.updated_at) == (LATER, LATER)
    assert not after.has_timed_out(LATER + MINUTE - timedelta(milliseconds=1), MINUTE)


def test_a_job_says_of_all_its_pages_together_what_came_of_them() -> None:
    lacking = ("textract_unavailable",)
    told = report(3, 3, 1, result_s3_key="cache/p1.json", degraded=lacking, rooms=14)
    [after] = steps(AT_WORK, told)
    assert (after.result_s3_key, after.degraded, after.error) == ("cache/p1.json", lacking, None)
    assert (after.progress, after.message, after.processing_since) == (
        100,
        "14 rooms found on 2 of 3 pages; 1 failed.",
        None,
    )


def test_a_completed_job_says_what_a_repair_of_its_page_mended() -> None:
    done = steps(AT_WORK, report(1, 1, degraded=("textract_unavailable",)))[-1]
    [mended] = steps(done, report(1, 1, rooms=12, result_s3_key="cache/p1.json"))
    assert (mended.status, mended.degraded, mended.result_s3_key) == (COMPLETED, (), "cache/p1.json")
    assert mended.message == "12 rooms found on 1 page."


def test_a_failed_job_says_the_error_of_its_pages() -> None:
    [after] = steps(AT_WORK, report(3, 3, 3, error=DAMAGED))
    assert (after.error, after.message, after.processing_since) == (DAMAGED, DAMAGED.message, None)
    [unnamed] = steps(AT_WORK, report(3, 3, 3))
    assert unnamed.error is not None


def test_a_job_that_begins_again_forgets_its_failure() -> None:
    begun = steps(job(status=FAILED, progress=40, degraded=("x",)), report(4, 1))[0]
    assert (begun.status, begun.error, begun.degraded, begun.progress) == (PROCESSING, None, (), 25)


def test_pages_asked_for_after_completion_count_and_leave_the_rest_alone() -> None:
    done = job(status=COMPLETED, progress=100, message="Found 3 rooms", result_s3_key="cache/p1.json")
    [after] = steps(done, report(2, 1))
    assert (after.progress, after.message, after.result_s3_key) == (100, "Found 3 rooms", "cache/p1.json")


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("before", [WAITING, AT_WORK])
def test_a_job_whose_pages_were_all_taken_back_is_as_if_none_had_been_asked_for(
    before: Job, begun: bool
) -> None:
    [after] = steps(before, report(0, begun=begun))
    assert (after.status, after.asked_pages, after.message) == (PENDING, None, None)
    assert (after.stage, after.progress, after.processing_since) == (None, 0, None)


@pytest.mark.parametrize(
    "before",
    [
        job(status=FAILED, error=DAMAGED, pages=PageCounts(2, 2, 2)),
        job(status=COMPLETED, pages=PageCounts(1)),
    ],
)
def test_a_job_that_has_ended_stays_so_when_its_pages_are_taken_back(before: Job) -> None:
    [after] = steps(before, report(0))
    assert (after.status, after.error, after.asked_pages) == (before.status, before.error, None)


def test_what_was_said_before_pages_were_taken_back_brings_none_back() -> None:
    [after] = steps(WAITING, report(0, number=6))
    assert steps(after, report(3, begun=True, number=5)) == []
    assert [each.status for each in steps(after, report(1, begun=True, number=7))] == [PROCESSING]


@pytest.mark.parametrize("pages", [None, PageCounts(0, number=3)])
def test_a_report_of_no_pages_leaves_a_preview_in_progress_alone(pages: PageCounts | None) -> None:
    computing = job(status=PROCESSING, pages=pages, message="Looking for rooms", stage=JobStage.PREVIEW)
    assert steps(computing, report(0, number=4)) == []


OWING = job().owing("1-3", PageCounts(3), LATER)


def test_a_job_owes_its_pages_until_preview_has_them() -> None:
    assert (OWING.owes, OWING.due_at(MINUTE)) == (Owed.PAGES, LATER)
    postponed = OWING.hand_over_postponed(LATER + MINUTE)
    assert (postponed.owes, postponed.due_at(MINUTE)) == (Owed.PAGES, LATER + MINUTE)
    done = postponed.handed_over(PageCounts(3, number=1))
    assert (done.owes, done.due_at(MINUTE), done.owed_pages) == (None, None, None)
    assert done.pages == PageCounts(3, number=1)
    assert (done.status, done.updated_at, done.version) == (PENDING, NOW, 3)


def test_what_preview_said_when_it_took_the_pages_is_not_newer_than_what_it_said_since() -> None:
    counted = OWING.counted(report(3, 1), LATER)
    assert counted.owed_pages == "1-3"
    assert counted.handed_over(PageCounts(3, number=1)).pages == PageCounts(3, 1, 0, 5)


def test_a_job_in_processing_owes_its_end() -> None:
    assert (AT_WORK.owes, AT_WORK.due_at(MINUTE)) == (Owed.END, NOW + MINUTE)
    moved = AT_WORK.still_processing(LATER)
    assert (moved.due_at(MINUTE), moved.updated_at, moved.version) == (LATER + MINUTE, NOW, 2)


@pytest.mark.parametrize("status", [PENDING, COMPLETED, FAILED, CANCELLED])
def test_any_other_job_owes_nothing(status: JobStatus) -> None:
    assert (job(status=status).owes, job(status=status).due_at(MINUTE)) == (None, None)


def test_a_job_that_has_no_more_to_expect_owes_nothing() -> None:
    assert OWING.cancelled(LATER).owes is None
    assert OWING.failed_without_blueprint(LATER).owes is None
