"""Processes killed, and connections cut, at each step of pages in the queue: none is lost or done twice.

A worker that dies after it has asked Textract leaves the page to another, which asks again: such calls are
paid for twice, and counted. ``make test`` takes some of the writes, ``make chaos`` every step.
"""

import os
import signal
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import pytest
import requests

from blueprint_files import plan_pdf
from e2e.caller import Caller, is_late, once
from e2e.commands import reconcile
from e2e.conftest import HASTY
from e2e.killing import WORKER, Death, HastyStack, Killer, Step
from e2e.storage import Storage
from e2e.textract import TextractSimulator
from fault_proxy import running_proxy
from local_aws.aws import resources
from local_parts import free_port
from processes import queue_workers
from running_stack import RunningStack

THOROUGH = bool(os.environ.get("CHAOS"))
SHORT = 3
MOST_TRIES = 10
PAGES = 2
TIMES = {
    "PREVIEW_WORKERS": "1",
    "WORKER_VISIBILITY_TIMEOUT_SECONDS": "12",
    "REQUEUE_SECONDS": "1",
}
"""One worker, so that it is known who has the page; a dead one's page is free after nine seconds."""


@dataclass(frozen=True, slots=True)
class Work:
    """A job with pages to preview: ``send`` asks for them, the same each time, and is answered ``status``."""

    job_id: Callable[[], str]
    send: Callable[[], requests.Response]
    status: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What was tried once, and whether it was ``answered`` as it should be."""

    killer: Killer
    work: Any
    answered: bool


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HastyStack]:
    aws_port = free_port()
    with running_proxy(f"http://127.0.0.1:{aws_port}") as proxy:
        places = {"LOCAL_AWS_PORT": str(aws_port), "SERVICES_AWS_ENDPOINT_URL": proxy.url}
        running = RunningStack.start(tmp_path_factory.mktemp("pages"), HASTY | TIMES | places)
        try:
            yield HastyStack(running, proxy)
        finally:
            assert running.stop() == 0


@pytest.fixture(scope="module")
def storage(hasty: HastyStack) -> Storage:
    return Storage(hasty.stack.addresses.aws)


@pytest.fixture
def caller(hasty: HastyStack) -> Iterator[Caller]:
    with Caller(hasty.stack.addresses.router) as caller:
        yield caller


@pytest.fixture
def textract(hasty: HastyStack) -> TextractSimulator:
    return TextractSimulator(hasty.stack.addresses.textract)


def a_document(pages: int = PAGES) -> bytes:
    """The same pages each time, which the simulator reads once, in a file of its own."""
    return plan_pdf(pages=pages) + b"%" + uuid.uuid4().hex.encode()


def created(caller: Caller, pages: int = PAGES) -> str:
    upload = {"file": ("set.pdf", a_document(pages))}
    answer = once(
        lambda: caller.send("POST", "/api/v1/jobs", files=upload), lambda answer: answer.status_code == 201
    )
    return str(answer.json()["data"]["job_id"])


def asking(caller: Caller) -> Work:
    job_id = created(caller)
    path = f"/api/v1/jobs/{job_id}/previews"
    return Work(lambda: job_id, partial(sent, caller.base_url, "POST", path, json={"pages": "all"}), 202)


def creating(caller: Caller) -> Work:
    body = {
        "files": {"file": ("set.pdf", a_document())},
        "data": {"pages": "all"},
        "headers": {"Idempotency-Key": str(uuid.uuid4())},
    }
    send = partial(sent, caller.base_url, "POST", "/api/v1/jobs", **body)
    return Work(lambda: str(until_answered(send, 201)["job_id"]), send, 201)


def previewing(caller: Caller) -> Work:
    """Page 1 for a caller who waits, and the others by workers."""
    job_id = created(caller)
    caller.data("POST", f"/api/v1/jobs/{job_id}/previews", 202, json={"pages": f"2-{PAGES}"})
    path = f"/api/v1/jobs/{job_id}/preview"
    return Work(lambda: job_id, partial(sent, caller.base_url, "POST", path), 200)


KINDS: dict[str, Callable[[Caller], Work]] = {
    "ask for pages": asking,
    "create with pages": creating,
    "preview": previewing,
}


def sent(base_url: str, method: str, path: str, **body: Any) -> requests.Response:
    with Caller(base_url) as one:
        return one.send(method, path, **body)


def until_answered(send: Callable[[], requests.Response], status: int) -> dict[str, Any]:
    answer = once(send, lambda answer: answer.status_code == status and not is_late(answer))
    data: dict[str, Any] = answer.json()["data"]
    return data


By = Literal["kill", "cut"]


@pytest.mark.timeout(3600 if THOROUGH else 600)
@pytest.mark.parametrize("by", ["kill", "cut"] if THOROUGH else ["kill"])
@pytest.mark.parametrize("kind", KINDS if THOROUGH else ["ask for pages"])
def test_pages_that_are_asked_for_are_previewed_once_whatever_dies(
    hasty: HastyStack, storage: Storage, caller: Caller, kind: str, by: By
) -> None:
    def tried(death: Death | None) -> Tried:
        work = KINDS[kind](caller)
        killer = Killer(hasty.stack, death)
        with hasty.proxy.meddling(killer):
            answer = work.send()
        return Tried(killer, work, answer.status_code == work.status)

    met = 0
    for death in deaths(steps_of(tried), by):
        work = met_at(death, tried)
        until_answered(work.send, work.status)
        check_whole(caller, storage, work.job_id())
        met += 1
        print(f"{kind:<18} {death}")
    assert_nothing_is_left(hasty, storage)
    print(f"{kind:<18} {met} by {by}: pages lost 0, twice 0")


@pytest.mark.timeout(3600 if THOROUGH else 600)
@pytest.mark.parametrize("by", ["kill", "cut"] if THOROUGH else ["kill"])
def test_pages_that_are_taken_back_stay_so_whatever_dies(
    hasty: HastyStack, storage: Storage, caller: Caller, by: By
) -> None:
    def tried(death: Death | None) -> Tried:
        job_id = created(caller)
        path = f"/api/v1/jobs/{job_id}/previews"
        until_answered(partial(sent, caller.base_url, "POST", path, json={"pages": "all"}), 202)
        killer = Killer(hasty.stack, death)
        with hasty.proxy.meddling(killer):
            answer = sent(caller.base_url, "DELETE", path)
        return Tried(killer, job_id, answer.ok)

    with stopped_workers(hasty.stack):
        met = []
        for death in deaths(steps_of(tried), by):
            job_id = met_at(death, tried)
            until_answered(partial(sent, caller.base_url, "DELETE", f"/api/v1/jobs/{job_id}/previews"), 200)
            met.append(job_id)
            print(f"{'take back':<18} {death}")
    for job_id in met:
        assert {page["status"] for page in listed(caller, job_id)} == {"cancelled"}
        job = caller.job_once(job_id, lambda job: job["pages"] is None)
        assert job["status"] == "pending"
    assert_nothing_is_left(hasty, storage)
    print(f"{'take back':<18} {len(met)} by {by}: taken back and previewed 0")


@pytest.mark.timeout(3600 if THOROUGH else 600)
@pytest.mark.parametrize("by", ["kill", "cut"] if THOROUGH else ["kill"])
def test_a_page_whose_worker_dies_at_any_step_is_previewed_once(
    hasty: HastyStack, storage: Storage, caller: Caller, textract: TextractSimulator, by: By
) -> None:
    def tried(death: Death | None) -> Tried:
        job_id, calls = created(caller, pages=1), textract.calls()
        killer = Killer(hasty.stack, death, (WORKER,), job_id)
        with hasty.proxy.meddling(killer):
            path = f"/api/v1/jobs/{job_id}/previews"
            until_answered(partial(sent, caller.base_url, "POST", path, json={"pages": "all"}), 202)
            once(lambda: killer.killed.wait(0.1) or has_ended(caller, job_id), bool)
        return Tried(killer, (job_id, calls), answered=True)

    check_whole(caller, storage, tried(None).work[0], pages=1)  # which the simulator knows then
    again = []
    for death in deaths(steps_of(tried), by):
        job_id, calls = met_at(death, tried)
        check_whole(caller, storage, job_id, pages=1)
        again.append(textract.calls() - calls - 1)
        print(f"{'a page at work':<18} {death!s:<64} Textract asked again {again[-1]} times")
    assert_nothing_is_left(hasty, storage)
    twice = f"twice in what is stored 0, Textract asked again {sum(again)} times"
    print(f"{'a page at work':<18} {len(again)} by {by}: pages lost 0, {twice}")


def deaths(steps: list[Step], by: By) -> list[Death]:
    """Before and after each step; in short before and after some of the writes in turn."""
    if THOROUGH:
        return [
            Death(when, step, by)
            for step in steps
            for when in ("before", "after")
            if when == "after" or step.call != "ReceiveMessage"  # a message that nobody has is nobody's
        ]
    writes = [step for step in steps if step.writes and step.call != "ReceiveMessage"]
    return [Death("before" if n % 2 else "after", step, by) for n, step in enumerate(writes)][:SHORT]


def steps_of(tried: Callable[[None], Tried]) -> list[Step]:
    """Those that are taken each time."""
    first, second = (once(lambda: tried(None), lambda each: each.answered).killer.steps for _ in range(2))
    found = [step for step in first if step in second]
    assert any(step.writes for step in found)
    return found


def met_at(death: Death, tried: Callable[[Death], Tried]) -> Any:
    """The work at which it was met."""
    for _ in range(MOST_TRIES):
        each = tried(death)
        if each.killer.killed.is_set():
            return each.work
    raise AssertionError(f"never came to {death}; the last time it took {each.killer.steps}")


@contextmanager
def stopped_workers(stack: RunningStack) -> Iterator[None]:
    """Nobody takes a page from the queue."""
    (worker,) = once(lambda: queue_workers(stack.pid), lambda found: len(found) == 1)
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker.pid, signal.SIGCONT)


def listed(caller: Caller, job_id: str) -> list[dict[str, Any]]:
    look = partial(caller.send, "GET", f"/api/v1/jobs/{job_id}/previews")
    pages: list[dict[str, Any]] = once(look, lambda answer: answer.ok).json()["data"]["previews"]
    return pages


def has_ended(caller: Caller, job_id: str) -> bool:
    """Every page, and the job with them; while a service is started again nobody knows."""
    answer = caller.send("GET", f"/api/v1/jobs/{job_id}")
    return answer.ok and answer.json()["data"]["status"] in ("completed", "failed")


def check_whole(caller: Caller, storage: Storage, job_id: str, pages: int = PAGES) -> None:
    """All pages are completed and counted once; each has one result, and nothing waits."""
    once(lambda: has_ended(caller, job_id), bool)
    job = caller.job_once(job_id, lambda job: bool(job["pages"]) and job["pages"]["done"] == pages)
    whole = {"asked": pages, "done": pages, "failed": 0}
    assert (job["status"], job["pages"], job["degraded"]) == ("completed", whole, [])
    found = [(page["page"], page["status"]) for page in listed(caller, job_id)]
    assert found == [(number, "completed") for number in range(1, pages + 1)]
    rows = [item for item in storage.items("preview-pages") if item["job_id"]["S"] == job_id]
    assert len(rows) == pages + 1
    assert not any("due_at" in row for row in rows)
    results = [key for key in storage.keys(resources.CACHE_BUCKET) if f"/{job_id}/" in key]
    assert len(results) == 2 * pages  # text and rooms


def assert_nothing_is_left(hasty: HastyStack, storage: Storage) -> None:
    reconcile(hasty.stack, RECONCILE_AFTER_SECONDS=0)
    assert storage.contradictions() == []
