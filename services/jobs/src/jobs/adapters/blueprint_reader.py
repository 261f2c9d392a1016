"""Headers of uploaded files, read in sandboxed children."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from jobs.domain.blueprint_file import BlueprintFacts, known_format
from jobs.domain.errors import NotABlueprint, UnreadableBlueprint
from jobs.domain.file_signatures import SNIFFED_BYTES, sniff_format
from jobs.domain.formats import BlueprintFormat
from shared.sandbox import (
    SandboxBusy,
    SandboxCpuExceeded,
    SandboxCrashed,
    SandboxLimits,
    SandboxPool,
    SandboxRefused,
    SandboxTimeout,
)

SANDBOX_MODULE = "jobs.sandboxed.blueprint_header"
"""The module that the pool has its fork server load."""

HEADER_LIMITS = SandboxLimits(memory_bytes=256 << 20)
"""A PDF of 44 MB in 700,000 objects takes 80 MB (measured). All children of a task together, and the rest of
it, have to fit its memory."""

HEADER_SECONDS = 2.0
"""The processor time that reading a header may take. Source: a PDF of 500 pages and 50 MB takes 30 ms
(measured)."""

HEADER_WAIT_SECONDS = 5.0
"""How long a header is waited for, on a busy machine too. Source: half of what a request has."""

OWNER_WAIT_SECONDS = 1.0
"""How long a request waits while a file of the same owner is read: for thirty files that open in 30 ms."""


class SandboxBlueprintReader:
    """Needs a pool that preloads `SANDBOX_MODULE`; `jobs.domain.ports.BlueprintReader`.

    One file of an owner is read at a time, so that files which are slow to open keep nobody else's waiting.
    `SandboxBusy`, which is a DependencyUnavailable, is raised when no child is free, or none has read the
    file, in time.
    """

    def __init__(
        self,
        pool: SandboxPool,
        header_seconds: float = HEADER_SECONDS,
        header_wait_seconds: float = HEADER_WAIT_SECONDS,
        owner_wait_seconds: float = OWNER_WAIT_SECONDS,
    ) -> None:
        self._pool = pool
        self._header_seconds = header_seconds
        self._header_wait_seconds = header_wait_seconds
        self._owner_wait_seconds = owner_wait_seconds
        self._owners: set[str] = set()
        self._changed = threading.Condition()

    def read(self, path: Path, owner: str) -> BlueprintFacts:
        with path.open("rb") as file:
            sniffed = sniff_format(file.read(SNIFFED_BYTES))
        found = known_format(sniffed or "")
        if found is None:
            raise NotABlueprint(sniffed)
        with self._owner_lock(owner):
            header = self._header(path, found)
        return BlueprintFacts(
            format=found,
            page_count=header["page_count"] or 0,
            width_px=header["width_px"],
            height_px=header["height_px"],
        )

    @contextmanager
    def _owner_lock(self, owner: str) -> Iterator[None]:
        with self._changed:
            if not self._changed.wait_for(lambda: owner not in self._owners, self._owner_wait_seconds):
                raise SandboxBusy
            self._owners.add(owner)
        try:
            yield
        finally:
            with self._changed:
                self._owners.remove(owner)
                self._changed.notify_all()

    def _header(self, path: Path, found: BlueprintFormat) -> dict[str, int | None]:
        request = {"path": str(path), "format": found}
        try:
            with self._pool.start(f"{SANDBOX_MODULE}:read_header", request) as task:
                return task.receive(self._header_wait_seconds, self._header_seconds).data
        except SandboxRefused as exc:
            if exc.reason == NotABlueprint.reason:
                raise NotABlueprint(None) from exc
            raise UnreadableBlueprint(exc.message, exc.reason) from exc
        except SandboxTimeout as exc:
            raise SandboxBusy from exc
        except SandboxCpuExceeded as exc:
            raise UnreadableBlueprint(
                "The file takes too long to open. Export it again, simpler.", "too_complex"
            ) from exc
        except SandboxCrashed as exc:
            raise UnreadableBlueprint("The file is damaged. Export it again.", "corrupt") from exc
