"""A new job and its file: both are stored, or neither."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from jobs.domain.errors import RequestInProgress
from jobs.domain.idempotency import IdempotencyRecord
from jobs.domain.job import Job
from jobs.domain.ports import Stores
from jobs.domain.upload import Upload
from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_UNDO_SECONDS = 2.0  # the request's own deadline may be what made the undo necessary


class Storing:
    def __init__(self, stores: Stores) -> None:
        self._jobs = stores.jobs
        self._keys = stores.keys
        self._blueprints = stores.blueprints

    def insert(
        self, job: Job, upload: Upload | None = None, idempotency_record: IdempotencyRecord | None = None
    ) -> None:
        """Insert the job, and take it for inserted when only the answer was lost.

        Undone then, the upload would stay used up, and the caller could not try again.
        """
        try:
            self._jobs.insert(job, upload, idempotency_record)
        except DependencyError:
            if not self._is_stored(job):
                raise
            log.warning("job stored, though its insert failed", exc_info=True)

    @contextmanager
    def undone_on_failure(self, job: Job, claim: IdempotencyRecord | None) -> Iterator[None]:
        """Leave nothing of the job when what is done inside fails, and release the key it was made under."""
        try:
            yield
        except RequestInProgress:  # the key is another's, so that the job was not stored
            with _time_to_undo():
                self._remove_file(job)
            raise
        except Exception:
            with _time_to_undo():
                if claim is None or self._released(claim):
                    self._undo(job)
            raise

    def _is_stored(self, job: Job) -> bool:
        """Whether the job is known to be there; whoever gets an error has been promised nothing."""
        with _time_to_undo():
            try:
                return self._jobs.get(job.job_id) is not None
            except DependencyError:
                log.exception("job undone without knowing whether it was stored")
                return False

    def _released(self, claim: IdempotencyRecord) -> bool:
        """Whether no repeat can be told of the job any more, so that it may be removed.

        From then on an insert that is still under way fails, too. Otherwise everything stays as it is: a
        repeat is told of the job if it was stored, and if not, the reconciler removes its file.
        """
        try:
            self._keys.release(claim)
        except (DependencyError, RequestInProgress):
            log.exception("job not undone, since its idempotency key was not released")
            return False
        return True

    def _undo(self, job: Job) -> None:
        """Remove the file, and the record too: a write without an answer may have been carried out."""
        self._remove_file(job)
        try:
            self._jobs.delete(job.job_id)
        except DependencyError:
            log.exception("job possibly left without its blueprint")

    def _remove_file(self, job: Job) -> None:
        try:
            self._blueprints.delete(job.blueprint_s3_key)
        except DependencyError:
            log.exception("blueprint left without a job")


@contextmanager
def _time_to_undo() -> Iterator[None]:
    with context.using(replace(context.current(), deadline=Deadline.after(_UNDO_SECONDS))):
        yield
