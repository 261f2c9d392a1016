"""Everything that the services depend on misbehaves in turn: clear answers, nothing lost, and well again."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

import faults
from blueprint_files import encoded, marked_plan
from e2e.caller import PATIENCE_SECONDS, Caller, once
from fault_proxy import FaultProxy
from faults import Fault, faulty
from faulty_stack import FaultyStack, faulty_stack

HURRIED = {
    "CONFIG_CACHE_SECONDS": "0.1",
    "PREVIEW_DEADLINE_SECONDS": "3",
    "REQUEST_SECONDS": "3",
    "RETRY_BASE_SECONDS": "0.05",
}
"""Short, so that what hangs does not take all day. Whoever is late for it is told 503, and asks again."""

PROXIES: dict[str, tuple[Callable[[FaultyStack], FaultProxy], str | None]] = {
    "dynamodb": (lambda stack: stack.aws, "dynamodb"),
    "s3": (lambda stack: stack.aws, "s3"),
    "ssm": (lambda stack: stack.aws, "ssm"),
    "secretsmanager": (lambda stack: stack.aws, "secretsmanager"),
    "textract": (lambda stack: stack.textract, None),
    "jobs": (lambda stack: stack.jobs, None),
    "preview": (lambda stack: stack.preview, None),
}
IN_TRANSIT: list[Fault] = [faults.reset, faults.lost, faults.hanging, faults.slow, faults.cut]
OF_AWS: list[Fault] = [faults.throttled, faults.failing, faults.skewed, *IN_TRANSIT]
MATRIX: dict[str, list[Fault]] = {
    "dynamodb": OF_AWS,
    "s3": [*OF_AWS, faults.garbled],
    "ssm": [faults.failing, faults.hanging],
    "secretsmanager": [faults.throttled, faults.cut],
    "textract": [faults.throttled, faults.reset, faults.hanging, faults.cut],
    "jobs": [faults.failing, *IN_TRANSIT],
    "preview": [faults.failing, faults.lost, faults.hanging, faults.cut],
}
FILE_NAME = "canary-in-a-name.png"
SMALL_PLAN = encoded(marked_plan(), "PNG")
AWAY = requests.codes.unavailable
BROKEN_OFF = 0
"""In the place of a status: the answer had begun, and its sender could not end it."""


class World:
    """The stack, a job from before with a preview, and the jobs that were acknowledged since.

    Before each fault `prepare` makes an upload to create a job from, and a job to erase.
    """

    upload: tuple[str, bytes]
    doomed: str

    def __init__(self, stack: FaultyStack) -> None:
        self.stack = stack
        self.acknowledged: dict[str, bytes] = {}
        self.is_well_again(World.create)
        self.known = next(iter(self.acknowledged))
        with self.caller() as caller:
            caller.whole_preview(self.known)

    def caller(self) -> Caller:
        return Caller(self.stack.base_url)

    def send(self, method: str, path: str, **arguments: object) -> requests.Response:
        with self.caller() as caller:
            return caller.send(method, f"/api/v1{path}", **arguments)

    def prepare(self) -> None:
        opened = self._made(lambda: self.send("POST", "/uploads"))
        self.upload = opened["upload_id"], a_plan()
        file = {"file": self.upload[1]}
        requests.post(
            opened["url"], opened["fields"], files=file, timeout=PATIENCE_SECONDS
        ).raise_for_status()
        self.doomed = self._made(lambda: self.send("POST", "/jobs", files={"file": a_plan()}))["job_id"]

    def _made(self, ask: Callable[[], requests.Response]) -> dict[str, Any]:
        made: dict[str, Any] = once(ask, lambda answer: answer.status_code == 201).json()["data"]
        return made

    def create(self, key: str | None = None, **fields: str) -> requests.Response:
        """Send a plan nobody has sent before, and remember the job if it is acknowledged."""
        content = a_plan()
        headers = {"Idempotency-Key": key} if key else {}
        file = {"file": (FILE_NAME, content)}
        return self._noted(self.send("POST", "/jobs", files=file, data=fields, headers=headers), content)

    def create_from_upload(self) -> requests.Response:
        upload_id, content = self.upload
        return self._noted(self.send("POST", "/jobs", json={"blueprint": {"upload_id": upload_id}}), content)

    def _noted(self, answer: requests.Response, content: bytes) -> requests.Response:
        if answer.status_code == requests.codes.created:
            self.acknowledged[answer.json()["data"]["job_id"]] = content
        return answer

    def download(self) -> requests.Response:
        """All of the file that was sent, or an answer of which one sees that it is not whole."""
        try:
            answer = self.send("GET", f"/jobs/{self.known}/blueprint")
        except (requests.exceptions.ChunkedEncodingError, requests.ConnectionError):
            answer = requests.Response()
            answer.status_code = BROKEN_OFF
        if answer.status_code == requests.codes.ok:
            assert answer.content == self.acknowledged[self.known]
        return answer

    def erase(self) -> requests.Response:
        return self.send("DELETE", f"/jobs/{self.doomed}/data")

    def is_well_again(self, ask: Callable[["World"], requests.Response]) -> None:
        """Asked as a caller asks who has been told to come back: again, until it is answered in full."""

        def in_full(answer: requests.Response) -> bool:
            return answer.status_code in (200, 201) and not answer.json()["data"].get("degraded")

        once(lambda: ask(self), in_full)

    def has_kept(self, job_ids: set[str]) -> None:
        """Each of these acknowledged jobs is there, and its file is the one that was sent."""
        for job_id in job_ids:
            answer = self.send("GET", f"/jobs/{job_id}/blueprint")
            assert (answer.status_code, answer.content) == (200, self.acknowledged[job_id])

    def create_and_cancel(self) -> requests.Response:
        answer = self.create()
        if answer.status_code != requests.codes.created:
            return answer
        return self.send("DELETE", f"/jobs/{answer.json()['data']['job_id']}")

    def create_and_preview(self) -> requests.Response:
        answer = self.create()
        if answer.status_code != requests.codes.created:
            return answer
        return self.send("POST", f"/jobs/{answer.json()['data']['job_id']}/preview")


def a_plan() -> bytes:
    """One that nobody has sent before."""
    return SMALL_PLAN + os.urandom(16)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with faulty_stack(tmp_path_factory.mktemp("faults"), HURRIED) as stack:
        yield World(stack)


ROUTES: dict[str, tuple[Callable[[World], requests.Response], set[int]]] = {
    "create": (World.create, {201, AWAY}),
    "create with preview": (lambda world: world.create(preview="true"), {201, AWAY}),
    "create under a key": (lambda world: world.create(key=str(uuid.uuid4())), {201, AWAY}),
    "create from an upload": (World.create_from_upload, {201, AWAY}),
    "cancel": (World.create_and_cancel, {200, 409, AWAY}),
    "open an upload": (lambda world: world.send("POST", "/uploads"), {201, AWAY}),
    "read": (lambda world: world.send("GET", f"/jobs/{world.known}"), {200, AWAY}),
    "download": (World.download, {200, AWAY, BROKEN_OFF}),
    "erase": (World.erase, {200, AWAY}),
    "list": (lambda world: world.send("GET", "/jobs"), {200, AWAY}),
    "preview": (World.create_and_preview, {200, 202, 409, AWAY}),
    "repeated preview": (
        lambda world: world.send("POST", f"/jobs/{world.known}/preview"),
        {200, 202, AWAY},
    ),
    "read the preview": (lambda world: world.send("GET", f"/jobs/{world.known}/preview"), {200, AWAY}),
    "see it": (lambda world: world.send("GET", f"/jobs/{world.known}/preview/image"), {200, AWAY}),
    "read the text": (lambda world: world.send("GET", f"/jobs/{world.known}/textract-results"), {200, AWAY}),
}
"""One of each class, and what it may be answered with while something is away."""


def ask_everything(world: World) -> dict[str, requests.Response]:
    with ThreadPoolExecutor(len(ROUTES)) as pool:
        running = {name: pool.submit(ask, world) for name, (ask, _) in ROUTES.items()}
        return {name: answer.result() for name, answer in running.items()}


@pytest.mark.parametrize("fault", [faults.throttled, faults.failing, faults.reset, faults.lost])
@pytest.mark.parametrize("service", ["dynamodb", "s3"])
def test_a_burst_of_faults_is_not_noticed(world: World, service: str, fault: Fault) -> None:
    """Comes first: an outage uses up the retries that are there for bursts."""
    with faulty(world.stack.aws, fault, service, times=2) as in_force:
        answers = [world.create(), world.send("GET", f"/jobs/{world.known}"), world.create()]

    assert in_force.hits == 2
    assert [answer.status_code for answer in answers] == [201, 200, 201]


@pytest.mark.parametrize(
    ("dependency", "fault"),
    [(dependency, fault) for dependency, its_faults in MATRIX.items() for fault in its_faults],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_every_route_answers_clearly_and_nothing_is_lost(world: World, dependency: str, fault: Fault) -> None:
    find, service = PROXIES[dependency]
    before = set(world.acknowledged)
    world.prepare()
    with faulty(find(world.stack), fault, service) as in_force:
        answers = ask_everything(world)
        # What has just failed is left alone for a moment, by a breaker or while the last good value serves
        once(lambda: in_force.hits or world.create_and_preview(), lambda _: in_force.hits > 0)

    told = {name: (answer.status_code, answer.text[:300]) for name, answer in answers.items()}
    assert {name: said for name, said in told.items() if said[0] not in ROUTES[name][1]} == {}
    for answer in answers.values():
        if answer.status_code == AWAY:
            assert answer.json()["error"]["code"] == "SERVICE_UNAVAILABLE"
            assert int(answer.headers["Retry-After"]) >= 1
    for name in ("preview", "read", "repeated preview"):
        world.is_well_again(ROUTES[name][0])
    once(world.erase, lambda answer: answer.status_code in (200, 404))
    doomed = once(
        lambda: world.send("GET", f"/jobs/{world.doomed}"), lambda answer: answer.status_code != AWAY
    )
    assert doomed.status_code == requests.codes.not_found
    world.has_kept(set(world.acknowledged) - before)


def test_the_reconciler_takes_nothing_that_was_acknowledged(world: World) -> None:
    for service in ("s3", "dynamodb"):
        with faulty(world.stack.aws, faults.lost, service):
            world.create()
    world.is_well_again(World.create)
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "reconcile"],
        cwd=world.stack.jobs_folder,
        env={**world.stack.jobs_environ, "RECONCILE_AFTER_SECONDS": "0"},
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    world.has_kept(set(world.acknowledged))


def test_no_log_quotes_the_name_of_a_file(world: World) -> None:
    """The SDK tells of the object that it did not reach, and its key ends with the name."""
    with faulty(world.stack.aws, faults.reset, "s3"):
        assert world.create().status_code == AWAY
        assert world.send("GET", f"/jobs/{world.known}/blueprint").status_code == AWAY
    world.is_well_again(World.create)
    assert "endpoint URL" in world.stack.log
    assert FILE_NAME not in world.stack.log
