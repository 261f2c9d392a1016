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

from jobs.adapters.preview_client import HttpPreview
from jobs.domain.errors import PreviewNotStarted
from shared.auth import InternalToken, Token
from shared.cached_value import CachedValue
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.retry import Backoff

TIMEOUT_SECONDS = 60.0


class Preview(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = 202
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

    def _answer(self, status: int) -> None:
        error = {"code": "JOB_NOT_FOUND", "message": "No."} if status >= 400 else None
        document = json.dumps({"data": {}, "error": error}).encode()
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
def starter(client: InternalClient) -> HttpPreview:
    return HttpPreview(client, max_calls=1, max_waiting=1)


def test_a_start_names_the_job(starter: HttpPreview, preview: Preview) -> None:
    starter.start("job_1")
    assert preview.asked == [("/internal/v1/previews", "Bearer inner-token", {"job_id": "job_1"})]


@pytest.mark.parametrize("status", [404, 409, 500, 503])
def test_a_refusal_is_no_start(starter: HttpPreview, preview: Preview, status: int) -> None:
    preview.status = status
    with pytest.raises(PreviewNotStarted):
        starter.start("job_1")


def test_a_burst_waits_for_a_permit(starter: HttpPreview, preview: Preview) -> None:
    preview.hold.clear()
    refused: queue.Queue[PreviewNotStarted] = queue.Queue()

    def start(job_id: str) -> None:
        try:
            starter.start(job_id)
        except PreviewNotStarted as exc:
            refused.put(exc)

    with ThreadPoolExecutor(3) as pool:
        pool.submit(start, "job_1")
        assert preview.waiting.wait(TIMEOUT_SECONDS)
        pool.submit(start, "job_2")
        pool.submit(start, "job_3")
        # One of the two waits for the permit by now
        assert "too many" in str(refused.get(timeout=TIMEOUT_SECONDS))
        preview.hold.set()
    assert refused.empty()
    assert len(preview.asked) == 2
    starter.start("job_4")
    assert len(preview.asked) == 3


def test_waiting_and_asking_have_one_deadline(client: InternalClient, preview: Preview) -> None:
    seconds = 5.0
    starter = HttpPreview(client, max_calls=1, max_waiting=1, start_seconds=seconds)
    preview.hold.clear()
    began = time.monotonic()
    with ThreadPoolExecutor(2) as pool:
        for start in [pool.submit(starter.start, job_id) for job_id in ("job_1", "job_2")]:
            with pytest.raises(PreviewNotStarted):
                start.result(timeout=TIMEOUT_SECONDS)
    assert time.monotonic() - began < 1.8 * seconds
