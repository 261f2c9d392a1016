"""Reading, listing, cancelling and downloading over HTTP."""

import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders_jobs import pdf, picture, settings
from calls_jobs import ADA, BOB, ERASER, INNER, PNG, READER, create, data, error, inline, post_form
from job_ids import MALFORMED_IDS, WELL_FORMED_IDS
from jobs.app import create_app

JOBS = "/api/v1/jobs"


def path_of(job: dict[str, Any]) -> str:
    return f"{JOBS}/{job['job_id']}"


def move(client: FlaskClient, job: dict[str, Any], **change: Any) -> Any:
    path = f"/internal/v1/jobs/{job['job_id']}"
    version = data(client.get(path, headers=INNER))["version"]
    body = {"expected_version": version} | change
    return data(client.post(f"{path}/transitions", json=body, headers=INNER))


@pytest.fixture
def job(client: FlaskClient) -> Any:
    return create(client, filename="Grundriß 1.png")


def test_get_answers_what_create_did(client: FlaskClient, job: Any) -> None:
    for headers in (ADA, READER):
        assert data(client.get(path_of(job), headers=headers)) == job


@pytest.mark.parametrize("prefix", ["/api", "/api/v1"])
def test_the_version_may_be_left_out(client: FlaskClient, job: Any, prefix: str) -> None:
    assert data(client.get(f"{prefix}/jobs/{job['job_id']}", headers=ADA)) == job


def test_an_unchanged_job_is_304(client: FlaskClient, job: Any) -> None:
    tag = client.get(path_of(job), headers=ADA).headers["ETag"]
    assert tag.startswith('W/"')
    for known in (tag, f'"other", {tag}', "*"):
        response = client.get(path_of(job), headers=ADA | {"If-None-Match": known})
        assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)
        assert response.headers["X-Request-ID"]


def test_a_changed_job_has_another_etag(client: FlaskClient, job: Any) -> None:
    tag = client.get(path_of(job), headers=ADA).headers["ETag"]
    data(client.delete(path_of(job), headers=ADA))
    response = client.get(path_of(job), headers=ADA | {"If-None-Match": tag})
    assert data(response)["status"] == "cancelled"
    assert response.headers["ETag"] != tag


@pytest.mark.parametrize("method", ["get", "delete"])
def test_ids_that_lead_nowhere(client: FlaskClient, job: Any, method: str) -> None:
    call = getattr(client, method)
    assert error(call(path_of(job), headers=BOB), 404, "JOB_NOT_FOUND") == error(
        call(path_of(job), headers=BOB), 404, "JOB_NOT_FOUND"
    )
    for unknown in WELL_FORMED_IDS:
        error(call(f"{JOBS}/{unknown}", headers=ADA), 404, "JOB_NOT_FOUND")
    for bad in MALFORMED_IDS:
        error(call(f"{JOBS}/{bad}", headers=ADA), 400, "INVALID_JOB_ID")


@pytest.mark.parametrize("suffix", ["", "/data", "/blueprint"])
def test_every_route_tells_malformed_ids_from_unknown_ones(client: FlaskClient, suffix: str) -> None:
    call = client.delete if suffix == "/data" else client.get
    headers = ERASER if suffix == "/data" else ADA
    for unknown in WELL_FORMED_IDS:
        error(call(f"{JOBS}/{unknown}{suffix}", headers=headers), 404, "JOB_NOT_FOUND")
    for bad in MALFORMED_IDS:
        error(call(f"{JOBS}/{bad}{suffix}", headers=headers), 400, "INVALID_JOB_ID")


@pytest.mark.parametrize("path", ["preview", "textract-results"])
def test_what_is_not_built_here_is_not_found(client: FlaskClient, job: Any, path: str) -> None:
    error(client.get(f"{path_of(job)}/{path}", headers=ADA), 404, "NOT_FOUND")


def test_cancel_answers_the_cancelled_job_once(client: FlaskClient, job: Any) -> None:
    cancelled = data(client.delete(path_of(job), headers=ADA))
    assert cancelled["status"] == "cancelled"
    assert data(client.get(path_of(job), headers=ADA)) == cancelled
    refused = error(client.delete(path_of(job), headers=ADA), 409, "JOB_ALREADY_COMPLETED")
    assert "already cancelled" in refused["message"]


@pytest.mark.parametrize(
    ("outcome", "more"),
    [("completed", {}), ("failed", {"error": {"code": "UNREADABLE_BLUEPRINT", "message": "Damaged."}})],
)
def test_cancel_refuses_a_finished_job(
    client: FlaskClient, job: Any, outcome: str, more: dict[str, Any]
) -> None:
    move(client, job, to="processing")
    move(client, job, to=outcome, **more)
    refused = error(client.delete(path_of(job), headers=ADA), 409, "JOB_ALREADY_COMPLETED")
    assert f"already {outcome}" in refused["message"]
    assert refused["details"] == {"job_id": job["job_id"], "status": outcome}


