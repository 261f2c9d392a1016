"""Creates under one idempotency key: many at once, and with the worker killed on the way."""

import os
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
import requests
from dotenv import dotenv_values

from e2e.caller import Caller, at_once, once
from plan_library import plan_path
from processes import gunicorn_processes, gunicorn_workers
from running_stack import REPOSITORY, RunningStack

JOBS, PREVIEW = "JOBS_TABLE", "PREVIEW_CACHE_TABLE"
HASTY = {"REQUEST_SECONDS": "3"}
"""A dead worker's key is free after twice this."""

Send = Callable[[], requests.Response]


@pytest.fixture(scope="module")
def hasty_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack.start(tmp_path_factory.mktemp("hasty"), HASTY)
    try:
        yield running
    finally:
        assert running.stop() == 0


def plan_of_its_own() -> bytes:
    return plan_path("studio_small.png").read_bytes() + uuid.uuid4().bytes


def keys_of_objects(stack: RunningStack) -> set[str]:
    local = dotenv_values(REPOSITORY / "services/jobs/.flaskenv")
    s3 = boto3.resource(
        "s3",
        endpoint_url=stack.addresses.aws,
        region_name=local["AWS_REGION"],
        aws_access_key_id=local["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=local["AWS_SECRET_ACCESS_KEY"],
    )
    return {each.key for each in s3.Bucket(str(local["BLUEPRINTS_BUCKET"])).objects.all()}


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
    before = keys_of_objects(stack)

    answers = at_once(50, lambda: until_created(send, {409}))

    first = [answer for answer in answers if "Idempotency-Replayed" not in answer.headers]
    assert len(first) == 1
    told = first[0].json()["data"]
    assert all(answer.json()["data"] == told for answer in answers)
    assert {answer.headers["Location"] for answer in answers} == {f"/api/v1/jobs/{told['job_id']}"}
    assert len({answer.json()["meta"]["request_id"] for answer in answers}) == 50
    assert [job["job_id"] for job in jobs_with(caller, told["blueprint_hash"])] == [told["job_id"]]
    assert keys_of_objects(stack) - before == {told["blueprint_s3_key"]}
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


@pytest.mark.parametrize("after_seconds", [0.0, 0.01, 0.02, 0.03, 0.04, 0.06])
def test_a_worker_killed_on_the_way_leaves_one_job(hasty_stack: RunningStack, after_seconds: float) -> None:
    with Caller(hasty_stack.addresses.router) as caller:
        send = creating(caller, plan_of_its_own())
        workers = [worker.pid for worker in gunicorn_workers(hasty_stack.pid, JOBS)]
        first = in_background(send)
        first.join(after_seconds)
        kill(workers)
        first.join()

        told = until_created(send, {409, 502, 503, 504}).json()["data"]

        again = until_created(send, {502, 503, 504})
        assert (again.json()["data"], again.headers["Idempotency-Replayed"]) == (told, "true")
        assert [job["job_id"] for job in jobs_with(caller, told["blueprint_hash"])] == [told["job_id"]]
        stored = caller.send("GET", f"/api/v1/jobs/{told['job_id']}/blueprint")
        assert stored.status_code == 200


def test_a_worker_killed_while_it_asks_for_the_preview_is_replaced_there(hasty_stack: RunningStack) -> None:
    with Caller(hasty_stack.addresses.router) as caller:
        send = creating(caller, plan_of_its_own(), preview="true")
        known = {job["job_id"] for job in caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]}

        def new_jobs() -> set[str]:
            listed = caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]
            return {job["job_id"] for job in listed} - known

        frozen = gunicorn_processes(hasty_stack.pid, PREVIEW)
        for process in frozen:
            os.kill(process.pid, signal.SIGSTOP)
        try:
            first = in_background(send)
            (job_id,) = once(new_jobs, bool)
            kill([worker.pid for worker in gunicorn_workers(hasty_stack.pid, JOBS)])
            first.join()
        finally:
            for process in frozen:
                os.kill(process.pid, signal.SIGCONT)

        told = until_created(send, {409, 502, 503, 504})

        assert (told.json()["data"]["job_id"], new_jobs()) == (job_id, {job_id})
        assert told.json()["data"]["status"] != "pending"
        assert send().json()["data"] == told.json()["data"]
