"""The preview service, asked over internal HTTP."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from jobs.domain.erasure import ErasedResults
from jobs.domain.errors import PagesRefused
from jobs.domain.feedback import Computation, PageRooms
from jobs.domain.job import Job, JobError, PageReport
from jobs.domain.pages import PageCounts
from jobs.domain.ports import PageProgress
from shared import context
from shared.deadline import Deadline
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.internal_client import InternalClient
from shared.timestamps import iso_millis, parse_iso

_REQUEST_SECONDS = (
    2.0  # preview answers in milliseconds; a caller who only creates a job should not wait longer
)
_READ_SECONDS = 3.0  # a stored preview takes milliseconds
DELETE_SECONDS = 6.0  # longer than preview may take


class HttpPreview:
    """A bulkhead: ``max_calls`` threads call preview at once, and ``max_waiting`` more wait for one of them.

    Preview calls jobs before it answers a caller, though never before it answers jobs: while it is slow, some
    threads must stay free for what it asks.
    """

    def __init__(
        self,
        client: InternalClient,
        max_calls: int,
        max_waiting: int,
        request_seconds: float = _REQUEST_SECONDS,
    ) -> None:
        self._client = client
        self._calls = threading.BoundedSemaphore(max_calls)
        self._threads = threading.BoundedSemaphore(max_calls + max_waiting)
        self._request_seconds = request_seconds

    def request_pages(self, job: Job) -> PageCounts:
        body = {"job": _document(job), "pages": job.owed_pages}
        with self._permit(self._request_seconds):
            answer = self._client.request("POST", "/internal/v1/previews", json=body)
        if answer.status >= 400:
            raise PagesRefused(f"preview refused with {answer.code}")
        with _as_failure():
            return _counts(answer.data)

    def page_progress(self, job_id: str, within_seconds: float) -> PageProgress:
        with self._permit(within_seconds):
            answer = self._client.request("GET", f"/internal/v1/jobs/{job_id}/pages")
        with _as_failure():
            return _progress(answer.data)

    def read_rooms(self, job_id: str, page: int) -> PageRooms | None:
        with self._permit(_READ_SECONDS):
            path = f"/internal/v1/jobs/{job_id}/preview"
            answer = self._client.request("GET", path, params={"page": page})
        if answer.code == "PREVIEW_NOT_FOUND":
            return None
        with _as_failure():
            return _page_rooms(answer.data)

    def erase_results(self, job_id: str) -> ErasedResults:
        with self._permit(DELETE_SECONDS):
            path = f"/internal/v1/jobs/{job_id}/results"
            answer = self._client.request("DELETE", path, until_deadline=True)
        with _as_failure():
            return ErasedResults(answer.data["results"], answer.data["analysis"])

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
                with context.call_deadline(deadline.remaining_seconds()):
                    yield
            finally:
                self._calls.release()
        finally:
            self._threads.release()


@contextmanager
def _as_failure() -> Iterator[None]:
    """Around reading an answer: raises DependencyFailed for one that lacks something."""
    try:
        yield
    except (KeyError, TypeError, ValueError) as exc:
        raise DependencyFailed("preview") from exc


def _document(job: Job) -> dict[str, Any]:
    """What preview has to know of a job whose pages it takes."""
    return {
        "job_id": job.job_id,
        "owner": job.owner,
        "status": job.status,
        "page_count": job.page_count,
        "expires_at": iso_millis(job.expires_at),
    }


def _progress(data: Mapping[str, Any]) -> PageProgress:
    report = None
    if data["number"] > 0:
        error = data["error"]
        report = PageReport(
            _counts(data),
            begun=data["begun"],
            result_s3_key=data["result_s3_key"],
            degraded=tuple(data["degraded"]),
            error=JobError(error["code"], error["message"]) if error else None,
            rooms=data["rooms"] or 0,
        )
    return PageProgress(report, data["unfinished"])


def _counts(data: Mapping[str, int]) -> PageCounts:
    return PageCounts(data["asked"], data["done"], data["failed"], data["number"])


def _page_rooms(preview: Mapping[str, Any]) -> PageRooms:
    page = preview["page"]
    return PageRooms(
        page=page["number"],
        computation=Computation(preview["model_version"], parse_iso(preview["timestamp"])),
        width_px=page["width_px"],
        height_px=page["height_px"],
        rooms=preview["rooms"],
    )
