"""The child's side: bind itself, read one request, run one task, end."""

import importlib
import os
import signal
import socket
import traceback
from pathlib import Path
from typing import Any, NoReturn

from shared.sandbox.channel import Channel, ChannelClosed, Message
from shared.sandbox.errors import SandboxRefused
from shared.sandbox.limits import SandboxLimits

_CHANNEL_FD = 3


def run_child(channel_fd: int, limits: SandboxLimits) -> NoReturn:
    """Never returns, whatever happens: the code after the fork is the fork server's."""
    status = 1
    try:
        channel = _set_up(channel_fd, limits)
        request = channel.receive().data
        signal.alarm(limits.wall_seconds)
        channel.send(Message("started", {"pid": os.getpid()}))
        run_task(channel, request["task"], request["request"])
        status = 0
    except ChannelClosed:
        status = 0
    finally:
        os._exit(status)


def run_task(channel: Channel, task: str, request: dict[str, Any]) -> None:
    """Send what the task yields; a refusal or an exception is the last message."""
    module, function = task.split(":")
    try:
        for data, blob in getattr(importlib.import_module(module), function)(request):
            channel.send(Message("answer", data, blob))
    except SandboxRefused as refusal:
        channel.send(
            Message(
                "refused", {"reason": refusal.reason, "message": str(refusal), "details": refusal.details}
            )
        )
    except MemoryError:
        channel.send(Message("failed", {"cause": "memory", "detail": ""}))
    except ChannelClosed:
        raise
    except Exception as exc:  # noqa: BLE001 - the parent must hear of whatever it is
        channel.send(Message("failed", {"cause": "exception", "detail": _where(exc)}))


def _where(exc: Exception) -> str:
    """Type and place only: an exception's text may quote the file."""
    frame = traceback.extract_tb(exc.__traceback__)[-1]
    return f"{type(exc).__name__} at {Path(frame.filename).name}:{frame.lineno}"


def _set_up(channel_fd: int, limits: SandboxLimits) -> Channel:
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    _keep_only(channel_fd)
    limits.apply()
    return Channel(socket.socket(fileno=_CHANNEL_FD))


def _keep_only(channel_fd: int) -> None:
    """Channel as descriptor 3; 0 to 2 lead nowhere, so that no file can write into the service's log."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    os.dup2(channel_fd, _CHANNEL_FD)
    os.closerange(_CHANNEL_FD + 1, max(256, channel_fd + 1))
