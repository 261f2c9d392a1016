"""Callers who wait for a job to change, on gunicorn as it is configured."""

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from itertools import cycle, islice
from pathlib import Path

import pytest
import requests

from e2e.caller import PATIENCE_SECONDS, Caller
from e2e.test_replacement import STOP_TIMEOUT_SECONDS, another_task
from running_stack import RunningStack
from shared.gunicorn_settings import MAX_IDLE

WORKERS = 2
CALLERS = 60
OK, UNCHANGED = requests.codes.ok, requests.codes.not_modified


@pytest.fixture
def other(stack: RunningStack) -> Iterator[Caller]:
    """An owner for whom nobody waits: whom a test before left behind has a place for 20 s more."""
    with Caller(stack.addresses.router, "local-other-key") as caller:
        yield caller


def wait(caller: Caller, job_id: str, tag: str, seconds: int = 20) -> requests.Response:
    headers = {"If-None-Match": tag, "Prefer": f"wait={seconds}"}
    return caller.send("GET", f"/api/v1/jobs/{job_id}", headers=headers)


def test_a_caller_is_told_of_each_change_until_the_preview_ends(other: Caller) -> None:
    job_id = other.create("studio_small.png", pages="1")["job_id"]
    answer = other.send("GET", f"/api/v1/jobs/{job_id}")
    seen = []
    while (status := answer.json()["data"]["status"]) not in ("completed", "failed"):
        tag = answer.headers["ETag"]
        answer = wait(other, job_id, tag)
        while answer.status_code == UNCHANGED:
            assert answer.headers["Preference-Applied"] == "wait=20"
            answer = wait(other, job_id, tag)
        seen.append(answer.json()["data"]["status"])
    assert status == "completed", answer.text
    assert seen[-1] == "completed"
    ended = wait(other, job_id, answer.headers["ETag"])
    assert (ended.status_code, "Preference-Applied" in ended.headers) == (UNCHANGED, False)


def test_a_worker_that_stops_answers_all_who_wait(stack: RunningStack, other: Caller, tmp_path: Path) -> None:
    jobs = {"local-other-key": other.create("studio_small.png")["job_id"]}
    with Caller(stack.addresses.router) as local:
        jobs["local-dev-key"] = local.create("studio_small.png")["job_id"]
    with (
        another_task(stack, "jobs", tmp_path / "task.log", WEB_CONCURRENCY="1") as (task, (host, port)),
        ThreadPoolExecutor(3 * MAX_IDLE) as pool,
        ExitStack() as opened,
    ):
        asked = [
            pool.submit(wait, opened.enter_context(Caller(f"http://{host}:{port}", key)), jobs[key], 'W/"1"')
            for key in islice(cycle(jobs), 3 * MAX_IDLE)
        ]
        refused = islice(as_completed(asked), 2 * MAX_IDLE)
        assert all(told_to_come_back(each.result()) for each in refused)
        waiting = [each for each in asked if not each.done()]
        assert len(waiting) == MAX_IDLE
        task.send_signal(signal.SIGTERM)
        assert all(told_to_come_back(each.result()) for each in waiting)
        assert task.wait(STOP_TIMEOUT_SECONDS) == 0


def told_to_come_back(answer: requests.Response) -> bool:
    named = "Retry-After" in answer.headers, "Preference-Applied" in answer.headers
    return (answer.status_code, *named) == (UNCHANGED, True, False)


def test_sixty_who_wait_keep_nobody_from_being_served(stack: RunningStack, other: Caller) -> None:
    job_id = other.create("studio_small.png")["job_id"]
    unchanged: list[requests.Response] = []
    ended = threading.Event()

    def wait_on() -> requests.Response:
        with Caller(stack.addresses.jobs, "local-other-key") as caller:
            while (answer := wait(caller, job_id, 'W/"1"')).status_code == UNCHANGED:
                unchanged.append(answer)
                ended.wait(int(answer.headers.get("Retry-After", "0")))
            return answer

    with ThreadPoolExecutor(CALLERS) as pool:
        waiting = [pool.submit(wait_on) for _ in range(CALLERS)]
        try:
            while len(unchanged) < CALLERS:
                assert other.send("GET", "/health/live").status_code == OK
                assert other.send("GET", "/health").status_code == OK
                assert other.job(job_id)["status"] == "pending"
                assert other.create("studio_small.png")["status"] == "pending"
        finally:
            ended.set()
            other.data("DELETE", f"/api/v1/jobs/{job_id}")
        told = [each.result(PATIENCE_SECONDS) for each in waiting]
    assert {answer.json()["data"]["status"] for answer in told} == {"cancelled"}
    assert 1 <= sum("Preference-Applied" in answer.headers for answer in told) <= WORKERS * MAX_IDLE // 2
