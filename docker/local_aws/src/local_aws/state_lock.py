"""The lock on the state folder; it also says where the run that holds it can be reached."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from local_aws.settings import StartError

_NAME = "lock"


@contextmanager
def state_lock(state_dir: Path, address: str) -> Iterator[None]:
    """Hold the state folder, which two emulators would spoil for each other, for a run at ``address``.

    Raises
    ------
    StartError
        If another run holds it.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / _NAME).open("a+", encoding="utf-8") as lock:
        if not _taken(lock):
            raise StartError(
                f"{state_dir} is in use by another run. Stop it, or choose another with LOCAL_STATE_DIR=…"
            )
        lock.truncate(0)
        lock.write(address)
        lock.flush()
        yield


def address_of_run(state_dir: Path) -> str | None:
    """Where the run that holds ``state_dir`` is reached; None if none does, whatever one that died left."""
    try:
        with (state_dir / _NAME).open("r+", encoding="utf-8") as lock:
            return None if _taken(lock) else lock.read() or None
    except FileNotFoundError:
        return None


def _taken(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
