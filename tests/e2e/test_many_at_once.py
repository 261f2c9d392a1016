"""Many callers at the same time, over two workers of each service."""

import threading
import time
from collections import Counter
from functools import partial

import requests

from blueprint_files import encoded, marked_plan
from e2e.caller import PATIENCE_SECONDS, Caller, at_once, once
from e2e.textract import TextractSimulator
from plan_library import plan_path
from processes import gunicorn_workers
from running_stack import RunningStack

AWAY = requests.codes.unavailable


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


CALLERS = 160
"""Ten for each thread of the two workers, so that there always is a queue."""

MOST_MEMORY_MB = 30
"""That a worker may take more while they call: it was 3. What waits is a connection; its body is not read."""


def test_ten_times_as_many_as_can_be_served_are_told_so_and_take_no_memory(stack: RunningStack) -> None:
    plan = encoded(marked_plan(), "PNG")
    workers = gunicorn_workers(stack.pid, "JOBS_TABLE")
    for worker in workers:
        worker.forget_peak_memory()
    before = {worker.pid: worker.memory_mb for worker in workers}
    seen: list[requests.Response] = []
    enough = threading.Event()
    give_up = time.monotonic() + PATIENCE_SECONDS

    def keep_asking() -> None:
        with Caller(stack.addresses.jobs, "local-other-key") as one:
            while not enough.is_set() and time.monotonic() < give_up:
                answer = one.send("POST", "/api/v1/jobs", files={"file": ("plan.png", plan)})
                seen.append(answer)
                if sum(each.status_code == AWAY for each in seen) >= CALLERS:
                    enough.set()
                if answer.status_code == AWAY:
                    enough.wait(0.2)  # they are told two seconds, and are rude

    at_once(CALLERS, keep_asking)

    assert {answer.status_code for answer in seen} == {requests.codes.created, AWAY}
    refused = [answer for answer in seen if answer.status_code == AWAY]
    assert {answer.json()["error"]["code"] for answer in refused} == {"SERVICE_UNAVAILABLE"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    swollen = {worker.pid: worker.peak_memory_mb - before[worker.pid] for worker in workers}
    assert max(swollen.values()) < MOST_MEMORY_MB, swollen

    created = [answer.json()["data"]["job_id"] for answer in seen if answer.ok]
    assert len(set(created)) == len(created)
    with Caller(stack.addresses.jobs, "local-other-key") as one:
        for job_id in (created[0], created[-1]):
            kept = once(partial(one.send, "GET", f"/api/v1/jobs/{job_id}/blueprint"), _not_refused)
            assert (kept.status_code, kept.content) == (requests.codes.ok, plan)


def _not_refused(answer: requests.Response) -> bool:
    return answer.status_code != AWAY
