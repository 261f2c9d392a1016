"""A run over many plans: several at once, with progress bars, until Ctrl-C or the end."""

import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from location_detection.client import Client
from location_detection.detection import Detection, Options, failed
from location_detection.errors import SERVICE_FAILURES, LocationDetectionError
from location_detection.models import Job
from location_detection.plans import Plan
from location_detection.results import Result, ResultFolder, Stopped
from location_detection.transport import printable, sendable

INTERRUPTED = 130
PLANS_AT_ONCE = 8
"""As many are sent or waited for; the service's workers take them from its queue."""

LOOK_SECONDS = 0.2

FIRST_ANSWER_SECONDS = 5
"""A service that is away at the start is told soon; one that goes away later is waited for."""


class Run:
    """Detects the rooms of plans; afterwards has ``results``, and ``failure`` if the service ended it."""

    def __init__(self, plans: list[Plan], out: Path, options: Options) -> None:
        self.interrupted = False
        self.failure: Exception | None = None
        self._plans = plans
        self._stop = threading.Event()
        self._client = Client(sleep=self._sleep)
        self._out = ResultFolder(out)
        self._detection = Detection(self._client, self._out, options)
        self._waiting: queue.SimpleQueue[Plan] = queue.SimpleQueue()
        self._ended: queue.SimpleQueue[tuple[Plan, Result | Exception]] = queue.SimpleQueue()
        self._results: dict[Plan, Result] = {}

    @property
    def results(self) -> list[Result]:
        """In the order of the plans; those that have not ended are pending."""
        return [
            self._results.get(plan, Result(file=sendable(str(plan.path)), status="pending"))
            for plan in self._plans
        ]

    def go(self) -> None:
        """Work until all plans have ended, the service fails, or the user stops it; write the summary."""
        with Client(retry_seconds=FIRST_ANSWER_SECONDS) as client:
            next(client.jobs(limit=1), None)
        for plan in self._plans:
            self._waiting.put(plan)
        with self._stopped_by_signals(), self._bars() as bars:
            total = bars.add_task("plans", total=len(self._plans))
            for _ in range(min(PLANS_AT_ONCE, len(self._plans))):
                threading.Thread(target=self._work, args=[bars], daemon=True).start()
            while len(self._results) < len(self._plans) and not self._stop.is_set():
                self._take_result()
                bars.update(total, completed=len(self._results))
            self._stop.set()
            self._out.close(self.summary())

    def summary(self) -> dict[str, Any]:
        results = self.results
        pages = {"asked": sum(result.pages for result in results)}
        pages["failed"] = sum(result.pages_failed for result in results)
        statuses = [result.status for result in results]
        plans = {status: statuses.count(status) for status in ("completed", "failed", "pending")}
        return {
            "succeeded": all(result.succeeded for result in results),
            "plans": plans,
            "pages": pages,
            "rooms": sum(result.rooms for result in results),
            "files": [asdict(result) for result in results],
        }

    def _take_result(self) -> None:
        try:
            plan, ended = self._ended.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            return
        if isinstance(ended, Result):
            self._results[plan] = ended
        elif isinstance(ended, SERVICE_FAILURES):
            self.failure = ended
            self._stop.set()
        elif isinstance(ended, LocationDetectionError | OSError) and not isinstance(ended, Stopped):
            self._results[plan] = failed(plan, ended)
        elif not isinstance(ended, Stopped):
            raise ended

    def _work(self, bars: Progress) -> None:
        while not self._stop.is_set():
            try:
                plan = self._waiting.get_nowait()
            except queue.Empty:
                return
            try:
                ended: Result | Exception = self._detect(plan, bars)
            except Exception as failure:  # noqa: BLE001 - looked at by the main thread
                ended = failure
            self._ended.put((plan, ended))

    def _detect(self, plan: Plan, bars: Progress) -> Result:
        task = bars.add_task(printable(plan.name), total=None)

        def tell(job: Job) -> None:
            if job.pages:
                bars.update(task, completed=job.pages.done, total=job.pages.asked)

        try:
            return self._detection.detect(plan, tell)
        finally:
            bars.remove_task(task)

    def _sleep(self, seconds: float) -> None:
        if self._stop.wait(seconds):
            raise Stopped("The run was stopped.")

    @contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        """The first Ctrl-C ends what is being written and stops; the second ends the process at once."""

        def stop(number: int, frame: FrameType | None) -> None:
            if self.interrupted:
                os._exit(INTERRUPTED)
            self.interrupted = True
            self._stop.set()

        kept = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in kept.items():
                signal.signal(number, handler)

    def _bars(self) -> Progress:
        """Bars on standard error, where that is a terminal; otherwise nothing."""
        console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        return Progress(*columns, console=console, transient=True, disable=not sys.stderr.isatty())
