"""What the one port answers, whoever made the answer."""

import pytest

from e2e.caller import Caller
from running_stack import RunningStack

PATHS = [
    ("GET", "/api/v1/jobs", 200),
    ("GET", "/api/jobs", 200),
    ("GET", "/api/v1/jobs/job_20240115103000_0123456789abc", 404),
    ("GET", "/api/v1/jobs/job_20240115103000_0123456789abc/preview", 404),
    ("GET", "/api/v1/jobs/job_20240115103000_0123456789abc/textract-results", 404),
    ("GET", "/api/v1/jobs/not!an!id", 400),
    ("GET", "/api/v1/nothing", 404),
    ("GET", "/api/v9/jobs", 404),
    ("PATCH", "/api/v1/jobs", 405),
    ("POST", "/api/v1/jobs", 415),
]


@pytest.mark.parametrize(("method", "path", "status"), PATHS)
def test_every_answer_is_enveloped(caller: Caller, method: str, path: str, status: int) -> None:
    answer = caller.send(method, path, data=b"?" if status == 415 else None)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status"] == ("success" if status < 400 else "error")
    assert body["meta"]["request_id"] == answer.headers["X-Request-ID"]


@pytest.mark.parametrize("path", ["/internal/v1/jobs/job_1", "/internal/v1/previews", "/elsewhere"])
def test_the_inside_is_not_reachable(caller: Caller, path: str) -> None:
    answer = caller.send("GET", path)
    body = answer.json()
    assert (answer.status_code, body["error"]["code"]) == (404, "NOT_FOUND")
    assert body["meta"]["request_id"] is None


def test_a_caller_without_a_key_is_refused_by_both_services(stack: RunningStack) -> None:
    with Caller(stack.addresses.router, key=None) as nobody:
        for path in ("/api/v1/jobs", "/api/v1/jobs/job_1/preview"):
            answer = nobody.send("GET", path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, "UNAUTHORIZED")
        assert nobody.send("GET", "/health").status_code == 200


def test_a_correlation_id_goes_through_both_services(stack: RunningStack, caller: Caller) -> None:
    job_id = caller.create("studio_small.png")["job_id"]
    mark = "follow-me-through"
    headers = {"X-Correlation-ID": mark}
    answer = caller.send("POST", f"/api/v1/jobs/{job_id}/preview", headers=headers)
    assert answer.headers["X-Correlation-ID"] == mark
    services = {
        line.split('"service": "')[1].split('"')[0] for line in stack.log.splitlines() if mark in line
    }
    assert len(services) == 2
