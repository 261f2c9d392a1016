"""A folder for all temporary files of a process, which the next process removes if this one is killed.

The folder of a killed process is recognised by its lock (flock(2)), which no process holds any more.
"""

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

_PREFIX = "location-detection-"


class ScratchFolder:
    """Between `open` and `close` Python's `tempfile` makes everything in a folder of this process."""

    def __init__(self) -> None:
        self._lock: int | None = None

    def open(self) -> None:
        """Make the folder, and remove those whose process is gone."""
        parent = Path(tempfile.gettempdir())
        while self._lock is None:
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
            self._lock = _locked(folder)  # None if another process has just removed it
        self._parent, self._folder = parent, folder
        tempfile.tempdir = str(folder)
        for each in parent.glob(f"{_PREFIX}*"):
            _remove_if_abandoned(each)

    def close(self) -> None:
        """Remove the folder; nothing if it is not open."""
        if self._lock is None:
            return
        tempfile.tempdir = str(self._parent)
        shutil.rmtree(self._folder, ignore_errors=True)
        os.close(self._lock)
        self._lock = None


def _remove_if_abandoned(folder: Path) -> None:
    lock = _locked(folder)
    if lock is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _locked(folder: Path) -> int | None:
    """A descriptor that holds the lock on ``folder``; None if another process does or the folder is gone."""
    with suppress(OSError):  # gone, a link, or somebody else's
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(descriptor), folder.stat()):
                return descriptor
        except OSError:
            pass
        os.close(descriptor)
    return None
