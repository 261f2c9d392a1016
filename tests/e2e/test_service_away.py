"""One service frozen or killed: the other answers clearly, nothing is lost, and it comes back by itself."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests

from e2e.caller import Caller, once
from e2e.killing import MARKS
from processes import gunicorn_processes
from running_stack import RunningStack


@contextmanager
def frozen(stack: RunningStack, service: str) -> Iterator[None]:
    """Stop a service's processes in their tracks: they accept connections and answer nothing."""
    frozen_ones = gunicorn_processes(stack.pid, MARKS[service])
    for process in frozen_ones:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in frozen_ones:
            os.kill(process.pid, signal.SIGCONT)


def test_a_frozen_preview_service_keeps_nobody_from_uploading(stack: RunningStack, caller: Caller) -> None:
    with frozen(stack, "preview"):
        job = caller.create("studio_small.png", preview="true")
        health = caller.send("GET", "/health")

    assert (job["status"], job["stage"]) == ("pending", None)
    assert job["message"]
    assert health.status_code == 503
    assert health.elapsed.total_seconds() < 3
    assert health.json()["services"]["preview"] == "unhealthy"
    assert caller.whole_preview(job["job_id"])["rooms"]


def test_a_frozen_jobs_service_makes_preview_answer_503(stack: RunningStack, caller: Caller) -> None:
    job_id = caller.create("studio_small.png")["job_id"]
    with frozen(stack, "jobs"):
        answer = caller.send("POST", f"/api/v1/jobs/{job_id}/preview")

    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) >= 1
    assert caller.whole_preview(job_id)["rooms"]


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_a_killed_service_is_started_again(stack: RunningStack, caller: Caller, service: str) -> None:
    job_id = caller.create("studio_small.png")["job_id"]
    before = [process.pid for process in gunicorn_processes(stack.pid, MARKS[service])]
    for pid in before:  # parents first: gunicorn would replace a worker that dies before it
        os.kill(pid, signal.SIGKILL)

    path = f"/api/v1/jobs/{job_id}" + ("/preview" if service == "preview" else "")
    statuses: set[int] = set()

    def look() -> requests.Response:
        answer = caller.send("GET", path)
        statuses.add(answer.status_code)
        assert answer.json()["status"] in ("success", "error")
        return answer

    once(look, lambda answer: answer.status_code in (200, 404))

    assert statuses <= {200, 404, 502, 503, 504}
    assert not {process.pid for process in gunicorn_processes(stack.pid, MARKS[service])} & set(before)
    assert caller.whole_preview(job_id)["rooms"]
    once(lambda: caller.send("GET", "/health"), lambda health: health.status_code == 200)
