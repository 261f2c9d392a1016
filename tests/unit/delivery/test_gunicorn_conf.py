"""The gunicorn configuration loads, serves, and lets the application stop in order."""

import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event, Thread
from unittest.mock import Mock

import pytest
from gunicorn.app.wsgiapp import WSGIApplication

from preview.adapters.parameters import LONGEST_DEADLINE_SECONDS
from preview.app import DRAIN_SECONDS
from processes import descendants
from shared.concurrency import ConcurrencyLimit
from shared.gunicorn_worker import QueueingWorker, is_probe
from shared.queueing import Queue, too_late

CONFIGURATION = Path(__file__).parents[3] / "docker" / "gunicorn.conf.py"

WSGI = """
from pathlib import Path
from threading import Event

class App:
    extensions = {"draining": Event(), "on_stop": [
        lambda: Path("stopped").write_text("yes"),
        lambda: 1 / 0,
    ]}

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Length", "2")])
        return [b"no" if self.extensions["draining"].is_set() else b"ok"]

app = App()
"""


IMPATIENT = f"""
import runpy

from shared.gunicorn_worker import QueueingWorker
from shared.patience import Patience

globals().update(runpy.run_path({str(CONFIGURATION)!r}))
threads = 1


class Impatient(QueueingWorker):
    head = Patience(0.5)
    body = Patience(0.5, bytes_per_second=100_000_000)


worker_class = Impatient
"""

PATIENT = f"""
import runpy

from shared.gunicorn_worker import QueueingWorker
from shared.patience import Patience

globals().update(runpy.run_path({str(CONFIGURATION)!r}))
threads = 2


class Patient(QueueingWorker):
    head = body = Patience(600)
    slow_callers = 4


worker_class = Patient
"""

WSGI_READING = """
from threading import Event

from shared.patience import SentTooSlowly

checked = Event()


def app(environ, start_response):
    status = "200 OK"
    environ["gunicorn.socket"].caller = environ.get("HTTP_X_CALLER")
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
        except SentTooSlowly:
            status = "408 Request Timeout"
    start_response(status, [("Content-Length", "2")])
    return [b"ok"]
"""


@contextmanager
def serving(
    folder: Path, app: str = WSGI, configuration: Path = CONFIGURATION, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], int]]:
    (folder / "wsgi.py").write_text(app)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", str(configuration), "--chdir", str(folder), "wsgi:app"],
        env={**os.environ, "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process, port
    finally:
        process.kill()
        process.communicate()


def get(port: int, path: str = "/") -> bytes:
    deadline = time.monotonic() + 20
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
                return bytes(answer.read())
        except urllib.error.URLError:
            assert time.monotonic() < deadline, "gunicorn does not answer"


def test_serves_and_runs_every_stop_callback(tmp_path: Path) -> None:
    with serving(tmp_path, DRAIN_SECONDS="0") as (process, port):
        assert get(port) == b"ok"
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    assert process.returncode == 0
    assert (tmp_path / "stopped").read_text() == "yes"
    assert "A stop callback failed" in output


def answer_to(port: int, request: bytes) -> HTTPResponse:
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection)
        answer.begin()
        return answer


NO_HTTP = (
    "GET /?key=canary HTTP/9.9",
    "GET /?key=canary",
    "G=T /canary HTTP/1.1",
    "GET / HTTP/1.1\r\nAuthorization Bearer canary",
    "GET / HTTP/1.1\r\ncanary : 1",
    "GET / HTTP/1.1\r\nAuthorization: Bearer\r\n canary",
    "GET / HTTP/1.1\r\nTransfer-Encoding: canary",
    "GET / HTTP/1.1\r\nExpect: canary",
    "GET / HTTP/1.1\r\nContent-Length: 1_0",
    f"GET /{'canary' * 2_000} HTTP/1.1",
    f"GET / HTTP/1.1\r\nX-Long: {'canary' * 20_000}",
    "GET / HTTP/1.1" + "\r\nX-Many: canary" * 200,
)


def test_what_is_no_http_is_refused_and_reported_and_not_quoted(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, port):
        get(port)
        for head in NO_HTTP:
            answer = answer_to(port, f"{head}\r\nHost: x\r\n\r\n".encode())
            assert (answer.status, answer.headers["Content-Type"]) == (400, "application/json")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            refused = json.loads(answer.read())
            assert refused["error"]["code"] == "INVALID_REQUEST"
            assert refused["error"]["message"]
            assert refused["meta"] == {"request_id": None, "api_version": "v1"}
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert output.count("Invalid request from ip=127.0.0.1:") == len(NO_HTTP)
    assert "canary" not in output


