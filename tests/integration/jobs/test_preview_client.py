"""Asking preview, played by a server on loopback."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from jobs.adapters.preview_client import HttpPreviewStarter
from jobs.domain.errors import PreviewNotStarted
from shared.auth import InternalToken, Token
from shared.internal_client import InternalClient
from shared.last_good import LastGood
from shared.retry import Backoff


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
        self.server.hold.wait(5)
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
def starter(preview: Preview) -> Iterator[HttpPreviewStarter]:
    token = InternalToken(LastGood("token", lambda: Token("inner-token", None), 300))
    url = f"http://127.0.0.1:{preview.server_port}"
    client = InternalClient("preview", url, token, Backoff(1, 0.01))
    yield HttpPreviewStarter(client, waiting_at_once=1)
    client.close()


def test_a_start_names_the_job(starter: HttpPreviewStarter, preview: Preview) -> None:
    starter.start("job_1")
    assert preview.asked == [("/internal/v1/previews", "Bearer inner-token", {"job_id": "job_1"})]


@pytest.mark.parametrize("status", [404, 409, 500, 503])
def test_a_refusal_is_no_start(starter: HttpPreviewStarter, preview: Preview, status: int) -> None:
    preview.status = status
    with pytest.raises(PreviewNotStarted):
        starter.start("job_1")


def test_threads_beyond_the_bound_do_not_wait(starter: HttpPreviewStarter, preview: Preview) -> None:
    preview.hold.clear()
    first = threading.Thread(target=starter.start, args=("job_1",))
    first.start()
    assert preview.waiting.wait(5)
    with pytest.raises(PreviewNotStarted):
        starter.start("job_2")
    preview.hold.set()
    first.join()
    starter.start("job_3")
    assert [body["job_id"] for _, _, body in preview.asked] == ["job_1", "job_3"]
