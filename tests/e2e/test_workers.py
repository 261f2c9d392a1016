"""Preview's workers as processes: they take pages from the queue, and lose none when they end."""

import json
import os
import signal
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from e2e.caller import Caller, once
from e2e.textract import TextractSimulator
from local_aws.aws import resources
from local_aws.aws.provision import client
from plan_library import plan_path
from processes import PROC, Process, queue_workers
from running_stack import RunningStack

PLAN = "studio_small.png"
VISIBILITY_TIMEOUT_SECONDS = "3"


class Queue:
    def __init__(self, aws_url: str) -> None:
        self._sqs = client("sqs", aws_url)
        self._url = self._sqs.get_queue_url(QueueName=resources.PAGES_QUEUE)["QueueUrl"]

    def send(self, message: object) -> None:
        self._sqs.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))

    def held(self) -> tuple[int, int]:
        """How many messages wait, and how many are with workers."""
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=["All"])["Attributes"]
        names = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible")
        waiting, received = (int(found[name]) for name in names)
        return waiting, received


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """With one worker, so that it is known who has the page."""
    environ = {
        "PREVIEW_DEADLINE_SECONDS": "12",
        "PREVIEW_WORKERS": "1",
        "WORKER_VISIBILITY_TIMEOUT_SECONDS": VISIBILITY_TIMEOUT_SECONDS,
        "REQUEUE_SECONDS": "1",
    }
    running = RunningStack.start(tmp_path_factory.mktemp("workers"), environ)
    try:
        yield running
    finally:
        assert running.stop() == 0


@pytest.fixture(scope="module")
def queue(stack: RunningStack) -> Queue:
    return Queue(stack.addresses.aws)


def worker(stack: RunningStack) -> Process:
    found: list[Process] = once(lambda: queue_workers(stack.pid), lambda found: len(found) == 1)
    return found[0]


def queued(caller: Caller) -> str:
    """A job of a file that nobody has seen before, whose first page is in the queue."""
    file = plan_path(PLAN).read_bytes() + uuid.uuid4().bytes
    job_id = str(caller.data("POST", "/api/v1/jobs", 201, files={"file": (PLAN, file)})["job_id"])
    caller.data("POST", f"/api/v1/jobs/{job_id}/previews", 202, json={"pages": "1"})
    return job_id


def until_previewed(caller: Caller, job_id: str) -> dict[str, Any]:
    """The first page of the job, once it is completed."""
    path = f"/api/v1/jobs/{job_id}/previews"
    pages: list[dict[str, Any]] = once(
        lambda: caller.data("GET", path)["previews"], lambda pages: pages[0]["status"] == "completed"
    )
    return pages[0]


def test_a_page_in_the_queue_is_previewed(caller: Caller, queue: Queue) -> None:
    job_id = queued(caller)
    until_previewed(caller, job_id)
    assert caller.data("GET", f"/api/v1/jobs/{job_id}/preview")["rooms"]
    once(queue.held, lambda held: held == (0, 0))


def test_a_worker_has_the_lowest_priority(stack: RunningStack) -> None:
    assert os.getpriority(os.PRIO_PROCESS, worker(stack).pid) == 19


def test_what_names_no_page_is_thrown_away(caller: Caller, queue: Queue) -> None:
    queue.send({"job_id": "job_1", "page": "all"})
    queue.send({"job_id": "job_20240115103000_0123456789abc", "page": 1})
    once(queue.held, lambda held: held == (0, 0))


def test_a_killed_worker_loses_no_page(
    stack: RunningStack, caller: Caller, queue: Queue, textract: TextractSimulator
) -> None:
    killed = worker(stack)
    textract.fail("hang")
    calls = textract.calls()
    job_id = queued(caller)
    once(textract.calls, lambda now: now > calls)
    os.kill(killed.pid, signal.SIGKILL)
    textract.recover()
    until_previewed(caller, job_id)
    assert worker(stack).pid != killed.pid
    once(queue.held, lambda held: held == (0, 0))


def test_a_worker_that_is_told_to_stop_gives_its_page_back(
    stack: RunningStack, caller: Caller, queue: Queue, textract: TextractSimulator
) -> None:
    stopped = worker(stack)
    textract.fail("hang")
    calls = textract.calls()
    job_id = queued(caller)
    once(textract.calls, lambda now: now > calls)
    os.kill(stopped.pid, signal.SIGTERM)
    once((PROC / str(stopped.pid)).exists, lambda there: not there)
    assert '"outcome": "given_back"' in stack.log
    textract.recover()
    until_previewed(caller, job_id)
    once(queue.held, lambda held: held == (0, 0))
