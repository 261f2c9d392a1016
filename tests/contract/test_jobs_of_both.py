"""What both services say of a job, each in its own code, is the same."""

from jobs.api.errors import JOB_ERROR_CODES
from jobs.domain.job import TIMED_OUT
from jobs.domain.job import JobStatus as StoredStatus
from preview.api.errors import ERROR_TABLE
from preview.domain.job import JobStatus


def test_a_job_has_the_same_states() -> None:
    assert [status.value for status in StoredStatus] == [status.value for status in JobStatus]


def test_jobs_documents_what_preview_fails_a_job_with() -> None:
    reported = {row.job_error for row in ERROR_TABLE.values() if row.job_error}
    assert reported == set(JOB_ERROR_CODES) - {TIMED_OUT.code}
