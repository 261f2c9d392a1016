"""How long a server waits for what its callers send.

A thread that reads a request waits for its sender. Who sends a byte now and then must not keep it, and who
sends a large file over a slow line must get through. So there are some seconds at first, and more for what
has come. Only waiting spends them, not what is done with what came.

Source: https://httpd.apache.org/docs/2.4/mod/mod_reqtimeout.html, which has the same two figures.
"""

import errno
import math
import socket
import time
from dataclasses import dataclass


class SentTooSlowly(Exception):
    """The body that is being read does not come as fast as it has to."""


@dataclass(frozen=True, slots=True)
class Patience:
    """``seconds`` at first, and one more for every ``bytes_per_second`` that come."""

    seconds: float
    bytes_per_second: float = math.inf


class PatientSocket(socket.socket):
    """A caller's connection; reading from it raises once the patience is spent that it was given."""

    _left_seconds = math.inf
    _bytes_per_second = math.inf
    _spent: type[Exception] | None = None

    def expect(self, patience: Patience, spent: type[Exception] | None = None) -> None:
        """Read with ``patience`` from now on, then raise ``spent``: without it, as if the caller had gone."""
        self._left_seconds = patience.seconds
        self._bytes_per_second = patience.bytes_per_second
        self._spent = spent

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        if math.isinf(self._left_seconds):
            return super().recv(size, flags)
        before, started = self.gettimeout(), time.monotonic()
        self.settimeout(max(self._left_seconds, 0.0))
        try:
            data = super().recv(size, flags)
        except (TimeoutError, BlockingIOError) as exc:
            if self._spent is None:
                raise ConnectionResetError(errno.ECONNRESET, "nothing came in time") from exc
            raise self._spent from exc
        finally:
            self.settimeout(before)
            self._left_seconds -= time.monotonic() - started
        self._left_seconds += len(data) / self._bytes_per_second
        return data
