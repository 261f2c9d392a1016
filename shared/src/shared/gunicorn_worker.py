"""The gunicorn worker class of both services; ``docker/gunicorn.conf.py`` names it.

It overrides methods of gthread that are no public interface, so ``shared/pyproject.toml`` asks for the minor
version of gunicorn that it is written for.
"""

import errno
import selectors
import socket
import sys
from collections.abc import Callable, Iterator
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
from shared.client_timeouts import BodyTooSlow, ClientSocket, ClientTimeout
from shared.fair_semaphore import FairSemaphore
from shared.gunicorn_settings import MAX_IDLE
from shared.slow_clients import SlowClients

_HEAD_BYTES = 4096
"""Read ahead of a request before a thread takes it up; a health check sends 150."""

_NOT_READY = mmap(-1, PAGESIZE)
"""Shared by the master and its workers: a byte for each worker, 1 until it is ready and once it restarts."""

_RESTART_LOCK = get_context("fork").Lock()


class BodyReader:
    """gunicorn's, but a malformed body raises ValueError, which werkzeug answers with 400."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        try:
            return bytes(self._reader.read(size))
        except ParseException as exc:
            raise ValueError("the body is not HTTP") from exc


class ServiceWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gthread with load shedding and client timeouts.

    gthread lets requests wait for a thread, and threads for clients, without a limit. Here a request that
    waited too long is marked so, and a client that sends or reads too slowly is disconnected. A thread that
    waits for its client gives its permit to another: ``threads`` run at once, and ``slow_client_limit`` more
    may wait. So does a request that waits for something to happen. Liveness checks have a thread of their
    own.

    Workers that have served ``max_requests`` restart one at a time, once all others are ready.
    """

    # The load balancer sends the head of a request in one piece.
    head_timeout = ClientTimeout(10)

    # At least 1 Mbit/s, for body and response: 50 MB may take seven minutes, and a small body ten seconds.
    body_timeout = ClientTimeout(10, minimum_bytes_per_second=125_000)

    # Lingering close: reads what the client still sends after the response, so that it is not reset.
    # The load balancer is close by and closes when we do.
    linger_seconds = 0.2

    # What to do when the worker is about to restart.
    on_restart: Callable[[], None] = staticmethod(lambda: None)

    # Threads that may wait for slow clients, besides those that run. Bodies are on disk: 66 MB each, 4 GB in
    # a task with two workers, which has 20 GB.
    slow_client_limit = 24

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the number of a worker that has ended; runs in the master, right before the fork."""
        super().__init__(*args, **kwargs)
        self.restart_at: int = self.max_requests
        self.max_requests: int = sys.maxsize
        taken = {worker.number for worker in Arbiter.WORKERS.values()}
        self.number = next(number for number in count() if number not in taken)
        _NOT_READY[self.number] = 1

    def init_process(self) -> None:
        self.requests = load_shedding.RequestQueue(self.cfg.threads)
        self.permits = FairSemaphore(self.cfg.threads)
        self.slow_clients = SlowClients(self.slow_client_limit)
        self.liveness_checks = ThreadPoolExecutor(1, "liveness-checks")
        super().init_process()

    def run(self) -> None:
        _NOT_READY[self.number] = 0
        super().run()

    def get_thread_pool(self) -> Executor:
        return ThreadPoolExecutor(self.cfg.threads + self.slow_client_limit + MAX_IDLE)

    def enqueue_req(self, conn: TConn) -> None:
        """Hand a connection to a thread once it has data."""
        if not isinstance(conn.sock, ClientSocket):
            conn.sock = ClientSocket(fileno=conn.sock.detach())
        read_ahead = conn.initialized and conn.parser.unreader.buf.getvalue()
        head = b"" if read_ahead else conn.sock.peek(_HEAD_BYTES)
        if head is None:
            self._poll(conn)
        elif is_liveness_check(head):
            answered = self.liveness_checks.submit(self.handle_liveness_check, conn)
            answered.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))
        else:
            conn.entered_at = self.requests.enter()
            super().enqueue_req(conn)

    def handle(self, conn: TConn) -> Any:
        self.permits.acquire()
        load_shedding.queued_too_long.set(not self.requests.admit(conn.entered_at))
        conn.sock.while_waiting = self._wait_for_client
        conn.sock.while_idle = self._give_way
        try:
            return self._answer(conn)
        finally:
            self.requests.leave()
            self.permits.release()

    def handle_liveness_check(self, conn: TConn) -> Any:
        """Answer a liveness check, which has arrived whole, without waiting for the client."""
        conn.sock.while_waiting = _never_wait
        return self._answer(conn)

    def handle_request(self, req: Request, conn: TConn) -> Any:
        conn.sock.limit_waiting(self.body_timeout, BodyTooSlow)
        req.body.reader = BodyReader(req.body.reader)
        try:
            return super().handle_request(req, conn)
        finally:
            conn.sock.limit_waiting(ClientTimeout(self.linger_seconds))
            if self.nr >= self.restart_at and self.alive:
                self._restart_in_turn()

    def _restart_in_turn(self) -> None:
        with _RESTART_LOCK:
            if not any(_NOT_READY[:]):
                _NOT_READY[self.number] = 1
                self.alive = False
                self.on_restart()

    def _poll(self, conn: TConn) -> None:
        """Have the loop wait for data on a new connection, as it does on one that is kept alive."""
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))

    def _answer(self, conn: TConn) -> Any:
        conn.data_ready = True
        conn.sock.owner = None
        conn.sock.limit_waiting(self.head_timeout)
        kept = super().handle(conn)
        if not kept:
            self._linger_and_close(conn.sock)
        return kept

    @contextmanager
    def _wait_for_client(self, sock: ClientSocket) -> Iterator[None]:
        with self._give_way(), self.slow_clients.waiting(sock):
            yield

    @contextmanager
    def _give_way(self) -> Iterator[None]:
        """Let another request run for as long as this one waits."""
        self.requests.leave()
        self.permits.release()
        try:
            yield
        finally:
            self.requests.enter()
            self.permits.acquire(resuming=True)

    def _linger_and_close(self, sock: ClientSocket) -> None:
        """Close after the client has the response. gunicorn would wait in its only loop, for two seconds."""
        with suppress(OSError):  # already gone
            sock.shutdown(socket.SHUT_WR)
            for _ in range(16):
                if not sock.recv(4096):
                    break
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)


def is_liveness_check(head: bytes) -> bool:
    """Whether it is a whole request for ``/health/live``, with no body to wait for."""
    if not (head.startswith(b"GET /health/live HTTP/1.") and head.endswith(b"\r\n\r\n")):
        return False
    names = {line.partition(b":")[0].strip().lower() for line in head.split(b"\r\n")[1:]}
    return not names & {b"content-length", b"transfer-encoding"}


@contextmanager
def _never_wait(_: ClientSocket) -> Iterator[None]:
    raise ConnectionResetError(errno.ECONNRESET, "a liveness check is not waited for")
    yield
