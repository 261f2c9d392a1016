"""The gunicorn configuration loads, serves, and lets the application stop in order."""

import json
import os
import re
import runpy
import signal
import socket
import sys
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from unittest.mock import Mock

import pytest
from gunicorn.app.wsgiapp import WSGIApplication

from gunicorn_server import CONFIGURATION, get, serving
from jobs.api.prefer import LONGEST_WAIT_SECONDS
from jobs.app import MAX_PREVIEW_CALLS, MAX_WAITING_FOR_PREVIEW
from jobs.settings import LONGEST_REQUEST_SECONDS
from local_aws.router.upstream import IDLE_SECONDS
from location_detection.client import SERVER_WAITS_SECONDS
from location_detection.transport import TIMEOUT
from preview.domain.budget import MAX_REQUEST_SECONDS
from processes import descendants
from shared.fair_semaphore import FairSemaphore
from shared.gunicorn_worker import ServiceWorker
from shared.load_shedding import RequestQueue, queued_too_long
from shared.settings import SettingsError

WSGI = """
from pathlib import Path
from threading import Event

draining = Event()


class App:
    extensions = {"on_drain": [draining.set], "on_stop": [
        lambda: Path("stopped").write_text("yes"),
        lambda: 1 / 0,
    ]}

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Length", "2")])
        return [b"no" if draining.is_set() else b"ok"]

app = App()
"""


def test_serves_and_runs_every_stop_callback(tmp_path: Path) -> None:
    with serving(tmp_path, WSGI, DRAIN_SECONDS="0") as (process, port):
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
    with serving(tmp_path, WSGI) as (process, port):
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
    with serving(tmp_path, WSGI, DRAIN_SECONDS="600") as (process, port), ExitStack() as connections:
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
    budget = {
        "DRAIN_SECONDS": numbers["settings"].listener_drain_seconds,
        "MAX_REQUEST_SECONDS": MAX_REQUEST_SECONDS,
        "closing": 2.0,
    }
    assert sum(budget.values()) <= numbers["graceful_timeout"], (
        f"{budget} is over graceful_timeout: lower MAX_REQUEST_SECONDS "
        "(preview/domain/budget.py), or raise graceful_timeout (docker/gunicorn.conf.py) and, above "
        "it, stop_timeout_seconds (terraform/modules/task/variables.tf)"
    )


def test_settings_are_known_to_this_gunicorn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["gunicorn", "-c", str(CONFIGURATION), "wsgi:app"])
    monkeypatch.setenv("WEB_CONCURRENCY", "3")
    monkeypatch.setenv("PORT", "8123")
    monkeypatch.delenv("BIND", raising=False)
    cfg = WSGIApplication().cfg
    assert cfg.address == [("0.0.0.0", 8123)]
    assert (cfg.workers, cfg.threads, cfg.worker_class_str) == (3, 8, "shared.gunicorn_worker.ServiceWorker")
    assert cfg.keepalive > 60, "the load balancer's idle timeout"
    assert cfg.graceful_timeout < 30, "what ECS waits before it kills"
    assert cfg.control_socket_disable
    assert cfg.accesslog is None


def test_jobs_has_threads_left_to_answer_preview_while_it_calls_preview() -> None:
    """Preview calls jobs before it answers: without them the two would wait for each other."""
    threads = runpy.run_path(str(CONFIGURATION))["threads"]
    assert threads - (MAX_PREVIEW_CALLS + MAX_WAITING_FOR_PREVIEW) >= 2


def test_who_waits_for_a_job_is_answered_before_anybody_gives_up() -> None:
    routing = (CONFIGURATION.parents[1] / "terraform/modules/routing/main.tf").read_text()
    (load_balancer,) = re.findall(r"idle_timeout += (\d+)", routing)
    assert min(int(load_balancer), IDLE_SECONDS) > LONGEST_WAIT_SECONDS + LONGEST_REQUEST_SECONDS
    assert TIMEOUT.read is not None
    assert LONGEST_WAIT_SECONDS == SERVER_WAITS_SECONDS < TIMEOUT.read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "99999"),
        ("WEB_CONCURRENCY", "two"),
        ("WEB_CONCURRENCY", "100000"),
        ("DRAIN_SECONDS", "inf"),
        ("GUNICORN_LOG_LEVEL", "loud"),
    ],
)
def test_a_bad_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.delenv("BIND", raising=False)
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=f"{name}: must be "):
        runpy.run_path(str(CONFIGURATION))


def test_the_port_is_not_read_where_the_address_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """``make run`` has a port of its own, 0 perhaps, and hands its environment on."""
    monkeypatch.setenv("BIND", "127.0.0.1:8001")
    monkeypatch.setenv("PORT", "0")
    assert runpy.run_path(str(CONFIGURATION))["bind"] == "127.0.0.1:8001"


def test_a_worker_knows_how_long_each_request_waited() -> None:
    """The class, with a pool that runs nothing and a client that has hung up."""
    now = 1000.0
    worker = ServiceWorker.__new__(ServiceWorker)
    worker.requests = RequestQueue(8, lambda: now)
    worker.permits = FairSemaphore(8)
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
        told.append(queued_too_long.get())
    queued_too_long.set(False)
    assert told == [False, True]
