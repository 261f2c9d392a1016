"""Putting into the queue again what has waited long, or whose worker has died."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from preview.domain.errors import PageChanged
from preview.domain.page_work import CountChange, PageCounts, PageTimes, PageWork
from preview.domain.ports import PageQueue, PageTable
from preview.domain.queued_page import QueuedPage
from shared.errors import DependencyError
from shared.periodic_task import background_run

log = logging.getLogger(__name__)

_PAGES_A_RUN = 500
_RUN_SECONDS = 20.0  # some milliseconds a page


@dataclass(frozen=True, slots=True)
class RequeuePages:
    pages: PageTable
    queue: PageQueue
    times: PageTimes
    now: Callable[[], datetime]

    def __call__(self) -> None:
        """What fails waits for the next run."""
        with background_run("requeue_pages", _RUN_SECONDS):
            due = sorted(self.pages.due(self.now(), _PAGES_A_RUN), key=lambda page: (page.job_id, page.page))
            for job_id, queued in groupby(due, key=lambda page: page.job_id):
                try:
                    self._requeue(job_id, list(queued))
                except DependencyError:
                    log.warning("pages not put into the queue again; the next run does", exc_info=True)

    def _requeue(self, job_id: str, queued: Sequence[QueuedPage]) -> None:
        counts = self.pages.counts(job_id)
        if counts is None:
            return
        works = [work for page in queued if (work := self._overdue(page))]
        # Sent before it is written: who dies in between has sent a page twice, not forgotten it
        self.queue.send([QueuedPage(work.job_id, work.page) for work in works], counts.owner)
        for work in works:
            self._save(work, counts)

    def _overdue(self, queued: QueuedPage) -> PageWork | None:
        work = self.pages.get(queued.job_id, queued.page)
        return work if work and work.due_at and work.due_at <= self.now() else None

    def _save(self, work: PageWork, counts: PageCounts) -> None:
        try:
            self.pages.save([work.requeued(self.now(), self.times)], counts, CountChange())
        except PageChanged:
            return  # somebody begins it, or has put it in as well
        fields = {"page": work.page, "status": work.status, "attempts": work.attempts}
        log.info("page put into the queue again", extra={"context": fields})
