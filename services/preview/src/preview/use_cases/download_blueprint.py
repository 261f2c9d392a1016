"""A job's blueprint on disk for as long as it is worked on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from preview.concurrency.call_executor import CallExecutor
from preview.concurrency.deadlines import remaining_seconds
from preview.domain.job import Job
from preview.domain.ports import BlueprintSource


@contextmanager
def download_blueprint(job: Job, blueprints: BlueprintSource, calls: CallExecutor) -> Iterator[Path]:
    """The file, fetched within the deadline of the work in progress; removed when the block is left.

    Raises BlueprintMissing, and DependencyError when it cannot be fetched.
    """
    with TemporaryDirectory(prefix="blueprint-") as folder:
        path = Path(folder) / "blueprint"
        calls.run(remaining_seconds(), blueprints.download, job, path)
        yield path
