"""What both services make of a file: its header read and its page drawn, in children, as in production."""

from pathlib import Path
from types import TracebackType
from typing import Self

from hostile_files import Fate
from jobs.adapters.blueprint_reader import (
    HEADER_LIMITS,
    HEADER_SECONDS,
    SandboxBlueprintReader,
)
from jobs.adapters.blueprint_reader import SANDBOX_MODULE as HEADER_MODULE
from jobs.domain.errors import NotABlueprint
from jobs.domain.errors import UnreadableBlueprint as RefusedBlueprint
from preview.adapters.page_analyser import PAGE_LIMITS, SandboxPageAnalyser
from preview.adapters.page_analyser import SANDBOX_MODULE as PAGE_MODULE
from preview.domain.budget import PAGE_SECONDS, RENDER_SECONDS
from preview.domain.errors import UnreadableBlueprint
from shared.sandbox import SandboxCrashed, SandboxPool

_WAIT_SECONDS = 2 * PAGE_SECONDS


class FileReaders:
    """Use it in a ``with``; ``folder`` takes the file in work.

    The limits of processor time are those of the services, or ``patience_seconds`` for both.
    """

    def __init__(self, folder: Path, patience_seconds: float | None = None) -> None:
        self._path = folder / "blueprint"
        self._drawing_seconds = patience_seconds or RENDER_SECONDS
        self._header_pool = SandboxPool(size=1, preload=(HEADER_MODULE,), limits=HEADER_LIMITS)
        self._page_pool = SandboxPool(size=1, preload=(PAGE_MODULE,), limits=PAGE_LIMITS)
        self._reader = SandboxBlueprintReader(
            self._header_pool, patience_seconds or HEADER_SECONDS, _WAIT_SECONDS
        )
        self._analyser = SandboxPageAnalyser(self._page_pool)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._header_pool.close()
        self._page_pool.close()

    def fate_of(self, content: bytes) -> Fate:
        """Raises SandboxCrashed where code of ours did not foresee such a file."""
        self._path.write_bytes(content)
        try:
            facts = self._reader.read(self._path, "anybody")
        except NotABlueprint:
            return Fate.NO_BLUEPRINT
        except RefusedBlueprint as exc:
            if isinstance(exc.__cause__, SandboxCrashed) and exc.__cause__.cause == "exception":
                raise exc.__cause__ from exc
            return Fate.REFUSED
        try:
            with self._analyser.analyse(self._path, facts.format, 1, len(content)) as analysis:
                analysis.page(_WAIT_SECONDS, self._drawing_seconds)
        except UnreadableBlueprint:
            return Fate.UNDRAWABLE
        return Fate.DRAWN
