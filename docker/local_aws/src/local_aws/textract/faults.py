"""Scripted faults, set over ``PUT /_simulator/faults``, and the count of calls."""

import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from local_aws.textract.errors import InternalServerError, ProvisionedThroughputExceeded, UnsupportedDocument

Mode = Literal["none", "throttle", "error", "refuse", "hang", "slow"]

_HANG_CHECK_SECONDS = 1.0
"""Interval at which a hanging call checks that its caller is still there, so that its thread ends with it."""


class BadFault(Exception):
    """Says what a fault may look like."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``rate`` is the share of calls it hits (0 to 1); ``seconds`` is the delay of ``slow``."""

    mode: Mode = "none"
    rate: float = 1.0
    seconds: float = 1.0

    @classmethod
    def parse(cls, request: object) -> "Fault":
        """Read a request body; ``rate`` and ``seconds`` may be absent and are 1 then.

        Raises
        ------
        BadFault
            With a message that says what is allowed.
        """
        if not isinstance(request, Mapping):
            raise BadFault('Send a JSON object such as {"mode": "slow", "rate": 1, "seconds": 2}.')
        unknown = set(request) - {"mode", "rate", "seconds"}
        if unknown:
            raise BadFault(f"Unknown fields: {', '.join(sorted(map(str, unknown)))}.")
        mode: Any = request.get("mode")
        if mode not in get_args(Mode):
            raise BadFault(f"mode must be one of {', '.join(get_args(Mode))}.")
        rate = _number(request, "rate", maximum=1)
        return cls(mode, rate, _number(request, "seconds", maximum=3600))

    def as_json(self) -> dict[str, Any]:
        return {"mode": self.mode, "rate": self.rate, "seconds": self.seconds}


def _number(request: Mapping[str, Any], name: str, maximum: float) -> float:
    value = request.get(name, 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= maximum:
        raise BadFault(f"{name} must be a number from 0 to {maximum:g}.")
    return float(value)


class Faults:
    """The fault in force; a change sets hanging and slowed calls free at once."""

    def __init__(self, draw: Callable[[], float] = random.random) -> None:
        self._draw = draw
        self._changed = threading.Condition()
        self._fault = Fault()

    @property
    def current(self) -> Fault:
        with self._changed:
            return self._fault

    def set(self, fault: Fault) -> None:
        with self._changed:
            self._fault = fault
            self._changed.notify_all()

    def strike(self, caller_is_gone: Callable[[], bool] = lambda: False) -> None:
        """Let the fault in force hit this call, or not.

        Raises
        ------
        ProvisionedThroughputExceeded, InternalServerError, UnsupportedDocument
            In the modes ``throttle``, ``error`` and ``refuse``.
        """
        fault = self.current
        if fault.mode == "none" or self._draw() >= fault.rate:
            return
        match fault.mode:
            case "throttle":
                raise ProvisionedThroughputExceeded("Provisioned rate exceeded")
            case "error":
                raise InternalServerError("Internal server error")
            case "refuse":
                raise UnsupportedDocument("Request has unsupported document format")
            case "slow":
                self._wait_while(fault, fault.seconds)
            case "hang":
                while self._wait_while(fault, _HANG_CHECK_SECONDS) and not caller_is_gone():
                    pass

    def _wait_while(self, fault: Fault, seconds: float) -> bool:
        """Wait while ``fault`` is in force, at most ``seconds``; whether it still is."""
        with self._changed:
            return not self._changed.wait_for(lambda: self._fault is not fault, timeout=seconds)


class CallCounter:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls = {"AnalyzeDocument": 0}

    def count(self, operation: str) -> None:
        with self._lock:
            self._calls[operation] = self._calls.get(operation, 0) + 1

    def as_json(self) -> dict[str, int]:
        with self._lock:
            return dict(self._calls)
