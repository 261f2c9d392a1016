"""The preview service, asked over internal HTTP."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from jobs.domain.erasure import RemovedResults
from jobs.domain.errors import PreviewNotStarted
from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyError, DependencyFailed, DependencyUnavailable
from shared.internal_client import InternalClient

log = logging.getLogger(__name__)

_START_SECONDS = (
    2.0  # preview answers in milliseconds; a caller who only creates a job should not wait longer
)
_ERASE_SECONDS = 6.0  # preview takes up to five
# With the four that ask preview, they leave two of a worker's eight threads to preview's own calls of jobs
_WAITING_FOR_A_PLACE = 2


class HttpPreview:
    """Lets ``places`` threads ask preview at once, and ``waiting`` more wait until one of them is done.

    Preview calls jobs before it answers: without a bound, all threads of jobs could be asking preview while
    preview waits for one of them. Erasing does not call back; it only must not take the threads.
    """

    def __init__(
        self,
        client: InternalClient,
        places: int,
        waiting: int = _WAITING_FOR_A_PLACE,
        start_seconds: float = _START_SECONDS,
    ) -> None:
        self._client = client
        self._places = threading.BoundedSemaphore(places)
        self._threads = threading.BoundedSemaphore(places + waiting)
        self._start_seconds = start_seconds

    def start(self, job_id: str) -> None:
        try:
            with self._place(self._start_seconds):
                answer = self._client.request("POST", "/internal/v1/previews", json={"job_id": job_id})
        except DependencyError as exc:
            raise PreviewNotStarted(str(exc)) from exc
        if answer.status >= 400:
            raise PreviewNotStarted(f"preview refused with {answer.code}")

    def delete_results(self, job_id: str) -> RemovedResults:
        with self._place(_ERASE_SECONDS):
            answer = self._client.request("DELETE", f"/internal/v1/jobs/{job_id}/results")
        try:
            return RemovedResults(answer.data["results"], answer.data["analysis"])
        except KeyError as exc:
            raise DependencyFailed("preview") from exc

    @contextmanager
    def _place(self, seconds: float) -> Iterator[None]:
        """A place, and so many seconds, or what the request has left, to wait for it and use it.

        Raises DependencyUnavailable.
        """
        around = context.current().deadline
        deadline = Deadline.after(min(seconds, around.remaining_seconds()) if around else seconds)
        if not self._threads.acquire(blocking=False):
            raise DependencyUnavailable("preview (too many threads wait for it)")
        try:
            if not self._places.acquire(timeout=deadline.remaining_seconds()):
                raise DependencyUnavailable("preview (no place came free in time)")
            try:
                with context.using(replace(context.current(), deadline=deadline)):
                    yield
            finally:
                self._places.release()
        finally:
            self._threads.release()
