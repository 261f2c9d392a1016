"""Starts everything as ``make run`` does, as real processes on free ports."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

REPOSITORY = Path(__file__).resolve().parent.parent

OWN_PORTS = {"PORT": "0", "LOCAL_AWS_PORT": "0", "LOCAL_TEXTRACT_PORT": "0", "LOCAL_DOTENV": ""}
"""Free ports everywhere, and no ``.env`` in the repository."""

START_SECONDS = 90
STOP_SECONDS = 30

PARTS = ("router", "jobs", "preview", "aws", "textract")
ADDRESS = re.compile(r"^\s+(jobs|preview|aws|textract)\s+(http://127\.0\.0\.1:\d+)", re.IGNORECASE)
READY = re.compile(r"^ready: (http://\S+)")


class StackFailed(Exception):
    """The stack did not start; the message ends with what it printed last."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where each part listens, such as ``http://127.0.0.1:40123``."""

    router: str
    jobs: str
    preview: str
    aws: str
    textract: str


class RunningStack:
    """One ``python -m local_aws`` with all its children; state and log lie in ``folder``."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log
        self._found: dict[str, str] = {}
        self._ready = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @classmethod
    def start(cls, folder: Path, environ: Mapping[str, str] | None = None) -> Self:
        """Start on state in ``folder`` (created when missing) and return once everything answers."""
        folder.mkdir(parents=True, exist_ok=True)
        process = subprocess.Popen(
            [sys.executable, "-m", "local_aws"],
            cwd=REPOSITORY,
            env={**os.environ, **OWN_PORTS, "LOCAL_STATE_DIR": str(folder / "state"), **(environ or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        stack = cls(process, folder / "stack.log")
        stack._wait_until_ready()
        return stack

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def state_dir(self) -> Path:
        return self._log.parent / "state"

    @property
    def log(self) -> str:
        """Everything it has printed, the logs of both services among it."""
        return self._log.read_text(encoding="utf-8", errors="replace")

    @property
    def addresses(self) -> Addresses:
        return Addresses(**self._found)

    def stop(self) -> int:
        """Stop as Ctrl-C does, wait for the end, and return the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise StackFailed(f"did not stop within {STOP_SECONDS} s\n{self._last_lines()}") from None
        finally:
            self._reader.join(STOP_SECONDS)

    def _wait_until_ready(self) -> None:
        self._ready.wait(START_SECONDS)
        missing = [part for part in PARTS if part not in self._found]
        if self._process.poll() is None and not missing and self._ready.is_set():
            return
        self._process.terminate()
        raise StackFailed(f"not ready; addresses missing: {missing}\n{self._last_lines()}")

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._log.open("ab") as log, self._process.stdout as lines:
            for line in lines:
                log.write(line)
                log.flush()
                if not self._ready.is_set():
                    self._note(line.decode("utf-8", "replace"))
        self._ready.set()

    def _note(self, line: str) -> None:
        if ready := READY.match(line):
            self._found["router"] = ready[1]
            self._ready.set()
        elif address := ADDRESS.match(line):
            self._found.setdefault(address[1].lower(), address[2])

    def _last_lines(self) -> str:
        return "\n".join(self.log.splitlines()[-30:]) if self._log.exists() else ""
