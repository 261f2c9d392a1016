"""A proxy in front of AWS: what becomes of each call is for the test to say."""

import http.client
import re
import socket
import struct
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Headers = tuple[tuple[str, str], ...]

UPSTREAM_SECONDS = 60
_OF_ONE_CONNECTION = frozenset({"connection", "keep-alive", "transfer-encoding", "content-length"})
_ANSWERED_HERE = frozenset({"expect"})  # with 100 Continue, before the body was read
_TABLE = re.compile(rb'"TableName":\s*"location-detection-[a-z]+-([a-z-]+)"')
_ID = re.compile(r"/(?:job|up)_.*")


@dataclass(frozen=True, slots=True)
class Call:
    """A request of a service, read to its end; ``caller_port`` is the service's side of the connection."""

    method: str
    path: str
    headers: Headers
    body: bytes
    caller_port: int

    @property
    def name(self) -> str:
        """What it does to what, such as ``PutItem jobs``, ``COPY blueprints`` or ``GET uploads``."""
        told = {name.lower(): value for name, value in self.headers}
        if target := told.get("x-amz-target"):
            tables = "+".join(table.decode() for table in _TABLE.findall(self.body))
            return f"{target.rpartition('.')[2]} {tables}".strip()
        key = urlsplit(self.path).path.removeprefix("/").partition("/")[2]  # after the bucket
        return f"{'COPY' if 'x-amz-copy-source' in told else self.method} {_ID.sub('', key)}".strip()


@dataclass(frozen=True, slots=True)
class Answer:
    """``headers`` hold no Content-Length: that is ``length`` where given, or else the length of ``body``.

    Where ``body`` is shorter than ``length``, and the call was no HEAD, the caller is hung up on.
    """

    status: int
    reason: str
    headers: Headers
    body: bytes
    length: str | None = None


PassOn = Callable[[], Answer]
Meddler = Callable[[Call, PassOn], Answer | None]
"""Decides about one call, in a thread of that call: what is answered, or None to reset the connection.

Calling the second argument passes the call on, and returns what AWS answered.
"""


def untouched(_: Call, pass_on: PassOn) -> Answer:
    return pass_on()


class FaultProxy(ThreadingHTTPServer):
    """Passes calls on to ``target`` (a URL); ``meddler`` may be replaced at any time."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.target = target
        self.meddler: Meddler = untouched

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @contextmanager
    def meddling(self, meddler: Meddler) -> Iterator[None]:
        """Have ``meddler`` decide until the block ends."""
        self.meddler = meddler
        try:
            yield
        finally:
            self.meddler = untouched

    def shutdown_request(self, request: Any) -> None:
        self.close_request(request)  # without a FIN before it, after which there would be no RST

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], OSError):  # a caller that went away is no news here
            super().handle_error(request, client_address)

    def pass_on(self, call: Call) -> Answer:
        host = urlsplit(self.target).netloc
        with closing(http.client.HTTPConnection(host, timeout=UPSTREAM_SECONDS)) as connection:
            connection.putrequest(call.method, call.path, skip_host=True, skip_accept_encoding=True)
            for name, value in call.headers:
                connection.putheader(name, value)
            connection.endheaders(call.body or None)
            answer = connection.getresponse()
            body = answer.read()
            headers = tuple(_without(answer.getheaders(), _OF_ONE_CONNECTION))
            length = answer.getheader("Content-Length") if call.method == "HEAD" else None
            return Answer(answer.status, answer.reason, headers, body, length)


@contextmanager
def running_proxy(target: str, kind: type[FaultProxy] = FaultProxy) -> Iterator[FaultProxy]:
    """A proxy to ``target``, which need not answer yet, until the block ends."""
    with kind(target) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: FaultProxy

    def _pass(self) -> None:
        if "Transfer-Encoding" in self.headers:
            self.send_error(501, "bodies of unknown length are not passed on")
            return
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = tuple(_without(self.headers.items(), _ANSWERED_HERE))
        call = Call(self.command, self.path, headers, body, self.client_address[1])
        answer = self.server.meddler(call, lambda: self.server.pass_on(call))
        if answer is None:
            self._reset()
            return
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.headers:
            self.send_header(name, value)
        own_length = str(len(answer.body))
        self.send_header("Content-Length", answer.length or own_length)
        self.end_headers()
        self.wfile.write(answer.body)
        if self.command != "HEAD" and answer.length not in (None, own_length):
            self.close_connection = True

    def _reset(self) -> None:
        """Close with RST instead of FIN: see SO_LINGER in socket(7)."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 - named by the standard library

    def log_message(self, *_: Any) -> None:
        """Say nothing: the services log what they do."""


def _without(headers: Any, names: frozenset[str]) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in headers if name.lower() not in names)
