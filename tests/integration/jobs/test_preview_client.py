"""Asking preview, played by a server on loopback."""

import json
import queue
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from builders_jobs import JOB_ID, NOW, job
from jobs.adapters.preview_client import HttpPreview
from jobs.domain.erasure import ErasedResults
from jobs.domain.errors import PagesRefused
from jobs.domain.job import Job, JobError, PageReport
from jobs.domain.pages import PageCounts
from jobs.domain.ports import PageProgress
from shared.auth import InternalToken, Token
from shared.cached_value import CachedValue
from shared.errors import DependencyError, DependencyFailed
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.retry import Backoff

TIMEOUT_SECONDS = 60.0


class Preview(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 202
        self.data: Any = {"number": 4, "asked": 3, "done": 1, "failed": 0}
        self.asked: list[Any] = []
        self.hold = threading.Event()
        self.hold.set()
        self.waiting = threading.Event()


class Handler(BaseHTTPRequestHandler):
    server: Preview
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, self.headers["Authorization"], body))
        self.server.waiting.set()
        self.server.hold.wait(TIMEOUT_SECONDS)
        self._answer(self.server.status)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"], None))
        self._answer(self.server.status)

    def do_DELETE(self) -> None:
        self.do_GET()

    def _answer(self, status: int) -> None:
        error = {"code": "JOB_NOT_FOUND", "message": "No."} if status >= 400 else None
        data = {} if error else self.server.data
        document = json.dumps({"data": data, "error": error}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(document)))
        self.end_headers()
        self.wfile.write(document)

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def preview() -> Iterator[Preview]:
    with Preview() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.hold.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def client(preview: Preview) -> Iterator[InternalClient]:
    token = InternalToken(CachedValue("token", lambda: Token("inner-token", None), 300))
    url = f"http://127.0.0.1:{preview.server_port}"
    client = InternalClient("preview", url, token, Backoff(1, 0.01), Metrics("jobs", "test"))
    yield client
    client.close()


@pytest.fixture
def asking(client: InternalClient) -> HttpPreview:
    return HttpPreview(client, max_calls=1, max_waiting=1)


def owing(job_id: str = JOB_ID) -> Job:
    return job(job_id=job_id, page_count=3).owing("1-3", PageCounts(3), NOW)


def test_a_request_for_pages_names_them_and_tells_of_the_job(asking: HttpPreview, preview: Preview) -> None:
    assert asking.request_pages(owing()) == PageCounts(3, 1, 0, number=4)
    told = {
        "job_id": JOB_ID,
        "owner": "ada",
        "status": "pending",
        "page_count": 3,
        "expires_at": "2026-03-08T12:00:00.000Z",
    }
    body = {"job": told, "pages": "1-3"}
    assert preview.asked == [("/internal/v1/previews", "Bearer inner-token", body)]


@pytest.mark.parametrize("status", [400, 404, 409])
def test_a_refusal_is_told_apart(asking: HttpPreview, preview: Preview, status: int) -> None:
    preview.status = status
    with pytest.raises(PagesRefused):
        asking.request_pages(owing())


@pytest.mark.parametrize("status", [500, 503])
def test_a_preview_that_fails_did_not_take_the_pages(
    asking: HttpPreview, preview: Preview, status: int
) -> None:
    preview.status = status
    with pytest.raises(DependencyError):
        asking.request_pages(owing())


REPORT = {"number": 4, "asked": 3, "done": 3, "failed": 3, "begun": True, "unfinished": False}
UNKNOWN = {"number": 0, "asked": 0, "done": 0, "failed": 0, "begun": False, "unfinished": False}
NOTHING_MORE = {"result_s3_key": None, "degraded": [], "error": None, "rooms": None}
DAMAGED = {"error": {"code": "UNREADABLE_BLUEPRINT", "message": "It is damaged."}}


@pytest.mark.parametrize(
    ("data", "progress"),
    [
        (UNKNOWN | NOTHING_MORE, PageProgress(None, unfinished=False)),
        (
            UNKNOWN | NOTHING_MORE | {"number": 5},
            PageProgress(PageReport(PageCounts(0, number=5)), unfinished=False),
        ),
        (
            REPORT | NOTHING_MORE | {"degraded": ["a"], "result_s3_key": "cache/p1.json"},
            PageProgress(PageReport(PageCounts(3, 3, 3, 4), True, "cache/p1.json", ("a",)), unfinished=False),
        ),
        (
            REPORT | NOTHING_MORE | DAMAGED,
            PageProgress(
                PageReport(
                    PageCounts(3, 3, 3, 4), True, error=JobError("UNREADABLE_BLUEPRINT", "It is damaged.")
                ),
                unfinished=False,
            ),
        ),
    ],
)
def test_progress_is_read_as_a_report(
    asking: HttpPreview, preview: Preview, data: Any, progress: PageProgress
) -> None:
    preview.status, preview.data = 200, data
    assert asking.page_progress(JOB_ID, TIMEOUT_SECONDS) == progress
    assert preview.asked == [(f"/internal/v1/jobs/{JOB_ID}/pages", "Bearer inner-token", None)]


@pytest.mark.parametrize("data", [{}, {"number": 4, "asked": 3}, {"number": 4, "pages": 3}])
def test_an_answer_that_lacks_something_is_a_failure(
    asking: HttpPreview, preview: Preview, data: Any
) -> None:
    preview.status, preview.data = 200, data
    for ask in (
        lambda: asking.request_pages(owing()),
        lambda: asking.page_progress(JOB_ID, TIMEOUT_SECONDS),
        lambda: asking.erase_results(JOB_ID),
    ):
        with pytest.raises(DependencyFailed):
            ask()


def test_what_was_deleted_is_counted(asking: HttpPreview, preview: Preview) -> None:
    preview.status, preview.data = 200, {"results": 2, "analysis": 1}
    assert asking.erase_results(JOB_ID) == ErasedResults(2, 1)


def test_a_burst_waits_for_a_permit(asking: HttpPreview, preview: Preview) -> None:
    preview.hold.clear()
    refused: queue.Queue[DependencyError] = queue.Queue()

    def request(job_id: str) -> None:
        try:
            asking.request_pages(owing(job_id))
        except DependencyError as exc:
            refused.put(exc)

    with ThreadPoolExecutor(3) as pool:
        pool.submit(request, "job_1")
        assert preview.waiting.wait(TIMEOUT_SECONDS)
        pool.submit(request, "job_2")
        pool.submit(request, "job_3")
        # One of the two waits for the permit by now
        assert "too many" in str(refused.get(timeout=TIMEOUT_SECONDS))
        preview.hold.set()
    assert refused.empty()
    assert len(preview.asked) == 2
    asking.request_pages(owing("job_4"))
    assert len(preview.asked) == 3


def test_waiting_and_asking_have_one_deadline(client: InternalClient, preview: Preview) -> None:
    seconds = 5.0
    asking = HttpPreview(client, max_calls=1, max_waiting=1, request_seconds=seconds)
    preview.hold.clear()
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for request in [pool.submit(asking.request_pages, owing(job_id)) for job_id in ("job_1", "job_2")]:
            with pytest.raises(DependencyError):
                request.result(timeout=TIMEOUT_SECONDS)
    assert time.monotonic() - began < 1.8 * seconds
