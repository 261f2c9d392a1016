"""Many callers at the same time, over two workers of each service."""

from collections import Counter

import requests

from e2e.caller import Caller, at_once
from e2e.textract import TextractSimulator
from plan_library import plan_path
from processes import gunicorn_workers
from running_stack import RunningStack


def test_each_service_has_two_workers(stack: RunningStack) -> None:
    assert len(gunicorn_workers(stack.pid, "JOBS_TABLE")) == 2
    assert len(gunicorn_workers(stack.pid, "PREVIEW_CACHE_TABLE")) == 2


def test_fifty_concurrent_creates_make_fifty_jobs(caller: Caller) -> None:
    content = plan_path("studio_small.png").read_bytes()

    def create() -> str:
        with Caller(caller.base_url) as one:
            return str(one.create("studio_small.png")["job_id"])

    job_ids = at_once(50, create)

    assert len(set(job_ids)) == 50
    assert all(caller.job(job_id)["status"] == "pending" for job_id in job_ids)
    assert all(
        caller.send("GET", f"/api/v1/jobs/{job_id}/blueprint").content == content for job_id in job_ids
    )
    listed = caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]
    assert set(job_ids) <= {job["job_id"] for job in listed}


def test_a_hundred_identical_previews_cost_one_analysis(caller: Caller, textract: TextractSimulator) -> None:
    content = plan_path("studio_small.png").read_bytes() + b"a hundred callers"
    upload = {"file": ("studio.png", content)}
    job_id = caller.data("POST", "/api/v1/jobs", 201, files=upload)["job_id"]
    calls = textract.calls()

    def ask() -> requests.Response:
        with Caller(caller.base_url) as one:
            return one.send("POST", f"/api/v1/jobs/{job_id}/preview")

    answers = at_once(100, ask)

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 202}, statuses
    assert statuses[200] > 0
    assert all("Retry-After" in answer.headers for answer in answers if answer.status_code != 200)
    assert textract.calls() - calls == 1
    rooms = [answer.json()["data"]["rooms"] for answer in answers if answer.status_code == 200]
    assert all(found == rooms[0] for found in rooms)
    assert caller.data("GET", f"/api/v1/jobs/{job_id}/preview")["rooms"] == rooms[0]
