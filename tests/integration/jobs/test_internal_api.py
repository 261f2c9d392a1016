"""What preview sees of jobs."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from calls_jobs import ADA, INNER, create, data, error


@pytest.fixture
def path(client: FlaskClient) -> str:
    return f"/internal/v1/jobs/{create(client)['job_id']}"


def move(client: FlaskClient, path: str, to: str, version: int, **more: Any) -> Any:
    body = {"to": to, "expected_version": version} | more
    return client.post(f"{path}/transitions", json=body, headers=INNER)


def test_a_job_is_read_with_owner_and_version(client: FlaskClient, path: str) -> None:
    job = data(client.get(path, headers=INNER))
    assert (job["owner"], job["version"], job["status"]) == ("ada", 1, "pending")
    assert data(client.get(f"{path}?owner=ada", headers=INNER)) == job


def test_a_job_is_not_found_for_another_owner(client: FlaskClient, path: str) -> None:
    error(client.get(f"{path}?owner=bob", headers=INNER), 404, "JOB_NOT_FOUND")
    error(client.get("/internal/v1/jobs/job_unknown", headers=INNER), 404, "JOB_NOT_FOUND")
    error(client.get("/internal/v1/jobs/nonsense", headers=INNER), 400, "INVALID_JOB_ID")
    error(client.get(f"{path}?owner=", headers=INNER), 400, "INVALID_REQUEST")


def test_only_the_token_opens_the_internal_api(client: FlaskClient, path: str) -> None:
    for headers in ({}, ADA, {"Authorization": "Bearer ada-key"}, {"X-API-Key": "inner-token"}):
        error(client.get(path, headers=headers), 401, "UNAUTHORIZED")
    error(client.get("/api/v1/jobs", headers=INNER), 401, "UNAUTHORIZED")


def test_a_job_goes_through_its_states(client: FlaskClient, path: str) -> None:
    started = data(move(client, path, "processing", 1, stage="preview", progress=10, message="Reading."))
    assert (started["status"], started["version"], started["progress"]) == ("processing", 2, 10)
    failure = {"code": "UNREADABLE_BLUEPRINT", "message": "The file is damaged."}
    failed = data(move(client, path, "failed", 2, error=failure))
    assert (failed["status"], failed["error"]) == ("failed", failure)
    again = data(move(client, path, "processing", 3))
    assert again["error"] is None
    done = data(move(client, path, "completed", 4, result_s3_key="cache/preview/x.json", message="3 rooms."))
    assert (done["progress"], done["result_s3_key"], done["version"]) == (100, "cache/preview/x.json", 5)
    assert data(client.get(path, headers=INNER)) == done


def test_a_stale_version_is_refused(client: FlaskClient, path: str) -> None:
    data(move(client, path, "processing", 1))
    error(move(client, path, "completed", 1), 409, "CONCURRENT_UPDATE")


def test_a_job_that_was_not_started_cannot_be_completed(client: FlaskClient, path: str) -> None:
    error(move(client, path, "completed", 1), 409, "CONCURRENT_UPDATE")


def test_a_cancelled_job_is_told_apart_from_a_completed_one(client: FlaskClient, path: str) -> None:
    data(client.delete(path.replace("internal", "api"), headers=ADA))
    error(move(client, path, "processing", 1), 409, "JOB_CANCELLED")


def test_a_completed_job_stays_completed(client: FlaskClient, path: str) -> None:
    data(move(client, path, "processing", 1))
    data(move(client, path, "completed", 2))
    error(move(client, path, "processing", 3), 409, "JOB_ALREADY_COMPLETED")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"to": "processing"},
        {"to": "done", "expected_version": 1},
        {"to": "pending", "expected_version": 1},
        {"to": "cancelled", "expected_version": 1},
        {"to": "processing", "expected_version": 0},
        {"to": "processing", "expected_version": "1"},
        {"to": "processing", "expected_version": 1, "stage": "cooking"},
        {"to": "processing", "expected_version": 1, "progress": 101},
        {"to": "processing", "expected_version": 1, "colour": "red"},
        {"to": "completed", "expected_version": 1, "degraded": ["Not a code"]},
        {"to": "failed", "expected_version": 1},
        {"to": "completed", "expected_version": 1, "error": {"code": "X", "message": "x"}},
        {"to": "failed", "expected_version": 1, "error": {"code": "X"}},
    ],
)
def test_a_transition_that_does_not_validate(client: FlaskClient, path: str, body: Any) -> None:
    response = client.post(f"{path}/transitions", json=body, headers=INNER)
    error(response, 400, "INVALID_REQUEST")


def test_a_transition_of_an_unknown_job(client: FlaskClient) -> None:
    error(move(client, "/internal/v1/jobs/job_unknown", "processing", 1), 404, "JOB_NOT_FOUND")


def count(
    client: FlaskClient, path: str, number: int, asked: int, done: int, failed: int = 0, **more: Any
) -> Any:
    body = {"number": number, "asked": asked, "done": done, "failed": failed, "begun": done > 0} | more
    return client.post(f"{path}/pages", json=body, headers=INNER)


def test_a_job_follows_its_pages(client: FlaskClient, path: str) -> None:
    public = path.replace("internal", "api")
    waiting = data(count(client, path, 1, 2, 0))
    assert (waiting["status"], waiting["pages"]) == ("pending", {"asked": 2, "done": 0, "failed": 0})
    tag = client.get(public, headers=ADA).headers["ETag"]
    begun = data(count(client, path, 2, 2, 0, begun=True))
    assert (begun["status"], begun["stage"], begun["progress"]) == ("processing", "preview", 0)
    assert client.get(public, headers=ADA).headers["ETag"] != tag
    said = {"result_s3_key": "cache/preview/x.json", "degraded": ["textract_unavailable"]}
    done = data(count(client, path, 4, 2, 2, 1, **said))
    assert (done["status"], done["progress"]) == ("completed", 100)
    assert {name: done[name] for name in said} == said
    assert data(count(client, path, 3, 2, 1)) == done, "an older count"
    shown = data(client.get(public, headers=ADA))
    assert (shown["pages"], shown["degraded"]) == ({"asked": 2, "done": 2, "failed": 1}, said["degraded"])


def test_a_job_fails_with_the_error_of_its_pages(client: FlaskClient, path: str) -> None:
    failure = {"code": "UNREADABLE_BLUEPRINT", "message": "The file is damaged."}
    failed = data(count(client, path, 3, 1, 1, 1, error=failure))
    assert (failed["status"], failed["error"]) == ("failed", failure)


def test_the_count_of_a_cancelled_job_changes_nothing(client: FlaskClient, path: str) -> None:
    data(client.delete(path.replace("internal", "api"), headers=ADA))
    assert data(count(client, path, 3, 1, 1))["status"] == "cancelled"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"number": 1, "asked": 1, "done": 0},
        {"number": 0, "asked": 1, "done": 0, "failed": 0},
        {"number": 1, "asked": 1, "done": 2, "failed": 0},
        {"number": 1, "asked": 2, "done": 1, "failed": 2},
        {"number": 1, "asked": -1, "done": -1, "failed": -1},
        {"number": "1", "asked": 1, "done": 0, "failed": 0},
        {"number": 1, "asked": 1, "done": 0, "failed": 0, "begun": "yes"},
        {"number": 1, "asked": 1, "done": 0, "failed": 0, "colour": "red"},
        {"number": 1, "asked": 1, "done": 1, "failed": 1, "error": {"code": "X"}},
    ],
)
def test_a_count_that_does_not_validate(client: FlaskClient, path: str, body: Any) -> None:
    error(client.post(f"{path}/pages", json=body, headers=INNER), 400, "INVALID_REQUEST")


def test_a_count_of_an_unknown_job(client: FlaskClient) -> None:
    error(count(client, "/internal/v1/jobs/job_unknown", 1, 1, 0), 404, "JOB_NOT_FOUND")
