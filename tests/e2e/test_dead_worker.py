"""A preview worker killed while it waits for Textract: its job comes to an end, and nothing is left."""

import os
import signal
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from blueprint_files import encoded, two_rooms
from e2e.caller import Caller, is_late, once
from e2e.killing import MARKS, HastyStack
from e2e.textract import TextractSimulator
from processes import PROC, Process, descendants, gunicorn_workers


@pytest.fixture
def caller(hasty: HastyStack) -> Iterator[Caller]:
    with Caller(hasty.stack.addresses.router) as caller:
        yield caller


@pytest.fixture
def textract(hasty: HastyStack) -> Iterator[TextractSimulator]:
    simulator = TextractSimulator(hasty.stack.addresses.textract)
    yield simulator
    simulator.recover()


def test_a_dead_workers_job_fails_at_the_next_look_and_is_previewed_again(
    hasty: HastyStack, caller: Caller, textract: TextractSimulator
) -> None:
    plan = encoded(two_rooms(), "PNG") + uuid.uuid4().bytes
    job_id, same_file = create(caller, plan), create(caller, plan)
    left_behind = die_while_previewing(job_id, hasty, textract)

    once(
        lambda: [child for child in left_behind if (PROC / str(child.pid)).exists()], lambda alive: not alive
    )
    once(lambda: blueprints_on_disk(hasty), lambda files: not files)
    once(lambda: ask_for_preview(caller.base_url, same_file), is_ok)  # only one may work at a file

    failed = caller.job_once(job_id, lambda job: job["status"] == "failed")
    assert failed["error"]["code"] == "PROCESSING_TIMED_OUT"
    once(lambda: ask_for_preview(caller.base_url, job_id), is_ok)
    job = caller.job(job_id)
    assert (job["status"], job["error"]) == ("completed", None)


def create(caller: Caller, plan: bytes) -> str:
    return str(caller.data("POST", "/api/v1/jobs", 201, files={"file": ("plan.png", plan)})["job_id"])


def die_while_previewing(job_id: str, hasty: HastyStack, textract: TextractSimulator) -> list[Process]:
    """Kill all preview workers once the page is with Textract; the children they had."""
    textract.fail("hang")
    calls = textract.calls()
    with ThreadPoolExecutor(1) as pool:
        preview = pool.submit(ask_for_preview, hasty.stack.addresses.router, job_id)
        once(textract.calls, lambda now: now > calls)
        assert blueprints_on_disk(hasty)
        workers = gunicorn_workers(hasty.stack.pid, MARKS["preview"])
        children = [child for worker in workers for child in descendants(worker.pid)]
        for worker in workers:
            os.kill(worker.pid, signal.SIGKILL)
        textract.recover()
        assert preview.result().status_code == requests.codes.unavailable
    assert children
    return children


def blueprints_on_disk(hasty: HastyStack) -> list[Path]:
    """What lies in the folder for temporary files of the services."""
    (worker, *_) = once(lambda: gunicorn_workers(hasty.stack.pid, MARKS["preview"]), bool)
    return [
        Path(folder, name)
        for folder, _, names in os.walk(worker.environment["TMPDIR"])  # which minds no folder that vanishes
        for name in names
        if name.startswith("blueprint")
    ]


def ask_for_preview(base_url: str, job_id: str) -> requests.Response:
    with Caller(base_url) as caller:
        return caller.send("POST", f"/api/v1/jobs/{job_id}/preview")


def is_ok(answer: requests.Response) -> bool:
    return answer.status_code == requests.codes.ok and not is_late(answer)
