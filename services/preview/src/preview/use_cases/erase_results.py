"""Leaving nothing of a job that was erased, whatever was at work on it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from preview.domain.budget import Budget
from preview.domain.erased_results import ErasedResults
from preview.domain.errors import JobNotFound
from preview.domain.job import Job, check_job_id
from preview.domain.ports import Jobs, PageTable, PreviewCache, ResultStore
from preview.use_cases.picture_cache import PictureCache
from shared import context
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_READ_SECONDS = 0.5  # the jobs service answers in milliseconds
ERASE_SECONDS = 5.0  # for some hundred pages, each of which may have an entry in the cache


@dataclass(frozen=True, slots=True)
class EraseResults:
    jobs: Jobs
    results: ResultStore
    cache: PreviewCache
    pictures: PictureCache
    pages: PageTable

    def __call__(self, job_id: str) -> ErasedResults:
        """Erase what is stored of a job that the jobs service has hidden; may be repeated.

        Raises InvalidJobId.
        """
        check_job_id(job_id)
        context.bind(job_id=job_id)
        self.pictures.delete(job_id)
        with context.call_deadline(ERASE_SECONDS):
            self.pages.erase(job_id)
            self.cache.erase(job_id)
            return self.results.erase(job_id)

    @contextmanager
    def erase_if_job_was_erased(self, job: Job, budget: Budget) -> Iterator[None]:
        """Read the job again after what is done inside, which may write, and erase it if it is gone by now.

        The jobs service hides a job before it has its results erased. So what was written before this reads
        a job that is there is found by that erasure, and what was written later is erased here. Raises
        JobNotFound then, whatever came of the work. Where the job cannot be read, or this process dies
        first, the second erasure finds what was written, some minutes later.
        """
        try:
            try:
                yield
            finally:
                self._read_again(job, budget)
        except JobNotFound:
            self._erase_again(job)
            raise

    def _read_again(self, job: Job, budget: Budget) -> None:
        try:
            with context.call_deadline(budget.at_most(_READ_SECONDS)):
                self.jobs.get(job.job_id, job.owner)
        except DependencyError:
            log.warning("job could not be read after its preview", exc_info=True)

    def _erase_again(self, job: Job) -> None:
        try:
            self(job.job_id)
            log.info("job was erased while its preview was made; so were the results")
        except DependencyError:
            log.exception("results of an erased job are left until they are erased again")
