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
_DELETE_SECONDS = 6.0  # preview takes up to five


class HttpPreview:
    """A bulkhead: ``max_calls`` threads call preview at once, and ``max_waiting`` more wait for one of them.

    Preview calls jobs before it answers: without a bound, all threads of jobs could be calling preview while
    preview waits for one of them. Deleting does not call back; it only must not take the threads.
    """

    def __init__(
        self,
        client: InternalClient,
        max_calls: int,
        max_waiting: int,
        start_seconds: float = _START_SECONDS,
    ) -> None:
        self._client = client
        self._calls = threading.BoundedSemaphore(max_calls)
        self._threads = threading.BoundedSemaphore(max_calls + max_waiting)
        self._start_seconds = start_seconds

    def start(self, job_id: str) -> None:
        try:
            with self._permit(self._start_seconds):
                answer = self._client.request("POST", "/internal/v1/previews", json={"job_id": job_id})
        except DependencyError as exc:
            raise PreviewNotStarted(str(exc)) from exc
        if answer.status >= 400:
            raise PreviewNotStarted(f"preview refused with {answer.code}")

    def delete_results(self, job_id: str) -> RemovedResults:
        with self._permit(_DELETE_SECONDS):
            answer = self._client.request("DELETE", f"/internal/v1/jobs/{job_id}/results")
        try:
            return RemovedResults(answer.data["results"], answer.data["analysis"])
        except KeyError as exc:
            raise DependencyFailed("preview") from exc

    @contextmanager
    def _permit(self, seconds: float) -> Iterator[None]:
        """A permit to call preview. Waiting and calling have ``seconds``, or what the request has left.

        Raises DependencyUnavailable.
        """
        of_request = context.current().deadline
        deadline = Deadline.after(min(seconds, of_request.remaining_seconds()) if of_request else seconds)
        if not self._threads.acquire(blocking=False):
            raise DependencyUnavailable("preview (too many threads wait for it)")
        try:
            if not self._calls.acquire(timeout=deadline.remaining_seconds()):
                raise DependencyUnavailable("preview (no call ended in time)")
            try:
                with context.using(replace(context.current(), deadline=deadline)):
                    yield
            finally:
                self._calls.release()
        finally:
            self._threads.release()
