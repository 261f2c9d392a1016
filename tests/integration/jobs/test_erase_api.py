"""Erasing over HTTP where preview cannot be reached: what is refused, and what a caller sees meanwhile."""

from typing import Any

from flask.testing import FlaskClient

from calls_jobs import ADA, BOB, ERASER, INNER, READER, create, data, error

JOBS = "/api/v1/jobs"


def path_of(job: Any) -> str:
    return f"{JOBS}/{job['job_id']}"


def test_erasing_needs_its_own_scope(client: FlaskClient) -> None:
    job = create(client)
    for headers in (ADA, READER):
        refused = error(client.delete(f"{path_of(job)}/data", headers=headers), 403, "FORBIDDEN")
        assert refused["details"]["required_scope"] == "jobs:erase"
    error(client.delete(path_of(job), headers=ERASER), 403, "FORBIDDEN")
    assert data(client.get(path_of(job), headers=ADA)) == job


def test_what_is_not_there_cannot_be_erased(client: FlaskClient) -> None:
    theirs = create(client, BOB)
    error(client.delete(f"{path_of(theirs)}/data", headers=ERASER), 404, "JOB_NOT_FOUND")
    error(client.delete(f"{JOBS}/job_unknown/data", headers=ERASER), 404, "JOB_NOT_FOUND")
    error(client.delete(f"{JOBS}/nonsense/data", headers=ERASER), 400, "INVALID_JOB_ID")
    assert data(client.get(path_of(theirs), headers=BOB)) == theirs


def test_a_job_that_is_not_all_gone_is_hidden_from_everybody(client: FlaskClient) -> None:
    job = create(client)
    failed = client.delete(f"{path_of(job)}/data", headers=ERASER)
    error(failed, 503, "SERVICE_UNAVAILABLE")
    assert "Retry-After" in failed.headers

    for path in (path_of(job), f"{path_of(job)}/blueprint"):
        error(client.get(path, headers=ADA), 404, "JOB_NOT_FOUND")
    error(client.delete(path_of(job), headers=ADA), 404, "JOB_NOT_FOUND")
    internal = f"/internal/v1/jobs/{job['job_id']}"
    error(client.get(internal, headers=INNER), 404, "JOB_NOT_FOUND")
    change = {"to": "processing", "expected_version": 1}
    error(client.post(f"{internal}/transitions", json=change, headers=INNER), 404, "JOB_NOT_FOUND")
    listed = data(client.get(f"{JOBS}?limit=100", headers=ADA))["jobs"]
    assert job["job_id"] not in {each["job_id"] for each in listed}
    error(client.delete(f"{path_of(job)}/data", headers=ERASER), 503, "SERVICE_UNAVAILABLE")
