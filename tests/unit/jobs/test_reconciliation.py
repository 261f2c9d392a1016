"""What becomes of jobs and files that do not belong together."""

from datetime import datetime, timedelta

import pytest

from builders_jobs import JOB_ID, NOW, UPLOAD_ID, job
from jobs.domain.job import BLUEPRINT_MISSING, JobStatus
from jobs.domain.reconciliation import Leftover, ReconcileRules, StoredFile, job_id_in, upload_id_in

GRACE = timedelta(minutes=15)
RETENTION = timedelta(days=7)
RULES = ReconcileRules(grace=GRACE, retention=RETENTION, max_early_orphans=100)
MOMENT = timedelta(milliseconds=1)
PENDING, PROCESSING, COMPLETED, FAILED, CANCELLED = JobStatus


@pytest.mark.parametrize("status", [PENDING, PROCESSING])
def test_an_unfinished_job_without_its_file_fails(status: JobStatus) -> None:
    before = job(status=status)
    after = RULES.reconciled(before, file_is_missing=True, at=NOW + GRACE)
    assert (after.status, after.error, after.processing_since) == (FAILED, BLUEPRINT_MISSING, None)
    assert (after.version, after.updated_at) == (before.version + 1, NOW + GRACE)


@pytest.mark.parametrize("status", [COMPLETED, FAILED, CANCELLED])
def test_a_finished_job_stays_as_it_is_whatever_is_missing(status: JobStatus) -> None:
    before = job(status=status)
    assert RULES.reconciled(before, file_is_missing=True, at=NOW + GRACE) is before


def test_a_young_job_is_left_alone() -> None:
    before = job()
    assert RULES.reconciled(before, file_is_missing=True, at=NOW + GRACE - MOMENT) is before


@pytest.mark.parametrize("status", JobStatus)
def test_a_job_with_its_file_goes_on(status: JobStatus) -> None:
    before = job(status=status)
    assert RULES.reconciled(before, file_is_missing=False, at=NOW + GRACE) is before


def test_a_file_is_judged_once_its_grace_is_over() -> None:
    assert not RULES.is_past_grace(NOW, NOW + GRACE - MOMENT)
    assert RULES.is_past_grace(NOW, NOW + GRACE)
    assert not RULES.is_past_grace(NOW + timedelta(minutes=1), NOW)  # stored by a clock that is ahead of ours


def test_what_a_file_is_when_its_job_is_over() -> None:
    file = StoredFile(f"blueprints/{JOB_ID}/plan.png", NOW)
    assert RULES.leftover(file, NOW - GRACE, NOW) is Leftover.EXPIRED
    assert RULES.leftover(file, NOW - GRACE + MOMENT, NOW) is None
    assert RULES.leftover(file, NOW + GRACE, NOW) is None


CREATED = NOW.replace(microsecond=0)  # what JOB_ID tells
AGES_AGO = NOW - timedelta(days=999)


@pytest.mark.parametrize(
    ("name", "stored_at", "at", "leftover"),
    [
        (f"{JOB_ID}/plan.png", AGES_AGO, CREATED + RETENTION - MOMENT, Leftover.EARLY_ORPHAN),
        (f"{JOB_ID}/plan.png", CREATED + RETENTION, CREATED + RETENTION, Leftover.ORPHAN),
        (f"{JOB_ID}/plan.png", AGES_AGO, CREATED - timedelta(days=1), Leftover.EARLY_ORPHAN),
        ("job_000001/plan.png", NOW, NOW + RETENTION - MOMENT, Leftover.EARLY_ORPHAN),
        ("job_000001/plan.png", NOW, NOW + RETENTION, Leftover.ORPHAN),
        ("job_20261399999999_x/plan.png", NOW, NOW, Leftover.EARLY_ORPHAN),
        ("job_20261399999999_x/plan.png", AGES_AGO, NOW, Leftover.ORPHAN),
        ("no-id-of-a-job", NOW, NOW, Leftover.EARLY_ORPHAN),
        ("no-id-of-a-job", AGES_AGO, NOW, Leftover.ORPHAN),
    ],
)
def test_an_orphan_is_early_until_its_job_can_have_expired(
    name: str, stored_at: datetime, at: datetime, leftover: Leftover
) -> None:
    assert RULES.leftover(StoredFile(f"blueprints/{name}", stored_at), None, at) is leftover


@pytest.mark.parametrize(("found", "too_many"), [(0, False), (100, False), (101, True)])
def test_more_early_orphans_than_the_limit_are_too_many(found: int, too_many: bool) -> None:
    assert RULES.too_many_orphans(found) is too_many


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
