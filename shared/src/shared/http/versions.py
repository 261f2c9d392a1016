"""API versions in paths: ``/api/jobs`` means ``/api/v1/jobs``."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from shared.http.envelope import API_VERSION

_VERSIONED = re.compile(r"^/api/(v\d+)(?:/|$)")

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


def unsupported_version(path: str) -> str | None:
    """The version in a path, if it is not supported."""
    match = _VERSIONED.match(path)
    return match[1] if match and match[1] != API_VERSION else None


def default_version(wsgi_app: WsgiApp) -> WsgiApp:
    """WSGI middleware that adds the version to a path under ``/api/`` that names none."""

    def call(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/api/") and not _VERSIONED.match(path):
            environ["PATH_INFO"] = f"/api/{API_VERSION}/{path.removeprefix('/api/')}"
        return wsgi_app(environ, start_response)

    return call
