"""Starts single parts of the local stack as processes on free ports."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from local_aws.aws.resources import REGION
from local_aws.programs import EMULATOR_PYTHON

HOST = "127.0.0.1"
START_SECONDS = 60
STOP_SECONDS = 30
LOOK_AGAIN_SECONDS = 0.05
"""Between two looks. Asking without a pause keeps both cores of a small machine from what is waited for."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str | Path],
    probe: str,
    *,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
    trust: Path | None = None,
    log: Path | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command until the block ends; begins once ``probe`` (a URL) answers.

    ``environ`` is all of its environment (ours where None), ``folder`` where it runs, ``trust`` the
    certificate of an ``https`` probe, ``log`` the file for what it prints (where ours goes, if None).
    """
    with ExitStack() as stack:
        output = stack.enter_context(log.open("ab")) if log else None
        process = subprocess.Popen(
            list(map(str, command)),
            env=environ,
            cwd=folder,
            stdout=output,
            stderr=subprocess.STDOUT if log else None,
        )
        stack.callback(_stop, process, stop)
        _wait_for(probe, process, trust)
        yield process


@contextmanager
def running_module(*arguments: str, probe: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``python -m arguments…`` until the block ends; begins once ``probe`` (a URL) answers."""
    command = [sys.executable, "-m", *arguments]
    with running(command, probe, environ={**os.environ, "NO_PROXY": "*"}) as process:
        yield process


@contextmanager
def running_emulator(state: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The embedded AWS on ``port`` with its state in ``state``."""
    command = [EMULATOR_PYTHON, "-m", "local_aws.aws.emulator", HOST, str(port), state, REGION]
    with running(command, f"http://{HOST}:{port}/_ministack/health") as process:
        yield process


def _stop(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    try:
        process.wait(STOP_SECONDS)
    finally:
        process.kill()
        process.wait()


def _wait_for(url: str, process: subprocess.Popen[bytes], trust: Path | None) -> None:
    deadline = time.monotonic() + START_SECONDS
    context = ssl.create_default_context(cafile=trust) if trust else None
    while True:
        assert process.poll() is None, "the process ended"
        assert time.monotonic() < deadline, f"{url} does not answer"
        try:
            urllib.request.urlopen(url, timeout=START_SECONDS, context=context).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(LOOK_AGAIN_SECONDS)
            continue
        return
