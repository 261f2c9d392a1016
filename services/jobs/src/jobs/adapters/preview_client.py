"""The preview service, asked over internal HTTP."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from jobs.domain.errors import PreviewNotStarted
from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyError
from shared.internal_client import InternalClient

log = logging.getLogger(__name__)

_START_SECONDS = (
    2.0  # preview answers in milliseconds; a caller who only creates a job should not wait longer
)
# With the four that ask preview, they leave two of a worker's eight threads to preview's own calls of jobs
_WAITING_FOR_A_PLACE = 2


class HttpPreviewStarter:
    """Lets ``places`` threads ask preview at once, and ``waiting`` more wait until one of them is done.

    Preview calls jobs before it answers: without a bound, all threads of jobs could be asking preview while
    preview waits for one of them.
    """

    def __init__(
        self,
        client: InternalClient,
        places: int,
        waiting: int = _WAITING_FOR_A_PLACE,
        timeout_seconds: float = _START_SECONDS,
    ) -> None:
        self._client = client
        self._places = threading.BoundedSemaphore(places)
        self._threads = threading.BoundedSemaphore(places + waiting)
        self._timeout_seconds = timeout_seconds

    def start(self, job_id: str) -> None:
        deadline = Deadline.after(self._timeout_seconds)
        try:
            with self._place(deadline), context.using(replace(context.current(), deadline=deadline)):
                answer = self._client.request("POST", "/internal/v1/previews", json={"job_id": job_id})
        except DependencyError as exc:
            raise PreviewNotStarted("preview cannot be reached") from exc
        if answer.status >= 400:
            raise PreviewNotStarted(f"preview refused with {answer.code}")

    @contextmanager
    def _place(self, deadline: Deadline) -> Iterator[None]:
        if not self._threads.acquire(blocking=False):
            raise PreviewNotStarted("too many threads wait for preview already")
        try:
            if not self._places.acquire(timeout=deadline.remaining()):
                raise PreviewNotStarted("no place came free in time")
            try:
                yield
            finally:
                self._places.release()
        finally:
            self._threads.release()
