"""Keeping the work inside the caller's time, whatever it calls hangs on."""

import functools
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from typing import ParamSpec, TypeVar

from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyUnavailable

P = ParamSpec("P")
R = TypeVar("R")


def seconds_left() -> float:
    """Until the deadline of the work in progress, which must have one."""
    deadline = context.current().deadline
    if deadline is None:
        raise RuntimeError("there is no deadline here")
    return deadline.remaining_seconds()


@contextmanager
def limited_to(seconds: float) -> Iterator[None]:
    """Give what runs inside ``seconds`` from now, or what is left of the deadline around it if less."""
    around = context.current().deadline
    inner = Deadline.after(max(0.0, seconds))
    if around is not None and around.at_seconds < inner.at_seconds:
        inner = around
    with context.using(replace(context.current(), deadline=inner)):
        yield


@contextmanager
def granted(seconds: float) -> Iterator[None]:
    """Give what runs inside ``seconds`` from now, deadline or not: to leave things in order."""
    with context.using(replace(context.current(), deadline=Deadline.after(seconds))):
        yield


class TimeBox:
    """Runs calls to the outside in threads, so that the caller can leave one behind that hangs.

    A call left behind ends by the time limits of its own client.
    """

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="call")

    def start(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run ``call`` in another thread, in the context of this one."""
        return self._pool.submit(functools.partial(context.carry(call), *args, **kwargs))

    def within(self, seconds: float, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What ``call`` returns. Raises DependencyUnavailable when it takes longer."""
        with limited_to(seconds):
            running = self.start(call, *args, **kwargs)
            done, _ = wait([running], timeout=seconds_left())
        if not done:
            running.cancel()
            raise DependencyUnavailable(getattr(call, "__qualname__", "a call"))
        return running.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


def timed(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> tuple[R, float]:
    """What ``call`` returns, and how many seconds it took."""
    started = time.perf_counter()
    return call(*args, **kwargs), time.perf_counter() - started
