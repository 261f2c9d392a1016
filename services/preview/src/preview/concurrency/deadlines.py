"""The time that is left for the work in progress, which travels in the request's context."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from preview.domain.budget import request_seconds
from preview.domain.ports import Parameters
from shared import context
from shared.deadline import Deadline


def remaining_seconds() -> float:
    """Seconds until the deadline of the work in progress, which must have one."""
    deadline = context.current().deadline
    if deadline is None:
        raise RuntimeError("the work in progress has no deadline")
    return deadline.remaining_seconds()


@contextmanager
def deadline_in(seconds: float) -> Iterator[None]:
    """Set a deadline ``seconds`` from now, or keep the one around it where that comes first."""
    around = context.current().deadline
    inner = Deadline.after(max(0.0, seconds))
    if around is not None and around.at_seconds < inner.at_seconds:
        inner = around
    with context.using(replace(context.current(), deadline=inner)):
        yield


@contextmanager
def request_deadline(parameters: Parameters) -> Iterator[None]:
    """Set the deadline of a request that has just come."""
    with deadline_in(request_seconds(parameters.deadline_seconds())):
        yield
