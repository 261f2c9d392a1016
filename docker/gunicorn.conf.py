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
from gunicorn.workers.base import Worker

from shared.gunicorn_settings import THREADS, GunicornSettings

settings = GunicornSettings.from_env(os.environ)
bind = settings.bind or f"0.0.0.0:{settings.port}"

# Threads, because requests wait for AWS most of the time; processes, because drawing and hashing do not.
worker_class = "shared.gunicorn_worker.ServiceWorker"
workers = settings.workers

# Requests that run at once; some more threads wait (shared/gunicorn_worker.py).
threads = THREADS

# The ALB keeps a connection 60 s; the service must not close it first, or a request is lost in the gap.
keepalive = 75

# The heartbeat comes from the main loop, not from requests: a worker silent this long is stuck as a whole.
timeout = 30

# A worker that stops has this long. Preview takes longest, and its sum has to fit:
#   DRAIN_SECONDS (2) + the longest deadline of a request (20) + closing (2)
# Callers who wait for a job to change are answered when the drain begins.
# The numbers are in shared/gunicorn_settings.py and preview/domain/budget.py. ECS waits 30 s before it
# kills a task (stop_timeout_seconds in terraform/modules/task).
graceful_timeout = 25

# Bounds what a slow leak in a C library can take. Workers restart one at a time (shared/gunicorn_worker.py)
# and, with the jitter, seldom wait for each other.
max_requests = 10_000
max_requests_jitter = 2_000

# The heartbeat file must not wait for a disk. macOS has no /dev/shm.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - memory, not a shared folder

# sendfile would bypass the client timeouts.
sendfile = False

# The control socket is not used, and the container's root is read-only.
control_socket_disable = True

# A path of 2 KB is far beyond ours; headers stay at gunicorn's defaults.
limit_request_line = 8_190

# The services log each request themselves, as JSON with its ids; gunicorn reports failures only.
accesslog = None
errorlog = "-"
loglevel = settings.log_level


def redact_request(record: logging.LogRecord) -> bool:
    """Log what was wrong with a malformed request, but not its content, which may hold a key."""
    message = record.getMessage()
    if message.startswith(("Invalid request from ip=", "Error handling request ")):
        record.msg, record.args = re.split(r" b?['\"/]", message, maxsplit=1)[0], ()
    return True


logging.getLogger("gunicorn.error").addFilter(redact_request)


def write_error(sock: socket.socket, status: int, reason: str, message: str) -> None:
    """Replaces gunicorn's HTML page, which quotes the request."""
    from shared.http.server_errors import server_error  # noqa: PLC0415 - the master needs no Flask

    util.write_nonblock(sock, server_error(status))


util.write_error = write_error


def post_worker_init(worker: Worker) -> None:
    """Run the application's ``on_start``, and drain the listener before the worker stops.

    A worker that is told to stop runs ``on_drain``, with which it reports that it is not ready, and takes
    requests for ``DRAIN_SECONDS`` more: some were sent before the load balancer knew, and wait in a queue
    that gunicorn would close. One that restarts runs it, too.
    """
    extensions = _extensions(worker)
    for start in extensions.get("on_start", []):
        start()
    if "on_drain" in extensions:
        stop = signal.getsignal(signal.SIGTERM)

        def begin_drain() -> None:
            for begin in extensions["on_drain"]:
                begin()

        def drain(number: int, frame: FrameType | None) -> None:
            begin_drain()
            if callable(stop):
                timer = Timer(settings.listener_drain_seconds, stop, (number, frame))
                timer.daemon = True  # a worker whose master is gone ends at once
                timer.start()

        signal.signal(signal.SIGTERM, drain)
        worker.on_restart = begin_drain


def worker_exit(server: Arbiter, worker: Worker) -> None:
    """Run the application's ``on_stop``, the last registered first."""
    for stop in reversed(_extensions(worker).get("on_stop", [])):
        try:
            stop()
        except Exception:  # whatever it is, the other callbacks run
            server.log.exception("A stop callback failed")


def _extensions(worker: Worker) -> dict[str, Any]:
    return getattr(getattr(worker, "wsgi", None), "extensions", {})
