"""A job's blueprint on disk for as long as it is worked on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from preview.concurrency.call_executor import TimeBox, seconds_left
from preview.domain.job import Job
from preview.domain.ports import BlueprintSource


@contextmanager
def downloaded(job: Job, blueprints: BlueprintSource, calls: TimeBox) -> Iterator[Path]:
    """The file, fetched within the deadline of the work in progress; gone when the block is left.

    Raises BlueprintMissing, and DependencyError when it cannot be fetched.
    """
    with TemporaryDirectory(prefix="blueprint-") as folder:
        path = Path(folder) / "blueprint"
        calls.within(seconds_left(), blueprints.download, job, path)
        yield path
