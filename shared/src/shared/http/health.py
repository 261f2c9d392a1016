"""``/health``: bare documents for load balancers and people."""

import threading

from flask import Blueprint, Response, jsonify

from shared.health import HealthProbes


def health_blueprint(probes: HealthProbes, draining: threading.Event) -> Blueprint:
    """``live`` asks nothing of others; ``ready`` is off too while the worker drains."""
    blueprint = Blueprint("health", __name__, url_prefix="/health")

    @blueprint.get("")
    def health() -> Response:
        return _document(probes.check())

    @blueprint.get("/ready")
    def ready() -> Response:
        return _document(probes.check() | ({"worker": "unhealthy"} if draining.is_set() else {}))

    @blueprint.get("/live")
    def live() -> Response:
        return _document({})

    return blueprint


def _document(services: dict[str, str]) -> Response:
    healthy = all(state == "healthy" for state in services.values())
    response = jsonify({"status": "healthy" if healthy else "unhealthy", "services": services})
    response.status_code = 200 if healthy else 503
    response.headers["Cache-Control"] = "no-store"
    return response
