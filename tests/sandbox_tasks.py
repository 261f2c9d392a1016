"""Tasks, good and bad, that the sandbox's tests have its children do."""

import ctypes
import os
import resource
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from shared.sandbox import SandboxRefused

Answers = Iterator[tuple[dict[str, Any], bytes]]

seen: list[Any] = []


def echo(request: dict[str, Any]) -> Answers:
    yield {"request": request}, b"\x00\xff" * request.get("blob_pairs", 0)


def twice(request: dict[str, Any]) -> Answers:
    yield {"part": 1}, b"one"
    yield {"part": 2}, b""


def remember(request: dict[str, Any]) -> Answers:
    seen.append(request)
    yield {"seen": seen, "pid": os.getpid(), "session": os.getsid(0), "parent": os.getppid()}, b""


def surroundings(request: dict[str, Any]) -> Answers:
    yield (
        {
            "environment": dict(os.environ),
            "descriptors": sorted(int(link.name) for link in Path("/proc/self/fd").iterdir()),
            "interrupt_ignored": signal.getsignal(signal.SIGINT) == signal.SIG_IGN,
            "core": resource.getrlimit(resource.RLIMIT_CORE),
            "open_files": resource.getrlimit(resource.RLIMIT_NOFILE),
        },
        b"",
    )


def refuse(request: dict[str, Any]) -> Answers:
    yield {"before": True}, b""
    raise SandboxRefused("encrypted", "Remove the password.", {"tries": 1})


def fail(request: dict[str, Any]) -> Answers:
    raise ZeroDivisionError("secret text of the file")
    yield


def hang(request: dict[str, Any]) -> Answers:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    yield {"pid": os.getpid()}, b""
    while True:
        time.sleep(3600)


def spin(request: dict[str, Any]) -> Answers:
    while True:
        pass
    yield


def segfault(request: dict[str, Any]) -> Answers:
    ctypes.string_at(0)
    yield {}, b""


def leave(request: dict[str, Any]) -> Answers:
    os._exit(0)
    yield


def eat(request: dict[str, Any]) -> Answers:
    hoard = []
    while True:
        hoard.append(bytearray(1 << 24))
    yield


def write(request: dict[str, Any]) -> Answers:
    try:
        Path(request["path"]).write_bytes(b"x")
    except OSError as exc:
        yield {"refused": type(exc).__name__}, b""
    else:
        yield {"refused": None}, b""


def babble(request: dict[str, Any]) -> Answers:
    """Write bytes that are no message straight into the channel, as a child taken over might."""
    with socket.socket(fileno=3) as channel:
        channel.sendall(bytes.fromhex(request["hex"]))
    yield {}, b""
