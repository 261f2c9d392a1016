"""gunicorn's worker, as both services run it; ``docker/gunicorn.conf.py`` names it.

It overrides methods of gthread that are no public interface, so ``shared/pyproject.toml`` asks for the minor
version of gunicorn that it is written for.
"""

import errno
import selectors
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from itertools import count
from mmap import PAGESIZE, mmap
from multiprocessing import get_context
from typing import Any

from gunicorn.arbiter import Arbiter
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn, ThreadWorker

from shared import load_shedding
from shared.client_timeouts import Patience, PatientSocket, SentTooSlowly
from shared.fair_semaphore import ConcurrencyLimit
from shared.slow_clients import SlowCallers

_HEAD_BYTES = 4096
"""Of a request are looked at before a thread takes it up; a health check sends 150."""


_AWAY = mmap(-1, PAGESIZE)
"""Made in the master and shared by its workers: a byte for each, 1 until it is ready and once it restarts."""

_RESTART = get_context("fork").Lock()


class BodyReader:
    """gunicorn's, but a malformed body is a ValueError, which werkzeug takes for a caller's fault."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._reader.read(size))
        except ParseException as exc:
            raise ValueError("the body is not HTTP") from exc


class QueueingWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gthread, which waits without end: requests for a thread, and threads for callers.

    Here requests are told when it was too long, and callers who send or take too slowly are hung up on. A
    thread that waits for its caller lets another work: as many as configured work at once, and some more may
    wait. Health checks have a thread of their own.

    A worker that has had ``max_requests`` restarts once all others are ready: one at a time.
    """

    # As long as a request may take that sends nothing. The load balancer sends a head in one piece.
    head = Patience(10)

    # One Mbit/s, for the body and the answer: 50 MB may take seven minutes, and a small body ten seconds.
    body = Patience(10, bytes_per_second=125_000)

    # For what is sent in vain, after the answer. The load balancer, next door, hangs up when we do.
    rest_seconds = 0.2

    # Threads that may wait for callers, besides those at work. Bodies lie on disk: 66 MB each, 4 GB in a task
    # with two workers, which has 20 GB.
    slow_callers = 24

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the place of a worker that has ended; runs in the master, right before the fork."""
        super().__init__(*args, **kwargs)
        self.restart_at: int = self.max_requests
        self.max_requests: int = sys.maxsize
        taken = {worker.number for worker in Arbiter.WORKERS.values()}
        self.number = next(number for number in count() if number not in taken)
        _AWAY[self.number] = 1

    def init_process(self) -> None:
        self.requests = load_shedding.Queue(self.cfg.threads)
        self.concurrency = ConcurrencyLimit(self.cfg.threads)
        self.slow = SlowCallers(self.slow_callers)
        self.probes = ThreadPoolExecutor(1, "probes")
        super().init_process()

    def run(self) -> None:
        _AWAY[self.number] = 0
        super().run()

    def get_thread_pool(self) -> Executor:
        return ThreadPoolExecutor(self.cfg.threads + self.slow_callers)

    def enqueue_req(self, conn: TConn) -> None:
        """Hand a connection to a thread once something has come on it."""
        if not isinstance(conn.sock, PatientSocket):
            conn.sock = PatientSocket(fileno=conn.sock.detach())
        read_ahead = conn.initialized and conn.parser.unreader.buf.getvalue()
        head = b"" if read_ahead else conn.sock.peek(_HEAD_BYTES)
        if head is None:
            self._keep(conn)
        elif is_probe(head):
            answered = self.probes.submit(self.handle_probe, conn)
            answered.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))
        else:
            conn.entered_at = self.requests.enter()
            super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        self.concurrency.acquire()
        load_shedding.too_late.set(not self.requests.begin(conn.entered_at))
        conn.sock.waits = self._wait_for_caller
        try:
            return self._answer(conn)
        finally:
            self.requests.leave()
            self.concurrency.release()

    def handle_probe(self, conn: TConn) -> Any:
        """Answer a health check, which has come as a whole, and wait for nobody."""
        conn.sock.waits = _never_wait
        return self._answer(conn)

    def handle_request(self, req: Request, conn: TConn) -> Any:
        conn.sock.expect(self.body, SentTooSlowly)
        req.body.reader = BodyReader(req.body.reader)
        try:
            return super().handle_request(req, conn)
        finally:
            conn.sock.expect(Patience(self.rest_seconds))
            if self.nr >= self.restart_at and self.alive:
                self._restart_in_turn()

    def _restart_in_turn(self) -> None:
        with _RESTART:
            if not any(_AWAY[:]):
                _AWAY[self.number] = 1
                self.alive = False

    def _keep(self, conn: TConn) -> None:
        """Have the loop wait for what comes on a new connection, as it does on one that is kept alive."""
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))

    def _answer(self, conn: TConn) -> Any:
        conn.data_ready = True
        conn.sock.caller = None
        conn.sock.expect(self.head)
        kept = super().handle(conn)
        if not kept:
            self._hang_up(conn.sock)
        return kept

    @contextmanager
    def _wait_for_caller(self, sock: PatientSocket) -> Iterator[None]:
        self.requests.leave()
        self.concurrency.release()
        try:
            with self.slow.waiting(sock):
                yield
        finally:
            self.requests.enter()
            self.concurrency.acquire(resuming=True)

    def _hang_up(self, sock: PatientSocket) -> None:
        """Wait here for the caller to have the answer: gunicorn does it in its only loop, for two seconds."""
        with suppress(OSError):  # already gone
            sock.shutdown(socket.SHUT_WR)
            for _ in range(16):
                if not sock.recv(4096):
                    break
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def is_probe(head: bytes) -> bool:
    """Whether it is a whole request for ``/health/live``, with no body to wait for."""
    if not (head.startswith(b"GET /health/live HTTP/1.") and head.endswith(b"\r\n\r\n")):
        return False
    names = {line.partition(b":")[0].strip().lower() for line in head.split(b"\r\n")[1:]}
    return not names & {b"content-length", b"transfer-encoding"}


@contextmanager
def _never_wait(_: PatientSocket) -> Iterator[None]:
    raise ConnectionResetError(errno.ECONNRESET, "a health check is not waited for")
    yield
