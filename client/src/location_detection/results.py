"""The folder that takes the results, and the state of the run in it."""

import json
import os
import secrets
import sys
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from location_detection.errors import LocationDetectionError
from location_detection.models import read

STATE = ".location-detection.json"
PART = ".location-detection.part"
SUMMARY = "summary.json"


class Stopped(LocationDetectionError):
    """The run was stopped; what was under way is left for the next."""


class FolderInUse(LocationDetectionError):
    """Another run writes into the folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedPage:
    page: int
    code: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of a plan, as in the summary. ``status`` is completed, failed or pending."""

    file: str
    status: str
    job_id: str | None = None
    pages: int = 0
    pages_failed: int = 0
    rooms: int = 0
    degraded: list[str] = field(default_factory=list)
    error: str | None = None
    failed_pages: list[FailedPage] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return self.status == "completed" and not self.pages_failed


@dataclass(slots=True, kw_only=True)
class Progress:
    """How far a plan came: ``key`` says what of, ``outputs`` the files written of each format."""

    key: str
    job_id: str | None = None
    corrected: bool = False
    result: Result | None = None
    outputs: dict[str, list[str]] = field(default_factory=dict)


class ResultFolder:
    """Writes whole files or none, for several threads, until it is closed.

    Raises FolderInUse where another process does.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        _take(folder)
        self._folder = folder
        self._lock = threading.Lock()
        self._closed = False
        self._state = self._load()
        self.run: str = self._state["run"]

    def progress(self, name: str, key: str) -> Progress:
        """How far this very plan came in earlier runs."""
        kept = self._state["plans"].get(name)
        return read(Progress, kept) if kept and kept["key"] == key else Progress(key=key)

    def keep(self, name: str, progress: Progress) -> None:
        with self._lock:
            self._state["plans"][name] = asdict(progress)
            self._replace(STATE, json.dumps(self._state, indent=1).encode())

    def has(self, names: list[str]) -> bool:
        return all((self._folder / name).exists() for name in names)

    def write(self, name: str, content: bytes) -> str:
        """Write a file and return its name."""
        with self._lock:
            self._replace(name, content)
        return name

    def close(self, summary: dict[str, Any]) -> None:
        """Write the summary, and nothing after it."""
        with self._lock:
            self._replace(SUMMARY, json.dumps(summary, indent=2).encode() + b"\n")
            self._closed = True

    def _replace(self, name: str, content: bytes) -> None:
        if self._closed:
            raise Stopped("The run was stopped.")
        target, part = self._folder / name, self._folder / PART
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            with part.open("xb") as new:  # follows no link that somebody else put there
                new.write(content)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    def _load(self) -> dict[str, Any]:
        try:
            state = json.loads((self._folder / STATE).read_bytes())
            return {"run": str(state["run"]), "plans": dict(state["plans"])}
        except FileNotFoundError:
            return {"run": secrets.token_hex(16), "plans": {}}
        except (ValueError, KeyError, TypeError):
            raise LocationDetectionError(
                f"{self._folder / STATE} is damaged. Delete it to begin anew, or choose another folder."
            ) from None


def _take(folder: Path) -> None:
    """Have the folder to this process, until it ends."""
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415 - Windows has none

    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FolderInUse(
            f"Another run writes into {folder}. Wait until it has ended, or choose another folder."
        ) from None
    except OSError:  # a file system without locks
        os.close(held)
