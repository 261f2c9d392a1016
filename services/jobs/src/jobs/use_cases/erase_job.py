"""Erase a job with everything that was made of it, so that another can finish where a process died.

First the job is replaced by an `Erasure`: from then on no route finds it, and work in progress stops the
next time it asks for it. Then each store is cleared; every step may be done twice, and by two at once. In
the end a `Tombstone` is left, so that results which a worker wrote too late, and died before it could see
that, are deleted some minutes later (`finish_erasures`). An expired job gets a tombstone from the
reconciler, and its results go the same way.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from jobs.domain.erasure import Erasure, ErasureReceipt, RemovedCounts, Tombstone
from jobs.domain.errors import JobNotFound
from jobs.domain.job import check_job_id
from jobs.domain.ports import (
    BlueprintBucket,
    BucketListing,
    ErasureTable,
    FeedbackTable,
    IdempotencyTable,
    JobTable,
    PreviewService,
    UploadTable,
)
from jobs.domain.upload import upload_key
from shared.logs import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class EraseJob:
    jobs: JobTable
    erasures: ErasureTable
    uploads: UploadTable
    idempotency: IdempotencyTable
    feedback: FeedbackTable
    blueprints: BlueprintBucket
    listing: BucketListing
    preview: PreviewService
    now: Callable[[], datetime]

    def __call__(self, job_id: str, owner: str) -> ErasureReceipt:
        """Erase a job, or go on where its erasure was left.

        Raises InvalidJobId or JobNotFound, and DependencyError when not all is gone yet: the job is hidden
        all the same, and what is left is deleted by a repeat or within minutes.
        """
        check_job_id(job_id)
        erasure = self.erasures.get(job_id) or self._hide(job_id, owner)
        if erasure is None or erasure.owner != owner:
            raise JobNotFound(job_id)
        return self.complete(erasure)

    def complete(self, erasure: Erasure) -> ErasureReceipt:
        """Clear every store of what is left of the job, and leave a tombstone. Raises DependencyError."""
        removed = self._delete_everything(erasure)
        # Before the tombstone, after which nobody comes back: twice in the log is better than never
        audit("erased", job_id=erasure.job_id, owner=erasure.owner, removed=asdict(removed))
        tombstone = Tombstone(erasure.job_id, self.now())
        self.erasures.complete(tombstone)
        return ErasureReceipt(tombstone.job_id, tombstone.erased_at, removed)

    def _hide(self, job_id: str, owner: str) -> Erasure | None:
        job = self.jobs.get(job_id)
        if job is None or job.owner != owner:
            return None
        return self.erasures.begin(Erasure.of(job, self.now()))

    def _delete_everything(self, erasure: Erasure) -> RemovedCounts:
        if erasure.idempotency is not None:
            self.idempotency.put_tombstone(erasure.idempotency)
        if erasure.upload_id is not None:
            self.blueprints.delete(upload_key(erasure.upload_id))
            self.uploads.redact(erasure.upload_id)
        is_gone = bool(self.listing.missing({erasure.blueprint_s3_key}))
        self.blueprints.delete(erasure.blueprint_s3_key)
        feedback = self.feedback.delete_all(erasure.job_id, self.now())
        results = self.preview.erase_results(erasure.job_id)
        return RemovedCounts(0 if is_gone else 1, results.results, results.analysis, feedback)
