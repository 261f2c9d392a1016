"""Whole documents: every page that was asked for is previewed, whatever dies meanwhile."""

import os
import signal
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from blueprint_files import rooms_pdf
from e2e.caller import Caller, once
from e2e.textract import TextractSimulator
from processes import queue_workers
from running_stack import RunningStack

PAGES = 12
VISIBILITY_TIMEOUT_SECONDS = "40"
"""More than a page takes on a loaded machine: after three quarters of it another worker takes a page over."""

ALL = {"asked": PAGES, "done": PAGES, "failed": 0}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    environ = {
        "PREVIEW_WORKERS": "2",
        "WORKER_VISIBILITY_TIMEOUT_SECONDS": VISIBILITY_TIMEOUT_SECONDS,
        "REQUEUE_SECONDS": "1",
    }
    running = RunningStack.start(tmp_path_factory.mktemp("pages"), environ)
    try:
        yield running
    finally:
        assert running.stop() == 0


@pytest.fixture(scope="module")
def job_id(stack: RunningStack) -> str:
    """A document that nobody has seen before."""
    with Caller(stack.addresses.router) as caller:
        return created(caller)


def created(caller: Caller, pages: int = PAGES) -> str:
    file = rooms_pdf(pages=pages) + b"%" + uuid.uuid4().hex.encode()
    return str(caller.data("POST", "/api/v1/jobs", 201, files={"file": ("set.pdf", file)})["job_id"])


def ask(caller: Caller, job_id: str, pages: str = "all") -> Any:
    return caller.data("POST", f"/api/v1/jobs/{job_id}/previews", 202, json={"pages": pages})["pages"]


def listed(caller: Caller, job_id: str) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = caller.data("GET", f"/api/v1/jobs/{job_id}/previews")["previews"]
    return pages


def ended(pages: list[dict[str, Any]]) -> bool:
    return all(page["status"] not in ("queued", "processing") for page in pages)


def test_a_document_goes_in_with_one_request_and_comes_out_whole(caller: Caller, job_id: str) -> None:
    assert ask(caller, job_id) == {"asked": PAGES, "done": 0, "failed": 0}
    pages = once(lambda: listed(caller, job_id), ended)
    assert [page["page"] for page in pages] == list(range(1, PAGES + 1))
    assert {(page["status"], page["rooms"] > 0) for page in pages} == {("completed", True)}
    assert caller.data("GET", f"/api/v1/jobs/{job_id}/preview", params={"page": PAGES})["rooms"]


def test_asked_for_again_it_is_answered_from_what_is_stored(
    caller: Caller, job_id: str, textract: TextractSimulator
) -> None:
    calls = textract.calls()
    assert ask(caller, job_id) == ALL
    assert textract.calls() == calls


def test_pages_that_wait_are_taken_back(
    stack: RunningStack, caller: Caller, textract: TextractSimulator
) -> None:
    textract.fail("hang")
    job_id = created(caller, 8)
    ask(caller, job_id)
    once(lambda: listed(caller, job_id), lambda pages: any(page["status"] == "processing" for page in pages))
    left = caller.data("DELETE", f"/api/v1/jobs/{job_id}/previews")["pages"]
    textract.recover()
    pages = once(lambda: listed(caller, job_id), ended)
    assert (
        sum(page["status"] == "completed" for page in pages) == left["asked"] <= len(queue_workers(stack.pid))
    )
    assert {page["status"] for page in pages} == {"completed", "cancelled"}


def test_workers_that_are_killed_again_and_again_lose_no_page(stack: RunningStack, caller: Caller) -> None:
    job_id = created(caller, 6)
    ask(caller, job_id)
    for done in (1, 3):
        once(lambda: listed(caller, job_id), lambda pages, done=done: _completed(pages) >= done)
        for worker in queue_workers(stack.pid)[:1]:
            os.kill(worker.pid, signal.SIGKILL)
    pages = once(lambda: listed(caller, job_id), ended)
    assert _completed(pages) == 6
    assert ask(caller, job_id) == {"asked": 6, "done": 6, "failed": 0}


def test_of_an_erased_job_no_page_is_left_in_the_table(caller: Caller) -> None:
    job_id = created(caller, 6)
    ask(caller, job_id)
    caller.data("DELETE", f"/api/v1/jobs/{job_id}/data")
    assert caller.send("GET", f"/api/v1/jobs/{job_id}/previews").status_code == 404


def _completed(pages: list[dict[str, Any]]) -> int:
    return sum(page["status"] == "completed" for page in pages)
