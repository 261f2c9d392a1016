"""What one child may use before the kernel ends it."""

import contextlib
import resource
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """Limits of one child; it has one task, so they are limits of a task too.

    ``memory_bytes`` bounds private writable memory (``RLIMIT_DATA``), the preloaded modules' included;
    ``cpu_seconds`` and ``wall_seconds`` are the last resort behind the caller's own time limits, for a
    child whose caller has died. Files cannot be written, nor a core dumped.
    """

    memory_bytes: int = 1 << 30
    cpu_seconds: int = 20
    wall_seconds: int = 60
    open_files: int = 32

    def apply(self) -> None:
        """Bind the process that calls this; there is no way back."""
        _bind(resource.RLIMIT_DATA, self.memory_bytes)
        _bind(resource.RLIMIT_CPU, self.cpu_seconds)
        _bind(resource.RLIMIT_NOFILE, self.open_files)
        _bind(resource.RLIMIT_FSIZE, 0)
        _bind(resource.RLIMIT_CORE, 0)


def _bind(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    ceiling = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    with contextlib.suppress(ValueError, OSError):  # macOS refuses some limits outright
        resource.setrlimit(kind, (ceiling, ceiling))
