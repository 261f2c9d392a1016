"""The seconds of a preview: its phases fit, and each ends in time for those that follow."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import preview
from preview.adapters.page_analyser import PAGE_LIMITS
from preview.domain.budget import (
    DEFAULT_DEADLINE_SECONDS,
    MAX_REQUEST_SECONDS,
    PAGE_SECONDS,
    RENDER_SECONDS,
    Budget,
)
from preview.domain.page_work import DEFAULT_TIMES
from preview.settings import PARAMETERS
from shared.validators import DecimalNumber

[DEADLINES] = [p.validator for p in PARAMETERS if p.name == "preview/deadline_seconds"]
assert isinstance(DEADLINES, DecimalNumber)


class Monotonic:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def default_budget(monotonic: Callable[[], float]) -> Budget:
    return Budget.for_caller(DEFAULT_DEADLINE_SECONDS, monotonic)


@given(st.floats(DEADLINES.minimum, DEADLINES.maximum))
def test_the_phases_fit_every_deadline_that_operators_may_set(deadline_seconds: float) -> None:
    budget = Budget.for_caller(deadline_seconds, Monotonic())
    assert budget.total == deadline_seconds


def test_a_page_at_the_limit_of_complexity_is_drawn_within_the_default_deadline() -> None:
    assert default_budget(Monotonic()).seconds_to_read_text() > RENDER_SECONDS


def test_the_default_budget_is_the_documented_one() -> None:
    budget = default_budget(Monotonic())
    phases = (budget.name, budget.write, budget.answer, budget.start)
    assert phases == pytest.approx((0.6, 0.6, 0.1, 1.5))


def test_a_worker_leaves_the_time_that_callers_lack_to_the_text() -> None:
    assert Budget.for_worker(Monotonic()).seconds_to_read_text() == pytest.approx(PAGE_SECONDS - 1.2)


def test_each_phase_ends_in_time_for_those_that_follow() -> None:
    monotonic = Monotonic()
    budget = default_budget(monotonic)
    monotonic.at += 1
    assert budget.seconds_left() == pytest.approx(3.9)
    assert budget.seconds_to_compute() == pytest.approx(3.3)
    assert budget.seconds_to_read_text() == pytest.approx(2.7)
    assert budget.seconds_to_store() == pytest.approx(1.95)
    assert (budget.at_most(1), budget.at_most(60)) == (1, pytest.approx(3.9))


def test_nothing_is_left_after_the_deadline() -> None:
    monotonic = Monotonic()
    budget = default_budget(monotonic)
    monotonic.at += 6
    left = (budget.seconds_left(), budget.seconds_to_compute(), budget.seconds_to_read_text())
    assert left == (0, 0, 0)


def test_nothing_begins_that_would_not_be_waited_for() -> None:
    monotonic = Monotonic()
    budget = default_budget(monotonic)
    monotonic.at += 3.3
    assert budget.may_start()
    monotonic.at += 0.2
    assert not budget.may_start()


@pytest.mark.parametrize(
    "phases",
    [{"name": 1.4}, {"write": 1.4}, {"answer": 3.8}, {"start": 1.1}, {"start": 5.0}],
)
def test_phases_that_do_not_fit_are_refused(phases: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="Budget"):
        replace(default_budget(Monotonic()), **phases)


def test_a_worker_ends_its_page_before_another_takes_it_over() -> None:
    assert DEFAULT_TIMES.attempt.total_seconds() > PAGE_SECONDS


def test_the_last_resort_against_a_page_comes_after_every_budget() -> None:
    longest = max(PAGE_SECONDS, MAX_REQUEST_SECONDS)
    assert PAGE_LIMITS.cpu_seconds >= longest
    assert PAGE_LIMITS.wall_seconds > longest


def test_no_step_of_a_preview_asks_the_context_for_its_time() -> None:
    steps = list(Path(preview.__file__).parent.rglob("*.py"))
    assert steps
    assert [step.name for step in steps if "current().deadline" in step.read_text(encoding="utf-8")] == []
