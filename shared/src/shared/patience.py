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
    """A caller's connection; reading and writing raise once the patience is spent that it was given."""

    _left_seconds = math.inf
    _bytes_per_second = math.inf
    _spent: type[Exception] | None = None

    def expect(self, patience: Patience, spent: type[Exception] | None = None) -> None:
        """Wait with ``patience`` from now on, then raise ConnectionResetError; reading raises ``spent``."""
        self._left_seconds = patience.seconds
        self._bytes_per_second = patience.bytes_per_second
        self._spent = spent

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        data = self._wait(super().recv, self._spent, size, flags)
        self._left_seconds += len(data) / self._bytes_per_second
        return data

    def sendall(self, data: Any, flags: int = 0, /) -> None:
        self._left_seconds += len(data) / self._bytes_per_second
        self._wait(super().sendall, None, data, flags)

    def _wait(self, call: Callable[..., R], spent: type[Exception] | None, *args: Any) -> R:
        if math.isinf(self._left_seconds):
            return call(*args)
        before, started = self.gettimeout(), time.monotonic()
        self.settimeout(max(self._left_seconds, 0.0))
        try:
            return call(*args)
        except (TimeoutError, BlockingIOError) as exc:
            if spent is None:
                raise ConnectionResetError(errno.ECONNRESET, "the caller was too slow") from exc
            raise spent from exc
        finally:
            self.settimeout(before)
            self._left_seconds -= time.monotonic() - started
