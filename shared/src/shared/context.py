"""The context of a request: its ids, deadline and key, for every log line, retry and outgoing call.

It is a context variable, so that no function has to pass it on. Threads start without it; `carry` copies it
to another thread.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar

from shared.deadline import Deadline

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class RequestContext:
    request_id: str | None = None
    correlation_id: str | None = None
    traceparent: str | None = None
    job_id: str | None = None
    deadline: Deadline | None = None
    key_id: str | None = None


_NOBODY = RequestContext()
_current: ContextVar[RequestContext] = ContextVar("request_context", default=_NOBODY)


def current() -> RequestContext:
    return _current.get()


def bind(**changes: Any) -> None:
    """Change fields of the current context, for instance ``bind(job_id=job.job_id)``."""
    _current.set(replace(_current.get(), **changes))


def reset() -> None:
    """Clear the context: a server uses its threads again."""
    _current.set(_NOBODY)


@contextmanager
def using(context: RequestContext) -> Iterator[RequestContext]:
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


@contextmanager
def call_deadline(seconds: float) -> Iterator[None]:
    """Calls to the outside made in the block end ``seconds`` from now, whatever the deadline around it."""
    with using(replace(current(), deadline=Deadline.after(seconds))):
        yield


def carry(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, run in any thread with the context of the thread that called `carry`."""
    snapshot = copy_context()

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return snapshot.run(function, *args, **kwargs)

    return run
