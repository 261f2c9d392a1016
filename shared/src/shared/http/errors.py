"""From exceptions to error answers: one table, registered once an app."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException, InternalServerError, NotFound, default_exceptions

from shared.client_timeouts import BodyTooSlow
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.http import envelope
from shared.http.truncation import truncate_details, truncate_text
from shared.http.versions import unsupported_version
from shared.rate_limits import QuotaExceeded, Verdict

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """How an exception is answered. Without a ``message`` the exception's own text is shown."""

    code: str
    status: int
    message: str | None = None
    retry_after_seconds: int | None = None


class InvalidRequest(Exception):
    """The request itself is wrong; ``details`` say where."""

    def __init__(self, message: str, details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details = details or {}


class Unauthorized(Exception):
    pass


class Forbidden(Exception):
    def __init__(self, scope: str) -> None:
        super().__init__(f"This key lacks the scope {scope}. Use a key that has it.")
        self.details = {"required_scope": scope}


class FileTooLarge(Exception):
    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"The request body is larger than the {limit_bytes} bytes allowed here.")
        self.details = {"limit_bytes": limit_bytes}


class UnsupportedMediaType(Exception):
    def __init__(self, received: str, accepted: list[str]) -> None:
        super().__init__(f"Send the body as {' or '.join(accepted) or 'nothing at all'}.")
        self.details = {"received": received, "accepted": accepted}


class UnsupportedContentEncoding(Exception):
    def __init__(self, received: str) -> None:
        super().__init__("Send the body as it is, not compressed and without Content-Encoding.")
        self.details = {"received": received, "accepted": ["identity"]}


_LIMITED = {
    "key": "This key sends more than {} requests a minute.",
    "address": "Your address sends more than {} requests a minute without a valid key.",
    "service": "All keys together send more than the {} requests a minute that the service takes.",
}


class RateLimitExceeded(Exception):
    def __init__(self, verdict: Verdict) -> None:
        limit, seconds = verdict.limit, verdict.next_in_seconds
        what = _LIMITED[limit.name].format(limit.per_minute)
        super().__init__(f"{what} Try again in {seconds} s, and then more slowly.")
        self.details = {"limit": limit.name, "per_minute": limit.per_minute, "retry_after_seconds": seconds}


class Overloaded(Exception):
    """This worker has as much work of this kind as it accepts (load shedding)."""


INTERNAL = ErrorAnswer(
    "INTERNAL_ERROR", 500, "Something went wrong on our side. Try again; if it stays, report the request id."
)

COMMON_ERRORS: Mapping[type[Exception], ErrorAnswer] = {
    InvalidRequest: ErrorAnswer("INVALID_REQUEST", 400),
    Unauthorized: ErrorAnswer(
        "UNAUTHORIZED", 401, "Send a valid API key as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'."
    ),
    Forbidden: ErrorAnswer("FORBIDDEN", 403),
    BodyTooSlow: ErrorAnswer(
        "REQUEST_TIMEOUT", 408, "The body came too slowly. Send it again, over a line with at least 1 Mbit/s."
    ),
    FileTooLarge: ErrorAnswer("FILE_TOO_LARGE", 413),
    RateLimitExceeded: ErrorAnswer("RATE_LIMIT_EXCEEDED", 429),
    QuotaExceeded: ErrorAnswer("RATE_LIMIT_EXCEEDED", 429),
    UnsupportedMediaType: ErrorAnswer("UNSUPPORTED_MEDIA_TYPE", 415),
    UnsupportedContentEncoding: ErrorAnswer("UNSUPPORTED_MEDIA_TYPE", 415),
    Overloaded: ErrorAnswer(
        "SERVICE_UNAVAILABLE", 503, "The service is busy. Try again in a few seconds.", retry_after_seconds=2
    ),
    DependencyUnavailable: ErrorAnswer(
        "SERVICE_UNAVAILABLE",
        503,
        "A part of the service does not answer at the moment. Nothing was lost; try again in a few seconds.",
        retry_after_seconds=5,
    ),
    DependencyFailed: INTERNAL,
}

