"""The ids and deadline of each request, its one log line, and its metrics."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from flask import Flask, Response, g, request

from shared import context
from shared.client_timeouts import ClientSocket
from shared.deadline import Deadline
from shared.ids import is_id, new_id
from shared.metrics import Metrics
from shared.timestamps import utc_now

log = logging.getLogger(__name__)

_CORRELATION_ID = re.compile(r"^[A-Za-z0-9._-]{1,128}$")
_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$")


def track_requests(app: Flask, metrics: Metrics, request_seconds: float) -> None:
    """Give every request its context, with a deadline ``request_seconds`` ahead."""

    @app.before_request
    def begin() -> None:
        g.started_at = time.perf_counter()
        request_id = new_id("req", utc_now())
        context.bind(
            request_id=request_id,
            correlation_id=_matching(_CORRELATION_ID, "X-Correlation-ID") or request_id,
            traceparent=_matching(_TRACEPARENT, "traceparent"),
            job_id=_job_id(),
            deadline=Deadline.after(request_seconds),
        )

    @app.after_request
    def finish(response: Response) -> Response:
        ids = context.current()
        response.headers["X-Request-ID"] = ids.request_id or ""
        response.headers["X-Correlation-ID"] = ids.correlation_id or ""
        if not request.path.startswith("/health"):
            _report(response.status_code, g.get("error_code"), metrics)
        return response

    @app.teardown_request
    def forget(_: BaseException | None) -> None:
        context.reset()


def _report(status: int, error_code: str | None, metrics: Metrics) -> None:
    route = matched_route()
    idle_seconds = g.get("idle_seconds", 0.0)
    milliseconds = round((time.perf_counter() - g.started_at - idle_seconds) * 1000, 1)
    log.info(
        "request finished",
        extra={
            "context": {
                "method": request.method,
                "route": route,
                "status": status,
                "code": error_code,
                "duration_ms": milliseconds,
                "idle_ms": round(idle_seconds * 1000, 1),
            }
        },
    )
    metrics.record(
        {"Requests": (1, "Count"), "Latency": (milliseconds, "Milliseconds")},
        totals=["Latency"],
        route=route,
    )
    if error_code:
        metrics.count("Errors", code=error_code)


@contextmanager
def idle() -> Iterator[None]:
    """Around a wait for something to happen: another request runs meanwhile, and this is no latency."""
    began = time.perf_counter()
    connection = request.environ.get("gunicorn.socket")
    with connection.while_idle() if isinstance(connection, ClientSocket) else nullcontext():
        yield
    g.idle_seconds = time.perf_counter() - began


def matched_route() -> str:
    """The route with its variables unfilled; the path itself could hold anything, a key even."""
    return request.url_rule.rule if request.url_rule else "unmatched"


def _job_id() -> str | None:
    job_id = (request.view_args or {}).get("job_id", "")
    return job_id if is_id(job_id) else None


def _matching(pattern: re.Pattern[str], header: str) -> str | None:
    value = request.headers.get(header, "")
    return value if pattern.fullmatch(value) else None
