"""The time budget of a request that has just come."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from preview.domain.budget import Budget
from preview.domain.ports import Parameters
from shared import context


@contextmanager
def caller_budget(
    parameters: Parameters, monotonic: Callable[[], float] = time.monotonic
) -> Iterator[Budget]:
    """The budget of a caller who begins to wait now; calls to the outside made in the block end with it."""
    budget = Budget.for_caller(parameters.deadline_seconds(), monotonic)
    with context.call_deadline(budget.seconds_left()):
        yield budget
