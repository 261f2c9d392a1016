"""Files on their way in: on disk, counted and hashed as they arrive, gone when the request is done."""

import hashlib
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from jobs.domain.blueprint_file import MAX_BLUEPRINT_BYTES, StagedBlueprint
from jobs.domain.errors import FileTooLarge


class StagingFile:
    """A temporary file to `write` to; use it in a ``with``, at whose end it is removed."""

    def __init__(self, limit_bytes: int = MAX_BLUEPRINT_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._file = tempfile.NamedTemporaryFile(prefix="blueprint-", buffering=0)  # noqa: SIM115 - see __exit__
        self._sha256 = hashlib.sha256()
        self._size_bytes = 0

    def write(self, data: bytes) -> int:
        """Append ``data``. Raises FileTooLarge once more than the limit has come."""
        self._size_bytes += len(data)
        if self._size_bytes > self._limit_bytes:
            raise FileTooLarge(self._limit_bytes)
        self._sha256.update(data)
        view = memoryview(data)
        while view:
            view = view[self._file.write(view) :]
        return len(data)

    def staged(self) -> StagedBlueprint:
        """What has been written so far."""
        return StagedBlueprint(Path(self._file.name), self._size_bytes, self._sha256.hexdigest())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
