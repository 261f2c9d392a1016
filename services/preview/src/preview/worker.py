"""A worker: takes pages from the queue, one at a time, and has each previewed."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from preview.domain.ports import PageQueue
from preview.domain.queued_page import PageOutcome, QueuedPage, ReceivedPage
from shared import context
from shared.context import RequestContext
from shared.errors import DependencyError
from shared.ids import new_id
from shared.metrics import Metrics
from shared.timestamps import utc_now

log = logging.getLogger(__name__)

_MAX_PAUSE_SECONDS = 30.0
"""Of a worker whose queue does not answer; the first pause takes a second, each further one twice as long."""


class ProcessPage(Protocol):
    """What a worker does with a page. Whatever it raises is logged, and the page comes back later."""

    def __call__(self, job_id: str, page: int) -> PageOutcome: ...


class WorkerStuck(Exception):
    """A page has taken so long that its thread is given up, and the process with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerLimits:
    """Seconds. ``drain`` is how long a worker that was told to stop goes on with its page.

    The queue gives a page that was received to no other worker for ``visibility_timeout``, which is extended
    when a third of it is over; a page that is to be tried again waits for as long. After ``stuck`` the worker
    gives up: a page has 30 s, and this is far more. Page and signals are checked every ``tick``.
    """

    poll: int
    drain: float
    visibility_timeout: int
    stuck: float = 120.0
    tick: float = 0.2


class Worker:
    """``report_alive`` is called again and again for as long as the worker is well."""

    def __init__(
        self,
        queue: PageQueue,
        process_page: ProcessPage,
        metrics: Metrics,
        limits: WorkerLimits,
        report_alive: Callable[[], None],
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._queue = queue
        self._process_page = process_page
        self._metrics = metrics
        self._limits = limits
        self._report_alive = report_alive
        self._monotonic = monotonic
        self._stop_at: float | None = None
        self._failures = 0

    def stop(self) -> None:
        """Take no further page, and end the one at work within ``drain`` or give it back.

        Only sets a value, so that a signal handler may call it at any moment.
        """
        if self._stop_at is None:
            self._stop_at = self._monotonic() + self._limits.drain

    def run(self) -> None:
        """Until `stop`. Raises WorkerStuck."""
        while self._stop_at is None:
            self._report_alive()
            received = self._receive()
            if received is None:
                continue
            if self._stop_at is None:
                self._process(received)
            else:
                self._give_back(received)

    def _receive(self) -> ReceivedPage | None:
        try:
            received = self._queue.receive(self._limits.poll, self._limits.visibility_timeout)
        except DependencyError as exc:
            log.warning("no page could be received", exc_info=exc)
            self._pause()
            return None
        self._failures = 0
        return received

    def _pause(self) -> None:
        """Wait a little longer after each failure in a row, but not once told to stop."""
        longest = min(_MAX_PAUSE_SECONDS, 2.0**self._failures)
        self._failures += 1
        until = self._monotonic() + longest * (0.5 + 0.5 * random.random())  # noqa: S311 - jitter
        while self._stop_at is None and self._monotonic() < until:
            self._report_alive()
            time.sleep(self._limits.tick)

    def _process(self, received: ReceivedPage) -> None:
        began = self._monotonic()
        work = _Work(self._process_page, received.queued)
        extended = began
        while not work.join(self._limits.tick):
            self._report_alive()
            now = self._monotonic()
            if self._stop_at is not None and now >= self._stop_at:
                self._give_back(received)
                return
            if now - began >= self._limits.stuck:
                log.error("a page does not end", extra=_of(received))
                raise WorkerStuck
            if now - extended >= self._limits.visibility_timeout / 3:
                self._set_visibility_timeout(received, self._limits.visibility_timeout)
                extended = now
        self._settle(received, work, self._monotonic() - began)

    def _settle(self, received: ReceivedPage, work: "_Work", seconds: float) -> None:
        outcome = work.outcome
        if outcome in (None, PageOutcome.RETRY):
            self._set_visibility_timeout(received, self._limits.visibility_timeout)
        else:
            self._call_queue(lambda: self._queue.delete(received))
        self._record(received, outcome.value if outcome else "crashed", seconds)
        if isinstance(work.error, DependencyError):
            self._pause()

    def _give_back(self, received: ReceivedPage) -> None:
        self._set_visibility_timeout(received, 0)
        self._record(received, "given_back", 0.0)

    def _record(self, received: ReceivedPage, outcome: str, seconds: float) -> None:
        fields = {"outcome": outcome, "seconds": round(seconds, 3), "receives": received.receives}
        log.info("page processed", extra=_of(received, **fields))
        self._metrics.record({"Pages": (1, "Count"), "PageSeconds": (seconds, "Seconds")}, outcome=outcome)

    def _set_visibility_timeout(self, received: ReceivedPage, seconds: int) -> None:
        self._call_queue(lambda: self._queue.set_visibility_timeout(received, seconds))

    def _call_queue(self, call: Callable[[], None]) -> None:
        """A call that fails does no harm: the queue delivers the page once more."""
        try:
            call()
        except DependencyError as exc:
            log.warning("the queue could not be called", exc_info=exc)


class _Work:
    """One page in a thread of its own, so that the worker can look after the message and the signals.

    A thread that was given up ends with the process. ``outcome`` is None where it ended with an ``error``.
    """

    def __init__(self, process_page: ProcessPage, queued: QueuedPage) -> None:
        self.outcome: PageOutcome | None = None
        self.error: Exception | None = None
        self._process_page = process_page
        self._queued = queued
        self._thread = threading.Thread(target=self._run, name="page", daemon=True)
        self._thread.start()

    def join(self, seconds: float) -> bool:
        """Wait for its end, for ``seconds`` at most; whether it has ended."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        request_id = new_id("req", utc_now())
        job_id = self._queued.job_id
        with context.using(RequestContext(request_id, correlation_id=request_id, job_id=job_id)):
            try:
                self.outcome = self._process_page(job_id, self._queued.page)
            except Exception as exc:  # one bad page must not end the worker
                log.exception("a page failed and is tried again later")
                self.error = exc


def _of(received: ReceivedPage, **fields: object) -> dict[str, object]:
    queued = received.queued
    return {"context": {"job_id": queued.job_id, "page": queued.page, **fields}}
