"""The table of pages in memory; it passes the tests of the adapter that it stands for."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from preview.domain.errors import PageChanged
from preview.domain.page_work import CountChange, PageCounts, PageWork
from preview.domain.queued_page import QueuedPage
from preview.domain.scale import GivenScale


class FakePageTable:
    """``failing`` is raised by every call while it is set, and ``failing_saves`` one by one.

    ``on_scale`` is called before a scale is kept.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.failing: Exception | None = None
        self.failing_saves: list[Exception] = []
        self.on_scale: Callable[[], None] = lambda: None
        self._now = now
        self._counts: dict[str, PageCounts] = {}
        self._pages: dict[tuple[str, int], PageWork] = {}
        self._scales: dict[tuple[str, int], tuple[GivenScale, datetime]] = {}
        self._lock = threading.Lock()

    def counts(self, job_id: str) -> PageCounts | None:
        self._check()
        found = self._counts.get(job_id)
        return found if found and found.expires_at > self._now() else None

    def get(self, job_id: str, page: int) -> PageWork | None:
        self._check()
        found = self._pages.get((job_id, page))
        return found if found and found.expires_at > self._now() else None

    def of_job(self, job_id: str) -> list[PageWork]:
        self._check()
        found = [page for page in self._pages.values() if page.job_id == job_id]
        return sorted((page for page in found if page.expires_at > self._now()), key=lambda page: page.page)

    def begin_round(self, counts: PageCounts) -> None:
        self._check()
        with self._lock:
            before = self._counts.get(counts.job_id)
            if (before.round if before else 0) != counts.round - 1:
                raise PageChanged
            self._counts[counts.job_id] = counts

    def save(self, pages: Sequence[PageWork], counts: PageCounts, change: CountChange) -> None:
        self._check()
        if self.failing_saves:
            raise self.failing_saves.pop(0)
        with self._lock:
            for page in pages:
                stored = self._pages.get((page.job_id, page.page))
                if (stored.version if stored else 0) != page.version - 1:
                    raise PageChanged
            if change:
                self._add(counts, change)
            self._pages |= {(page.job_id, page.page): page for page in pages}

    def due(self, at: datetime, limit: int) -> list[QueuedPage]:
        self._check()
        waiting = [(page.due_at, page) for page in self._pages.values() if page.due_at and page.due_at <= at]
        waiting.sort(key=lambda found: found[0])
        return [QueuedPage(page.job_id, page.page) for _, page in waiting[:limit]]

    def scales(self, job_id: str) -> dict[int, GivenScale]:
        self._check()
        now = self._now()
        return {
            page: scale
            for (of, page), (scale, expires_at) in self._scales.items()
            if of == job_id and expires_at > now
        }

    def get_with_scale(self, job_id: str, page: int) -> tuple[PageWork | None, GivenScale | None]:
        return self.get(job_id, page), self.scales(job_id).get(page)

    def give_scale(
        self, job_id: str, pages: Sequence[int], scale: GivenScale | None, expires_at: datetime
    ) -> None:
        self._check()
        self.on_scale()
        with self._lock:
            for page in pages:
                self._scales.pop((job_id, page), None)
                if scale is not None:
                    self._scales[job_id, page] = scale, expires_at

    def erase(self, job_id: str) -> None:
        self._check()
        with self._lock:
            self._scales = {key: given for key, given in self._scales.items() if key[0] != job_id}
            self._counts.pop(job_id, None)
            self._pages = {key: page for key, page in self._pages.items() if page.job_id != job_id}

    def _add(self, counts: PageCounts, change: CountChange) -> None:
        stored = self._counts.get(counts.job_id)
        if stored is None or stored.round != counts.round:
            raise PageChanged
        self._counts[counts.job_id] = replace(
            stored,
            number=stored.number + 1,
            asked=stored.asked + change.asked,
            done=stored.done + change.done,
            failed=stored.failed + change.failed,
            begun=stored.begun or change.begun,
        )

    def _check(self) -> None:
        if self.failing:
            raise self.failing
