"""A Flask app with everything in place that both services share; the service adds its blueprints."""

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask
from flask_cors import CORS
from werkzeug.middleware.proxy_fix import ProxyFix

from shared.health import HealthProbes
from shared.http.blueprint import EnvelopeApi, EnvelopeBlueprint
from shared.http.envelope import API_VERSION
from shared.http.errors import ErrorAnswer, error_codes, register_error_handlers, wrap_file_errors
from shared.http.health import health_blueprint
from shared.http.rate_limits import add_rate_limit_headers
from shared.http.request_guard import install_request_guard
from shared.http.requests import track_requests
from shared.http.security_headers import add_security_headers
from shared.http.versions import default_version
from shared.runtime import Runtime
from shared.scratch import ScratchFolder

_REQUEST_HEADERS = [
    "Content-Type",
    "Authorization",
    "X-API-Key",
    "X-Correlation-ID",
    "Idempotency-Key",
    "If-None-Match",
    "Prefer",
    "traceparent",
]
_EXPOSED_HEADERS = [
    "X-Request-ID",
    "X-Correlation-ID",
    "Location",
    "ETag",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Idempotency-Replayed",
    "Content-Disposition",
    "Preference-Applied",
    "X-Missing-Pages",
]
_SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}
_PREFLIGHT_SECONDS = 600  # Chromium keeps a preflight for two hours at most, Firefox for a day


@dataclass(frozen=True, slots=True)
class HttpSettings:
    """``request_seconds`` is the deadline of a route that sets none of its own."""

    title: str
    cors_origins: tuple[str, ...]
    request_seconds: float
    open_paths: tuple[str, ...] = ()


def create_app(
    import_name: str,
    settings: HttpSettings,
    *,
    runtime: Runtime,
    probes: HealthProbes,
    errors: Mapping[type[Exception], ErrorAnswer],
    blueprints: tuple[EnvelopeBlueprint, ...],
) -> Flask:
    """The app; its ``extensions`` tell the server what to call when a worker starts and stops.

    ``on_start``, ``on_drain`` (before a stop, while requests are still taken) and ``on_stop`` (called last
    first) are lists of callbacks.
    """
    app = Flask(import_name, static_folder=None)
    _configure(app, settings.title)
    draining = _add_server_hooks(app, probes)
    track_requests(app, runtime.metrics, settings.request_seconds)
    add_rate_limit_headers(app)
    open_paths = ("/health*", *settings.open_paths)
    install_request_guard(app, runtime.keys, runtime.token, runtime.limits, open_paths)
    register_error_handlers(app, errors)
    add_security_headers(app)
    allow_origins(app, settings.cors_origins)
    wrap_file_errors(app)
    api = EnvelopeApi(app, error_codes(errors))
    for blueprint in (*blueprints, health_blueprint(probes, draining)):
        api.register_blueprint(blueprint)
    return app


def _configure(app: Flask, title: str) -> None:
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.url_map.merge_slashes = False
    app.config.update(
        API_TITLE=title,
        API_VERSION=API_VERSION,
        OPENAPI_VERSION="3.1.0",
        API_SPEC_OPTIONS={
            "security": [{"bearer": []}, {"api_key": []}],
            "components": {"securitySchemes": _SECURITY_SCHEMES},
        },
        MAX_FORM_PARTS=20,
    )
    # Only the load balancer reaches a service, so its X-Forwarded headers can be trusted.
    through_proxy = ProxyFix(default_version(app.wsgi_app), x_for=1, x_proto=1)
    app.wsgi_app = through_proxy  # type: ignore[method-assign]  # as Flask has it


def _add_server_hooks(app: Flask, probes: HealthProbes) -> threading.Event:
    """What ``docker/gunicorn.conf.py`` calls; the event that says that the worker is about to stop."""
    draining = threading.Event()
    scratch = ScratchFolder()
    on_stop: list[Callable[[], None]] = [scratch.close, probes.close]
    app.extensions.update(on_start=[scratch.open], on_drain=[draining.set], on_stop=on_stop)
    return draining


def allow_origins(app: Flask, origins: tuple[str, ...]) -> None:
    """Exactly these, or any for ``*`` alone."""
    # Patterns of our own, since flask-cors takes a string with a bracket or a star for one, open at its end
    exactly = [re.compile(re.escape(origin) + r"\Z") for origin in origins]
    CORS(
        app,
        origins="*" if origins == ("*",) else exactly,
        methods=["GET", "POST", "DELETE", "OPTIONS"],
        allow_headers=_REQUEST_HEADERS,
        expose_headers=_EXPOSED_HEADERS,
        max_age=_PREFLIGHT_SECONDS,
    )
