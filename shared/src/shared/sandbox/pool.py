"""The parent's side: which children are warm, which run, and what to do when one goes wrong."""

import logging
import math
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Self, cast

from shared import context
from shared.deadline import Deadline
from shared.sandbox.channel import ChannelClosed, Garbled, Message
from shared.sandbox.errors import (
    CrashCause,
    SandboxBusy,
    SandboxCpuExceeded,
    SandboxCrashed,
    SandboxRefused,
    SandboxTimeout,
)
from shared.sandbox.fork_server_client import Child, ForkServerClient
from shared.sandbox.limits import SandboxLimits
from shared.sandbox.processor_clock import ProcessorClock

log = logging.getLogger(__name__)

_ATTEMPTS = 3
"""Children tried before a task is given up: a warm one that died unseen, one of a dying server, a new one."""

_WAIT_SECONDS = 5.0
"""How long to wait for a free child where no deadline says less."""


@dataclass(frozen=True, slots=True)
class SandboxAnswer:
    data: dict[str, Any]
    blob: bytes


class SandboxTask:
    """A task that a child has begun."""

    def __init__(self, task: str, child: Child, clock: ProcessorClock) -> None:
        self._task = task
        self._child = child
        self._clock = clock

    def receive(self, timeout_seconds: float, cpu_seconds: float = math.inf) -> SandboxAnswer:
        """What the task yields next, or `SandboxTimeout`, `SandboxCrashed`, `SandboxRefused`.

        `SandboxCpuExceeded` when the child has used ``cpu_seconds`` of processor time, since it was forked,
        and not answered.
        """
        deadline = Deadline.after(timeout_seconds)
        try:
            self._wait(deadline, cpu_seconds)
            message = self._child.channel.receive(deadline)
        except TimeoutError as exc:
            self._child.discard()
            self._warn("timeout")
            raise SandboxTimeout(timeout_seconds) from exc
        except ChannelClosed as exc:
            raise self._crash("died") from exc
        except Garbled as exc:
            raise self._crash("garbled") from exc
        return self._answer(message)

    def _wait(self, deadline: Deadline, cpu_seconds: float) -> None:
        """Until an answer begins. A child is one thread: it uses no more processor time than goes by."""
        cpu_left = cpu_seconds - self._clock.seconds()
        while not self._child.channel.wait(max(0.0, min(cpu_left, deadline.remaining_seconds()))):
            if cpu_left <= 0:
                self._child.discard()
                self._warn("cpu")
                raise SandboxCpuExceeded(cpu_seconds)
            if deadline.expired:
                raise TimeoutError
            cpu_left = cpu_seconds - self._clock.seconds()

    def _answer(self, message: Message) -> SandboxAnswer:
        match message:
            case Message("answer", data, blob):
                return SandboxAnswer(data, blob)
            case Message("refused", {"reason": str(reason), "message": str(text), "details": dict(details)}):
                raise SandboxRefused(reason, text, details)
            case Message("failed", {"cause": "memory" | "exception" as cause, "detail": str(detail)}):
                raise self._crash(cast(CrashCause, cause), detail)
        raise self._crash("garbled")

    def _crash(self, cause: CrashCause, detail: str = "") -> SandboxCrashed:
        self._child.discard()
        self._warn(cause, detail)
        return SandboxCrashed(cause, detail)

    def _warn(self, cause: str, detail: str = "") -> None:
        why = {"task": self._task, "cause": cause, "detail": detail[:200]}
        log.warning("A sandboxed child ended without an answer", extra={"context": why})


class SandboxPool:
    """``size`` warm children, and at most as many at work at once.

    Safe to use from many threads. Nothing is started before the first task or `warm_up`, so that it can
    be made before a server forks its workers; it must be used, and closed, after that.
    """

    def __init__(
        self,
        *,
        size: int = 2,
        preload: tuple[str, ...] = (),
        limits: SandboxLimits | None = None,
    ) -> None:
        self._size = size
        self._preload = preload
        self._limits = limits or SandboxLimits()
        self._slots = threading.BoundedSemaphore(size)
        self._lock = threading.Lock()
        self._fork_server: ForkServerClient | None = None
        self._warm: deque[Child] = deque()
        self._closed = False

    @contextmanager
    def start(
        self, task: str, request: dict[str, Any], *, wait_seconds: float | None = None
    ) -> Iterator[SandboxTask]:
        """Have a child begin ``task``, named ``module:function``, with a request that JSON can carry.

        Waits at most ``wait_seconds`` for a turn and for the child to begin, else `SandboxBusy`; unless
        given, five seconds or what is left of the current request. Leaving the block kills the child
        unless it has ended.
        """
        deadline = Deadline.after(_wait_seconds() if wait_seconds is None else wait_seconds)
        if not self._slots.acquire(timeout=deadline.remaining_seconds()):
            raise SandboxBusy
        try:
            child, clock = self._begin(Message("request", {"task": task, "request": request}), deadline)
            try:
                yield SandboxTask(task, child, clock)
            finally:
                child.discard()
        finally:
            self._slots.release()

    def warm_up(self) -> None:
        """Start the children now, without waiting until they are ready."""
        with self._lock:
            self._refill(self._running_fork_server())

    def close(self) -> None:
        """End every child, working or not. Later tasks are refused with `SandboxBusy`."""
        with self._lock:
            self._closed = True
            self._stop_fork_server()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _begin(self, request: Message, deadline: Deadline) -> tuple[Child, ProcessorClock]:
        for _ in range(_ATTEMPTS):
            child = self._take()
            try:
                child.channel.send(request)
                started = child.channel.receive(deadline)
            except (ChannelClosed, Garbled):  # it died before it had seen the file: try another
                child.discard()
            except TimeoutError as exc:
                child.discard()
                raise SandboxBusy from exc
            else:
                return child, ProcessorClock(started.data["pid"])
        log.error("No sandboxed child can be started")
        raise SandboxBusy

    def _take(self) -> Child:
        with self._lock:
            if self._closed:
                raise SandboxBusy
            fork_server = self._running_fork_server()
            self._discard_dead()
            child = self._warm.popleft() if self._warm else fork_server.fork()
            self._refill(fork_server)
            return child

    def _running_fork_server(self) -> ForkServerClient:
        if self._fork_server is not None and not self._fork_server.is_alive():
            log.error("The sandbox's fork server died; starting another")
            self._stop_fork_server()
        if self._fork_server is None:
            self._fork_server = ForkServerClient(self._preload, self._limits)
        return self._fork_server

    def _refill(self, fork_server: ForkServerClient) -> None:
        while len(self._warm) < self._size:
            self._warm.append(fork_server.fork())

    def _discard_dead(self) -> None:
        dead = [child for child in self._warm if not child.channel.is_open()]
        for child in dead:
            child.discard()
            self._warm.remove(child)

    def _stop_fork_server(self) -> None:
        while self._warm:
            self._warm.pop().discard()
        if self._fork_server is not None:
            self._fork_server.close()
            self._fork_server = None


def _wait_seconds() -> float:
    deadline = context.current().deadline
    return _WAIT_SECONDS if deadline is None else min(_WAIT_SECONDS, deadline.remaining_seconds())
