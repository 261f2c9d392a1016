"""The process that forks the children: it has the heavy modules loaded and has never seen a file.

Started as ``python -m shared.sandbox.fork_server``. The pool asks it over a socket for children, each
with its own end of a channel, and asks it to kill them. Only the process that reaps a child may kill
it by number without the risk of hitting a stranger that has inherited the number. It ends, and its
children with it, when the pool's end of the socket closes.

multiprocessing's own fork server is not used because it imports the program's main module (gunicorn,
flask, pytest) into every child, and hands each child the parent's environment, secrets included.
"""

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
from contextlib import suppress

from shared.sandbox.child import run_child
from shared.sandbox.limits import SandboxLimits
from shared.sandbox.protocol import COMMAND, FORK


def main(control_fd: int, limits: SandboxLimits, preload: list[str]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in preload:
        importlib.import_module(module)
    gc.collect()
    gc.freeze()  # a collection in a child would otherwise copy every page it inherits
    with socket.socket(fileno=control_fd) as control:
        _Server(control, limits).serve()


class _Server:
    def __init__(self, control: socket.socket, limits: SandboxLimits) -> None:
        self._control = control
        self._limits = limits
        self._pids: dict[int, int] = {}
        self._wakeup, self._wakeup_sender = socket.socketpair()
        self._wakeup.setblocking(False)
        self._wakeup_sender.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wakeup_sender.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        while True:
            ready, _, _ = select.select([self._control, self._wakeup], [], [])
            self._reap()
            if self._control in ready and not self._handle_command():
                break
        for pid in self._pids.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _reap(self) -> None:
        with suppress(BlockingIOError):
            while self._wakeup.recv(256):
                pass
        with suppress(ChildProcessError):
            while (pid := os.waitpid(-1, os.WNOHANG)[0]) != 0:
                self._pids = {child: number for child, number in self._pids.items() if number != pid}

    def _handle_command(self) -> bool:
        command, fds, _, _ = socket.recv_fds(self._control, COMMAND.size, 1)
        if len(command) < COMMAND.size:
            return False
        action, child = COMMAND.unpack(command)
        if action == FORK:
            self._fork(child, fds[0])
        elif child in self._pids:
            os.kill(self._pids[child], signal.SIGKILL)
        return True

    def _fork(self, child: int, channel_fd: int) -> None:
        try:
            pid = os.fork()
        except OSError as exc:  # the pool sees the channel close and tries again
            print("sandbox cannot fork:", exc, file=sys.stderr)  # noqa: T201
            os.close(channel_fd)
            return
        if pid == 0:
            run_child(channel_fd, self._limits)
        os.close(channel_fd)
        self._pids[child] = pid


if __name__ == "__main__":
    main(int(sys.argv[1]), SandboxLimits(**json.loads(sys.argv[2])), sys.argv[3:])
