"""How a task in a child can end without an answer."""

from typing import Any, Literal

from shared.errors import DependencyUnavailable

CrashCause = Literal["died", "memory", "exception", "garbled"]


class SandboxError(Exception):
    """The child gave no answer. The pool has thrown it away and has another."""


class SandboxTimeout(SandboxError):
    """Nothing came within the time given; the child has been killed. On a busy machine it may have had
    hardly any of that time."""

    def __init__(self, timeout_seconds: float) -> None:
        super().__init__(f"The child gave no answer within {timeout_seconds:.2f} s")


class SandboxCpuExceeded(SandboxError):
    """The child used up the processor time given; it has been killed."""

    def __init__(self, cpu_seconds: float) -> None:
        super().__init__(f"The child gave no answer within {cpu_seconds:.2f} s of processor time")


class SandboxCrashed(SandboxError):
    """The child ended instead of answering.

    ``cause`` is ``died`` (a signal, a limit on processor time, or no further answer), ``memory`` (its
    memory limit), ``exception`` (one that the task did not foresee, named in ``detail``) or ``garbled``
    (what it sent is not an answer).
    """

    def __init__(self, cause: CrashCause, detail: str = "") -> None:
        super().__init__(f"The child crashed: {cause} {detail}".rstrip())
        self.cause = cause
        self.detail = detail


class SandboxRefused(SandboxError):
    """Raised by a task on purpose: ``reason`` and ``details`` (of JSON types) are for programs, ``message``
    is for people. In the parent they are as trustworthy as the child."""

    def __init__(self, reason: str, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.details = details or {}


class SandboxBusy(DependencyUnavailable):
    """No child could take the task in the time given; nothing is known about the file."""

    def __init__(self) -> None:
        super().__init__("sandbox")
