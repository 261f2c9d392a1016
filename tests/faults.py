"""What networks and AWS do at times, for calls that go through a `FaultProxy`.

with faulty(aws, throttled, "dynamodb", times=3) as fault:
    ...
assert fault.hits == 3
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from email.utils import formatdate

from fault_proxy import Answer, Call, FaultProxy, PassOn

PATIENCE_SECONDS = 120.0
"""After it what hangs goes on, so that no thread is left behind for ever; no test waits so long."""

_CREDENTIAL = re.compile(r"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/aws4_request")

Fault = Callable[[Call, PassOn, threading.Event], Answer | None]
"""Decides about a call as a Meddler does; the event is set when the fault is over."""


def service_of(call: Call) -> str:
    """AWS's name of what is called (``dynamodb``, ``s3``, ``textract``), empty where it is not AWS."""
    credential = _CREDENTIAL.search(dict(call.headers).get("Authorization", ""))
    return credential[1] if credential else ""


@dataclass(slots=True)
class FaultInForce:
    """``hits`` counts the calls that met it: those of ``service``, ``times`` of them if given."""

    fault: Fault
    service: str | None
    times: int | None
    hits: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, call: Call, pass_on: PassOn) -> Answer | None:
        return self.fault(call, pass_on, self.over) if self._hits(call) else pass_on()

    def _hits(self, call: Call) -> bool:
        with self._lock:
            wanted = self.service in (None, service_of(call)) and not call.path.startswith("/health")
            hit = wanted and (self.times is None or self.hits < self.times)
            self.hits += hit
            return hit


@contextmanager
def faulty(
    proxy: FaultProxy, fault: Fault, service: str | None = None, *, times: int | None = None
) -> Iterator[FaultInForce]:
    """Let calls meet ``fault`` until the block ends; health checks between the services are spared."""
    in_force = FaultInForce(fault, service, times)
    try:
        with proxy.meddling(in_force):
            yield in_force
    finally:
        in_force.over.set()


def throttled(call: Call, _pass_on: PassOn, _over: threading.Event) -> Answer:
    """Asked too often, as each of them says it."""
    match service_of(call):
        case "s3":
            return _refusal(call, 503, "SlowDown")
        case "dynamodb" | "textract":
            return _refusal(call, 400, "ProvisionedThroughputExceededException")
        case "":
            return _refusal(call, 503, "SERVICE_UNAVAILABLE")
    return _refusal(call, 400, "ThrottlingException")


def failing(call: Call, _pass_on: PassOn, _over: threading.Event) -> Answer:
    """An internal error of AWS; what is not AWS has an overloaded gateway before it."""
    return _refusal(call, 500 if service_of(call) else 502, "InternalError")


def reset(_call: Call, _pass_on: PassOn, _over: threading.Event) -> None:
    """The connection breaks before anything was done."""


def lost(_call: Call, pass_on: PassOn, _over: threading.Event) -> None:
    """Carried out, but the answer is lost with the connection."""
    pass_on()


def hanging(_call: Call, pass_on: PassOn, over: threading.Event) -> Answer:
    """Nothing is done or said until the fault is over; then as if there had been none."""
    over.wait(PATIENCE_SECONDS)
    return pass_on()


def slow(_call: Call, pass_on: PassOn, over: threading.Event) -> Answer:
    """Half a second more than usual."""
    over.wait(0.5)
    return pass_on()


def cut(_call: Call, pass_on: PassOn, _over: threading.Event) -> Answer:
    """Carried out, but half of the answer's body is missing."""
    answer = pass_on()
    length = answer.length or str(len(answer.body))
    return replace(answer, body=answer.body[: len(answer.body) // 2], length=length)


def garbled(call: Call, pass_on: PassOn, _over: threading.Event) -> Answer:
    """A byte changes on the way: S3 refuses what it was sent, and we are to refuse what it sends.

    Only whole objects have checksums.
    """
    if call.method == "PUT":
        return _refusal(call, 400, "BadDigest")
    answer = pass_on()
    if "list-type=" in call.path:
        return answer
    middle = len(answer.body) // 2
    byte = bytes(byte ^ 1 for byte in answer.body[middle : middle + 1])
    return replace(answer, body=answer.body[:middle] + byte + answer.body[middle + 1 :])


def skewed(call: Call, _pass_on: PassOn, _over: threading.Event) -> Answer:
    """AWS finds that our clock is wrong, which it tells by the time in the signature."""
    code = "RequestTimeTooSkewed" if service_of(call) == "s3" else "RequestExpired"
    answer = _refusal(call, 403, code)
    return replace(answer, headers=(*answer.headers, ("Date", formatdate(usegmt=True))))


def _refusal(call: Call, status: int, code: str) -> Answer:
    if service_of(call) == "s3":
        media_type, body = "application/xml", f"<Error><Code>{code}</Code><Message>so</Message></Error>"
    else:
        media_type, body = "application/x-amz-json-1.1", f'{{"__type": "{code}", "message": "so"}}'
    return Answer(status, "so", (("Content-Type", media_type),), body.encode())