def test_a_reader_cancels_nothing(client: FlaskClient, job: Any) -> None:
    error(client.delete(path_of(job), headers=READER), 403, "FORBIDDEN")


def test_a_job_takes_no_query_and_no_other_method(client: FlaskClient, job: Any) -> None:
    error(client.get(f"{path_of(job)}?a=1", headers=ADA), 400, "INVALID_REQUEST")
    response = client.put(path_of(job), headers=ADA)
    error(response, 405, "METHOD_NOT_ALLOWED")
    assert {"GET", "DELETE"} <= set(response.headers["Allow"].split(", "))
    error(client.get(f"{JOBS}/", headers=ADA), 404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("content", "form", "media_type"),
    [(PNG, "png", "image/png"), (picture("JPEG"), "jpg", "image/jpeg"), (pdf(2), "pdf", "application/pdf")],
)
def test_the_blueprint_comes_back_as_what_it_is(
    client: FlaskClient, content: bytes, form: str, media_type: str
) -> None:
    created = create(client, content=content, format=form, filename="Grundriß 1.html")
    response = client.get(f"{path_of(created)}/blueprint", headers=READER)
    assert response.status_code == 200
    assert response.data == content
    assert response.headers["Content-Type"] == media_type
    assert response.headers["Content-Length"] == str(len(content))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].endswith("sandbox")
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == (
        f"attachment; filename=\"Grundri_ 1.html.{form}\"; filename*=UTF-8''Grundri%C3%9F%201.html.{form}"
    )


def test_a_head_of_the_blueprint_has_no_body(client: FlaskClient, job: Any) -> None:
    response = client.head(f"{path_of(job)}/blueprint", headers=ADA)
    assert (response.status_code, response.data) == (200, b"")


def test_a_blueprint_is_not_found_for_others_nor_once_it_is_gone(
    client: FlaskClient, job: Any, s3: Any
) -> None:
    path = f"{path_of(job)}/blueprint"
    error(client.get(path, headers=BOB), 404, "JOB_NOT_FOUND")
    s3.delete_object(Bucket=settings().blueprints_bucket, Key=job["blueprint_s3_key"])
    error(client.get(path, headers=ADA), 404, "NOT_FOUND")


@pytest.fixture
def bobs(client: FlaskClient) -> list[str]:
    """Five jobs of bob's, newest first; jobs of other tests come after them."""
    return [create(client, BOB)["job_id"] for _ in range(5)][::-1]


def listed(client: FlaskClient, query: str = "") -> Any:
    return data(client.get(f"{JOBS}?{query}", headers=BOB))


def test_lists_are_newest_first_in_pages(client: FlaskClient, bobs: list[str]) -> None:
    first = listed(client, "limit=2")
    second = listed(client, f"limit=2&cursor={first['next_cursor']}")
    third = listed(client, f"limit=100&cursor={second['next_cursor']}")
    pages = first["jobs"] + second["jobs"] + third["jobs"]
    assert sorted([job["job_id"] for job in pages][:5]) == sorted(bobs)
    times = [job["created_at"] for job in pages]
    assert times == sorted(times, reverse=True)
    assert third["next_cursor"] is None
    assert pages[0] == data(client.get(path_of(pages[0]), headers=BOB))


def test_lists_hold_the_callers_jobs_in_the_state_asked_for(client: FlaskClient, bobs: list[str]) -> None:
    data(client.delete(f"{JOBS}/{bobs[1]}", headers=BOB))
    ours = listed(client, "status=cancelled&limit=100")["jobs"]
    assert bobs[1] in [job["job_id"] for job in ours]
    assert {job["status"] for job in ours} == {"cancelled"}
    others = data(client.get(f"{JOBS}?limit=100", headers=ADA))["jobs"]
    assert not {job["job_id"] for job in others} & set(bobs)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=many",
        "limit=",
        "status=done",
        "status=",
        "cursor=x",
        "cursor=",
        "page=2",
    ],
)
def test_list_queries_that_do_not_validate(client: FlaskClient, query: str) -> None:
    error(client.get(f"{JOBS}?{query}", headers=BOB), 400, "INVALID_REQUEST")


def test_a_cursor_is_good_for_its_own_list_only(client: FlaskClient, bobs: list[str]) -> None:
    create(client), create(client)
    cursor = data(client.get(f"{JOBS}?limit=1", headers=ADA))["next_cursor"]
    error(client.get(f"{JOBS}?limit=1&cursor={cursor}", headers=BOB), 400, "INVALID_REQUEST")
    error(client.get(f"{JOBS}?status=pending&cursor={cursor}", headers=ADA), 400, "INVALID_REQUEST")


@pytest.fixture(scope="module")
def impatient(aws: None) -> Iterator[Flask]:
    """An app for which every job in processing has timed out."""
    app = create_app(settings(processing_timeout_seconds=0.0))
    yield app
    for stop in reversed(app.extensions["on_stop"]):
        stop()


