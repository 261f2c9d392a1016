"""Both services replaced while they are at work, as a deployment does it: no caller notices.

Nor does a job whose preview is made in the background: none is left in ``processing`` by the old tasks.

What ECS does: the new task is registered with the load balancer and the old one taken out; then the old one
is told to stop (SIGTERM), and killed if it has not ended 30 s later.
"""

import asyncio
import base64
import http.client
import json
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from blueprint_files import encoded, two_rooms
from e2e.caller import PATIENCE_SECONDS, Caller, once
from e2e.killing import MARKS
from e2e.textract import TextractSimulator
from local_aws.router.proxy import Address, create_proxy
from local_aws.router.routing import Target
from local_parts import HOST, free_port, running
from processes import gunicorn_processes
from running_stack import REPOSITORY, RunningStack

STOP_TIMEOUT_SECONDS = 30
"""``stopTimeout`` of the tasks in terraform/."""

CALLERS = 4
ENOUGH_JOBS = 20
PREVIEWS = 6
UNTIL_TAKEN = {"DRAIN_SECONDS": "5"}
"""More than the kernel and a busy machine need to hand a request over that was sent before the switch."""

SERVICES: tuple[Target, ...] = ("preview", "jobs")
"""In the order of their start: jobs is told where preview is."""

PLAN = encoded(two_rooms(), "PNG")


@contextmanager
def another_task(
    stack: RunningStack, service: str, log: Path, **environment: str
) -> Iterator[tuple[subprocess.Popen[bytes], Address]]:
    """One more of a service, beside the one that runs."""
    master = gunicorn_processes(stack.pid, MARKS[service])[0]
    port = free_port()
    with running(
        [sys.executable, "-m", "gunicorn", "-c", REPOSITORY / "docker/gunicorn.conf.py", "wsgi:app"],
        f"http://{HOST}:{port}/health/ready",
        environ=master.environment | {"BIND": f"{HOST}:{port}"} | UNTIL_TAKEN | environment,
        folder=REPOSITORY / "services" / service,
        log=log,
    ) as process:
        yield process, (HOST, port)


@contextmanager
def load_balancer(targets: dict[Target, Address]) -> Iterator[str]:
    """The router in this process: ``targets`` may be changed while it runs."""
    port, loop = free_port(), asyncio.new_event_loop()
    runner = web.AppRunner(create_proxy(targets, port), access_log=None)
    loop.run_until_complete(runner.setup())
    loop.run_until_complete(web.TCPSite(runner, HOST, port).start())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield f"http://{HOST}:{port}"
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.run_until_complete(runner.cleanup())
        loop.close()


@contextmanager
def callers_at_work(url: str, previewed_job: str) -> Iterator[list[str]]:
    """Callers who create jobs and read until the block ends, always with success; the jobs they made."""
    created: list[str] = []
    done = threading.Event()

    def work() -> None:
        with Caller(url) as caller:
            while not done.is_set():
                job_id = create(caller)
                caller.job(job_id)
                caller.data("GET", f"/api/v1/jobs/{previewed_job}/preview")
                created.append(job_id)

    with ThreadPoolExecutor(CALLERS) as pool:
        working = [pool.submit(work) for _ in range(CALLERS)]
        try:
            yield created
        finally:
            done.set()
    for each in working:
        each.result()


@contextmanager
def half_an_upload(url: str) -> Iterator[Callable[[], int]]:
    """A create whose body is sent to its half; the other half follows when called, and the status is told."""
    file = base64.b64encode(PLAN).decode()
    body = json.dumps({"blueprint": {"file": file, "format": "png"}}).encode()
    half = len(body) // 2
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=PATIENCE_SECONDS)) as connection:
        connection.putrequest("POST", "/api/v1/jobs")
        for name, value in (("Content-Type", "application/json"), ("X-API-Key", "local-dev-key")):
            connection.putheader(name, value)
        connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body[:half])

        def finish() -> int:
            connection.send(body[half:])
            return connection.getresponse().status

        yield finish


def create(caller: Caller, **fields: str) -> str:
    files = {"file": ("a.png", PLAN + uuid.uuid4().bytes)}
    return str(caller.data("POST", "/api/v1/jobs", 201, files=files, data=fields)["job_id"])


def ask_for_preview(url: str, job_id: str) -> int:
    with Caller(url) as caller:
        return caller.send("POST", f"/api/v1/jobs/{job_id}/preview").status_code


def address_of(url: str) -> Address:
    return HOST, int(url.rpartition(":")[2])


def test_no_caller_notices_that_both_services_are_replaced(
    stack: RunningStack, caller: Caller, textract: TextractSimulator, tmp_path: Path
) -> None:
    previewed_job, held_job = create(caller), create(caller)
    caller.preview(previewed_job)
    with ExitStack() as running_now:
        targets: dict[Target, Address] = {}
        old = []
        peer = {}
        for service in SERVICES:
            task = another_task(stack, service, tmp_path / f"{service}.log", **peer)
            process, targets[service] = running_now.enter_context(task)
            old.append(process)
            peer = {"PREVIEW_URL": "http://{}:{}".format(*targets[service])}
        url = running_now.enter_context(load_balancer(targets))
        created = running_now.enter_context(callers_at_work(url, previewed_job))
        once(lambda: len(created), lambda jobs: jobs >= ENOUGH_JOBS)
        textract.fail("hang")
        calls = textract.calls()
        held = running_now.enter_context(ThreadPoolExecutor(1)).submit(ask_for_preview, url, held_job)
        once(textract.calls, lambda now: now > calls)
        with Caller(url) as asking:
            started = [create(asking, preview="true") for _ in range(PREVIEWS)]
        upload = running_now.enter_context(half_an_upload(url))  # a machine under load must not make it slow
        assert "processing" in {caller.job(job_id)["status"] for job_id in started}

        targets.update(jobs=address_of(stack.addresses.jobs), preview=address_of(stack.addresses.preview))
        for process in old:
            process.send_signal(signal.SIGTERM)
        textract.recover()

        assert upload() == 201
        assert held.result() == 200
        assert [process.wait(STOP_TIMEOUT_SECONDS) for process in old] == [0, 0]
        for job_id in started:
            ended = caller.job_once(job_id, lambda job: job["status"] not in ("pending", "processing"))
            assert ended["status"] == "completed"
        before = len(created)
        once(lambda: len(created), lambda jobs: jobs >= before + ENOUGH_JOBS)

    print(f"both services replaced under {CALLERS} callers: {3 * len(created)} requests, 0 failed")
