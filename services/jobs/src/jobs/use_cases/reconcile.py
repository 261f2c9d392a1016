"""Reconcile jobs and files after a process died between two writes, or a file was lost."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from jobs.domain.blueprint_file import BLUEPRINTS
from jobs.domain.erasure import Tombstone
from jobs.domain.errors import ConcurrentUpdate
from jobs.domain.ports import BlueprintBucket, BucketListing, ErasureTable, JobScanner, UploadTable
from jobs.domain.reconciliation import (
    Leftover,
    ReconcileRules,
    StoredFile,
    UnfinishedJob,
    job_id_in,
    upload_id_in,
)
from jobs.domain.upload import UPLOADS
from jobs.use_cases.job_repository import JobRepository
from shared import context
from shared.metrics import Metrics
from shared.periodic_task import background_run

log = logging.getLogger(__name__)

_JOBS_AT_ONCE = 10_000  # about 4 MB; the more there are, the fewer pages of the bucket are listed twice


@dataclass(slots=True)
class Reconciliation:
    """What one run did. ``failures`` counts its parts that failed."""

    orphans_deleted: int = 0
    expired_deleted: int = 0
    used_uploads_deleted: int = 0
    failed_missing_blueprint: int = 0
    failures: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconcile:
    """A listing or a scan proposes; a consistent read right before the change decides.

    So several runs, and requests, may be at work at the same time: an object's key is never used by a second
    job, a deletion may be repeated, and of two writes to one job the second fails.
    """

    jobs: JobRepository
    scanner: JobScanner
    erasures: ErasureTable
    uploads: UploadTable
    blueprints: BlueprintBucket
    listing: BucketListing
    metrics: Metrics
    now: Callable[[], datetime]
    rules: ReconcileRules

    def __call__(self) -> Reconciliation:
        """Do every part, also after one that fails."""
        started = time.monotonic()
        done = Reconciliation()
        with background_run("reconcile"):
            for part in (self._delete_leftovers, self._delete_used_uploads, self._reconcile_jobs):
                try:
                    part(done)
                except Exception:  # whatever it is, the other parts are due all the same
                    log.exception("part of the reconciliation failed")
                    done.failures += 1
            done.seconds = round(time.monotonic() - started, 3)
            self._report(done)
        return done

    def _delete_leftovers(self, done: Reconciliation) -> None:
        """Blueprints whose job is not there or has expired.

        Early orphans wait until all were counted. One more than the limit is kept in memory, and not more.
        """
        early: list[StoredFile] = []
        for page in self.listing.pages(BLUEPRINTS):
            for file, leftover in self._leftovers(page):
                if leftover is not Leftover.EARLY_ORPHAN:
                    self._delete_leftover(file, leftover, done)
                elif not self.rules.too_many_orphans(len(early)) and not self._has_job(file):
                    early.append(file)
        if self.rules.too_many_orphans(len(early)):
            self._refuse_to_delete(early, done)
            return
        for file in early:
            self._delete_leftover(file, Leftover.EARLY_ORPHAN, done)

    def _refuse_to_delete(self, early_orphans: list[StoredFile], done: Reconciliation) -> None:
        log.error(
            "too many files without a job; none of those whose job cannot have expired was deleted",
            extra={
                "context": {
                    "found_at_least": len(early_orphans),
                    "most": self.rules.max_early_orphans,
                    "one_job_id": job_id_in(early_orphans[0].key),
                    "may_mean": "the jobs table was emptied, or restored to an earlier point",
                    "do": "stop the reconciler's schedule and look at the jobs table; restore what it lost,"
                    " or, if these files may go, run once with a higher RECONCILE_MOST_ORPHANS",
                }
            },
        )
        done.failures += 1

    def _delete_leftover(self, file: StoredFile, leftover: Leftover, done: Reconciliation) -> None:
        """The tombstone first, by which a worker deletes the results: the file is what they are found by."""
        if self._has_job(file):
            return
        job_id = job_id_in(file.key)
        if job_id is not None:
            self.erasures.put_tombstone(Tombstone(job_id, self.now()))
        with context.using(replace(context.current(), job_id=job_id)):
            self._delete(file, leftover)
        if leftover is Leftover.EXPIRED:
            done.expired_deleted += 1
        else:
            done.orphans_deleted += 1

    def _has_job(self, file: StoredFile) -> bool:
        job_id = job_id_in(file.key)
        return job_id is not None and self.jobs.table.get(job_id) is not None

    def _leftovers(self, page: Iterable[StoredFile]) -> Iterator[tuple[StoredFile, Leftover]]:
        now = self.now()
        by_job = [
            (file, job_id_in(file.key)) for file in page if self.rules.is_past_grace(file.stored_at, now)
        ]
        expiries = self.scanner.expiry_times({job_id for _, job_id in by_job if job_id is not None})
        for file, job_id in by_job:
            leftover = self.rules.leftover(file, expiries.get(job_id or ""), now)
            if leftover is not None:
                yield file, leftover

    def _delete_used_uploads(self, done: Reconciliation) -> None:
        """Objects of uploads that a job was made of; all others are left to the bucket's lifecycle."""
        for page in self.listing.pages(UPLOADS):
            for file in page:
                if self.rules.is_past_grace(file.stored_at, self.now()) and self._is_used(file):
                    self._delete(file, "used upload", upload_id=upload_id_in(file.key))
                    done.used_uploads_deleted += 1

    def _is_used(self, file: StoredFile) -> bool:
        upload_id = upload_id_in(file.key)
        upload = self.uploads.get(upload_id) if upload_id is not None else None
        return upload is not None and upload.used

    def _reconcile_jobs(self, done: Reconciliation) -> None:
        """Jobs whose blueprint is missing."""
        unfinished = self.scanner.unfinished_jobs()
        while jobs := list(islice(unfinished, _JOBS_AT_ONCE)):
            missing = self.listing.missing({job.blueprint_s3_key for job in jobs})
            for job in jobs:
                if job.blueprint_s3_key in missing:
                    with context.using(replace(context.current(), job_id=job.job_id)):
                        self._reconcile(job, done)

    def _reconcile(self, found: UnfinishedJob, done: Reconciliation) -> None:
        job = self.jobs.table.get(found.job_id)
        if job is None:
            return
        file_is_missing = bool(self.listing.missing({job.blueprint_s3_key}))
        reconciled = self.rules.reconciled(job, file_is_missing=file_is_missing, at=self.now())
        if reconciled is job:
            return
        try:
            self.jobs.save(job, reconciled)
        except ConcurrentUpdate:
            return  # another process is at work on it; the next run looks again
        done.failed_missing_blueprint += 1

    def _delete(self, file: StoredFile, reason: str, **named: str | None) -> None:
        """Say so without the key, which ends with the name that the caller gave their file."""
        self.blueprints.delete(file.key)
        log.info("file deleted", extra={"context": {"reason": reason, **named}})

    def _report(self, done: Reconciliation) -> None:
        counts = {
            "OrphanObjectsDeleted": done.orphans_deleted,
            "ExpiredObjectsDeleted": done.expired_deleted,
            "UsedUploadsDeleted": done.used_uploads_deleted,
            "JobsFailedMissingBlueprint": done.failed_missing_blueprint,
            "ReconcilerFailures": done.failures,
        }
        log.log(
            logging.ERROR if done.failures else logging.INFO,
            "reconciled",
            extra={"context": {**counts, "seconds": done.seconds}},
        )
        self.metrics.record(
            {
                "ReconcilerRuns": (1, "Count"),
                "ReconcilerSeconds": (done.seconds, "Seconds"),
                **{name: (count, "Count") for name, count in counts.items()},
            }
        )
