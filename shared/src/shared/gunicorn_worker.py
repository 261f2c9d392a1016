"""gunicorn's worker, as both services run it; ``docker/gunicorn.conf.py`` names it.

It overrides methods of gthread that are no public interface, so ``shared/pyproject.toml`` asks for the minor
version of gunicorn that it is written for.
"""

import socket
from typing import Any

from gunicorn import util
from gunicorn.http.errors import ParseException
from gunicorn.http.message import Request
from gunicorn.workers.gthread import TConn, ThreadWorker

from shared import queueing
from shared.patience import Patience, PatientSocket, SentTooSlowly


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
