"""Many jobs with their previews asked for at once, while workers die at random: all come out, each once.

``make test`` sends fifty, ``make chaos`` a thousand.
"""

import os
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from blueprint_files import encoded, two_rooms
from dying_workers import PAGES_BETWEEN, dying_workers
from e2e.caller import Caller
from e2e.storage import Storage
from e2e.textract import TextractSimulator
from local_aws.aws import resources
from local_parts import LOOK_AGAIN_SECONDS
from running_stack import RunningStack

THOROUGH = bool(os.environ.get("CHAOS"))
CREATES = 1000 if THOROUGH else 50
CLIENTS = 8
PAGES_BETWEEN_DEATHS = PAGES_BETWEEN if THOROUGH else (5, 15)
PATIENCE_SECONDS = 3600 if THOROUGH else 400

PLAN = encoded(two_rooms(), "PNG")
"""The simulator reads its pixels once, and answers at once from then on."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    environ = {"WORKER_VISIBILITY_TIMEOUT_SECONDS": "40", "REQUEUE_SECONDS": "1"}
    running = RunningStack.start(tmp_path_factory.mktemp("dying"), environ)
    try:
        yield running
    finally:
        assert running.stop() == 0


def create(caller: Caller, number: int) -> str:
    upload = {"file": ("plan.png", PLAN + b"plan %d" % number)}  # no two share a stored preview
    return str(caller.data("POST", "/api/v1/jobs", 201, files=upload, data={"preview": "true"})["job_id"])


def until_ended(storage: Storage, job_ids: set[str]) -> None:
    """Look into the table alone: no request helps a job on."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        statuses = {job["job_id"]["S"]: job["status"]["S"] for job in storage.items("jobs")}
        waiting = [job_id for job_id in job_ids if statuses[job_id] in ("pending", "processing")]
        if not waiting:
            return
        assert time.monotonic() < give_up, f"{len(waiting)} of {len(job_ids)} have not ended: {waiting[:3]}"
        time.sleep(10 * LOOK_AGAIN_SECONDS)


@pytest.mark.timeout(PATIENCE_SECONDS + 600)
def test_all_creates_with_a_preview_are_completed_while_workers_die(stack: RunningStack) -> None:
    textract, storage = TextractSimulator(stack.addresses.textract), Storage(stack.addresses.aws)
    with Caller(stack.addresses.router) as caller:
        until_ended(storage, {create(caller, CREATES)})
        calls, began = textract.calls(), time.monotonic()
        with dying_workers(stack.pid, textract.calls, PAGES_BETWEEN_DEATHS) as killed:
            with ThreadPoolExecutor(CLIENTS) as clients:
                job_ids = set(clients.map(lambda number: create(caller, number), range(CREATES)))
            until_ended(storage, job_ids)
        seconds, again = time.monotonic() - began, textract.calls() - calls - CREATES

        jobs = [caller.job(job_id) for job_id in job_ids]
    statuses = Counter((job["status"], *job["degraded"]) for job in jobs)
    print(f"{CREATES} creates with preview, {len(killed)} workers killed: {dict(statuses)}, {seconds:.0f} s")
    assert len(job_ids) == CREATES
    assert statuses == {("completed",): CREATES}
    assert {str(job["pages"]) for job in jobs} == {str({"asked": 1, "done": 1, "failed": 0})}

    rows = Counter(
        item["job_id"]["S"] for item in storage.items("preview-pages") if item["job_id"]["S"] in job_ids
    )
    assert set(rows.values()) == {2}  # the page and the counts
    results = Counter(key.split("/")[2] for key in storage.keys(resources.CACHE_BUCKET))
    assert {results[job_id] for job_id in job_ids} == {2}  # text and rooms
    assert again <= len(killed)
    print(f"lost 0, twice in what is stored 0, Textract asked again {again} times, after a death each")
