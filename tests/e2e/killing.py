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

from fault_proxy import Answer, Call, PassOn
from processes import Process, caller_on, gunicorn_workers
from running_stack import RunningStack

MARKS = {"jobs": "JOBS_TABLE", "preview": "PREVIEW_CACHE_TABLE"}
"""A variable that only this service's processes have."""

_CONFIGURATION = ("GetSecretValue", "GetParameters")
"""Calls that change nothing, and come or not by what the worker remembers."""

When = Literal["before", "after"]


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """The ``nth`` call (from 1) of that name which a service makes for one request."""

    service: str
    call: str
    nth: int

    def __str__(self) -> str:
        return f"{self.service}: {self.call} #{self.nth}"


class Observer:
    """Notes the steps of a request, in their order."""

    def __init__(self, stack: RunningStack) -> None:
        self._stack = stack
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()
        self.steps: list[Step] = []

    def __call__(self, call: Call, pass_on: PassOn) -> Answer | None:
        self._noted(call)
        return pass_on()

    def _noted(self, call: Call) -> tuple[Step, Process] | None:
        if call.name.startswith(_CONFIGURATION):
            return None
        for service, mark in MARKS.items():
            if worker := caller_on(call.caller_port, gunicorn_workers(self._stack.pid, mark)):
                with self._lock:
                    self._counts[service, call.name] += 1
                    step = Step(service, call.name, self._counts[service, call.name])
                    self.steps.append(step)
                return step, worker
        return None


class Killer(Observer):
    """Lets the worker that takes a step die before the call is passed on, or after it was answered."""

    def __init__(self, stack: RunningStack, step: Step, when: When) -> None:
        super().__init__(stack)
        self._step = step
        self._when = when
        self.killed = threading.Event()

    def __call__(self, call: Call, pass_on: PassOn) -> Answer | None:
        step, worker = self._noted(call) or (None, None)
        if worker is None or step != self._step:
            return pass_on()
        if self._when == "after":
            pass_on()
        os.kill(worker.pid, signal.SIGKILL)
        self.killed.set()
        return None