WSGI_OURS = """
from flask import Flask, request
from shared.http.errors import register_error_handlers

app = Flask("app")
app.config["MAX_CONTENT_LENGTH"] = 1000
register_error_handlers(app, {})


@app.route("/", methods=["GET", "POST"])
def size():
    return str(len(request.get_data()))
"""


@pytest.mark.parametrize(
    "chunks",
    [
        "canary\r\nabc\r\n0\r\n\r\n",
        "3\r\nabcanary\r\n0\r\n\r\n",
        "3;\0\r\nabc\r\n0\r\n\r\n",
        "0\r\ncan ary\r\n\r\n",
    ],
    ids=["no size", "another size", "an extension", "a trailer"],
)
def test_a_body_that_is_no_http_is_the_callers_mistake(tmp_path: Path, chunks: str) -> None:
    with serving(tmp_path, WSGI_OURS) as (process, port):
        get(port)
        head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        answer = answer_to(port, (head + chunks).encode())
        assert answer.status == 400
        assert json.loads(answer.read())["error"]["code"] == "INVALID_REQUEST"
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert "canary" not in output


def test_a_worker_that_is_to_stop_takes_what_was_sent_and_is_not_ready(tmp_path: Path) -> None:
    with serving(tmp_path, DRAIN_SECONDS="600") as (process, port), ExitStack() as connections:
        assert get(port) == b"ok"
        (worker,) = descendants(process.pid)
        os.kill(worker.pid, signal.SIGSTOP)
        waiting = [HTTPConnection("127.0.0.1", port, timeout=60) for _ in range(5)]
        for connection in waiting:
            connections.enter_context(closing(connection)).request("GET", "/")
        process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 60
        while signal.SIGTERM not in worker.pending_signals:
            assert time.monotonic() < deadline
        os.kill(worker.pid, signal.SIGCONT)

        assert [connection.getresponse().read() for connection in waiting] == [b"no"] * len(waiting)
        assert get(port) == b"no"


def test_a_worker_of_preview_ends_before_it_is_killed() -> None:
    numbers = runpy.run_path(str(CONFIGURATION))
    giving_back = 2.0
    longest = numbers["drain_seconds"] + LONGEST_DEADLINE_SECONDS + DRAIN_SECONDS + giving_back
    assert longest <= numbers["graceful_timeout"]


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
def test_who_sends_a_byte_now_and_then_keeps_no_thread(tmp_path: Path, head: str, answer: bytes) -> None:
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
def test_one_caller_who_stalls_leaves_threads_to_others(tmp_path: Path, kind: str) -> None:
    configuration = tmp_path / "patient.py"
    configuration.write_text(PATIENT)
    with serving(tmp_path, WSGI_READING, configuration) as (_, port):
        assert get(port) == b"ok"
        with stalled(port, "other body", 1) as (other,), stalled(port, kind, 10) as greedy:
            assert get(port) == b"ok"
            assert greedy[0].recv(13) == HUNG_UP_ON[kind]
            other.sendall(bytes(1_000_000))
            assert other.recv(13) == b"HTTP/1.1 200 "


def test_a_health_check_needs_no_thread_of_those_that_work(tmp_path: Path) -> None:
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
def test_a_health_check_is_known_by_its_whole_head(head: bytes, expected: bool) -> None:
    assert is_probe(head) is expected


def test_who_does_not_take_an_answer_keeps_no_thread(tmp_path: Path) -> None:
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


def test_settings_are_known_to_this_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gunicorn", "-c", str(CONFIGURATION), "wsgi:app"])
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("BIND", raising=False)
    cfg = WSGIApplication().cfg
    assert cfg.address == [("0.0.0.0", 8123)]
    assert (cfg.workers, cfg.threads, cfg.worker_class_str) == (3, 8, "shared.gunicorn_worker.QueueingWorker")
    assert cfg.keepalive > 60, "the load balancer's idle timeout"
    assert cfg.graceful_timeout < 30, "what ECS waits before it kills"
    assert cfg.control_socket_disable
    assert cfg.accesslog is None


def test_a_worker_knows_how_long_each_request_waited() -> None:
    """The class, with a pool that runs nothing and a client that has hung up."""
    now = 1000.0
    worker = QueueingWorker.__new__(QueueingWorker)
    worker.requests = Queue(8, lambda: now)
    worker.concurrency = ConcurrencyLimit(8)
    worker.tpool = worker.log = Mock()

    told = []
    for waited_seconds in (0.0, 60.0):
        ours, theirs = socket.socketpair()
        theirs.close()
        hung_up = Mock(initialized=False, is_http2=False, parser=iter(()), sock=ours)
        worker.enqueue_req(hung_up)
        now += waited_seconds
        worker.handle(hung_up)
        hung_up.sock.close()
        told.append(too_late.get())
    too_late.set(False)
    assert told == [False, True]
