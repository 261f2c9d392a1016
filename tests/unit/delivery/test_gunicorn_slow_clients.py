"""gunicorn as it is configured, with clients that send or read slowly."""

import signal
import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from gunicorn_server import CONFIGURATION, get, serving
from processes import descendants
from shared.gunicorn_worker import is_liveness_check

IMPATIENT = f"""
import runpy

from shared.gunicorn_worker import ServiceWorker
from shared.client_timeouts import ClientTimeout

globals().update(runpy.run_path({str(CONFIGURATION)!r}))
threads = 1


class Impatient(ServiceWorker):
    head_timeout = ClientTimeout(0.5)
    body_timeout = ClientTimeout(0.5, minimum_bytes_per_second=100_000_000)


worker_class = Impatient
"""

PATIENT = f"""
import runpy

from shared.gunicorn_worker import ServiceWorker
from shared.client_timeouts import ClientTimeout

globals().update(runpy.run_path({str(CONFIGURATION)!r}))
threads = 2


class Patient(ServiceWorker):
    head_timeout = body_timeout = ClientTimeout(600)
    slow_client_limit = 4


worker_class = Patient
"""

WSGI_READING = """
from threading import Event

from shared.client_timeouts import BodyTooSlow

checked = Event()


def app(environ, start_response):
    status = "200 OK"
    environ["gunicorn.socket"].owner = environ.get("HTTP_X_CALLER")
    if environ["PATH_INFO"] == "/works":
        status = "200 OK" if checked.wait(20) else "500 Not Checked"
    if environ["PATH_INFO"] == "/health/live":
        checked.set()
    if environ["PATH_INFO"] == "/large":
        start_response(status, [("Content-Length", str(1 << 26))])
        return [bytes(1 << 26)]
    if environ["PATH_INFO"] == "/reads":
        try:
            environ["wsgi.input"].read()
        except BodyTooSlow:
            status = "408 Request Timeout"
    start_response(status, [("Content-Length", "2")])
    return [b"ok"]
"""


@contextmanager
def dripping(port: int, head: bytes) -> Iterator[socket.socket]:
    """A caller who sends ``head``, then a byte now and then for as long as it is asked to."""
    enough = Event()
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:

        def drip() -> None:
            with suppress(OSError):  # when it is hung up on
                while not enough.wait(0.1):
                    connection.sendall(b"x")

        connection.sendall(head)
        sender = Thread(target=drip)
        sender.start()
        try:
            yield connection
        finally:
            enough.set()
            sender.join()


@pytest.mark.parametrize(
    ("head", "answer"),
    [
        ("GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", b""),
        ("POST /reads HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 408 "),
        ("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n", b"HTTP/1.1 200 "),
    ],
    ids=["a head", "a body that is read", "a body that nobody reads"],
)
def test_a_client_that_sends_single_bytes_holds_no_thread(tmp_path: Path, head: str, answer: bytes) -> None:
    configuration = tmp_path / "impatient.py"
    configuration.write_text(IMPATIENT)
    with serving(tmp_path, WSGI_READING, configuration) as (_, port):
        assert get(port) == b"ok"
        with dripping(port, head.encode()) as connection:
            assert get(port) == b"ok"
            assert connection.recv(13) == answer


STALLED = {
    "other body": b"POST /reads HTTP/1.1\r\nHost: x\r\nX-Caller: other\r\nContent-Length: 1000000\r\n\r\n",
    "head": b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: ",
    "body": b"POST /reads HTTP/1.1\r\nHost: x\r\nX-Caller: greedy\r\nContent-Length: 1000000\r\n\r\n",
    "works": b"GET /works HTTP/1.1\r\nHost: x\r\n\r\n",
    "answer": b"GET /large HTTP/1.1\r\nHost: x\r\nX-Caller: greedy\r\n\r\n",
}
HUNG_UP_ON = {"head": b"", "body": b"HTTP/1.1 408 ", "answer": b"HTTP/1.1 200 "}


@contextmanager
def stalled(port: int, kind: str, connections: int) -> Iterator[list[socket.socket]]:
    """Callers who have sent a part of a request, or take nothing of their answer."""
    with ExitStack() as opened:
        found = []
        for _ in range(connections):
            found.append(opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)))
            found[-1].sendall(STALLED[kind])
        yield found


