"""The parent's handles on its fork server and on the children that the server forks."""

import itertools
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict

from shared.sandbox.channel import Channel
from shared.sandbox.limits import SandboxLimits
from shared.sandbox.protocol import COMMAND, FORK, KILL

_STOP_SECONDS = 2.0


class Child:
    """A process that waits for its request, or works on it, at the other end of ``channel``."""

    def __init__(self, number: int, channel: Channel, fork_server: "ForkServerClient") -> None:
        self._number = number
        self._fork_server = fork_server
        self.channel = channel

    def discard(self) -> None:
        """Kill it, whatever it does. Doing so twice is harmless."""
        self._fork_server.kill(self._number)
        self.channel.close()


class ForkServerClient:
    """A running fork server."""

    def __init__(self, preload: tuple[str, ...], limits: SandboxLimits) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._control, theirs = socket.socketpair()
        with theirs:
            self._process = _spawn(theirs.fileno(), preload, limits)

    def fork(self) -> Child:
        """Ask for a child, which starts in the background."""
        ours, theirs = socket.socketpair()
        number = next(self._numbers)
        with theirs:
            self._send_command(FORK, number, [theirs.fileno()])
        return Child(number, Channel(ours), self)

    def kill(self, number: int) -> None:
        self._send_command(KILL, number, [])

    def is_alive(self) -> bool:
        with self._lock:
            return self._process.poll() is None

    def close(self) -> None:
        with self._lock:
            self._control.close()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _send_command(self, action: bytes, number: int, fds: list[int]) -> None:
        # A dead server needs no handling here: the child's channel closes, and the pool notices that.
        with self._lock, suppress(OSError):
            socket.send_fds(self._control, [COMMAND.pack(action, number)], fds)


def _spawn(control_fd: int, preload: tuple[str, ...], limits: SandboxLimits) -> subprocess.Popen[bytes]:
    server = ["-P", "-B", "-m", "shared.sandbox.fork_server", str(control_fd), json.dumps(asdict(limits))]
    return subprocess.Popen(
        [sys.executable, *server, *preload],
        env=_bare_environment(),
        pass_fds=[control_fd],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def _bare_environment() -> dict[str, str]:
    """Nothing of the service's environment, which may hold credentials; one thread per child, as the
    callers decide how many children work at once."""
    return {
        "PATH": os.defpath,
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join(sys.path),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
