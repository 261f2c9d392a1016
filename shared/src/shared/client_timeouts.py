"""Client timeouts: how long a thread waits while a client sends a request or reads a response.

A fixed timeout would either cut off large files on slow lines or let a client that moves one byte now and
then hold a thread (slowloris). A timeout here is an initial number of seconds plus a minimum data rate: every
byte moved adds time. Only waiting counts, not the work in between.

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


class BodyTooSlow(Exception):
    """The request body arrives below the minimum data rate."""


@dataclass(frozen=True, slots=True)
class ClientTimeout:
    """``seconds`` at first, and one more for every ``minimum_bytes_per_second`` moved."""

    seconds: float
    minimum_bytes_per_second: float = math.inf


class ClientSocket(socket.socket):
    """The connection of a client; reading and writing raise once its timeout has passed.

    ``while_waiting`` is entered for as long as a thread waits for the client, ``while_idle`` while its
    request waits for something to happen; ``owner`` is the API key's owner.
    """

    while_waiting: Callable[["ClientSocket"], AbstractContextManager[Any]] = nullcontext
    while_idle: Callable[[], AbstractContextManager[Any]] = nullcontext
    owner: str | None = None
    _left_seconds = math.inf
    _minimum_bytes_per_second = math.inf
    _error: type[Exception] | None = None
    _waiting_since = math.inf
    _sends = False
    _disconnected = False

    def limit_waiting(self, timeout: ClientTimeout, error: type[Exception] | None = None) -> None:
        """Start ``timeout``, after which writing raises ConnectionResetError and reading raises ``error``."""
        self._left_seconds = timeout.seconds
        self._minimum_bytes_per_second = timeout.minimum_bytes_per_second
        self._error = error

    def remaining_seconds(self) -> float:
        """The time left for the thread that waits here, unless a byte is moved."""
        return self._left_seconds - max(time.monotonic() - self._waiting_since, 0.0)

    def disconnect(self) -> None:
        """End another thread's wait as if its timeout had passed; a slow sender can still read the answer."""
        self._disconnected = True
        with suppress(OSError):  # already gone
            self.shutdown(socket.SHUT_RDWR if self._sends else socket.SHUT_RD)

    def peek(self, size: int) -> bytes | None:
        """What has arrived and is not read yet, ``b""`` if the client is gone, None if there is nothing."""
        try:
            return self._within(0.0, super().recv, size, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except OSError:  # a reset must not end the worker's only loop; the thread that reads gets it again
            return b""

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        try:
            data = self._within(0.0, super().recv, size, flags)
        except BlockingIOError:
            data = self._wait(super().recv, self._error, size, flags)
        self._left_seconds += len(data) / self._minimum_bytes_per_second
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self._left_seconds += len(data) / self._minimum_bytes_per_second
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

    def _wait(self, call: Callable[..., R], error: type[Exception] | None, *args: Any) -> R:
        with self.while_waiting(self):
            try:
                moved = self._timed(call, *args)
            except (TimeoutError, BlockingIOError) as exc:
                raise _too_slow(error) from exc
        if self._disconnected:
            raise _too_slow(error)
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
        """Call with this socket timeout, then restore gunicorn's."""
        before = self.gettimeout()
        self.settimeout(seconds)
        try:
            return call(*args)
        finally:
            self.settimeout(before)


def _too_slow(error: type[Exception] | None) -> Exception:
    return error() if error else ConnectionResetError(errno.ECONNRESET, "the client was too slow")
