"""Kills a process of a service, really, or cuts its connection, at one of the calls that it makes to AWS.

Between two calls a worker changes nothing that outlives it: so before and after each of its calls are all
the places where its death can make a difference, and the services need no code of their own to die there.
"""

import json
import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from fault_proxy import Answer, Call, FaultProxy, PassOn
from processes import Process, caller_on, gunicorn_workers, queue_workers
from running_stack import RunningStack

MARKS = {"jobs": "JOBS_TABLE", "preview": "PREVIEW_CACHE_TABLE"}
"""A variable that only this service's processes have."""

WORKER = "worker"
"""The service of those that take pages from the queue."""

_OF_NO_REQUEST = (
    *("GetSecretValue", "GetParameters", "Query jobs"),
    *("UpdateItem rate-limits", "UpdateItem preview-cache", "GetQueueUrl", "ChangeMessageVisibility"),
)
"""Calls that come or not by what the worker remembers, or now and then as it renews a lease or keeps a
message, and change nothing, a count or a time."""

_OVERDUE_PAGES = b"unfinished-due_at"
"""The index that is looked at now and then, for no request."""


@dataclass(frozen=True, slots=True)
class HastyStack:
    """A stack in which nobody waits for the dead for long, and what stands between its services and AWS."""

    stack: RunningStack
    proxy: FaultProxy


@dataclass(frozen=True, slots=True)
class Step:
    """The ``nth`` call (from 1) of that name which a service makes for one request."""

    service: str
    call: str
    nth: int

    @property
    def writes(self) -> bool:
        return not self.call.startswith(("Get", "GET", "HEAD", "Query", "Scan"))


@dataclass(frozen=True, slots=True)
class Death:
    """Where a worker dies: before a step is passed on to AWS, or after AWS has done it.

    With ``by`` ``"cut"`` only its connection does.
    """

    when: Literal["before", "after"]
    step: Step
    by: Literal["kill", "cut"] = "kill"

    def __str__(self) -> str:
        cut = "cut " if self.by == "cut" else ""
        return f"{self.step.service:<8} {cut}{self.when:<6} {self.step.call} #{self.step.nth}"


class Killer:
    """Notes the steps of one request, and kills the worker that comes to the one of its death, if any.

    Those of ``services`` are noted. Workers go on with other jobs meanwhile: of theirs only what names
    ``job_id`` counts, or one of its messages.
    """

    def __init__(
        self,
        stack: RunningStack,
        death: Death | None,
        services: tuple[str, ...] = tuple(MARKS),
        job_id: str = "",
    ) -> None:
        self._stack = stack
        self._death = death
        self._services = services
        self._about = {job_id.encode()}
        self._processes: dict[str, list[Process]] = {}
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self.steps: list[Step] = []
        self.killed = threading.Event()

    def __call__(self, call: Call, pass_on: PassOn) -> Answer | None:
        if call.name == "ReceiveMessage":  # most come back empty, and are no step
            answer = pass_on()
            messages = json.loads(answer.body).get("Messages", ()) if answer.status == 200 else ()
            mine = [each for each in messages if self._is_about(each["Body"].encode())]
            self._about |= {each["ReceiptHandle"].encode() for each in mine}
            return self._meet(call, lambda: answer) if mine else answer
        return self._meet(call, pass_on)

    def _meet(self, call: Call, pass_on: PassOn) -> Answer | None:
        death, worker = self._death, self._worker_at(call)
        if death is None or worker is None or self.killed.is_set():
            return pass_on()
        if death.when == "after":
            pass_on()
        if death.by == "kill":
            os.kill(worker.pid, signal.SIGKILL)
        self.killed.set()
        return None

    def _worker_at(self, call: Call) -> Process | None:
        """Note the step; whose it is, if it is the one to die at."""
        if call.name.startswith(_OF_NO_REQUEST) or _OVERDUE_PAGES in call.body:
            return None
        service, worker = self._caller_on(call.caller_port)
        if worker is None or service not in self._services:
            return None
        is_receive = call.name == "ReceiveMessage"
        if service == WORKER and not (is_receive or self._is_about(call.path.encode() + call.body)):
            return None
        with self._lock:
            self._counts[service, call.name] += 1
            step = Step(service, call.name, self._counts[service, call.name])
            self.steps.append(step)
        return worker if self._death is not None and step == self._death.step else None

    def _is_about(self, text: bytes) -> bool:
        return any(name in text for name in self._about)

    def _caller_on(self, port: int) -> tuple[str, Process | None]:
        """The service of whoever calls, and the process; looked up anew where it is none of those known."""
        for look in (False, True):
            if look:
                self._processes = {
                    service: processes_of(service, self._stack) for service in (*MARKS, WORKER)
                }
            for service, processes in self._processes.items():
                if worker := caller_on(port, processes):
                    return service, worker
        return "", None


def processes_of(service: str, stack: RunningStack) -> list[Process]:
    return queue_workers(stack.pid) if service == WORKER else gunicorn_workers(stack.pid, MARKS[service])
