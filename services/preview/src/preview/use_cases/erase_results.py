"""Leaving nothing of a job that was erased, whatever was at work on it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from preview.concurrency.call_executor import granted, limited_to
from preview.domain.erased import Erased
from preview.domain.errors import JobNotFound
from preview.domain.job import Job
from preview.domain.ports import Jobs, PreviewCache, ResultStore
from shared.errors import DependencyError

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5  # the jobs service answers in milliseconds
_ERASE_SECONDS = 5.0  # for some hundred pages, each of which may have an entry in the cache


class Eraser:
    def __init__(self, jobs: Jobs, results: ResultStore, cache: PreviewCache) -> None:
        self._jobs = jobs
        self._results = results
        self._cache = cache

    def erase(self, job_id: str) -> Erased:
        """Remove the job's results, and what the cache has of it; may be repeated."""
        with granted(_ERASE_SECONDS):
            self._cache.erase(job_id)
            return self._results.erase(job_id)

    @contextmanager
    def erasing_again(self, job: Job) -> Iterator[None]:
        """Look at the job after what is done inside, which may write, and erase it if it is gone by now.

        The jobs service hides a job before it has its results erased. So what was written before this look
        at a job that is there is found by that erasure, and what was written later is erased here. Raises
        JobNotFound then, whatever came of the work. Where the job cannot be looked at, or this process dies
        first, the second erasure finds what was written, some minutes later.
        """
        try:
            try:
                yield
            finally:
                self._look_again(job)
        except JobNotFound:
            self._erase_again(job)
            raise

    def _look_again(self, job: Job) -> None:
        try:
            with limited_to(_LOOK_SECONDS):
                self._jobs.get(job.job_id, job.owner)
        except DependencyError:
            log.warning("job could not be looked at after its preview", exc_info=True)

    def _erase_again(self, job: Job) -> None:
        try:
            self.erase(job.job_id)
            log.info("job was erased while its preview was made; so were the results")
        except DependencyError:
            log.exception("results of an erased job are left until they are erased again")
