from collections.abc import Iterator

import pytest

from builders_preview import JOB_ID, OWNER, a_job
from fakes_preview_peer import JobsPeer, running
from preview.adapters.jobs_client import HttpJobs
from preview.domain.errors import ConcurrentUpdate, JobCancelled, JobNotFound
from preview.domain.job import JobError, JobStatus, Transition
from shared.auth import InternalToken, Token
from shared.cached_value import CachedValue
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.retry import Backoff

BEGIN = Transition(JobStatus.PROCESSING, 10, "Looking for rooms")


@pytest.fixture
def peer() -> Iterator[JobsPeer]:
    with running(JobsPeer()) as peer:
        peer.add(a_job())
        yield peer


@pytest.fixture
def jobs(peer: JobsPeer) -> Iterator[HttpJobs]:
    token = InternalToken(CachedValue("token", lambda: Token("inner", None), 300))
    client = InternalClient("jobs", peer.url, token, Backoff(retries=0), Metrics("preview", "test"))
    yield HttpJobs(client)
    client.close()


def test_a_job_is_read_as_the_peer_has_it(peer: JobsPeer, jobs: HttpJobs) -> None:
    assert jobs.get(JOB_ID, OWNER) == a_job()
    assert jobs.get(JOB_ID, None) == a_job()
    assert peer.tokens == {"Bearer inner"}


def test_the_owner_is_passed_on(jobs: HttpJobs) -> None:
    with pytest.raises(JobNotFound):
        jobs.get(JOB_ID, "other")
    with pytest.raises(JobNotFound):
        jobs.get("job_unknown", OWNER)


def test_a_change_is_written_on_the_version_that_was_read(peer: JobsPeer, jobs: HttpJobs) -> None:
    begun = jobs.transition(a_job(), BEGIN)
    assert (begun.status, begun.version) == (JobStatus.PROCESSING, 2)
    assert peer.transitions == [
        {
            "to": "processing",
            "expected_version": 1,
            "stage": "preview",
            "progress": 10,
            "message": "Looking for rooms",
        }
    ]
    with pytest.raises(ConcurrentUpdate):
        jobs.transition(a_job(), BEGIN)


def test_result_and_error_are_sent_where_there_are_any(peer: JobsPeer, jobs: HttpJobs) -> None:
    degraded = ("textract_unavailable",)
    jobs.transition(a_job(), Transition(JobStatus.COMPLETED, 100, "Found 1 room", "cache/key", degraded))
    jobs.transition(
        a_job(version=2),
        Transition(JobStatus.FAILED, 100, "No.", error=JobError("UNREADABLE_BLUEPRINT", "No.")),
    )
    completed, failed = peer.transitions
    assert (completed["result_s3_key"], completed["degraded"]) == ("cache/key", ["textract_unavailable"])
    assert "error" not in completed
    assert "degraded" not in failed
    assert failed["error"] == {"code": "UNREADABLE_BLUEPRINT", "message": "No."}


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (404, "JOB_NOT_FOUND", JobNotFound),
        (409, "JOB_CANCELLED", JobCancelled),
        (409, "CONCURRENT_UPDATE", ConcurrentUpdate),
        (409, "JOB_ALREADY_COMPLETED", ConcurrentUpdate),
        (400, "INVALID_REQUEST", DependencyFailed),
        (401, "UNAUTHORIZED", DependencyFailed),
        (500, "INTERNAL_ERROR", DependencyFailed),
        (503, "SERVICE_UNAVAILABLE", DependencyUnavailable),
    ],
)
def test_refusals_become_errors_of_ours(
    peer: JobsPeer, jobs: HttpJobs, status: int, code: str, error: type[Exception]
) -> None:
    peer.error = (status, code)
    with pytest.raises(error):
        jobs.transition(a_job(), BEGIN)


def test_a_peer_that_says_nothing_of_degraded_is_understood(peer: JobsPeer, jobs: HttpJobs) -> None:
    del peer.jobs[JOB_ID]["degraded"]
    assert jobs.get(JOB_ID, OWNER).degraded == ()


def test_a_job_of_another_shape_is_a_failed_dependency(peer: JobsPeer, jobs: HttpJobs) -> None:
    del peer.jobs[JOB_ID]["blueprint_hash"]
    with pytest.raises(DependencyFailed):
        jobs.get(JOB_ID, OWNER)


def test_a_peer_that_is_not_there_is_unavailable() -> None:
    token = InternalToken(CachedValue("token", lambda: Token("inner", None), 300))
    client = InternalClient(
        "jobs", "http://127.0.0.1:9", token, Backoff(retries=0), Metrics("preview", "test")
    )
    with pytest.raises(DependencyUnavailable):
        HttpJobs(client).get(JOB_ID, OWNER)
