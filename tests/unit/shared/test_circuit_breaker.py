"""The circuit breaker: when it opens, and what closes it."""

import io
import json
from collections.abc import Iterator
from contextlib import suppress

import pytest

from shared import context
from shared.circuit_breaker import CircuitBreaker
from shared.context import RequestContext
from shared.deadline import Deadline
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.metrics import Metrics

RESET_TIMEOUT_SECONDS = 2.0
MINIMUM_CALL_SECONDS = 3.0


class Dependency:
    """One that raises ``fault`` while it has one, behind a breaker that opens after three failures.

    Each call takes ``seconds``.
    """

    def __init__(self) -> None:
        self.now = 100.0
        self.seconds = 0.0
        self.fault: Exception | None = None
        self.asked = 0
        self.metrics = io.StringIO()
        self.breaker = CircuitBreaker(
            "Textract",
            Metrics("preview", "test", self.metrics),
            minimum_call_seconds=MINIMUM_CALL_SECONDS,
            failure_threshold=3,
            reset_timeout_seconds=RESET_TIMEOUT_SECONDS,
            monotonic=lambda: self.now,
        )

    def ask(self) -> None:
        with self.breaker.guard():
            self.asked += 1
            self.now += self.seconds
            if self.fault:
                raise self.fault

    def ask_in_vain(self, times: int) -> None:
        for _ in range(times):
            with pytest.raises(DependencyUnavailable):
                self.ask()

    def changes(self) -> list[str]:
        return [json.loads(line)["state"] for line in self.metrics.getvalue().splitlines()]


@pytest.fixture
def textract() -> Dependency:
    return Dependency()


def test_an_open_circuit_makes_no_call(textract: Dependency) -> None:
    textract.fault = DependencyUnavailable("Textract")
    textract.ask_in_vain(10)
    assert textract.asked == 3
    assert textract.changes() == ["open"]


def test_after_the_reset_timeout_one_trial_call_closes_the_circuit(textract: Dependency) -> None:
    textract.fault = DependencyUnavailable("Textract")
    textract.ask_in_vain(3)
    textract.now += RESET_TIMEOUT_SECONDS
    textract.ask_in_vain(5)
    assert textract.asked == 4

    textract.fault = None
    textract.now += RESET_TIMEOUT_SECONDS
    textract.ask()
    textract.ask()
    assert textract.asked == 6
    assert textract.changes() == ["open", "closed"]


def test_only_the_trial_call_waits_for_a_hanging_dependency(textract: Dependency) -> None:
    textract.fault = DependencyUnavailable("Textract")
    textract.ask_in_vain(3)
    textract.now += RESET_TIMEOUT_SECONDS
    with suppress(DependencyUnavailable), textract.breaker.guard():
        textract.now += 10 * RESET_TIMEOUT_SECONDS
        textract.ask_in_vain(5)
        raise textract.fault
    assert textract.asked == 3
    textract.ask_in_vain(1)
    assert textract.asked == 3, "the rest is counted from the end of the call that looked"


def test_occasional_answers_keep_the_circuit_closed(textract: Dependency) -> None:
    for _ in range(5):
        textract.fault = DependencyUnavailable("Textract")
        textract.ask_in_vain(2)
        textract.fault = None
        textract.ask()
    assert textract.asked == 15
    assert textract.changes() == []


@pytest.mark.parametrize("fault", [DependencyFailed("Textract"), ValueError("a page it does not take")])
def test_a_refusal_is_an_answer(textract: Dependency, fault: Exception) -> None:
    textract.fault = fault
    for _ in range(10):
        with pytest.raises(type(fault)):
            textract.ask()
    assert textract.asked == 10


@pytest.fixture
def no_time_left() -> Iterator[None]:
    """Every call ends at the deadline of its request."""
    with context.using(RequestContext(deadline=Deadline.after(0))):
        yield


@pytest.mark.usefixtures("no_time_left")
def test_calls_without_enough_time_do_not_open_the_circuit(textract: Dependency) -> None:
    textract.fault = DependencyUnavailable("Textract")
    textract.seconds = MINIMUM_CALL_SECONDS - 0.1
    textract.ask_in_vain(10)
    assert textract.asked == 10
    assert textract.changes() == []


@pytest.mark.usefixtures("no_time_left")
def test_calls_that_waited_long_enough_count_though_the_deadline_ended_them(
    textract: Dependency,
) -> None:
    textract.fault = DependencyUnavailable("Textract")
    textract.seconds = MINIMUM_CALL_SECONDS
    textract.ask_in_vain(10)
    assert textract.asked == 3


def test_a_call_that_fails_before_its_deadline_counts_however_short_it_was(textract: Dependency) -> None:
    textract.fault = DependencyUnavailable("Textract")
    with context.using(RequestContext(deadline=Deadline.after(60))):
        textract.ask_in_vain(10)
    assert textract.asked == 3


def test_a_trial_call_without_enough_time_leaves_the_trial_to_the_next(textract: Dependency) -> None:
    textract.fault = DependencyUnavailable("Textract")
    textract.ask_in_vain(3)
    textract.now += RESET_TIMEOUT_SECONDS
    with context.using(RequestContext(deadline=Deadline.after(0))):
        textract.ask_in_vain(1)
    assert textract.changes() == ["open"]

    textract.fault = None
    textract.ask()
    assert textract.changes() == ["open", "closed"]
