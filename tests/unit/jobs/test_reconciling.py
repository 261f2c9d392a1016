"""What becomes of jobs and files that do not belong together."""

from datetime import timedelta

import pytest

from builders_jobs import JOB_ID, NOW, UPLOAD_ID, job
from jobs.domain.job import BLUEPRINT_MISSING, TIMED_OUT, JobStatus
from jobs.domain.reconciling import Leftover, ReconcileRules, job_id_in, upload_id_in

GRACE = timedelta(minutes=15)
RULES = ReconcileRules(grace=GRACE, processing_timeout=timedelta(seconds=60))
MOMENT = timedelta(milliseconds=1)
PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = JobStatus


@pytest.mark.parametrize("status", [PENDING, PROCESSING])
def test_an_unfinished_job_without_its_file_fails(status: JobStatus) -> None:
    before = job(status=status)
    after = RULES.settled(before, file_is_missing=True, at=NOW + GRACE)
    assert (after.status, after.error, after.processing_since) == (FAILED, BLUEPRINT_MISSING, None)
    assert (after.version, after.updated_at) == (before.version + 1, NOW + GRACE)


@pytest.mark.parametrize("status", [COMPLETED, FAILED, CANCELLED])
def test_a_finished_job_stays_as_it_is_whatever_is_missing(status: JobStatus) -> None:
    before = job(status=status)
    assert RULES.settled(before, file_is_missing=True, at=NOW + GRACE) is before


def test_a_young_job_is_left_alone() -> None:
    before = job()
    assert RULES.settled(before, file_is_missing=True, at=NOW + GRACE - MOMENT) is before


@pytest.mark.parametrize("file_is_missing", [False, True])
def test_a_job_whose_worker_died_is_given_up_at_any_age(file_is_missing: bool) -> None:
    before = job(status=PROCESSING)
    after = RULES.settled(before, file_is_missing=file_is_missing, at=NOW + timedelta(seconds=60))
    assert (after.status, after.error) == (FAILED, TIMED_OUT)


@pytest.mark.parametrize("status", JobStatus)
def test_a_job_with_its_file_and_its_worker_goes_on(status: JobStatus) -> None:
    before = job(status=status, processing_since=NOW + GRACE if status is PROCESSING else None)
    assert RULES.settled(before, file_is_missing=False, at=NOW + GRACE) is before


def test_a_file_is_judged_once_its_grace_is_over() -> None:
    assert not RULES.may_judge(NOW, NOW + GRACE - MOMENT)
    assert RULES.may_judge(NOW, NOW + GRACE)
    assert not RULES.may_judge(NOW + timedelta(minutes=1), NOW)  # stored by a clock that is ahead of ours


def test_what_a_file_is_without_its_job() -> None:
    assert RULES.leftover(None, NOW) is Leftover.ORPHAN
    assert RULES.leftover(NOW - GRACE, NOW) is Leftover.EXPIRED
    assert RULES.leftover(NOW - GRACE + MOMENT, NOW) is None
    assert RULES.leftover(NOW + GRACE, NOW) is None


@pytest.mark.parametrize(
    ("key", "job_id"),
    [
        (f"blueprints/{JOB_ID}/plan.png", JOB_ID),
        (f"blueprints/{JOB_ID}", JOB_ID),
        ("blueprints/", None),
        ("blueprints//plan.png", None),
        ("blueprints/other/plan.png", None),
    ],
)
def test_a_blueprints_key_names_its_job(key: str, job_id: str | None) -> None:
    assert job_id_in(key) == job_id


@pytest.mark.parametrize(
    ("key", "upload_id"),
    [(f"uploads/{UPLOAD_ID}", UPLOAD_ID), ("uploads/", None), (f"uploads/{UPLOAD_ID}/more", None)],
)
def test_an_uploads_key_names_its_upload(key: str, upload_id: str | None) -> None:
    assert upload_id_in(key) == upload_id