_UNSUPPORTED_VERSION = ErrorAnswer("UNSUPPORTED_API_VERSION", 404)
_BY_STATUS = {
    400: ErrorAnswer("INVALID_REQUEST", 400, "The request is malformed, or broke off. Send it again whole."),
    412: ErrorAnswer("INVALID_REQUEST", 400, "This is not the version that If-Match names. Send it without."),
    416: ErrorAnswer("INVALID_REQUEST", 400, "The Range is not within the file. Ask for all of it."),
    404: ErrorAnswer("NOT_FOUND", 404, "There is nothing at this path. See /api/v1/docs for what there is."),
    405: ErrorAnswer("METHOD_NOT_ALLOWED", 405, "This path does not take this method; see the Allow header."),
    413: ErrorAnswer("FILE_TOO_LARGE", 413, "The request body is larger than what is allowed here."),
    415: ErrorAnswer("UNSUPPORTED_MEDIA_TYPE", 415, "Send the body as application/json."),
}


def error_codes(table: Mapping[type[Exception], ErrorAnswer]) -> list[str]:
    """Every code that a service with this ``table`` can answer, in alphabetical order."""
    answers = (*COMMON_ERRORS.values(), *_BY_STATUS.values(), _UNSUPPORTED_VERSION, *table.values())
    return sorted({answer.code for answer in answers})


def register_error_handlers(app: Flask, table: Mapping[type[Exception], ErrorAnswer]) -> None:
    """Answer every exception with the envelope; ``table`` is the service's own, by class or base."""
    answers = {**COMMON_ERRORS, **table}

    def handle(exc: Exception) -> Response:
        if isinstance(exc, HTTPException) and not isinstance(exc, InternalServerError):
            return _http_exception(exc)
        answer = next((answers[kind] for kind in type(exc).__mro__ if kind in answers), INTERNAL)
        if answer.status == 503 and exc.__cause__ is None:
            # Nothing failed: this is load shedding or an open circuit breaker
            log.warning("request refused", extra={"context": {"why": type(exc).__name__}})
        elif answer.status >= 500:
            log.error("request failed", exc_info=exc, extra={"context": {"code": answer.code}})
        details = truncate_details(getattr(exc, "details", {}))
        response = respond(answer, answer.message or str(exc), details)
        if hasattr(exc, "retry_after_seconds"):  # one that depends on the time, as of a daily quota
            response.headers["Retry-After"] = str(exc.retry_after_seconds)
        return response

    app.register_error_handler(Exception, handle)
    app.register_error_handler(HTTPException, handle)


def wrap_file_errors(app: Flask) -> None:
    """Put werkzeug's own error responses for files, such as a failed ``If-Match``, into the envelope.

    Register it last: the hook registered last runs first.
    """

    @app.after_request
    def wrap(response: Response) -> Response:
        if response.status_code < 400 or not response.direct_passthrough:  # which files alone are
            return response
        response.close()
        return _http_exception(default_exceptions[response.status_code]())


def respond(answer: ErrorAnswer, message: str, details: dict[str, Any]) -> Response:
    response = jsonify(envelope.error(answer.code, truncate_text(message), details))
    response.status_code = answer.status
    g.error_code = answer.code
    if answer.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(answer.retry_after_seconds)
    return response


def _http_exception(exc: HTTPException) -> Response:
    version = unsupported_version(request.path) if isinstance(exc, NotFound) else None
    if version is not None:
        message = f"There is no API version {version}. Use one of: {envelope.API_VERSION}."
        return respond(_UNSUPPORTED_VERSION, message, {"supported_versions": [envelope.API_VERSION]})
    answer = _BY_STATUS.get(exc.code or 500, _BY_STATUS[400])
    problems = getattr(exc, "data", {}).get("messages", {})  # as webargs leaves them, by location and field
    if problems:
        details = truncate_details({"problems": problems})
        return respond(answer, f"The request is not valid: {_first_problem(details['problems'])}", details)
    response = respond(answer, answer.message or "", {})
    if answer.status == 405:
        response.headers.extend([h for h in exc.get_headers() if h[0] == "Allow"])
    return response


def _first_problem(problems: Any) -> str:
    """``{"json": {"a": ["Unknown field."]}}`` as ``json.a: Unknown field.``"""
    path: list[str] = []
    while isinstance(problems, dict) and problems:
        key, problems = next(iter(problems.items()))
        path.append(str(key))
    text = problems[0] if isinstance(problems, list) and problems else problems
    return f"{'.'.join(path)}: {text}"
