"""The load balancer's stand-in before services that behave in every way they may."""

import asyncio
import hashlib
import http.client
import json
import socket
import struct
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from typing import Any

import pytest
import requests
from aiohttp import web

from local_aws.router.proxy import create_proxy
from local_parts import HOST, free_port

BIG = bytes(range(256)) * (50 * 1024 * 4)  # 50 MB
EARLY = b"HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\nConnection: close\r\n\r\nlarge"

StreamHandler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Loop:
    """An event loop in a thread of its own, for servers to run in while the test makes requests."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        self._at_end: list[Callable[[], Coroutine[Any, Any, None]]] = []

    def serve(self, app: web.Application, port: int) -> None:
        runner = web.AppRunner(app, shutdown_timeout=1)

        async def start() -> None:
            await runner.setup()
            await web.TCPSite(runner, HOST, port).start()

        self.run(start())
        self._at_end.append(runner.cleanup)

    def serve_raw(self, handler: StreamHandler, port: int) -> None:
        server = self.run(asyncio.start_server(handler, HOST, port))

        async def close() -> None:
            server.close()

        self._at_end.append(close)

    def run(self, job: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(job, self._loop).result(timeout=20)

    def stop(self) -> None:
        for end in reversed(self._at_end):
            self.run(end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=20)
        self._loop.close()


@pytest.fixture
def loop() -> Iterator[Loop]:
    running = Loop()
    yield running
    running.stop()


@pytest.fixture
def jobs_port() -> int:
    return free_port()


@pytest.fixture
def url(loop: Loop, jobs_port: int) -> str:
    port = free_port()
    loop.serve(create_proxy({"jobs": (HOST, jobs_port), "preview": (HOST, free_port())}, port), port)
    return f"http://{HOST}:{port}"


async def echo(request: web.Request) -> web.Response:
    body = await request.read()
    seen = {
        "method": request.method,
        "target": request.raw_path,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "size": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    response = web.json_response(seen)
    response.headers.add("Set-Cookie", "a=1")
    response.headers.add("Set-Cookie", "b=2")
    return response


@pytest.fixture
def echoing(loop: Loop, jobs_port: int, url: str) -> str:
    app = web.Application(client_max_size=100 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", echo)
    loop.serve(app, jobs_port)
    return url


def test_requests_arrive_as_they_were_sent(echoing: str) -> None:
    target = "/api/v1/jobs?cursor=a%2Fb%20c&x=%C3%A9"
    answer = requests.get(
        echoing + target, headers={"X-API-Key": "k", "X-Forwarded-For": "10.0.0.9"}, timeout=10
    )
    seen = answer.json()
    assert seen["target"] == target
    assert seen["headers"]["x-api-key"] == "k"
    assert seen["headers"]["x-forwarded-for"] == "10.0.0.9, 127.0.0.1"
    assert seen["headers"]["x-forwarded-proto"] == "http"
    assert seen["headers"]["host"] == echoing.removeprefix("http://")
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]


def test_a_path_is_not_tidied(echoing: str) -> None:
    connection = http.client.HTTPConnection(echoing.removeprefix("http://"))
    connection.request("GET", "/api/../internal/v1/jobs/%2e%2e/x")
    assert json.loads(connection.getresponse().read())["target"] == "/api/../internal/v1/jobs/%2e%2e/x"
    connection.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_fifty_megabytes_pass_unchanged(echoing: str, chunked: bool) -> None:
    body = iter([BIG[:999], BIG[999:]]) if chunked else BIG
    answer = requests.post(f"{echoing}/api/v1/jobs", data=body, timeout=60).json()
    assert (answer["size"], answer["sha256"]) == (len(BIG), hashlib.sha256(BIG).hexdigest())
    assert ("content-length" in answer["headers"]) != chunked


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS", "PATCH"])
def test_methods_without_a_body(echoing: str, method: str) -> None:
    assert requests.request(method, f"{echoing}/api/v1/jobs", timeout=10).json()["method"] == method


def test_head_tells_the_length_and_sends_nothing(echoing: str) -> None:
    answer = requests.head(f"{echoing}/api/v1/jobs", timeout=10)
    assert int(answer.headers["Content-Length"]) > 0
    assert answer.content == b""


def test_a_client_that_waits_for_100_continue_is_told_to_go_on(echoing: str) -> None:
    with socket.create_connection((HOST, int(echoing.rpartition(":")[2])), timeout=10) as client:
        client.sendall(
            b"POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n"
            b"Connection: close\r\n\r\n"
        )
        assert client.recv(100).startswith(b"HTTP/1.1 100 ")
        client.sendall(b"plan")
        answer = b"".join(iter(lambda: client.recv(65536), b""))
    assert b'"size": 4' in answer
    assert b'"expect"' not in answer


async def refuse_early(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer from the head alone and reset the connection, as a server does that leaves a body unread."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(EARLY)
    await writer.drain()
    # Closing with a zero linger time sends a reset instead of an orderly end (socket(7), SO_LINGER).
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.close()


@pytest.mark.parametrize("chunked", [False, True])
def test_an_answer_before_the_end_of_the_request_arrives(
    loop: Loop, jobs_port: int, url: str, chunked: bool
) -> None:
    loop.serve_raw(refuse_early, jobs_port)
    for _ in range(5):
        body = iter([BIG[: 1024 * 1024]] * 50) if chunked else BIG
        answer = requests.post(f"{url}/api/v1/jobs", data=body, timeout=20)
        assert (answer.status_code, answer.text) == (413, "large")


async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
    await writer.drain()
    writer.close()


def test_an_answer_that_breaks_off_is_seen_to_break_off(loop: Loop, jobs_port: int, url: str) -> None:
    loop.serve_raw(break_off, jobs_port)
    with pytest.raises(requests.exceptions.RequestException):
        requests.get(f"{url}/api/v1/jobs", timeout=20).content.decode()


async def talk_nonsense(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"SSH-2.0-OpenSSH\r\n\r\n")
    await writer.drain()
    writer.close()


def assert_unavailable(answer: requests.Response) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert answer.json()["meta"] == {"request_id": None, "api_version": "v1"}


def test_a_service_that_is_away_is_503(url: str) -> None:
    assert_unavailable(requests.get(f"{url}/api/v1/jobs", timeout=20))
    assert_unavailable(requests.post(f"{url}/api/v1/jobs/job_1/preview", data=b"{}", timeout=20))


def test_a_service_that_does_not_speak_http_is_503(loop: Loop, jobs_port: int, url: str) -> None:
    loop.serve_raw(talk_nonsense, jobs_port)
    assert_unavailable(requests.get(f"{url}/api/v1/jobs", timeout=20))


@pytest.mark.parametrize("path", ["/internal/v1/jobs/job_1", "/nothing", "/api", "/line%0abreak"])
def test_what_no_rule_names_is_404(echoing: str, path: str) -> None:
    answer = requests.get(echoing + path, timeout=10)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "NOT_FOUND"
    assert answer.json()["meta"] == {"request_id": None, "api_version": "v1"}


def test_a_client_that_goes_away_ends_the_request_at_the_service(
    loop: Loop, jobs_port: int, url: str
) -> None:
    ended = threading.Event()

    async def wait_for_the_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        ended.set()
        writer.close()

    loop.serve_raw(wait_for_the_end, jobs_port)
    with socket.create_connection((HOST, int(url.rpartition(":")[2])), timeout=10) as client:
        client.sendall(b"POST /api/v1/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf")
    assert ended.wait(timeout=10)


async def answer_for_ever(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    try:
        while True:
            writer.write(bytes(64 * 1024))
            await writer.drain()
    except ConnectionError:
        writer.close()


def test_a_client_that_has_heard_enough_is_no_error(
    loop: Loop, jobs_port: int, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    loop.serve_raw(answer_for_ever, jobs_port)
    with requests.get(f"{url}/api/v1/jobs", stream=True, timeout=10) as answer:
        assert next(answer.iter_content(1000))
    assert requests.get(f"{url}/nothing", timeout=10).status_code == 404
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
