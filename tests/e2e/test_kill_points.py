"""A worker killed at each step of a request: nothing answered is lost, nothing is left, a repeat works.

The steps are those that a request was seen to take, so that a new one is covered as soon as it is there.
``make test`` takes the writes of the longest request, ``make chaos`` every step of all of them.
"""

import base64
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
import requests

from blueprint_files import encoded, two_rooms
from e2e.caller import Caller, is_late, once
from e2e.commands import reconcile
from e2e.killing import Death, HastyStack, Killer, Step
from e2e.storage import Storage
from e2e.textract import TextractSimulator

THOROUGH = bool(os.environ.get("CHAOS"))
MOST_TRIES = 10
"""A machine under load may give up on a preview before the step at which its worker was to die."""

NOT_YET = {202, 409, 502, 503, 504}
"""What a repeat may be told before it is told what the first request has led to."""


@dataclass(frozen=True, slots=True)
class Request:
    """``send`` sends the same each time; a success answers the job of this ``content``."""

    send: Callable[[], requests.Response]
    content: bytes

    @property
    def blueprint_hash(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def plan_of_its_own() -> bytes:
    return encoded(two_rooms(), "PNG") + uuid.uuid4().bytes


def creating(content: bytes, caller: Caller, **body: Any) -> Request:
    return Request(_sending(caller.base_url, "/api/v1/jobs", **body), content)


def by_form(caller: Caller, *, keyed: bool = True, preview: bool = False) -> Request:
    content = plan_of_its_own()
    file, fields = {"file": ("plan.png", content)}, {"preview": str(preview).lower()}
    return creating(content, caller, files=file, data=fields, headers=_key() if keyed else {})


def by_base64(caller: Caller, *, preview: bool = False) -> Request:
    content = plan_of_its_own()
    blueprint = {"file": base64.b64encode(content).decode(), "format": "png"}
    body = {"blueprint": blueprint, "options": {"preview": preview}}
    return creating(content, caller, json=body, headers=_key())


def by_upload(caller: Caller, *, preview: bool = False) -> Request:
    content = plan_of_its_own()
    asked = partial(caller.send, "POST", "/api/v1/uploads")  # again while the worker killed last is away
    upload = once(asked, lambda answer: answer.status_code == 201).json()["data"]
    requests.post(upload["url"], upload["fields"], files={"file": content}, timeout=60).raise_for_status()
    body = {"blueprint": {"upload_id": upload["upload_id"]}, "options": {"preview": preview}}
    return creating(content, caller, json=body, headers=_key())


def previewing(caller: Caller) -> Request:
    content = plan_of_its_own()
    job = caller.data("POST", "/api/v1/jobs", 201, files={"file": ("plan.png", content)})
    return Request(_sending(caller.base_url, f"/api/v1/jobs/{job['job_id']}/preview"), content)


def _key() -> dict[str, str]:
    return {"Idempotency-Key": str(uuid.uuid4())}


def _sending(base_url: str, path: str, **body: Any) -> Callable[[], requests.Response]:
    def send() -> requests.Response:
        with Caller(base_url) as one:
            return one.send("POST", path, **body)

    return send


LONGEST, WITHOUT_KEY = "upload, preview", "form without a key"
REQUESTS: dict[str, Callable[[Caller], Request]] = {
    WITHOUT_KEY: partial(by_form, keyed=False),
    "form": by_form,
    "form, preview": partial(by_form, preview=True),
    "base64": by_base64,
    "base64, preview": partial(by_base64, preview=True),
    "upload": by_upload,
    LONGEST: partial(by_upload, preview=True),
    "preview": previewing,
}


@pytest.fixture(scope="module")
def storage(hasty: HastyStack) -> Storage:
    return Storage(hasty.stack.addresses.aws)


@pytest.fixture(autouse=True)
def nothing_is_read(hasty: HastyStack) -> Iterator[None]:
    """Textract refuses at once: reading here takes the cores that the workers need to come back."""
    textract = TextractSimulator(hasty.stack.addresses.textract)
    textract.fail("refuse")
    yield
    textract.recover()


@pytest.fixture
def caller(hasty: HastyStack) -> Iterator[Caller]:
    with Caller(hasty.stack.addresses.router) as caller:
        yield caller


@pytest.mark.timeout(3600 if THOROUGH else 600)
@pytest.mark.parametrize("kind", REQUESTS if THOROUGH else [LONGEST])
def test_a_death_at_any_step_loses_nothing_and_leaves_nothing(
    hasty: HastyStack, storage: Storage, caller: Caller, kind: str
) -> None:
    steps = steps_of(hasty, storage, REQUESTS[kind](caller))
    assert any(step.writes for step in steps)

    died = [
        (death, *died_at(death, hasty, storage, partial(REQUESTS[kind], caller))) for death in deaths(steps)
    ]
    reconcile(hasty.stack, RECONCILE_AFTER_SECONDS=0)
    assert storage.contradictions() == []

    for death, request, first in died:
        told = until_answered(request)
        if first.ok:
            assert told["job_id"] == first.json()["data"]["job_id"], death
        check_job(caller, request, told["job_id"], previewed="preview" in kind)
        jobs = storage.jobs_with(request.blueprint_hash)
        assert len(jobs) == 1 or kind == WITHOUT_KEY
        print(f"{kind:<20} {death!s:<64} answered {first.status_code}, a repeat {told['job_id']}")
    reconcile(hasty.stack, RECONCILE_AFTER_SECONDS=0)
    assert storage.contradictions() == []
    answered = sum(first.ok for _, _, first in died)
    print(f"{kind:<20} {len(died)} kills, {answered} answered all the same: lost 0, left over 0")


@pytest.mark.timeout(3600 if THOROUGH else 600)
def test_a_death_at_any_step_of_an_erasure_leaves_nothing(
    hasty: HastyStack, storage: Storage, caller: Caller
) -> None:
    first, second = (erased(hasty, storage, caller, None)[0].steps for _ in range(2))
    steps = [step for step in first if step in second]  # the background thread takes others meanwhile
    assert any(step.writes for step in steps)
    for death in deaths(steps):
        for _ in range(MOST_TRIES):
            killer, job_id = erased(hasty, storage, caller, death)
            if killer.killed.is_set():
                break
        assert killer.killed.is_set(), death
        path = f"/api/v1/jobs/{job_id}/data"
        again = once(lambda path=path: caller.send("DELETE", path), lambda answer: answer.status_code < 500)
        assert again.status_code in (200, 404), again.text
        assert storage.naming(job_id) <= {"jobs", "idempotency"}, death
        once(lambda: hasty.stack.log, partial(tells_of_the_erasure, job_id))
        print(f"erasing              {death!s:<64} a repeat is answered {again.status_code}")
    assert storage.contradictions() == []


def tells_of_the_erasure(job_id: str, log: str) -> bool:
    """Whoever restores a table takes from these lines what is to be erased once more."""
    return any('"event": "erased"' in line and job_id in line for line in log.splitlines())


def erased(hasty: HastyStack, storage: Storage, caller: Caller, death: Death | None) -> tuple[Killer, str]:
    """Have a job erased that has all there can be, and return when that was its worker's death or is done."""
    job_id = by_upload(caller).send().json()["data"]["job_id"]
    storage.has_results(job_id)
    killer = Killer(hasty.stack, death)
    with hasty.proxy.meddling(killer):
        caller.send("DELETE", f"/api/v1/jobs/{job_id}/data")
    return killer, job_id


def deaths(steps: list[Step]) -> list[Death]:
    """Before and after each step; in short before and after the writes in turn."""
    if THOROUGH:
        return [Death(when, step) for step in steps for when in ("before", "after")]
    writes = [step for step in steps if step.writes]
    return [Death("before" if n % 2 else "after", step) for n, step in enumerate(writes)]


def steps_of(hasty: HastyStack, storage: Storage, request: Request) -> list[Step]:
    watching, answer = watched(request, hasty, storage, None)
    assert answer.ok, answer.text
    return watching.steps


def died_at(
    death: Death, hasty: HastyStack, storage: Storage, new_request: Callable[[], Request]
) -> tuple[Request, requests.Response]:
    """The request whose worker died there, and what its sender was told."""
    for _ in range(MOST_TRIES):
        request = new_request()
        killer, answer = watched(request, hasty, storage, death)
        if killer.killed.is_set():
            return request, answer
    raise AssertionError(f"never came to {death}; the last request took {killer.steps}")


def watched(
    request: Request, hasty: HastyStack, storage: Storage, death: Death | None
) -> tuple[Killer, requests.Response]:
    """Send a request, and return when it was its worker's death or everything is done for it."""
    killer = Killer(hasty.stack, death)
    with hasty.proxy.meddling(killer), ThreadPoolExecutor(1) as pool:
        sent = pool.submit(request.send)
        once(lambda: killer.killed.wait(0.1) or has_ended(request, sent, storage), bool)
        return killer, sent.result()


def has_ended(request: Request, sent: Future[requests.Response], storage: Storage) -> bool:
    """Whether nobody works for a request any more, supposing that all workers live.

    Pages that were asked for with the job are left to preview's workers.
    """
    if not sent.done():
        return False
    jobs = [job for job in storage.jobs_with(request.blueprint_hash) if "pages" not in job]
    if any(job["status"]["S"] == "processing" for job in jobs):
        return False
    completed = {job["job_id"]["S"] for job in jobs if job["status"]["S"] == "completed"}
    return completed <= {each["job_id"]["S"] for each in storage.items("preview-cache") if "edition" in each}


def until_answered(request: Request) -> dict[str, Any]:
    def look() -> requests.Response:
        answer = request.send()
        assert answer.ok or answer.status_code in NOT_YET, answer.text
        return answer

    answer = once(look, lambda answer: answer.status_code in (200, 201) and not is_late(answer))
    data: dict[str, Any] = answer.json()["data"]
    return data


def check_job(caller: Caller, request: Request, job_id: str, *, previewed: bool) -> None:
    """The job is there with its file; asked for a preview, it comes to its end."""
    stored = caller.send("GET", f"/api/v1/jobs/{job_id}/blueprint")
    assert stored.content == request.content
    if previewed:
        again = Request(_sending(caller.base_url, f"/api/v1/jobs/{job_id}/preview"), request.content)
        assert until_answered(again)["job_id"] == job_id
        job = caller.job(job_id)
        if job["pages"] is None:
            assert job["status"] == "completed"
        else:  # with workers, which try again for minutes where no text can be read
            assert (job["pages"]["asked"], job["pages"]["failed"]) == (1, 0)
