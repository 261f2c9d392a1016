"""Insert a new job: the job and its file are both stored, or neither."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from jobs.domain.errors import RequestInProgress
from jobs.domain.idempotency import IdempotencyRecord
from jobs.domain.job import Job
from jobs.domain.ports import BlueprintBucket, IdempotencyTable, JobTable
from jobs.domain.upload import Upload
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_ROLLBACK_SECONDS = 2.0  # the request's own deadline may be what made the rollback necessary


@dataclass(frozen=True, slots=True)
class InsertJob:
    jobs: JobTable
    records: IdempotencyTable
    blueprints: BlueprintBucket

    def __call__(self, job: Job, upload: Upload | None, record: IdempotencyRecord | None) -> None:
        """Insert the job, and take it for inserted when only the answer was lost.

        Rolled back then, the upload would stay used, and the caller could not try again.
        """
        try:
            self.jobs.insert(job, upload, record)
        except DependencyError:
            if not self._is_stored(job):
                raise
            log.warning("job stored, though its insert failed", exc_info=True)

    @contextmanager
    def rollback_on_failure(self, job: Job, claim: IdempotencyRecord | None) -> Iterator[None]:
        """Leave nothing of the job when what is done inside fails, and release its idempotency key."""
        try:
            yield
        except RequestInProgress:  # the key is another's, so that the job was not stored
            with context.call_deadline(_ROLLBACK_SECONDS):
                self._delete_file(job)
            raise
        except Exception:  # whatever it is, the caller is told that there is no job
            with context.call_deadline(_ROLLBACK_SECONDS):
                if claim is None or self._release_key(claim):
                    self._delete_file(job)
                    self._delete_job(job)
            raise

    def _is_stored(self, job: Job) -> bool:
        """Whether the job is known to be there; a caller who gets an error has been promised nothing."""
        with context.call_deadline(_ROLLBACK_SECONDS):
            try:
                return self.jobs.get(job.job_id) is not None
            except DependencyError:
                log.exception("job rolled back without knowing whether it was stored")
                return False

    def _release_key(self, claim: IdempotencyRecord) -> bool:
        """Whether the key is released: no repeat can find the job any more, so that it may be deleted.

        From then on an insert that is still under way fails, too. Otherwise everything stays as it is: a
        repeat finds the job if it was stored, and if not, the reconciler deletes its file.
        """
        try:
            self.records.release(claim)
        except (DependencyError, RequestInProgress):
            log.exception("job not rolled back, since its idempotency key was not released")
            return False
        return True

    def _delete_job(self, job: Job) -> None:
        """The record, too: a write without an answer may have been carried out."""
        try:
            self.jobs.delete(job.job_id)
        except DependencyError:
            log.exception("job possibly left without its blueprint")

    def _delete_file(self, job: Job) -> None:
        try:
            self.blueprints.delete(job.blueprint_s3_key)
        except DependencyError:
            log.exception("blueprint left without a job")
