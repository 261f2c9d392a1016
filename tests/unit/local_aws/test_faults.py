import threading
import time
from typing import Any

import pytest

from local_aws.textract.errors import InternalServerError, ProvisionedThroughputExceeded, UnsupportedDocument
from local_aws.textract.faults import BadFault, CallCounter, Fault, Faults


@pytest.mark.parametrize(
    ("request_body", "fault"),
    [
        ({"mode": "none"}, Fault("none")),
        ({"mode": "throttle", "rate": 0.5}, Fault("throttle", 0.5)),
        ({"mode": "slow", "rate": 1, "seconds": 2.5}, Fault("slow", 1.0, 2.5)),
    ],
)
def test_a_fault_is_read(request_body: Any, fault: Fault) -> None:
    assert Fault.parse(request_body) == fault


@pytest.mark.parametrize(
    ("request_body", "message"),
    [
        (None, "JSON object"),
        ([], "JSON object"),
        ({}, "mode must be one of none, throttle, error, refuse, hang, slow"),
        ({"mode": "explode"}, "mode must be"),
        ({"mode": ["none"]}, "mode must be"),
        ({"mode": "slow", "rate": 1.1}, "rate must be a number from 0 to 1"),
        ({"mode": "slow", "rate": True}, "rate must be"),
        ({"mode": "slow", "rate": "1"}, "rate must be"),
        ({"mode": "slow", "seconds": -1}, "seconds must be"),
        ({"mode": "slow", "seconds": float("nan")}, "seconds must be"),
        ({"mode": "slow", "second": 1}, "Unknown fields: second"),
    ],
)
def test_a_bad_fault_is_refused_with_what_is_allowed(request_body: Any, message: str) -> None:
    with pytest.raises(BadFault, match=message):
        Fault.parse(request_body)


def test_without_a_fault_calls_pass() -> None:
    Faults().strike()


@pytest.mark.parametrize(
    ("mode", "error"),
    [
        ("throttle", ProvisionedThroughputExceeded),
        ("error", InternalServerError),
        ("refuse", UnsupportedDocument),
    ],
)
def test_some_modes_answer_an_error(mode: Any, error: type[Exception]) -> None:
    faults = Faults()
    faults.set(Fault(mode))
    with pytest.raises(error):
        faults.strike()


def test_the_rate_is_the_share_of_calls_hit() -> None:
    draws = iter([0.0, 0.24, 0.25, 0.99])
    faults = Faults(draw=lambda: next(draws))
    faults.set(Fault("error", rate=0.25))
    hits = 0
    for _ in range(4):
        try:
            faults.strike()
        except InternalServerError:
            hits += 1
    assert hits == 2


def test_rate_zero_hits_nobody() -> None:
    faults = Faults(draw=lambda: 0.0)
    faults.set(Fault("error", rate=0.0))
    faults.strike()


def test_slow_delays_by_its_seconds_and_then_answers() -> None:
    faults = Faults()
    faults.set(Fault("slow", seconds=0.05))
    began = time.monotonic()
    faults.strike()
    assert time.monotonic() - began >= 0.05


@pytest.mark.parametrize("fault", [Fault("hang"), Fault("slow", seconds=3600)])
def test_lifting_the_fault_sets_waiting_calls_free(fault: Fault) -> None:
    faults = Faults()
    faults.set(fault)
    call = threading.Thread(target=faults.strike, daemon=True)
    call.start()
    call.join(timeout=0.2)
    assert call.is_alive()

    faults.set(Fault())
    call.join(timeout=60)
    assert not call.is_alive()


def test_a_hanging_call_ends_when_its_caller_has_gone() -> None:
    faults = Faults()
    faults.set(Fault("hang"))
    call = threading.Thread(target=lambda: faults.strike(caller_is_gone=lambda: True), daemon=True)
    call.start()
    call.join(timeout=60)
    assert not call.is_alive()


def test_calls_are_counted_from_zero() -> None:
    counter = CallCounter()
    assert counter.as_json() == {"AnalyzeDocument": 0}
    counter.count("AnalyzeDocument")
    counter.count("AnalyzeDocument")
    assert counter.as_json() == {"AnalyzeDocument": 2}
