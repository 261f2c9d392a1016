"""Jobs created with their pages asked for in the same request: they are previewed with no further request."""

import os
import signal
import uuid
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import Any

from blueprint_files import encoded, two_rooms
from e2e.caller import Caller, once
from e2e.killing import MARKS, Death, HastyStack, Killer, Step
from e2e.storage import Storage
from plan_library import plan_path
from processes import gunicorn_processes
from running_stack import RunningStack

THREADS = 6
"""As many as may ask for previews, or wait to, in one worker of jobs: one worker may get them all."""
CREATES = 16


def test_every_preview_asked_for_in_a_burst_of_creates_is_made(caller: Caller) -> None:
    content = plan_path("studio_small.png").read_bytes()

    def create(number: int) -> str:
        own = content + b"burst %d" % number  # no two share a stored preview
        with Caller(caller.base_url) as one:
            upload = {"file": ("studio.png", own)}
            return str(
                one.data("POST", "/api/v1/jobs", 201, files=upload, data={"preview": "true"})["job_id"]
            )

    with ThreadPoolExecutor(THREADS) as pool:
        job_ids = list(pool.map(create, range(CREATES)))

    for job_id in job_ids:
        job = caller.job_once(job_id, lambda job: job["status"] not in ("pending", "processing"))
        assert (job["status"], job["pages"]) == ("completed", {"asked": 1, "done": 1, "failed": 0}), job


def completed_without_a_request(aws_url: str, content: bytes) -> dict[str, Any]:
    """The job of this file, as stored once it is completed and owes nothing; no service is asked."""
    storage = Storage(aws_url)

    def look() -> list[dict[str, Any]]:
        return storage.jobs_with(sha256(content).hexdigest())

    (job,) = once(
        look, lambda jobs: [job["status"]["S"] for job in jobs if "owes" not in job] == ["completed"]
    )
    return job


def test_pages_promised_while_preview_is_away_are_previewed_once_it_is_back(
    stack: RunningStack, caller: Caller
) -> None:
    content = plan_path("studio_small.png").read_bytes() + uuid.uuid4().bytes
    away = gunicorn_processes(stack.pid, MARKS["preview"])
    for process in away:
        os.kill(process.pid, signal.SIGSTOP)
    try:
        upload = {"file": ("studio.png", content)}
        job = caller.data("POST", "/api/v1/jobs", 201, files=upload, data={"preview": "true"})
    finally:  # what they were asked dies with them; they are started again
        for process in away:
            os.kill(process.pid, signal.SIGKILL)
    assert (job["status"], job["message"]) == ("pending", "1 page waits to be previewed.")
    stored = completed_without_a_request(stack.addresses.aws, content)
    assert stored["job_id"]["S"] == job["job_id"]


def test_a_worker_killed_before_it_hands_the_pages_over_is_replaced(hasty: HastyStack) -> None:
    content = encoded(two_rooms(), "PNG") + uuid.uuid4().bytes
    killer = Killer(hasty.stack, Death("after", Step("jobs", "PutItem jobs", 1)))
    with Caller(hasty.stack.addresses.router) as caller, hasty.proxy.meddling(killer):
        answer = caller.send(
            "POST", "/api/v1/jobs", files={"file": ("plan.png", content)}, data={"preview": "true"}
        )
        assert killer.killed.wait(60)
    assert not answer.ok
    completed_without_a_request(hasty.stack.addresses.aws, content)
