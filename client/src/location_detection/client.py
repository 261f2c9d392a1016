"""The client: the public API as methods of one class."""

import itertools
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from location_detection.configuration import configured
from location_detection.errors import FeedbackNotFound, InvalidJobId, WaitTimeout
from location_detection.models import (
    Erasure,
    Feedback,
    Job,
    PageCounts,
    PageStatus,
    Preview,
    Upload,
    field_of,
    read,
    read_all,
    read_optional,
)
from location_detection.scale import KEPT, GivenScale, Kept
from location_detection.transport import Transport, data_of, growing_pauses, retry_after, sendable, version_of

PRESIGNED_ABOVE_BYTES = 8 * 1024 * 1024
"""A larger file goes straight to the storage."""

SERVER_WAITS_SECONDS = 20
MAX_POLL_SECONDS = 4

_JOB_ID = re.compile(r"job_[A-Za-z0-9_-]{1,80}")
_FEEDBACK_ID = re.compile(r"fb_[A-Za-z0-9_-]{1,80}")

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Export:
    """A file of rooms; ``missing`` names pages asked for that it lacks, as in ``3,7-9``."""

    content: bytes
    missing: str = ""


class Client:
    """Talks to one service with one key; close it, or use ``with``. Threads may share it.

    Without ``url`` and ``key`` they come from the environment or the configuration file, else it is the
    local stack. What may be repeated is, for at most ``retry_seconds``; then the last error is raised.
    """

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        retry_seconds: float = 60,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        service = configured(url, key)
        self.url = service.url
        self._transport = Transport(service, retry_seconds, sleep, transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._transport.close()

    def create(
        self, file: str | Path, *, pages: str | None = None, idempotency_key: str | None = None
    ) -> Job:
        """Send a plan, and have ``pages`` (``"all"``, ``"1-3,7"``) previewed; without them nothing is.

        However often the request must be repeated, there is one job. A key of one's own makes that so over
        several calls with the same file and pages, for 24 hours.
        """
        file = Path(file)
        options = {} if pages is None else {"pages": pages}
        headers = {"Idempotency-Key": idempotency_key or str(uuid.uuid4())}
        if file.stat().st_size > PRESIGNED_ABOVE_BYTES:
            blueprint = {"upload_id": self._upload(file)}
            body = {"blueprint": blueprint} | ({"options": options} if options else {})
            return read(Job, self._data("POST", "/jobs", json=body, headers=headers))
        return read(Job, self._data("POST", "/jobs", file=file, data=options, headers=headers))

    def job(self, job_id: str) -> Job:
        """Read a job."""
        return read(Job, self._data("GET", _job_path(job_id)))

    def jobs(self, *, status: str | None = None, limit: int | None = None) -> Iterator[Job]:
        """Yield one's jobs, newest first; at most ``limit`` of them."""
        query = {"limit": min(limit or 100, 100)} | ({} if status is None else {"status": status})
        return itertools.islice(self._items("/jobs", "jobs", Job, query), limit)

    def wait(
        self, job_id: str, *, timeout: float = 3600, on_change: Callable[[Job], None] = lambda job: None
    ) -> Job:
        """Wait until a job has ended, and return it; ``on_change`` is called with each state seen.

        Raises WaitTimeout after ``timeout`` seconds.
        """
        give_up = time.monotonic() + timeout
        answer, version = self._call("GET", _job_path(job_id)), ""
        pauses = growing_pauses(1, MAX_POLL_SECONDS)
        while True:
            if not version or answer.status_code != httpx.codes.NOT_MODIFIED:
                job, version = read(Job, data_of(answer)), version_of(answer)
                pauses = growing_pauses(1, MAX_POLL_SECONDS)
                on_change(job)
                if job.ended:
                    return job
            if (left := give_up - time.monotonic()) <= 0:
                raise WaitTimeout(f"{job_id} is {job.status} after {timeout:.0f} s.")
            if answer.status_code == httpx.codes.NOT_MODIFIED and "Preference-Applied" not in answer.headers:
                self.pause(min(left, retry_after(answer) or next(pauses)))
            prefer = f"wait={max(1, min(SERVER_WAITS_SECONDS, int(left)))}"
            answer = self._call(
                "GET", _job_path(job_id), headers={"If-None-Match": version, "Prefer": prefer}
            )

    def cancel(self, job_id: str) -> Job:
        """Cancel a job that has not ended."""
        return read(Job, self._data("DELETE", _job_path(job_id)))

    def erase(self, job_id: str) -> Erasure:
        """Erase a job and everything made of it."""
        return read(Erasure, self._data("DELETE", _job_path(job_id, "/data")))

    def blueprint(self, job_id: str) -> bytes:
        """Return the file as it was sent."""
        return self._call("GET", _job_path(job_id, "/blueprint")).content

    def request_pages(
        self,
        job_id: str,
        pages: str = "all",
        *,
        refresh: bool = False,
        scale: GivenScale | Kept | None = KEPT,
    ) -> PageCounts | None:
        """Have pages previewed, those that are not stored whole; ``wait`` for them then.

        A ``scale`` is kept with all of them; None forgets it.
        """
        body = {"pages": pages, "refresh": refresh} | _said(scale)
        data = self._data("POST", _job_path(job_id, "/previews"), json=body)
        return read_optional(PageCounts, field_of(data, "pages"))

    def cancel_pages(self, job_id: str) -> PageCounts | None:
        """Take back the pages that still wait."""
        data = self._data("DELETE", _job_path(job_id, "/previews"))
        return read_optional(PageCounts, field_of(data, "pages"))

    def pages(self, job_id: str) -> Iterator[PageStatus]:
        """Yield the pages that were asked for, by number."""
        return self._items(_job_path(job_id, "/previews"), "previews", PageStatus, {"limit": 500})

    def preview(
        self, job_id: str, page: int = 1, *, corrected: bool = False, withheld: bool = False
    ) -> Preview:
        """Read the stored preview of a page."""
        query = {"page": page} | _flags(corrected=corrected, withheld=withheld)
        return read(Preview, self._data("GET", _job_path(job_id, "/preview"), params=query))

    def previews(self, job_id: str, *, corrected: bool = False) -> Iterator[Preview]:
        """Yield the previews of the completed pages, by number."""
        for page in self.pages(job_id):
            if page.status == "completed":
                yield self.preview(job_id, page.page, corrected=corrected)

    def compute_preview(
        self,
        job_id: str,
        page: int = 1,
        *,
        refresh: bool = False,
        scale: GivenScale | Kept | None = KEPT,
        timeout: float = 300,
    ) -> Preview:
        """Have one page previewed now, and wait for it.

        A ``scale`` is kept with the page, and all is measured by it; None forgets it.
        """
        give_up = time.monotonic() + timeout
        body: dict[str, Any] = {"page": page} | ({"refresh": True} if refresh else {})
        body |= _said(scale)
        while True:
            answer = self._call("POST", _job_path(job_id, "/preview"), json=body)
            if answer.status_code != httpx.codes.ACCEPTED:
                return read(Preview, data_of(answer))
            if (left := give_up - time.monotonic()) <= 0:
                raise WaitTimeout(f"Page {page} of {job_id} has no preview after {timeout:.0f} s.")
            self.pause(min(left, retry_after(answer) or 1))

    def export(
        self,
        job_id: str,
        format: str,  # noqa: A002 - as the API calls it
        *,
        page: int | None = None,
        corrected: bool = False,
    ) -> Export:
        """Return a file of the rooms of one page, or of all completed pages; svg and dxf are by page."""
        query = {"format": format} | _flags(corrected=corrected)
        if page is None:
            answer = self._call("GET", _job_path(job_id, "/previews"), params=query)
        else:
            answer = self._call("GET", _job_path(job_id, "/preview"), params=query | {"page": page})
        return Export(answer.content, answer.headers.get("X-Missing-Pages", ""))

    def image(self, job_id: str, page: int = 1, *, corrected: bool = False, **query: str | int) -> bytes:
        """Return a PNG of a page with its rooms; ``rooms="false"``, ``width``, ``region`` as the API says."""
        query = {"page": page} | query | _flags(corrected=corrected)
        return self._call("GET", _job_path(job_id, "/preview/image"), params=query).content

    def give_feedback(self, job_id: str, *items: dict[str, Any]) -> list[Feedback]:
        """Say what is right or wrong of rooms, or correct them; at most 25 items, all or none are kept."""
        data = self._data(
            "POST", _job_path(job_id, "/feedback"), json={"items": list(items)}, repeatable=False
        )
        return read_all(Feedback, field_of(data, "items"))

    def feedback(self, job_id: str, *, page: int | None = None) -> Iterator[Feedback]:
        """Yield what was said, of one page or of all, oldest first."""
        query = {"limit": 100} if page is None else {"limit": 100, "page": page}
        return self._items(_job_path(job_id, "/feedback"), "feedback", Feedback, query)

    def take_back(self, job_id: str, feedback_id: str) -> Feedback:
        """Take back one thing that was said."""
        return read(Feedback, self._data("DELETE", _feedback_path(job_id, feedback_id)))

    def pause(self, seconds: float) -> None:
        """Wait, as this client was told to."""
        self._transport.sleep(seconds)

    def _items(self, path: str, name: str, kind: type[T], query: dict[str, Any]) -> Iterator[T]:
        """Yield the items of a list, which comes in pieces."""
        while True:
            data = self._data("GET", path, params=query)
            yield from read_all(kind, field_of(data, name))
            if not (cursor := field_of(data, "next_cursor")):
                return
            query = query | {"cursor": cursor}

    def _upload(self, file: Path) -> str:
        upload = read(Upload, self._data("POST", "/uploads", json={"filename": sendable(file.name)}))
        self._transport.upload(upload, file)
        return upload.upload_id

    def _call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        return self._transport.send(method, "/api/v1" + path, **arguments)

    def _data(self, method: str, path: str, **arguments: Any) -> Any:
        return data_of(self._call(method, path, **arguments))


def _job_path(job_id: str, below: str = "") -> str:
    """Refuses, as the service would, what is no id: dots, a slash or ``?`` would lead to another path."""
    if not _JOB_ID.fullmatch(job_id):
        message = "This is not a job id. Use the job_id that creating the job answered."
        raise InvalidJobId("INVALID_JOB_ID", message, status=httpx.codes.BAD_REQUEST)
    return f"/jobs/{job_id}{below}"


def _feedback_path(job_id: str, feedback_id: str) -> str:
    if not _FEEDBACK_ID.fullmatch(feedback_id):
        message = "This is not a feedback id. Use one that listing the feedback answered."
        raise FeedbackNotFound("FEEDBACK_NOT_FOUND", message, status=httpx.codes.NOT_FOUND)
    return _job_path(job_id, f"/feedback/{feedback_id}")


def _flags(**flags: bool) -> dict[str, Any]:
    return {name: "true" for name, wanted in flags.items() if wanted}


def _said(scale: GivenScale | Kept | None) -> dict[str, Any]:
    return {} if isinstance(scale, Kept) else {"scale": scale}
