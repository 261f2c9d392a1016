"""What adapters raise when a dependency fails."""


class DependencyError(Exception):
    """``dependency`` is its name as operators know it; the cause carries the detail, for logs only."""

    def __init__(self, dependency: str) -> None:
        super().__init__(f"{dependency} did not answer as it should")
        self.dependency = dependency


class DependencyUnavailable(DependencyError):
    """A transient fault that outlasted its retries: the same request may well succeed later."""


class DependencyFailed(DependencyError):
    """A fault that no retry cures, such as a refused permission or a missing table."""
