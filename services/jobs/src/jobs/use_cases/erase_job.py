"""Erasing a job, with everything that was made of it, so that whoever goes on where another died ends it too.

First the job is replaced by an `Erasure`: from then on no route finds it, and work in progress stops the
next time it asks for it. Then each store is cleared; every step may be done twice, and by two at once. In
the end a `Tombstone` is left, so that results which a worker wrote too late, and died before it could see
that, are erased some minutes later. An expired job gets a tombstone from the reconciler, and its results
go the same way.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime

from jobs.domain.erasure import Erasure, ErasureReceipt, RemovedCounts, Tombstone
from jobs.domain.errors import JobNotFound
from jobs.domain.job import check_job_id
from jobs.domain.ports import BucketListing, ErasureTable, FeedbackTable, PreviewResults, Stores
from shared import context
from shared.errors import DependencyError
from shared.ids import new_id
from shared.logs import audit

log = logging.getLogger(__name__)


class Erasing:
    def __init__(
        self,
        stores: Stores,
        erasures: ErasureTable,
        feedback: FeedbackTable,
        files: BucketListing,
        results: PreviewResults,
        now: Callable[[], datetime],
    ) -> None:
        self._jobs = stores.jobs
        self._uploads = stores.uploads
        self._keys = stores.keys
        self._blueprints = stores.blueprints
        self._erasures = erasures
        self._feedback = feedback
        self._files = files
        self._results = results
        self._now = now

    def erase(self, job_id: str, owner: str) -> ErasureReceipt:
        """Erase a job, or go on where its erasure was left.

        Raises InvalidJobId or JobNotFound, and DependencyError when not all is gone yet: the job is hidden
        all the same, and what is left is removed by a repeat or within minutes.
        """
        check_job_id(job_id)
        erasure = self._erasures.get(job_id) or self._begun(job_id, owner)
        if erasure is None or erasure.owner != owner:
            raise JobNotFound(job_id)
        return self._ended(erasure)

    def finish_due(self) -> None:
        """Go on with what was left some minutes ago, and look again where all was gone."""
        run = context.RequestContext(correlation_id=new_id("run", self._now()))
        with context.using(run), _logged("erasures could not be looked for"):
            for found in self._erasures.find_due():
                self._finish(found)

    def _begun(self, job_id: str, owner: str) -> Erasure | None:
        job = self._jobs.get(job_id)
        if job is None or job.owner != owner:
            return None
        return self._erasures.begin(Erasure.of(job, self._now()))

    def _ended(self, erasure: Erasure) -> ErasureReceipt:
        if erasure.idempotency is not None:
            self._keys.put_tombstone(erasure.idempotency)
        if erasure.upload_id is not None:
            self._blueprints.delete(f"uploads/{erasure.upload_id}")
            self._uploads.redact(erasure.upload_id)
        is_gone = bool(self._files.missing({erasure.blueprint_s3_key}))
        self._blueprints.delete(erasure.blueprint_s3_key)
        feedback = self._feedback.delete_all(erasure.job_id)
        results = self._results.delete_results(erasure.job_id)
        removed = RemovedCounts(0 if is_gone else 1, results.results, results.analysis, feedback)
        # Before the end, after which nobody comes back to it: rather told twice than never
        audit("erased", job_id=erasure.job_id, owner=erasure.owner, removed=asdict(removed))
        tombstone = Tombstone(erasure.job_id, self._now())
        self._erasures.complete(tombstone)
        return ErasureReceipt(tombstone.job_id, tombstone.erased_at, removed)

    def _finish(self, found: Erasure | Tombstone) -> None:
        of_job = replace(context.current(), job_id=found.job_id)
        with context.using(of_job), _logged("erasure not finished; the next round goes on"):
            if isinstance(found, Erasure):
                self._ended(found)
            else:
                self._erase_the_rest(found)

    def _erase_the_rest(self, found: Tombstone) -> None:
        feedback, results = (
            self._feedback.delete_all(found.job_id),
            self._results.delete_results(found.job_id),
        )
        if feedback or results.results or results.analysis:
            rest = {"feedback": feedback, **asdict(results)}
            log.info("the rest of a job that is gone was erased", extra={"context": rest})
        self._erasures.delete_tombstone(found.job_id)


@contextmanager
def _logged(message: str) -> Iterator[None]:
    try:
        yield
    except DependencyError:
        log.warning(message, exc_info=True)
