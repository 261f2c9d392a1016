"""Erased means gone: what lies in every table and bucket afterwards, whoever was at work and whoever died."""

import hashlib
import hmac
import json
import os
import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
import requests

from e2e.caller import Caller, once
from e2e.commands import reconcile
from e2e.conftest import UNHURRIED
from e2e.textract import TextractSimulator
from plan_library import plan_path
from processes import gunicorn_processes, gunicorn_workers
from running_stack import RunningStack

SOON = {"RECONCILE_AFTER_SECONDS": "2", **UNHURRIED}
"""After it somebody goes on with an erasure that was left, and looks again at one that was ended."""

PLAN, FILENAME = "townhouse_three_pages.pdf", "Villa Rosa.pdf"
WORDS = ("LIVING", "KITCHEN")
"""From its own text, so that it does not matter here whether Textract is in time."""

Things = dict[str, str]
"""Every item and object there is, by where it lies."""


@pytest.fixture(scope="module")
def eager_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack.start(tmp_path_factory.mktemp("eager"), SOON)
    try:
        yield running
    finally:
        assert running.stop() == 0


@pytest.fixture
def local(eager_stack: RunningStack) -> Iterator[Caller]:
    with Caller(eager_stack.addresses.router) as caller:
        yield caller


def client(stack: RunningStack, service: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=stack.addresses.aws,
        region_name="us-east-1",
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def everything(stack: RunningStack) -> Things:
    dynamodb, s3 = client(stack, "dynamodb"), client(stack, "s3")
    found: Things = {}
    for table in dynamodb.list_tables()["TableNames"]:
        for page in dynamodb.get_paginator("scan").paginate(TableName=table):
            found |= {f"{table}: {item}": json.dumps(item, default=str) for item in page["Items"]}
    for bucket in (each["Name"] for each in s3.list_buckets()["Buckets"]):
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
            for key in (each["Key"] for each in page.get("Contents", [])):
                with suppress(s3.exceptions.NoSuchKey):
                    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                    found[f"{bucket}/{key}"] = key + body.decode("latin-1")
    return found


def new_since(before: Things, stack: RunningStack) -> Things:
    return {where: what for where, what in everything(stack).items() if where not in before}


def create(caller: Caller, key: str | None = None, owner_file: bytes | None = None) -> requests.Response:
    headers = {"Idempotency-Key": key} if key else {}
    content = owner_file or a_plan()
    return caller.send("POST", "/api/v1/jobs", files={"file": (FILENAME, content)}, headers=headers)


def a_plan() -> bytes:
    """A plan that no other job has."""
    return plan_path(PLAN).read_bytes() + uuid.uuid4().bytes


def create_from_upload(caller: Caller, key: str) -> requests.Response:
    upload = caller.data("POST", "/api/v1/uploads", 201, json={"filename": FILENAME})
    sent = requests.post(upload["url"], data=upload["fields"], files={"file": a_plan()}, timeout=30)
    assert sent.status_code == requests.codes.no_content
    body = {"blueprint": {"upload_id": upload["upload_id"]}}
    return caller.send("POST", "/api/v1/jobs", json=body, headers={"Idempotency-Key": key})


def traces(job: dict[str, Any]) -> tuple[str, ...]:
    """What tells of a job's blueprint, wherever it is found."""
    file_hash = job["blueprint_hash"]
    salted = hmac.new(b"local", file_hash.encode(), hashlib.sha256).hexdigest()
    return (file_hash, salted, "Villa", *WORDS)


def tells_nothing(found: Things, job: dict[str, Any]) -> None:
    told = {where for where, what in found.items() for trace in traces(job) if trace in what}
    assert told == set()
    named = {where.partition(":")[0] for where, what in found.items() if job["job_id"] in what}
    assert named <= {"location-detection-dev-jobs", "location-detection-dev-idempotency"}


def is_hidden(caller: Caller, job_id: str) -> None:
    for path in ("", "/blueprint", "/preview", "/preview/image", "/textract-results"):
        answer = caller.send("GET", f"/api/v1/jobs/{job_id}{path}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "JOB_NOT_FOUND"), path
    assert caller.send("POST", f"/api/v1/jobs/{job_id}/preview").status_code == 404
    assert caller.send("DELETE", f"/api/v1/jobs/{job_id}").status_code == 404
    listed = caller.data("GET", "/api/v1/jobs?limit=100")["jobs"]
    assert job_id not in {job["job_id"] for job in listed}


@pytest.mark.parametrize("source", ["form", "upload"])
def test_nothing_of_an_erased_job_is_found_in_any_table_or_bucket(
    eager_stack: RunningStack, local: Caller, source: str
) -> None:
    before, key = everything(eager_stack), str(uuid.uuid4())
    content = a_plan()
    made = create(local, key, content) if source == "form" else create_from_upload(local, key)
    job = made.json()["data"]
    for page in (1, 2):
        local.preview(job["job_id"], page=page)
    said = {"feedback": "wrong", "comment": "Not the Villa that I know."}
    local.data("POST", f"/api/v1/jobs/{job['job_id']}/feedback", 201, json=said)
    seen = "".join(new_since(before, eager_stack).values())
    assert [trace for trace in traces(job) if trace not in seen] == [], "or the scan is blind"

    receipt = local.data("DELETE", f"/api/v1/jobs/{job['job_id']}/data")

    assert receipt["job_id"] == job["job_id"]
    assert receipt["removed"] == {"blueprint": 1, "results": 2, "analysis": 2, "feedback": 1}
    tells_nothing(new_since(before, eager_stack), job)
    is_hidden(local, job["job_id"])
    assert local.send("DELETE", f"/api/v1/jobs/{job['job_id']}/data").status_code == 404
    if source == "form":
        again = create(local, key, content)
        assert (again.status_code, again.json()["error"]["code"]) == (404, "JOB_NOT_FOUND")
        tells_nothing(new_since(before, eager_stack), job)


def test_only_the_owner_with_the_right_to_it_can_erase(eager_stack: RunningStack, local: Caller) -> None:
    job = create(local).json()["data"]
    for key, status in (("local-other-key", 404), ("local-read-key", 403)):
        with Caller(eager_stack.addresses.router, key) as other:
            assert other.send("DELETE", f"/api/v1/jobs/{job['job_id']}/data").status_code == status
    assert local.job(job["job_id"]) == job


def test_erasing_beats_the_preview_that_is_being_made(eager_stack: RunningStack, local: Caller) -> None:
    textract = TextractSimulator(eager_stack.addresses.textract)
    before = everything(eager_stack)
    job = create(local).json()["data"]
    answers: list[requests.Response] = []
    called = textract.calls()
    textract.fail("hang")
    try:
        running = threading.Thread(
            target=lambda: answers.append(local.send("POST", f"/api/v1/jobs/{job['job_id']}/preview"))
        )
        running.start()
        once(textract.calls, lambda calls: calls > called)
        with Caller(local.base_url) as eraser:
            eraser.data("DELETE", f"/api/v1/jobs/{job['job_id']}/data")
            is_hidden(eraser, job["job_id"])
    finally:
        textract.recover()
        running.join()
    assert [answer.status_code for answer in answers] == [404]
    once(lambda: _named(new_since(before, eager_stack), job), lambda left: not left)
    tells_nothing(new_since(before, eager_stack), job)


def test_an_erasure_whose_worker_is_killed_is_ended_by_another(
    eager_stack: RunningStack, local: Caller
) -> None:
    before = everything(eager_stack)
    job = create(local, str(uuid.uuid4())).json()["data"]
    local.preview(job["job_id"])
    frozen = gunicorn_processes(eager_stack.pid, "PREVIEW_CACHE_TABLE")
    for process in frozen:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        eraser = threading.Thread(target=_try_to_erase, args=(local.base_url, job["job_id"]))
        eraser.start()
        once(lambda: local.send("GET", f"/api/v1/jobs/{job['job_id']}").status_code, lambda code: code == 404)
        for worker in gunicorn_workers(eager_stack.pid, "JOBS_TABLE"):
            os.kill(worker.pid, signal.SIGKILL)
        eraser.join()
    finally:
        for process in frozen:
            os.kill(process.pid, signal.SIGCONT)

    once(lambda: _named(new_since(before, eager_stack), job), lambda left: not left)
    tells_nothing(new_since(before, eager_stack), job)


def test_what_is_written_after_an_erasure_does_not_stay(eager_stack: RunningStack, local: Caller) -> None:
    before = everything(eager_stack)
    job = create(local).json()["data"]
    local.data("DELETE", f"/api/v1/jobs/{job['job_id']}/data")
    client(eager_stack, "s3").put_object(
        Bucket="location-detection-dev-cache",
        Key=f"cache/preview/{job['job_id']}/1.0.0.p1.json",
        Body=b"KITCHEN, by a worker that was killed right after it",
    )
    once(lambda: _named(new_since(before, eager_stack), job), lambda left: not left)


def test_of_a_job_that_expired_nothing_stays(eager_stack: RunningStack, local: Caller) -> None:
    before = everything(eager_stack)
    job = create(local).json()["data"]
    local.preview(job["job_id"])
    assert any("-cache/" in where for where in _named(new_since(before, eager_stack), job))
    client(eager_stack, "dynamodb").update_item(
        TableName="location-detection-dev-jobs",
        Key={"job_id": {"S": job["job_id"]}},
        UpdateExpression="SET expires_at = :past",
        ExpressionAttributeValues={":past": {"N": "1"}},
    )
    reconcile(eager_stack, RECONCILE_AFTER_SECONDS=0)
    once(lambda: _named(new_since(before, eager_stack), job), lambda left: not left)


def _named(found: Things, job: dict[str, Any]) -> list[str]:
    """Where a job is named; but for its key, which lives for a day."""
    return [where for where, what in found.items() if job["job_id"] in what and "-idempotency:" not in where]


def _try_to_erase(base_url: str, job_id: str) -> None:
    with Caller(base_url) as caller, suppress(requests.ConnectionError):  # its worker is killed
        caller.send("DELETE", f"/api/v1/jobs/{job_id}/data")
