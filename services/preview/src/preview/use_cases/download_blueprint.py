"""A job's blueprint on disk for as long as it is worked on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from preview.call_executor import CallExecutor
from preview.domain.job import Job
from preview.domain.ports import BlueprintSource


@contextmanager
def download_blueprint(
    job: Job, blueprints: BlueprintSource, calls: CallExecutor, timeout_seconds: float
) -> Iterator[Path]:
    """The file, fetched within ``timeout_seconds``; removed when the block is left.

    Raises BlueprintMissing, and DependencyError when it cannot be fetched.
    """
    with TemporaryDirectory(prefix="blueprint-") as folder:
        path = Path(folder) / "blueprint"
        calls.run(timeout_seconds, blueprints.download, job, path)
        yield path
