"""How long a server waits for its callers: for what they send, and for them to take what they asked for.

A thread waits for whoever it reads from or writes to. Who moves a byte now and then must not keep it, and who
moves a large file over a slow line must get through. So there are some seconds at first, and more for every
byte. Only waiting spends them, not what is done in between.

Source: https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html, which has the same two figures.
"""

import errno
import math
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

R = TypeVar("R")


class SentTooSlowly(Exception):
    """The body that is being read does not come as fast as it has to."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``seconds`` at first, and one more for every ``bytes_per_second`` that are moved."""

    seconds: float
    bytes_per_second: float = math.inf


class PatientSocket(socket.socket):
    """A caller's connection; reading and writing raise once the patience is spent that it was given.

    ``waits`` is entered for as long as a thread waits for the caller; ``caller`` says whose connection it is.
    """

    waits: Callable[["PatientSocket"], AbstractContextManager[Any]] = nullcontext
    caller: str | None = None
    _left_seconds = math.inf
    _bytes_per_second = math.inf
    _spent: type[Exception] | None = None
    _waiting_since = math.inf
    _sends = False
    _hung_up = False

    def expect(self, patience: Patience, spent: type[Exception] | None = None) -> None:
        """Wait with ``patience`` from now on, then raise ConnectionResetError; reading raises ``spent``."""
        self._left_seconds = patience.seconds
        self._bytes_per_second = patience.bytes_per_second
        self._spent = spent

    def remaining_seconds(self) -> float:
        """How long the thread that waits here will go on, unless something is moved."""
        return self._left_seconds - max(time.monotonic() - self._waiting_since, 0.0)

    def hang_up(self) -> None:
        """End another thread's wait, as if the patience were spent; who sent too slowly can still be told."""
        self._hung_up = True
        with suppress(OSError):  # already gone
            self.shutdown(socket.SHUT_RDWR if self._sends else socket.SHUT_RD)

    def peek(self, size: int) -> bytes | None:
        """What has come and is not read yet, ``b""`` if the caller is gone, None if there is nothing."""
        try:
            return self._within(0.0, super().recv, size, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except OSError:  # a reset, which the worker's only loop must outlive; whoever reads is told of it
            return b""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        try:
            data = self._within(0.0, super().recv, size, flags)
        except BlockingIOError:
            data = self._wait(super().recv, self._spent, size, flags)
        self._left_seconds += len(data) / self._bytes_per_second
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self._left_seconds += len(data) / self._bytes_per_second
        rest = memoryview(data)
        while rest:
            try:
                sent = self._within(0.0, super().send, rest, flags)
            except BlockingIOError:
                sent = self._send_later(rest, flags)
            rest = rest[sent:]

    def _send_later(self, data: memoryview, flags: int) -> int:
        self._sends = True
        try:
            return self._wait(super().send, None, data, flags)
        finally:
            self._sends = False

    def _wait(self, call: Callable[..., R], spent: type[Exception] | None, *args: Any) -> R:
        with self.waits(self):
            try:
                moved = self._timed(call, *args)
            except (TimeoutError, BlockingIOError) as exc:
                raise _too_slow(spent) from exc
        if self._hung_up:
            raise _too_slow(spent)
        return moved

    def _timed(self, call: Callable[..., R], *args: Any) -> R:
        self._waiting_since = time.monotonic()
        limit = None if math.isinf(self._left_seconds) else max(self._left_seconds, 0.0)
        try:
            return self._within(limit, call, *args)
        finally:
            self._left_seconds = self.remaining_seconds()
            self._waiting_since = math.inf

    def _within(self, seconds: float | None, call: Callable[..., R], *args: Any) -> R:
        """As a socket's own time limit, which is gunicorn's, and only for the rest of a body."""
        before = self.gettimeout()
        self.settimeout(seconds)
        try:
            return call(*args)
        finally:
            self.settimeout(before)


def _too_slow(spent: type[Exception] | None) -> Exception:
    return spent() if spent else ConnectionResetError(errno.ECONNRESET, "the caller was too slow")
