"""Creates under one idempotency key: many at once, and with the worker killed while it waits."""

import os
import signal
import threading
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import requests

from e2e.caller import Caller, at_once, once
from e2e.killing import MARKS, HastyStack
from e2e.storage import Storage
from plan_library import plan_path
from processes import gunicorn_processes, gunicorn_workers
from running_stack import RunningStack

Send = Callable[[], requests.Response]


def plan_of_its_own() -> bytes:
    return plan_path("studio_small.png").read_bytes() + uuid.uuid4().bytes


def creating(caller: Caller, content: bytes, **fields: str) -> Send:
    """A create under a key of its own; every call is a repeat of it."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}

    def send() -> requests.Response:
        with Caller(caller.base_url) as one:
            return one.send(
                "POST", "/api/v1/jobs", files={"file": ("a.png", content)}, data=fields, headers=headers
            )

    return send


def creating_from_upload(caller: Caller, content: bytes) -> Send:
    upload = caller.data("POST", "/api/v1/uploads", 201)
    sent = requests.post(upload["url"], data=upload["fields"], files={"file": content}, timeout=30)
    assert sent.status_code == requests.codes.no_content
    body = {"blueprint": {"upload_id": upload["upload_id"]}}
    headers = {"Idempotency-Key": str(uuid.uuid4())}

    def send() -> requests.Response:
        with Caller(caller.base_url) as one:
            return one.send("POST", "/api/v1/jobs", json=body, headers=headers)

    return send


def until_created(send: Send, passing: set[int]) -> requests.Response:
    """The first success; what comes before has to be one of ``passing``, and is sent again."""

    def look() -> requests.Response:
        answer = send()
        assert answer.status_code in {201} | passing, answer.text
        return answer

    return once(look, lambda answer: answer.status_code == 201)


def jobs_with(caller: Caller, file_hash: str) -> list[dict[str, Any]]:
    listed = caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]
    return [job for job in listed if job["blueprint_hash"] == file_hash]


@pytest.mark.parametrize("how", ["form", "form with preview", "upload"])
def test_fifty_at_once_make_one_job_and_one_object(stack: RunningStack, caller: Caller, how: str) -> None:
    content = plan_of_its_own()
    if how == "upload":
        send = creating_from_upload(caller, content)
    else:
        send = creating(caller, content, preview=str(how != "form").lower())
    storage = Storage(stack.addresses.aws)
    before = storage.keys()

    answers = at_once(50, lambda: until_created(send, {409}))

    first = [answer for answer in answers if "Idempotency-Replayed" not in answer.headers]
    assert len(first) == 1
    told = first[0].json()["data"]
    assert all(answer.json()["data"] == told for answer in answers)
    assert {answer.headers["Location"] for answer in answers} == {f"/api/v1/jobs/{told['job_id']}"}
    assert len({answer.json()["meta"]["request_id"] for answer in answers}) == 50
    assert [job["job_id"] for job in jobs_with(caller, told["blueprint_hash"])] == [told["job_id"]]
    assert storage.keys() - before == {told["blueprint_s3_key"]}
    assert send().json()["data"] == told


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)


def in_background(send: Send) -> threading.Thread:
    def try_to_send() -> None:
        with suppress(requests.ConnectionError):  # its worker is killed
            send()

    thread = threading.Thread(target=try_to_send)
    thread.start()
    return thread


def test_a_worker_killed_while_it_asks_for_the_preview_is_replaced_there(hasty: HastyStack) -> None:
    with Caller(hasty.stack.addresses.router) as caller:
        send = creating(caller, plan_of_its_own(), preview="true")
        known = {job["job_id"] for job in caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]}

        def new_jobs() -> set[str]:
            listed = caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]
            return {job["job_id"] for job in listed} - known

        frozen = gunicorn_processes(hasty.stack.pid, MARKS["preview"])
        for process in frozen:
            os.kill(process.pid, signal.SIGSTOP)
        try:
            first = in_background(send)
            (job_id,) = once(new_jobs, bool)
            kill([worker.pid for worker in gunicorn_workers(hasty.stack.pid, MARKS["jobs"])])
            first.join()
        finally:
            for process in frozen:
                os.kill(process.pid, signal.SIGCONT)

        told = until_created(send, {409, 502, 503, 504})

        assert (told.json()["data"]["job_id"], new_jobs()) == (job_id, {job_id})
        # The preview was promised with the job: it begins without a further request
        path = f"/api/v1/jobs/{job_id}"
        once(lambda: caller.data("GET", path)["status"], lambda status: status != "pending")
        assert send().json()["data"] == told.json()["data"]
