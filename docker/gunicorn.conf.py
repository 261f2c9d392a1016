"""gunicorn for either service: ``gunicorn -c docker/gunicorn.conf.py --chdir services/jobs wsgi:app``.

Settings: https://docs.gunicorn.org/en/stable/settings.html
"""

import logging
import os
import re
import signal
import socket
from pathlib import Path
from threading import Timer
from types import FrameType
from typing import Any

from gunicorn import util
from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import TConn, ThreadWorker

from shared import queueing
from shared.patience import Patience, PatientSocket, SentTooSlowly

bind = os.environ.get("BIND") or f"0.0.0.0:{os.environ.get('PORT', '8000')}"


class BodyReader:
    """gunicorn's, but a malformed body is a ValueError, which werkzeug takes for a caller's fault."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._reader.read(size))
        except ParseException as exc:
            raise ValueError("the body is not HTTP") from exc


class QueueingWorker(ThreadWorker):
    """gthread, which waits without end: requests for a thread, and threads for callers.

    Here requests are told when it was too long, and callers who send or take too slowly are hung up on.
    """

    # As long as a request may take that sends nothing. The load balancer sends a head in one piece.
    head = Patience(10)

    # One Mbit/s, for the body and the answer: 50 MB may take seven minutes, and a small body ten seconds.
    body = Patience(10, bytes_per_second=125_000)

    # For what is sent in vain, after the answer. The load balancer, next door, hangs up when we do.
    rest_seconds = 0.2

    def init_process(self) -> None:
        self.requests = queueing.Queue(self.cfg.threads)
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        conn.entered_at = self.requests.enter()
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        queueing.too_late.set(not self.requests.begin(conn.entered_at))
        conn.sock.expect(self.head)
        try:
            kept = super().handle(conn)
            if not kept:
                self._hang_up(conn.sock)
            return kept
        finally:
            self.requests.leave()

    def handle_request(self, req: Request, conn: TConn) -> Any:
        conn.sock.expect(self.body, SentTooSlowly)
        req.body.reader = BodyReader(req.body.reader)
        try:
            return super().handle_request(req, conn)
        finally:
            conn.sock.expect(Patience(self.rest_seconds))

    def _hang_up(self, sock: PatientSocket) -> None:
        """Wait here for the caller to have the answer: gunicorn does it in its only loop, for two seconds."""
        try:
            util.close_graceful(sock.dup(), timeout=self.rest_seconds)
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # already gone


# Threads, because requests wait for AWS most of the time; processes, because drawing and hashing do not.
worker_class = QueueingWorker
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))

# Eight 50 MB uploads at once keep a worker below 150 MB; in jobs, two never wait for preview to start.
threads = 8

# The ALB keeps a connection 60 s; the service must not close it first, or a request is lost in the gap.
keepalive = 75

# The heartbeat comes from the main loop, not from requests: a worker silent this long is stuck as a whole.
timeout = 30

# Longer than the slowest request (10 s), shorter than the 30 s that ECS waits before it kills a task.
graceful_timeout = 25

# A worker that was told to stop takes requests for so much longer, and says that it is not ready: some were
# sent before that was known and wait in the listener's queue, which gunicorn closes over them.
drain_seconds = float(os.environ.get("DRAIN_SECONDS", "2"))

# Bounds what a slow leak in a C library can take. The jitter keeps two workers from restarting together.
max_requests = 10_000
max_requests_jitter = 2_000

# The heartbeat file must not wait for a disk. macOS has no /dev/shm.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not a shared folder

# Files of the documentation go the way of every answer, which does not wait for a caller without end.
sendfile = False

# Nobody uses the control socket, and the container's root is read-only.
control_socket_disable = True

# A path of 2 KB is far beyond ours; headers stay at gunicorn's defaults.
limit_request_line = 8_190

# The services log each request themselves, as JSON with its ids; gunicorn reports failures only.
accesslog = None
errorlog = "-"
loglevel = os.environ.get("GUNICORN_LOG_LEVEL", "warning")


def quote_nobody(record: logging.LogRecord) -> bool:
    """Of a request that is no HTTP, say what was wrong with it but not what it held: a key, perhaps."""
    message = record.getMessage()
    if message.startswith(("Invalid request from ip=", "Error handling request ")):
        record.msg, record.args = re.split(r" b?['\"/]", message, maxsplit=1)[0], ()
    return True


logging.getLogger("gunicorn.error").addFilter(quote_nobody)


def write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """In place of gunicorn's page in HTML, which quotes the request."""
    from shared.http.server_errors import server_error  # noqa: PLC0415 - the master needs no Flask

    util.write_nonblock(sock, server_error(status))


util.write_error = write_error


def post_worker_init(worker: Worker) -> None:
    """Run the application's ``on_start``, and have it say that it is not ready once it is told to stop."""
    extensions = _extensions(worker)
    for start in extensions.get("on_start", []):
        start()
    if "draining" in extensions:
        stop = signal.getsignal(signal.SIGTERM)

        def drain(number: int, frame: FrameType | None) -> None:
            extensions["draining"].set()
            if callable(stop):
                timer = Timer(drain_seconds, stop, (number, frame))
                timer.daemon = True  # a worker whose master is gone ends at once
                timer.start()

        signal.signal(signal.SIGTERM, drain)


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Run what the application left in ``on_stop``, the last registered first."""
    for stop in reversed(_extensions(worker).get("on_stop", [])):
        try:
            stop()
        except Exception:
            server.log.exception("A stop callback failed")


def _extensions(worker: Worker) -> dict[str, Any]:
    return getattr(getattr(worker, "wsgi", None), "extensions", {})
