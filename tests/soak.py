"""Keeps a steady mixed load on a stack of its own, and prints errors, latencies and memory over time.

``python tests/soak.py [--minutes 30] [--jobs-per-minute 60]``; asserts nothing.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import numpy as np
import requests

from e2e.caller import Caller
from plan_library import plan_path
from processes import Process, descendants
from running_stack import RunningStack

CALLERS = 8
PREVIEW_EVERY, CANCEL_EVERY, ERASE_EVERY = 6, 5, 3
"""Of so many jobs one gets a preview, is cancelled, is erased; a preview costs a second of OCR here."""

SAMPLE_SECONDS = 15.0
SETTLED_SHARE = 0.25
"""Of the time, after which memory should not grow any more."""


@dataclass(slots=True)
class Record:
    """What was answered, and what each process held; filled from many threads."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[tuple[str, int | str]] = field(default_factory=Counter)
    memory: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    lock: Lock = field(default_factory=Lock)

    def add(self, what: str, seconds: float, status: int | str) -> None:
        with self.lock:
            self.seconds[what].append(seconds)
            self.statuses[what, status] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--jobs-per-minute", type=float, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        stack = RunningStack.start(Path(folder), {"PREVIEW_DEADLINE_SECONDS": "12"})
        try:
            record = soak(stack, 60 * options.minutes, 60 / options.jobs_per_minute)
        finally:
            stack.stop()
    sys.stdout.write("\n".join(report(record)) + "\n")


def soak(stack: RunningStack, seconds: float, pause_seconds: float) -> Record:
    """Begin a job every ``pause_seconds``, and do with it what its callers do."""
    record, began, sampled = Record(), time.monotonic(), 0.0
    begun: list[Future[None]] = []
    with ThreadPoolExecutor(CALLERS) as callers:
        number = 0
        while (now := time.monotonic() - began) < seconds:
            begun.append(callers.submit(one_job, stack.addresses.router, number, record))
            if now >= sampled:
                sample(stack.pid, now, record)
                sampled += SAMPLE_SECONDS
            number += 1
            time.sleep(max(0.0, number * pause_seconds - (time.monotonic() - began)))
    for job in begun:
        job.result()  # a mistake of this script must not read as a soak without errors
    return record


def one_job(router: str, number: int, record: Record) -> None:
    content = plan_path("studio_small.png").read_bytes() + f"job {number}".encode()
    with Caller(router) as caller:

        def ask(what: str, method: str, path: str, **arguments: object) -> requests.Response | None:
            began = time.monotonic()
            try:
                answer = caller.send(method, path, **arguments)
            except requests.RequestException as error:
                record.add(what, time.monotonic() - began, type(error).__name__)
                return None
            record.add(what, time.monotonic() - began, answer.status_code)
            return answer

        created = ask("create", "POST", "/api/v1/jobs", files={"file": ("studio.png", content)})
        if created is None or not created.ok:
            return
        job = f"/api/v1/jobs/{created.json()['data']['job_id']}"
        ask("get", "GET", job)
        ask("list", "GET", "/api/v1/jobs?limit=20")
        ask("download", "GET", f"{job}/blueprint")
        if number % PREVIEW_EVERY == 0:
            ask("preview", "POST", f"{job}/preview")
            ask("preview again", "POST", f"{job}/preview")
        elif number % CANCEL_EVERY == 0:
            ask("cancel", "DELETE", job)
        if number % ERASE_EVERY == 0:
            ask("erase", "DELETE", f"{job}/data")
            ask("get erased", "GET", job)


def sample(stack_pid: int, now: float, record: Record) -> None:
    for process in descendants(stack_pid):
        with suppress(OSError):  # it may have ended meanwhile
            record.memory[f"{process.pid} {part_of(process)}"].append((now, process.memory_mb))


def part_of(process: Process) -> str:
    """The module that a process runs, and for which service."""
    words = process.command.split()
    module = words[words.index("-m") + 1] if "-m" in words[:-1] else " ".join(words[:1])
    services = {"JOBS_TABLE": "jobs", "PREVIEW_CACHE_TABLE": "preview"}
    return " ".join(
        [module, *(name for variable, name in services.items() if variable in process.environment)]
    )


def report(record: Record) -> Iterator[str]:
    yield f"{'request':16}{'count':>8}{'p50 ms':>10}{'p99 ms':>10}{'max ms':>10}  statuses"
    for what, seconds in record.seconds.items():
        middle, late, most = 1000 * np.percentile(seconds, [50, 99, 100])
        statuses = {status: count for (name, status), count in record.statuses.items() if name == what}
        yield f"{what:16}{len(seconds):>8}{middle:>10.0f}{late:>10.0f}{most:>10.0f}  {statuses}"
    yield ""
    yield f"{'process':40}{'first MiB':>10}{'last MiB':>10}{'slope MiB/h once settled':>26}"
    end = max(at for samples in record.memory.values() for at, _ in samples)
    for name, samples in record.memory.items():
        at, held = np.array(samples).T
        settled = at >= SETTLED_SHARE * end
        stayed = at[0] < SETTLED_SHARE * end and at[-1] == end  # children that open one file each do not
        if stayed and settled.sum() > 2:
            slope = 3600 * np.polyfit(at[settled], held[settled], 1)[0]
            yield f"{name:40}{held[0]:>10.0f}{held[-1]:>10.0f}{slope:>26.1f}"


if __name__ == "__main__":
    main()
