"""Who asked, under which ids, and until when: what every log line, retry and onward call needs to know.

It travels in a context variable, so that no function has to pass it by hand. Threads start without it;
`carry` takes it along.
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
    """Forget the request: threads of a server are used again."""
    _current.set(_NOBODY)


@contextmanager
def using(context: RequestContext) -> Iterator[RequestContext]:
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def carry(function: Callable[P, R]) -> Callable[P, R]:
    """``function``, run in whatever thread with the context of the thread that called `carry`."""
    snapshot = copy_context()

    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        return snapshot.run(function, *args, **kwargs)

    return run
