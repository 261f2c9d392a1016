"""What is refused before a view runs, in the order that callers may rely on.

First, with 503, what waited too long for a thread (`shared.load_shedding`). Then 401, 429, 404 of
route or version, 405, 403, 413, 415, 400 of the query.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, g, request
from werkzeug.wsgi import LimitedStream

from shared import context
from shared.auth import READ_SCOPE, WRITE_SCOPE, ApiKeys, InternalToken, Principal
from shared.client_timeouts import ClientSocket
from shared.http.errors import (
    FileTooLarge,
    Forbidden,
    InvalidRequest,
    Overloaded,
    Unauthorized,
    UnsupportedContentEncoding,
    UnsupportedMediaType,
)
from shared.http.rate_limits import enforce_rate_limit
from shared.http.requests import matched_route
from shared.load_shedding import queued_too_long
from shared.logs import audit
from shared.rate_limits import RateLimits

View = TypeVar("View", bound=Callable[..., Any])

_SMALL_BODY_BYTES = 64 * 1024
_NEVER_SHED = ("/health", "/internal/")
"""A busy task must not look dead, and calls between the services finish work that has begun."""

_JSON_ONLY: Mapping[str, int] = {"application/json": _SMALL_BODY_BYTES}


def body(limits: Mapping[str, int]) -> Callable[[View], View]:
    """Decorate a view's method: the media types it takes and their limits. Without it: JSON up to 64 KiB."""

    def decorate(view: View) -> View:
        view._body_limits = limits  # type: ignore[attr-defined]  # read by the request guard
        return view

    return decorate


def scope(name: str) -> Callable[[View], View]:
    """Decorate a view's method: the scope it needs. Without it: ``jobs:read`` to GET, else ``jobs:write``."""

    def decorate(view: View) -> View:
        view._scope = name  # type: ignore[attr-defined]  # read by the request guard
        return view

    return decorate


def principal() -> Principal:
    """The owner who makes the request in progress; only for views behind an API key."""
    found: Principal = g.principal
    return found


def install_request_guard(
    app: Flask, keys: ApiKeys, token: InternalToken, limits: RateLimits, open_paths: tuple[str, ...]
) -> None:
    """``open_paths`` need no key and are not counted; one that ends in ``*`` stands for all that begin so."""

    @app.before_request
    def guard() -> None:
        if queued_too_long.get() and not request.path.startswith(_NEVER_SHED):
            raise Overloaded
        if request.method != "OPTIONS" and not _matches(request.path, open_paths):
            _authenticate(keys, token, limits)
        if request.routing_exception is not None:
            raise request.routing_exception
        view = _view_function(app)
        if hasattr(g, "principal"):
            _check_scope(view)
        _check_body(view)
        if request.method != "OPTIONS":  # a browser asks with the URL that it is about to use, query and all
            _check_query(view)


def _authenticate(keys: ApiKeys, token: InternalToken, limits: RateLimits) -> None:
    internal = request.path.startswith("/internal/")
    presented = _presented_key(allow_header=not internal)
    if internal:
        accepted = presented is not None and token.accepts(presented)
    else:
        found = keys.authenticate(presented) if presented is not None else None
        accepted = found is not None
        if found is not None:
            g.principal = found
            context.bind(key_id=found.key_id)
            _set_connection_owner(found.owner)
            enforce_rate_limit(limits.take_for_key(found.key_id))
    if not accepted:
        enforce_rate_limit(limits.take_for_address(request.remote_addr or "unknown"))
        _audit_refusal(401)
        raise Unauthorized


def _set_connection_owner(owner: str) -> None:
    """Tell the server whose connection it is: an owner may hold few threads (`shared.slow_clients`)."""
    connection = request.environ.get("gunicorn.socket")
    if isinstance(connection, ClientSocket):
        connection.owner = owner


def _presented_key(*, allow_header: bool) -> str | None:
    authorization = request.headers.get("Authorization")
    if authorization is not None:
        scheme, _, credentials = authorization.partition(" ")
        return credentials.strip() if scheme.lower() == "bearer" else None
    return request.headers.get("X-API-Key") if allow_header else None


def _check_scope(view: Callable[..., Any] | None) -> None:
    by_method = READ_SCOPE if request.method in ("GET", "HEAD", "OPTIONS") else WRITE_SCOPE
    scope = getattr(view, "_scope", by_method)
    if scope not in principal().scopes:
        _audit_refusal(403, scope=scope)
        raise Forbidden(scope)


def _audit_refusal(status: int, **fields: str) -> None:
    caller = {"remote": request.remote_addr, "method": request.method, "route": matched_route()}
    audit("key_refused", status=status, **caller, **fields)


def _check_body(view: Callable[..., Any] | None) -> None:
    limits = getattr(view, "_body_limits", _JSON_ONLY)
    limit = limits.get(request.mimetype, _SMALL_BODY_BYTES)
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise FileTooLarge(limit)
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        request.max_content_length = None
        request.environ["wsgi.input"] = _CutOff(request.environ["wsgi.input"], limit + 1, is_max=True)
    elif not request.content_length:
        return
    encoding = request.headers.get("Content-Encoding", "identity")
    if encoding.strip().lower() != "identity":
        raise UnsupportedContentEncoding(encoding)
    if request.mimetype not in limits:
        raise UnsupportedMediaType(request.mimetype, list(limits))
    if limits is _JSON_ONLY and not _takes("json", view):
        raise InvalidRequest("This route takes no body.")  # unread: some of these routes need no key


def _check_query(view: Callable[..., Any] | None) -> None:
    if request.args and not _takes("query", view):
        problems = {"problems": {"query": {name: ["Unknown field."] for name in request.args}}}
        raise InvalidRequest("This route takes no query parameters.", problems)
    repeated = [name for name, values in request.args.lists() if len(values) > 1]
    if repeated:
        problems = {"problems": {"query": {name: ["Given more than once."] for name in repeated}}}
        raise InvalidRequest("A query parameter may be given once.", problems)


class _CutOff(LimitedStream):
    """A body without a length, cut off with 413; werkzeug's own stream would end quietly at its limit."""

    @property
    def is_exhausted(self) -> bool:
        return False


def _takes(location: str, view: Callable[..., Any] | None) -> bool:
    documented = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", [])
    return any(parameter["in"] == location for parameter in documented)


def _view_function(app: Flask) -> Callable[..., Any] | None:
    view = app.view_functions.get(request.endpoint or "")
    view_class = getattr(view, "view_class", None)
    if view_class is None:
        return view
    method = "get" if request.method == "HEAD" else request.method.lower()
    function: Callable[..., Any] | None = getattr(view_class, method, None)
    return function


def _matches(path: str, patterns: tuple[str, ...]) -> bool:
    return any(path.startswith(p[:-1]) if p.endswith("*") else path == p for p in patterns)
