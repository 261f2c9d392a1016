"""Preview's client of jobs against jobs' real app."""

from collections.abc import Callable
from typing import Any

import pytest

from builders_jobs import JOB_ID, job
from jobs.domain.job import JobStatus as Stored
from preview.adapters.jobs_client import HttpJobs
from preview.domain.errors import ConcurrentUpdate, JobCancelled, JobNotFound
from preview.domain.job import Job, JobError, JobStatus, StateChange
from shared.internal_client import InternalClient

PROCESSING = StateChange(JobStatus.PROCESSING, 10, "Looking for rooms")


@pytest.fixture
def jobs(jobs_url: str, client_of: Callable[[str, str], InternalClient]) -> HttpJobs:
    return HttpJobs(client_of("jobs", jobs_url))


def test_a_job_is_read_with_all_that_preview_needs(jobs: HttpJobs, job_table: Any) -> None:
    stored = job()
    job_table.insert(stored)
    assert jobs.get(JOB_ID, "ada") == Job(
        job_id=JOB_ID,
        owner="ada",
        version=stored.version,
        status=JobStatus.PENDING,
        blueprint_s3_key=stored.blueprint_s3_key,
        blueprint_format="png",
        blueprint_hash=stored.blueprint_hash,
        blueprint_size_bytes=stored.blueprint_size_bytes,
        page_count=1,
    )
    assert jobs.get(JOB_ID, None).owner == "ada"


@pytest.mark.parametrize("status", list(JobStatus))
def test_every_state_is_understood(jobs: HttpJobs, job_table: Any, status: JobStatus) -> None:
    job_table.insert(job(status=Stored(status.value)))
    assert jobs.get(JOB_ID, "ada").status is status


def test_a_job_of_another_owner_is_not_found(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job())
    for job_id, owner in ((JOB_ID, "bob"), ("job_unknown", "ada")):
        with pytest.raises(JobNotFound):
            jobs.get(job_id, owner)


def test_a_job_goes_through_processing_to_completed(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job())
    begun = jobs.change(jobs.get(JOB_ID, "ada"), PROCESSING)
    assert (begun.status, begun.version) == (JobStatus.PROCESSING, job().version + 1)
    assert (job_table.get(JOB_ID).stage, job_table.get(JOB_ID).progress) == ("preview", 10)
    done = jobs.change(begun, StateChange(JobStatus.COMPLETED, 100, "Found 3 rooms", "cache/preview/x.json"))
    stored = job_table.get(JOB_ID)
    assert done.status is JobStatus.COMPLETED
    assert (stored.progress, stored.message, stored.result_s3_key) == (
        100,
        "Found 3 rooms",
        "cache/preview/x.json",
    )


def test_a_failure_leaves_its_reason_on_the_job(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job(status=Stored.PROCESSING))
    error = JobError("UNREADABLE_BLUEPRINT", "It is damaged.")
    failed = StateChange(JobStatus.FAILED, 100, error.message, error=error)
    assert jobs.change(jobs.get(JOB_ID, "ada"), failed).status is JobStatus.FAILED
    stored = job_table.get(JOB_ID)
    assert (stored.error.code, stored.error.message) == (error.code, error.message)


def test_the_loser_of_a_race_is_told(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job())
    seen = jobs.get(JOB_ID, "ada")
    jobs.change(seen, PROCESSING)
    with pytest.raises(ConcurrentUpdate):
        jobs.change(seen, PROCESSING)


def test_a_cancelled_job_is_not_moved(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job(status=Stored.CANCELLED))
    with pytest.raises(JobCancelled):
        jobs.change(jobs.get(JOB_ID, "ada"), PROCESSING)


def test_a_completed_job_is_not_moved(jobs: HttpJobs, job_table: Any) -> None:
    job_table.insert(job(status=Stored.COMPLETED))
    with pytest.raises(ConcurrentUpdate):
        jobs.change(jobs.get(JOB_ID, "ada"), PROCESSING)


def test_jobs_says_that_it_is_alive(jobs_url: str, client_of: Callable[[str, str], InternalClient]) -> None:
    assert client_of("jobs", jobs_url).is_alive()
