"""The preview service, asked over internal HTTP."""

import logging
import threading
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


class HttpPreviewStarter:
    """Lets ``waiting_at_once`` threads wait for preview, which itself calls jobs before it answers.

    Without a bound, all threads of jobs could wait for preview while preview waits for one of them.
    """

    def __init__(
        self, client: InternalClient, waiting_at_once: int, timeout_seconds: float = _START_SECONDS
    ) -> None:
        self._client = client
        self._places = threading.BoundedSemaphore(waiting_at_once)
        self._timeout_seconds = timeout_seconds

    def start(self, job_id: str) -> None:
        if not self._places.acquire(blocking=False):
            raise PreviewNotStarted("too many threads wait for preview already")
        try:
            with context.using(replace(context.current(), deadline=Deadline.after(self._timeout_seconds))):
                answer = self._client.request("POST", "/internal/v1/previews", json={"job_id": job_id})
        except DependencyError as exc:
            raise PreviewNotStarted("preview cannot be reached") from exc
        finally:
            self._places.release()
        if answer.status >= 400:
            raise PreviewNotStarted(f"preview refused with {answer.code}")
