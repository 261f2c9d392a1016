"""Starts single parts of the local stack as processes on free ports."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_module(*arguments: str, probe: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m arguments…`` until the block ends; begins once ``probe`` (a URL) answers."""
    process = subprocess.Popen([sys.executable, "-m", *arguments], env={**os.environ, "NO_PROXY": "*"})
    try:
        _wait_for(probe, process)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        finally:
            process.kill()
            process.wait()


@contextmanager
def running_emulator(state: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The embedded AWS on ``port`` with its state in ``state``."""
    arguments = ("local_aws.aws.emulator", HOST, str(port), str(state))
    with running_module(*arguments, probe=f"http://{HOST}:{port}/_ministack/health") as process:
        yield process


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        assert process.poll() is None, "the process ended"
        assert time.monotonic() < deadline, f"{url} does not answer"
        try:
            urllib.request.urlopen(url, timeout=START_SECONDS).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            continue
        return
