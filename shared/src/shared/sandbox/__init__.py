"""A warm pool of killable child processes that open untrusted files.

A child does one task on one file and is thrown away, so that nothing of one file is there when the next
is opened. What it answers is JSON and raw bytes, never pickle: a child that a hostile file has taken
over can lie, but run nothing here.

    pool = SandboxPool(size=2, preload=("page.tasks",), limits=SandboxLimits(memory_bytes=1 << 30))
    with pool.start("page.tasks:analyse", {"path": path}) as task:
        answer = task.receive(timeout_seconds=10.0, cpu_seconds=3.0)

A task is a generator function ``def analyse(request: dict) -> Iterator[tuple[dict, bytes]]``, named by
``module:function``. `SandboxRefused`, raised in it, is raised again by ``receive``.
"""

from shared.sandbox.errors import (
    SandboxBusy,
    SandboxCpuExceeded,
    SandboxCrashed,
    SandboxError,
    SandboxRefused,
    SandboxTimeout,
)
from shared.sandbox.limits import SandboxLimits
from shared.sandbox.pool import SandboxAnswer, SandboxPool, SandboxTask

__all__ = [
    "SandboxAnswer",
    "SandboxBusy",
    "SandboxCpuExceeded",
    "SandboxCrashed",
    "SandboxError",
    "SandboxLimits",
    "SandboxPool",
    "SandboxRefused",
    "SandboxTask",
    "SandboxTimeout",
]
