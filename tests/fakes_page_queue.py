"""A queue of pages in memory; it passes the tests of the adapter that it stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from preview.domain.queued_page import Backlog, QueuedPage, ReceivedPage


@dataclass(slots=True)
class _Message:
    received: ReceivedPage
    owner: str
    visible_at: datetime


class FakeServiceTimes:
    """Forgets what was a quarter of an hour to half an hour ago, in whole quarters, as the adapter does."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.failing: Exception | None = None
        self._now = now
        self._seconds: dict[int, list[float]] = {}

    def add(self, seconds: float) -> None:
        self._check()
        self._seconds.setdefault(self._quarter(), []).append(seconds)

    def mean(self) -> float | None:
        self._check()
        quarter = self._quarter()
        found = [*self._seconds.get(quarter - 1, ()), *self._seconds.get(quarter, ())]
        return sum(found) / len(found) if found else None

    def _quarter(self) -> int:
        return int(self._now().timestamp() // 900)

    def _check(self) -> None:
        if self.failing:
            raise self.failing


class FakePageQueue:
    """``failing`` is raised by every call while it is set. An empty queue answers at once."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.failing: Exception | None = None
        self._now = now
        self._messages: list[_Message] = []
        self._receipts = 0

    def send(self, pages: Sequence[QueuedPage], owner: str) -> None:
        self._check()
        self._messages += [_Message(ReceivedPage(page, "", 0), owner, self._now()) for page in pages]

    def receive(self, wait_seconds: int, visibility_timeout_seconds: int) -> ReceivedPage | None:
        self._check()
        for message in self._messages:
            if message.visible_at <= self._now():
                self._receipts += 1
                received = message.received
                message.received = replace(
                    received, receipt=str(self._receipts), receives=received.receives + 1
                )
                message.visible_at = self._now() + timedelta(seconds=visibility_timeout_seconds)
                return message.received
        return None

    def delete(self, page: ReceivedPage) -> None:
        self._check()
        self._messages = [each for each in self._messages if each.received.receipt != page.receipt]

    def set_visibility_timeout(self, page: ReceivedPage, seconds: int) -> None:
        self._check()
        for message in self._messages:
            if message.received.receipt == page.receipt:
                message.visible_at = self._now() + timedelta(seconds=seconds)

    def backlog(self) -> Backlog:
        self._check()
        waiting = sum(message.visible_at <= self._now() for message in self._messages)
        return Backlog(waiting, len(self._messages) - waiting)

    def _check(self) -> None:
        if self.failing:
            raise self.failing
