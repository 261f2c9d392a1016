"""What belongs to one owner is, for every other, as if it were not there: by every route that there is."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from e2e.caller import Caller
from plan_library import plan_path
from running_stack import RunningStack

PLAN = "studio_small.png"
UNSAID = {"date", "x-request-id", "x-correlation-id", "ratelimit"}
"""Headers that differ from one answer to the next, whatever is asked for."""

NEEDED_BODIES: dict[str, Any] = {
    "POST /api/v1/jobs/{job_id}/feedback": {"json": {"feedback": "correct"}},
    "POST /api/v1/jobs/{job_id}/previews": {"json": {"pages": "1"}},
}
"""What must be sent to a route for it to look for the job at all, by ``METHOD path``."""


@pytest.fixture
def other(stack: RunningStack) -> Iterator[Caller]:
    with Caller(stack.addresses.router, key="local-other-key") as other:
        yield other


def routes_to_a_job(caller: Caller) -> list[tuple[str, str]]:
    """Method and path of each documented operation on a job of somebody's."""
    paths: dict[str, dict[str, Any]] = caller.send("GET", "/api/v1/openapi.json").json()["paths"]
    assert set(re.findall(r"{(\w+)}", " ".join(paths))) == {"job_id", "feedback_id"}, (
        "try ids of the new kind here too"
    )
    return [
        (method.upper(), path)
        for path, item in paths.items()
        for method in item
        if "{job_id}" in path and method != "parameters"
    ]


def said(answer: requests.Response, job_id: str) -> tuple[int, dict[str, str], str]:
    """All that the answer tells, without the id that was asked for and those of the request."""
    headers = {name.lower(): value for name, value in answer.headers.items()}
    body = answer.text.replace(answer.headers["X-Request-ID"], "REQUEST").replace(job_id, "JOB")
    return answer.status_code, {name: headers[name] for name in headers.keys() - UNSAID}, body


def test_anothers_job_is_answered_as_one_that_never_was(caller: Caller, other: Caller) -> None:
    job_id = caller.create(PLAN)["job_id"]
    caller.preview(job_id)
    right = {"json": {"feedback": "correct"}}
    feedback_id = caller.data("POST", f"/api/v1/jobs/{job_id}/feedback", 201, **right)["feedback_id"]
    seen = caller.send("GET", f"/api/v1/jobs/{job_id}")
    never = job_id[:-13] + "0" * 13
    variants: list[dict[str, Any]] = [
        {},
        {"headers": {"If-None-Match": seen.headers["ETag"]}},
        {"headers": {"If-None-Match": "*", "Accept": "image/svg+xml"}},
        {"params": {"page": 1}},
        {"params": {"page": 2, "format": "csv"}},
        {"json": {"page": 1, "refresh": True}},
        {"json": {"page": 0}},
        {"data": b"{", "headers": {"Content-Type": "application/json"}},
    ]
    routes = routes_to_a_job(caller)
    assert len(routes) >= 7
    for method, path in routes:
        needed = NEEDED_BODIES.get(f"{method} {path}", {})
        ours, nowhere = (path.format(job_id=each, feedback_id=feedback_id) for each in (job_id, never))
        for sent in variants:
            theirs = said(
                other.send(method, ours, **needed | sent),
                job_id,
            )
            nobodys = said(other.send(method, nowhere, **needed | sent), never)
            assert theirs == nobodys, (method, path, sent)
            if not sent:
                assert theirs[0] == 404, (method, path, theirs)
                assert "etag" not in theirs[1]

    after = caller.send("GET", f"/api/v1/jobs/{job_id}")
    assert (after.headers["ETag"], after.json()["data"]) == (seen.headers["ETag"], seen.json()["data"])
    caller.data("GET", f"/api/v1/jobs/{job_id}/preview")
    assert len(caller.data("GET", f"/api/v1/jobs/{job_id}/feedback")["feedback"]) == 1


def test_a_list_holds_ones_own_jobs_only(caller: Caller, other: Caller) -> None:
    mine = {caller.create(PLAN)["job_id"] for _ in range(2)}
    theirs = other.create(PLAN)["job_id"]
    assert mine <= listed(caller)
    assert theirs not in listed(caller)
    assert theirs in listed(other)
    assert not mine & listed(other)


def listed(caller: Caller) -> set[str]:
    found: set[str] = set()
    query: dict[str, Any] = {"limit": 100}
    while True:
        page = caller.data("GET", "/api/v1/jobs", params=query)
        found |= {job["job_id"] for job in page["jobs"]}
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


def test_a_cursor_is_its_owners_and_as_it_was_given(caller: Caller, other: Caller) -> None:
    for _ in range(2):
        caller.create(PLAN)
    cursor = caller.data("GET", "/api/v1/jobs", params={"limit": 1})["next_cursor"]
    assert other.send("GET", "/api/v1/jobs", params={"cursor": cursor}).status_code == 400
    assert caller.send("GET", "/api/v1/jobs", params={"cursor": cursor}).status_code == 200
    for place in range(len(cursor)):
        changed = cursor[:place] + ("B" if cursor[place] == "A" else "A") + cursor[place + 1 :]
        answer = caller.send("GET", "/api/v1/jobs", params={"cursor": changed})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "INVALID_REQUEST"), changed


def test_anothers_upload_is_answered_as_one_that_never_was(caller: Caller, other: Caller) -> None:
    opened = caller.data("POST", "/api/v1/uploads", 201)
    with plan_path(PLAN).open("rb") as file:
        sent = requests.post(opened["url"], data=opened["fields"], files={"file": file}, timeout=60)
    assert sent.ok
    upload_id = opened["upload_id"]
    never = upload_id[:-13] + "0" * 13

    def create(caller: Caller, upload_id: str) -> requests.Response:
        return caller.send("POST", "/api/v1/jobs", json={"blueprint": {"upload_id": upload_id}})

    theirs = said(create(other, upload_id), upload_id)
    assert theirs == said(create(other, never), never)
    assert theirs[0] == 404
    assert create(caller, upload_id).status_code == 201


def test_owners_share_neither_idempotency_keys_nor_previews(caller: Caller, other: Caller) -> None:
    def create(caller: Caller) -> requests.Response:
        with plan_path(PLAN).open("rb") as file:
            headers = {"Idempotency-Key": "the-same-key"}
            return caller.send("POST", "/api/v1/jobs", files={"file": (PLAN, file)}, headers=headers)

    mine, theirs = create(caller), create(other)
    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert "Idempotency-Replayed" not in theirs.headers
    assert mine.json()["data"]["job_id"] != theirs.json()["data"]["job_id"]
    caller.preview(mine.json()["data"]["job_id"])
    assert other.preview(theirs.json()["data"]["job_id"])["cached"] is False
