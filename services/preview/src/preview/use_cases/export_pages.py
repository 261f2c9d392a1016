"""One file of all completed pages of a job."""

import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import BinaryIO, cast

from preview.bulkheads import BulkheadShare
from preview.call_executor import CallExecutor
from preview.domain.blueprint import MAX_PAGES
from preview.domain.budget import FILE_SECONDS
from preview.domain.corrections import Corrections, FeedbackEntry
from preview.domain.errors import DeadlineExceeded, PreviewNotFound
from preview.domain.page_work import PageStatus
from preview.domain.ports import Jobs, ResultStore
from preview.domain.preview import Preview
from preview.domain.scale import GivenScale
from preview.use_cases.given_scales import GivenScales
from preview.use_cases.list_pages import ListPages
from shared import context
from shared.deadline import Deadline

_READ_AHEAD = 4  # previews in memory besides the one that is written; S3 answers one in some 20 ms

WriteDocument = Callable[[BinaryIO, str, Iterable[Preview]], None]
"""Writes the previews of a job to a file, one after the other."""


@dataclass(slots=True)
class ExportedPages:
    """``file`` is at its start, and the caller closes it; ``missing`` are pages asked for that it lacks."""

    file: BinaryIO
    missing: list[int] = field(default_factory=list)
    degraded: bool = False
    written: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ExportPages:
    list_pages: ListPages
    jobs: Jobs
    results: ResultStore
    given_scales: GivenScales
    calls: CallExecutor
    callers: BulkheadShare
    corrections: Callable[[Sequence[FeedbackEntry]], Corrections]

    def __call__(
        self, job_id: str, owner: str, write: WriteDocument, *, corrected: bool = False
    ) -> ExportedPages:
        """The pages are read while they are written, so that a long document does not fill memory.

        Raises InvalidJobId, JobNotFound, PreviewNotFound where no page is completed, TooBusy at once where
        too many are exported already, and DeadlineExceeded.
        """
        deadline = Deadline.after(FILE_SECONDS)
        with context.call_deadline(FILE_SECONDS), self.callers.permit(owner):
            asked = {page.page: page for page in self.list_pages(job_id, owner, MAX_PAGES).pages}
            file_name = self.jobs.get(job_id, owner).blueprint_filename
            stored = self.calls.run(deadline.remaining_seconds(), self.results.list_previews, job_id)
            scales = self.given_scales.of_job(job_id, deadline.remaining_seconds())
            unfinished = {n for n, page in asked.items() if page.status is not PageStatus.COMPLETED}
            numbers = sorted(stored.keys() - unfinished)
            if not numbers:
                raise PreviewNotFound(job_id, min(asked, default=1))
            exported = ExportedPages(cast(BinaryIO, tempfile.TemporaryFile()))  # noqa: SIM115 - the caller's
            try:
                keys = [stored[number] for number in numbers]
                previews = self._previews(exported, job_id, keys, corrected, deadline)
                write(
                    exported.file,
                    job_id,
                    (_scaled(preview, scales).of_file(file_name) for preview in previews),
                )
            except BaseException:
                exported.file.close()
                raise
        exported.file.seek(0)
        exported.missing = sorted(asked.keys() - set(exported.written))
        return exported

    def _previews(
        self, exported: ExportedPages, job_id: str, keys: list[str], corrected: bool, deadline: Deadline
    ) -> Iterator[Preview]:
        for preview in self._read_ahead(keys, corrected, deadline):
            if preview is not None:  # else erased meanwhile
                exported.written.append(preview.page.number)
                exported.degraded |= bool(preview.degraded)
                yield preview.for_job(job_id)

    def _read_ahead(self, keys: list[str], corrected: bool, deadline: Deadline) -> Iterator[Preview | None]:
        reading: deque[Future[Preview | None]] = deque()
        for key in keys:
            reading.append(self.calls.submit(self._read, key, corrected))
            if len(reading) > _READ_AHEAD:
                yield _result(reading.popleft(), deadline)
        while reading:
            yield _result(reading.popleft(), deadline)

    def _read(self, key: str, corrected: bool) -> Preview | None:
        preview = self.results.read_listed(key)
        if preview is None or not corrected:
            return preview
        return preview.corrected(self.corrections(self.jobs.feedback(preview.job_id, preview.page.number)))


def _scaled(preview: Preview, scales: Mapping[int, GivenScale]) -> Preview:
    return preview.with_given_scale(scales.get(preview.page.number))


def _result(reading: Future[Preview | None], deadline: Deadline) -> Preview | None:
    done, _ = wait([reading], timeout=deadline.remaining_seconds())
    if not done or deadline.expired:
        raise DeadlineExceeded
    return reading.result()
