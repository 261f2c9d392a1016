"""The states of a job and the ways between them."""

from datetime import timedelta

import pytest

from builders_jobs import NOW, job
from jobs.domain.errors import ConcurrentUpdate, InvalidJobId, JobCancelled, JobFinished
from jobs.domain.job import TIMED_OUT, TRANSITIONS, JobError, JobStage, JobStatus, Transition, check_job_id

LATER = NOW + timedelta(seconds=5)
MINUTE = timedelta(seconds=60)
PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = JobStatus

ALLOWED = {
    (PENDING, PROCESSING),
    (PROCESSING, COMPLETED),
    (PROCESSING, FAILED),
    (PENDING, CANCELLED),
    (PROCESSING, CANCELLED),
    (FAILED, PROCESSING),
}


def test_the_transition_table_is_the_specified_one() -> None:
    assert {(a, b) for a, targets in TRANSITIONS.items() for b in targets} == ALLOWED
    assert set(TRANSITIONS) == set(JobStatus)


@pytest.mark.parametrize("before", JobStatus)
@pytest.mark.parametrize("to", [PROCESSING, COMPLETED, FAILED])
def test_a_change_goes_only_where_the_table_leads(before: JobStatus, to: JobStatus) -> None:
    old = job(status=before)
    if (before, to) in ALLOWED:
        moved = old.moved(Transition(to, error=JobError("X", "x") if to is FAILED else None), LATER)
        assert (moved.status, moved.version, moved.updated_at) == (to, 2, LATER)
    else:
        with pytest.raises((JobCancelled, JobFinished, ConcurrentUpdate)):
            old.moved(Transition(to), LATER)


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (CANCELLED, JobCancelled),
        (COMPLETED, JobFinished),
        (PENDING, ConcurrentUpdate),
    ],
)
def test_a_refusal_says_what_stands_in_the_way(status: JobStatus, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        job(status=status).moved(Transition(FAILED, error=JobError("X", "x")), LATER)


@pytest.mark.parametrize("status", [PENDING, PROCESSING])
def test_cancel_ends_a_job_that_is_not_finished(status: JobStatus) -> None:
    cancelled = job(status=status).cancelled(LATER)
    assert (cancelled.status, cancelled.version, cancelled.processing_since) == (CANCELLED, 2, None)


@pytest.mark.parametrize("status", [COMPLETED, FAILED, CANCELLED])
def test_cancel_refuses_a_finished_job_and_says_which(status: JobStatus) -> None:
    with pytest.raises(JobFinished, match=f"already {status}"):
        job(status=status).cancelled(LATER)


def test_processing_starts_afresh_after_a_failure() -> None:
    started = job(status=FAILED, progress=40).moved(Transition(PROCESSING), LATER)
    assert started.error is None
    assert started.progress == 0
    assert started.stage is JobStage.PREVIEW
    assert started.processing_since == LATER


def test_completing_keeps_what_is_not_said_and_fills_progress() -> None:
    working = job(status=PROCESSING, stage=JobStage.PREVIEW)
    done = working.moved(Transition(COMPLETED, message="3 rooms", result_s3_key="cache/x.json"), LATER)
    assert (done.progress, done.stage, done.message) == (100, JobStage.PREVIEW, "3 rooms")
    assert (done.result_s3_key, done.processing_since) == ("cache/x.json", None)


def test_a_job_that_begins_again_lacks_nothing_yet() -> None:
    assert (
        job(status=FAILED, degraded=("deadline_reached",)).moved(Transition(PROCESSING), LATER).degraded == ()
    )


@pytest.mark.parametrize(("seconds", "expected"), [(59.999, False), (60, True), (3600, True)])
def test_processing_times_out_after_its_limit(seconds: float, expected: bool) -> None:
    assert job(status=PROCESSING).has_timed_out(NOW + timedelta(seconds=seconds), MINUTE) is expected


@pytest.mark.parametrize("status", [PENDING, COMPLETED, FAILED, CANCELLED])
def test_only_processing_times_out(status: JobStatus) -> None:
    assert not job(status=status).has_timed_out(NOW + timedelta(days=1), MINUTE)


def test_a_given_up_job_says_why_and_can_be_tried_again() -> None:
    failed = job(status=PROCESSING).failed_by_timeout(LATER)
    assert (failed.status, failed.error) == (FAILED, TIMED_OUT)
    assert failed.moved(Transition(PROCESSING), LATER).status is PROCESSING


@pytest.mark.parametrize(
    "text", ["job_x", "job_20260301120000_0123456789abc", "job_" + "a" * 80, "job_A-b_9"]
)
def test_what_could_be_a_job_id_passes(text: str) -> None:
    check_job_id(text)


@pytest.mark.parametrize(
    "text", ["", "job_", "JOB_x", "job_ä", "up_x", "job_" + "a" * 81, "job_x\n", "job_x y"]
)
def test_what_cannot_be_a_job_id_is_refused(text: str) -> None:
    with pytest.raises(InvalidJobId):
        check_job_id(text)
