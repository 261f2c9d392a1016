"""Calls to the outside in threads, so that the caller can leave one behind that hangs."""

import functools
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import ParamSpec, TypeVar

from shared import context
from shared.errors import DependencyUnavailable

P = ParamSpec("P")
R = TypeVar("R")


class CallExecutor:
    """A pool of ``threads``. A call that is left behind ends by the time limits of its own client."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="call")

    def submit(self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> Future[R]:
        """Run ``call`` in another thread, in the context of this one."""
        return self._pool.submit(functools.partial(context.carry(call), *args, **kwargs))

    def run(self, timeout_seconds: float, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What ``call`` returns. Raises DependencyUnavailable when it takes longer."""
        with context.call_deadline(timeout_seconds):
            running = self.submit(call, *args, **kwargs)
        done, _ = wait([running], timeout=timeout_seconds)
        if not done:
            running.cancel()
            raise DependencyUnavailable(getattr(call, "__qualname__", "a call"))
        return running.result()

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
