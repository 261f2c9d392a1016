"""How many retries a client may add to its calls."""

from itertools import count

import pytest

from shared.retry import Backoff, RetryBudget, call_with_retries

AT_ONCE = Backoff(retries=3, base_seconds=0)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def budget(clock: Clock) -> RetryBudget:
    return RetryBudget(share=0.2, per_second=1.0, most=10.0, monotonic=clock)


def retries_of(calls: int, budget: RetryBudget) -> int:
    """How many retries so many calls make that all fail."""
    attempts = count()

    def fail() -> None:
        next(attempts)
        raise TimeoutError

    for _ in range(calls):
        with pytest.raises(TimeoutError):
            call_with_retries(
                fail, backoff=AT_ONCE, budget=budget, is_transient=lambda _: True, sleep=lambda _: None
            )
    return next(attempts) - calls


def test_a_single_call_has_all_its_retries(budget: RetryBudget) -> None:
    assert retries_of(1, budget) == 3


def test_an_outage_is_asked_little_more_than_without_retries(budget: RetryBudget) -> None:
    assert retries_of(1000, budget) <= 0.2 * 1000 + 10


def test_calls_that_succeed_earn_retries_again(budget: RetryBudget) -> None:
    retries_of(100, budget)
    assert not budget.take()
    for _ in range(20):
        call_with_retries(lambda: None, backoff=AT_ONCE, budget=budget, is_transient=lambda _: True)
    assert [budget.take() for _ in range(5)] == [True] * 4 + [False]


def test_a_client_that_calls_rarely_may_retry(budget: RetryBudget, clock: Clock) -> None:
    retries_of(100, budget)
    clock.now += 3.0
    assert retries_of(1, budget) == 3


def test_what_is_saved_is_bounded(budget: RetryBudget, clock: Clock) -> None:
    clock.now += 3600.0
    assert sum(budget.take() for _ in range(100)) == 10