@pytest.mark.parametrize("look", ["get", "internal", "list", "list processing"])
def test_a_job_stuck_in_processing_stays_while_preview_is_away(
    client: FlaskClient, impatient: Flask, look: str
) -> None:
    job = create(client, BOB)
    move(client, job, to="processing")
    late = impatient.test_client()
    if look == "get":
        found = data(late.get(path_of(job), headers=BOB))
    elif look == "internal":
        found = data(late.get(f"/internal/v1/jobs/{job['job_id']}", headers=INNER))
    else:
        query = "?status=processing" if look == "list processing" else ""
        jobs = data(late.get(JOBS + query, headers=BOB))["jobs"]
        found = next(each for each in jobs if each["job_id"] == job["job_id"])
    assert (found["status"], found["error"]) == ("processing", None)


def test_health_names_what_the_service_stands_on(client: FlaskClient) -> None:
    assert client.get("/health/live").get_json()["status"] == "healthy"
    document = client.get("/health").get_json()
    assert document == {
        "status": "unhealthy",
        "services": {"dynamodb": "healthy", "s3": "healthy", "preview": "unhealthy"},
    }


def test_health_says_which_store_is_missing(aws: None) -> None:
    app = create_app(settings(jobs_table="no-such-table", blueprints_bucket="no-such-bucket"))
    response = app.test_client().get("/health/ready")
    assert response.status_code == 503
    assert response.get_json()["services"]["dynamodb"] == "unhealthy"
    assert response.get_json()["services"]["s3"] == "unhealthy"
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def test_nothing_is_answered_without_a_key(client: FlaskClient, job: Any) -> None:
    for path in (JOBS, path_of(job), f"{path_of(job)}/blueprint", "/api/v1/nowhere"):
        error(client.get(path), 401, "UNAUTHORIZED")
    error(client.post(JOBS, json=inline()), 401, "UNAUTHORIZED")


def test_every_change_leaves_an_audit_line_and_a_metric(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO", "audit")
    job = create(client)
    data(client.delete(path_of(job), headers=ADA))
    lines = [r.context for r in caplog.records if r.name == "audit"]
    assert [(each["event"], each["job_id"], each["to"]) for each in lines] == [
        ("state_changed", job["job_id"], "pending"),
        ("state_changed", job["job_id"], "cancelled"),
    ]
    metrics = [json.loads(line) for line in io.StringIO(capsys.readouterr().out)]
    assert [line["status"] for line in metrics if "Jobs" in line] == ["pending", "cancelled"]


def test_pages_asked_for_are_promised_though_preview_is_away(client: FlaskClient) -> None:
    options = {"options": {"preview": False, "pages": "3,1-2,2"}}
    job = data(client.post(JOBS, json=inline(pdf(3), format="pdf") | options, headers=ADA), 201)
    assert (job["status"], job["pages"]) == ("pending", {"asked": 3, "done": 0, "failed": 0})
    assert job["message"] == "3 pages wait to be previewed."
    assert data(client.get(path_of(job), headers=ADA)) == job


@pytest.mark.parametrize(
    ("fields", "asked"), [({"pages": "all"}, 2), ({"preview": "true"}, 1), ({"pages": ""}, 0)]
)
def test_a_form_asks_for_pages(client: FlaskClient, fields: dict[str, str], asked: int) -> None:
    job = data(post_form(client, pdf(2), filename="plan.pdf", **fields), 201)
    assert job["pages"] == ({"asked": asked, "done": 0, "failed": 0} if asked else None)


@pytest.mark.parametrize("pages", ["2", "0", "1-2", "every", "1,", "", " 1", "1\n", 1, None, ["1"], True])
def test_pages_that_are_not_there_or_not_said_so_are_refused(client: FlaskClient, pages: Any) -> None:
    before = data(client.get(JOBS, headers=ADA))["jobs"]
    answer = client.post(JOBS, json=inline() | {"options": {"pages": pages}}, headers=ADA)
    error(answer, 400, "INVALID_REQUEST")
    assert data(client.get(JOBS, headers=ADA))["jobs"] == before


def test_more_pages_than_an_owner_may_ask_for_in_a_day(client: FlaskClient, dynamodb: Any) -> None:
    day = datetime.now(UTC).date().isoformat()
    key = {"bucket_key": {"S": f"api/pages_per_day/{day}/ada"}}
    spent = {"taken": {"N": "20000"}, "expires_at": {"N": "4102444800"}}
    dynamodb.put_item(TableName=settings().rate_limits_table, Item=key | spent)
    try:
        answer = client.post(JOBS, json=inline() | {"options": {"pages": "1"}}, headers=ADA)
        refused = error(answer, 429, "RATE_LIMIT_EXCEEDED")
        assert refused["details"]["per_day"] == 20000
        assert 1 <= int(answer.headers["Retry-After"]) <= 86_400
        assert data(client.post(JOBS, json=inline(), headers=ADA), 201)["pages"] is None
    finally:
        dynamodb.delete_item(TableName=settings().rate_limits_table, Key=key)
