"""Nothing that a log must not hold is in the output of any process, whatever is sent and wherever."""

import base64
import json
import re
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from e2e.caller import Caller, once
from local_aws.aws import resources
from local_aws.aws.provision import client
from plan_library import plan_path
from running_stack import RunningStack

CANARY = "ld_canary7Qm2"
"""Stands for a key of somebody who puts it in the wrong place."""

FILE_CANARY = b"canary-in-a-file"
MISPLACED: list[tuple[str, dict[str, Any]]] = [
    ("/api/v1/jobs", {"params": {"api_key": CANARY}}),
    ("/api/v1/jobs", {"params": {CANARY: "1"}}),
    ("/api/v1/jobs", {"params": {"cursor": CANARY}}),
    ("/api/v1/jobs", {"params": {"status": CANARY, "limit": CANARY}}),
    (f"/api/v1/jobs/{CANARY}", {}),
    (f"/api/v1/jobs/job_{CANARY}", {}),
    (f"/api/v1/jobs/job_{CANARY}/blueprint", {}),
    (f"/api/v1/jobs/job_{CANARY}/preview", {"params": {"format": CANARY}}),
    (f"/api/v1/{CANARY}", {}),
    (f"/api/{CANARY}/jobs", {}),
    (f"/{CANARY}", {}),
    (f"/static/{CANARY}", {}),
    (f"/internal/v1/jobs/{CANARY}", {}),
    *(
        ("/api/v1/jobs", {"headers": headers})
        for headers in (
            {"Authorization": CANARY},
            {"Authorization": f"Bearer {CANARY}"},
            {"Authorization": f"Bearer {CANARY} {CANARY}"},
            {"Authorization": f"Basic {base64.b64encode(CANARY.encode()).decode()}"},
            {"X-API-Key": CANARY},
            {"Api-Key": CANARY},
            {"Cookie": f"key={CANARY}"},
            {"Referer": f"https://plans.example/?key={CANARY}"},
            {"User-Agent": CANARY},
            {"Idempotency-Key": CANARY},
            {"If-None-Match": f'"{CANARY}"'},
            {"traceparent": CANARY},
            {"X-Request-ID": CANARY},
            {"Content-Type": f"application/{CANARY}"},
        )
    ),
]
BODIES: list[dict[str, Any]] = [
    {"json": {CANARY: CANARY}},
    {"json": {"blueprint": {"upload_id": CANARY}}},
    {"json": {"blueprint": {"file": base64.b64encode(FILE_CANARY).decode(), "format": "png"}}},
    {"json": {"blueprint": {"file": CANARY, "format": CANARY}}},
    {"json": {"blueprint": {"file": f"https://127.0.0.1/{CANARY}?token={CANARY}", "format": "png"}}},
    {"data": f'{{"blueprint": "{CANARY}', "headers": {"Content-Type": "application/json"}},
    {"data": CANARY, "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    {"files": {CANARY: FILE_CANARY}},
    {"files": {"file": FILE_CANARY}, "data": {"format": CANARY, CANARY: CANARY}},
]
NO_HTTP = [
    f"GET /api/v1/jobs?key={CANARY} HTTP/9.9",
    f"GET /api/v1/jobs?key={CANARY}",
    f"GET /api/v1/jobs HTTP/1.1\r\nAuthorization Bearer {CANARY}",
    f"GET /api/v1/jobs HTTP/1.1\r\nX-API-Key: {CANARY}\r\n {CANARY}",
    f"GET /api/v1/jobs HTTP/1.1\r\n{CANARY} : 1",
    f"{CANARY}",
]


@pytest.fixture
def other(stack: RunningStack) -> Iterator[Caller]:
    with Caller(stack.addresses.router, key="local-other-key") as other:
        yield other


def test_no_process_says_what_it_must_not(stack: RunningStack, caller: Caller, other: Caller) -> None:
    secrets = {CANARY, FILE_CANARY.decode(), base64.b64encode(FILE_CANARY).decode().rstrip("=")}
    secrets |= {key.key for key in resources.LOCAL_KEYS} | internal_tokens(stack)
    secrets |= send_a_file_by_upload(caller)
    secrets |= send_and_read_a_plan(caller)
    send_everything_wrong(other)
    for key in ("local-read-key", "local-expired-key", None):
        with Caller(stack.addresses.router, key) as refused:
            send_what_is_misplaced(refused)
    send_what_is_no_http(stack)

    mark = "all-of-it-was-sent"
    for path in ("/api/v1/jobs", "/api/v1/jobs/job_1/preview"):
        caller.send("GET", path, headers={"X-Correlation-ID": mark})
    log = once(lambda: stack.log, lambda log: log.count(mark) >= 2).partition("\nready: ")[2]
    told = {secret for secret in secrets if secret in log}
    assert not told, [line for line in log.splitlines() if any(secret in line for secret in told)][:5]
    assert log.count('"event": "key_refused", "key_id": null') > 40


def internal_tokens(stack: RunningStack) -> set[str]:
    keeper = client("secretsmanager", stack.addresses.aws)
    token = json.loads(keeper.get_secret_value(SecretId=resources.INTERNAL_TOKEN_SECRET)["SecretString"])
    keeper.close()
    return {value for value in token.values() if value}


def send_a_file_by_upload(caller: Caller) -> set[str]:
    """What the presigned form holds that lets a file in."""
    opened = caller.data("POST", "/api/v1/uploads", 201)
    content = plan_path("studio_small.png").read_bytes() + FILE_CANARY
    assert requests.post(opened["url"], data=opened["fields"], files={"file": content}, timeout=60).ok
    caller.data("POST", "/api/v1/jobs", 201, json={"blueprint": {"upload_id": opened["upload_id"]}})
    found = {value for name, value in opened["fields"].items() if "signature" in name.lower()}
    assert found
    return found | {opened["fields"]["policy"]}


def send_and_read_a_plan(caller: Caller) -> set[str]:
    """The name of the file, and those on it: in its text layer, which no machine is too slow to read."""
    job_id = caller.create("office_floor.pdf")["job_id"]
    rooms = caller.preview(job_id)["rooms"]
    correction = {"name": CANARY, "bounding_box": [0, 0, 9, 9]}
    said = {"feedback": "missing", "comment": CANARY, "correction": correction}
    caller.data("POST", f"/api/v1/jobs/{job_id}/feedback", 201, json=said)
    for wrong in ({"feedback": CANARY}, {CANARY: CANARY}, {"feedback": "correct", "room_id": CANARY}):
        assert caller.send("POST", f"/api/v1/jobs/{job_id}/feedback", json=wrong).status_code == 400
    caller.data("GET", f"/api/v1/jobs/{job_id}/preview?corrected=true")
    assert caller.send("DELETE", f"/api/v1/jobs/{job_id}/feedback/{CANARY}").status_code == 404
    words = set(re.findall(r"[A-Za-z]{6,}", " ".join(room.get("name_hint", "") for room in rooms)))
    assert words
    return words | {"office_floor"}


def send_what_is_misplaced(caller: Caller) -> None:
    for path, arguments in MISPLACED:
        assert caller.send("GET", path, **arguments).status_code < 500
    assert caller.send("POST", "/api/v1/jobs", json={CANARY: CANARY}).status_code in (401, 403)


def send_everything_wrong(caller: Caller) -> None:
    for path, arguments in MISPLACED:
        for method in ("GET", "POST"):
            assert caller.send(method, path, **arguments).status_code < 500
    for body in BODIES:
        assert 400 <= caller.send("POST", "/api/v1/jobs", **body).status_code < 500
        assert caller.send("POST", f"/api/v1/jobs/job_{CANARY}/preview", **body).status_code < 500


def send_what_is_no_http(stack: RunningStack) -> None:
    for address in (stack.addresses.router, stack.addresses.jobs, stack.addresses.preview):
        to = urlsplit(address)
        for head in NO_HTTP:
            with socket.create_connection((to.hostname, to.port), timeout=60) as connection:
                connection.sendall(f"{head}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                while connection.recv(4096):
                    pass