@pytest.mark.parametrize("kind", HUNG_UP_ON)
def test_one_stalling_client_leaves_threads_to_others(tmp_path: Path, kind: str) -> None:
    configuration = tmp_path / "patient.py"
    configuration.write_text(PATIENT)
    with serving(tmp_path, WSGI_READING, configuration) as (_, port):
        assert get(port) == b"ok"
        with stalled(port, "other body", 1) as (other,), stalled(port, kind, 10) as greedy:
            assert get(port) == b"ok"
            assert greedy[0].recv(13) == HUNG_UP_ON[kind]
            other.sendall(bytes(1_000_000))
            assert other.recv(13) == b"HTTP/1.1 200 "


def test_a_liveness_check_has_a_thread_of_its_own(tmp_path: Path) -> None:
    configuration = tmp_path / "patient.py"
    configuration.write_text(PATIENT)
    with serving(tmp_path, WSGI_READING, configuration) as (_, port):
        assert get(port) == b"ok"
        with stalled(port, "works", 10) as working:
            assert get(port, "/health/live") == b"ok"
            assert {connection.recv(13) for connection in working} == {b"HTTP/1.1 200 "}


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", True),
        (b"GET /health/live HTTP/1.1\r\nHost: x\r\n", False),
        (b"GET /health/live HTTP/1.1\r\nContent-Length: 9\r\n\r\n", False),
        (b"GET /health/live HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n", False),
        (b"GET /health/lively HTTP/1.1\r\nHost: x\r\n\r\n", False),
        (b"POST /health/live HTTP/1.1\r\nHost: x\r\n\r\n", False),
        (b"", False),
    ],
)
def test_a_liveness_check_is_recognised_by_its_whole_head(head: bytes, expected: bool) -> None:
    assert is_liveness_check(head) is expected


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], ids=["new", "kept alive"])
def test_a_worker_survives_connection_resets(tmp_path: Path, sent: bytes) -> None:
    configuration = tmp_path / "patient.py"
    configuration.write_text(PATIENT)
    with serving(tmp_path, WSGI_READING, configuration) as (process, port):
        assert get(port) == b"ok"
        workers = {worker.pid for worker in descendants(process.pid)}
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                if sent:
                    connection.sendall(sent)
                    assert connection.recv(13) == b"HTTP/1.1 200 "
                assert get(port) == b"ok"  # by now the loop waits for what comes here
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            assert get(port) == b"ok"
        assert {worker.pid for worker in descendants(process.pid)} == workers
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert "Exception" not in output


def test_a_client_that_does_not_read_holds_no_thread(tmp_path: Path) -> None:
    configuration = tmp_path / "impatient.py"
    configuration.write_text(IMPATIENT)
    with serving(tmp_path, WSGI_READING, configuration) as (process, port):
        assert get(port) == b"ok"
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            connection.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            assert connection.recv(13) == b"HTTP/1.1 200 "
            assert get(port) == b"ok"
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert "Error" not in output


WSGI_IDLE = """
from threading import Event

come = Event()
idle = []


class App:
    extensions = {"on_drain": [come.set]}

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Length", "1")])
        if environ["PATH_INFO"] == "/wait":
            with environ["gunicorn.socket"].while_idle():
                idle.append(environ)
                come.wait(60)
        return [b"%d" % len(idle)]


app = App()
"""

ONE_THREAD = f"""
import runpy

globals().update(runpy.run_path({str(CONFIGURATION)!r}))
threads = 1
"""


def test_requests_that_wait_for_something_let_others_run(tmp_path: Path) -> None:
    configuration = tmp_path / "one_thread.py"
    configuration.write_text(ONE_THREAD)
    with serving(tmp_path, WSGI_IDLE, configuration) as (process, port), ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(get, port, "/wait") for _ in range(2)]
        while get(port) != b"2":
            assert not any(each.done() for each in waiting)
        process.send_signal(signal.SIGTERM)
        assert [each.result() for each in waiting] == [b"2", b"2"]
