"""Kills a service's worker, really, at one of the calls that it makes to AWS.

Between two calls a worker changes nothing that outlives it: so before and after each of its calls are all
the places where its death can make a difference, and the services need no code of their own to die there.
"""

import os
import signal
import threading
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from fault_proxy import Answer, Call, FaultProxy, PassOn
from processes import Process, caller_on, gunicorn_workers
from running_stack import RunningStack

MARKS = {"jobs": "JOBS_TABLE", "preview": "PREVIEW_CACHE_TABLE"}
"""A variable that only this service's processes have."""

_OF_NO_REQUEST = (
    *("GetSecretValue", "GetParameters", "Query jobs"),
    *("UpdateItem rate-limits", "UpdateItem preview-cache"),
)
"""Calls that come or not by what the worker remembers, or now and then as the renewal of a lease, and change
nothing, a count or a time."""


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
    """Where a worker dies: before a step is passed on to AWS, or after AWS has done it."""

    when: Literal["before", "after"]
    step: Step

    def __str__(self) -> str:
        return f"{self.step.service:<8} {self.when:<6} {self.step.call} #{self.step.nth}"


class Killer:
    """Notes the steps of one request, and kills the worker that comes to the one of its death, if any."""

    def __init__(self, stack: RunningStack, death: Death | None) -> None:
        self._stack = stack
        self._death = death
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self.steps: list[Step] = []
        self.killed = threading.Event()

    def __call__(self, call: Call, pass_on: PassOn) -> Answer | None:
        death, worker = self._death, self._worker_at(call)
        if death is None or worker is None:
            return pass_on()
        if death.when == "after":
            pass_on()
        os.kill(worker.pid, signal.SIGKILL)
        self.killed.set()
        return None

    def _worker_at(self, call: Call) -> Process | None:
        """Note the step; whose it is, if it is the one to die at."""
        if call.name.startswith(_OF_NO_REQUEST):
            return None
        for service, mark in MARKS.items():
            if worker := caller_on(call.caller_port, gunicorn_workers(self._stack.pid, mark)):
                with self._lock:
                    self._counts[service, call.name] += 1
                    step = Step(service, call.name, self._counts[service, call.name])
                    self.steps.append(step)
                return worker if self._death is not None and step == self._death.step else None
        return None
