"""``/health``: bare documents for load balancers and people."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from flask_smorest import Blueprint

from shared.health import HealthProbes

_STATES = ma.validate.OneOf(["healthy", "unhealthy"])


class HealthSchema(ma.Schema):
    status = ma.fields.String(required=True, validate=_STATES)
    services = ma.fields.Dict(
        required=True,
        keys=ma.fields.String(),
        values=ma.fields.String(validate=_STATES),
        metadata={"example": {"dynamodb": "healthy", "s3": "healthy"}},
    )


def health_blueprint(probes: HealthProbes, draining: threading.Event) -> Blueprint:
    """``live`` asks nothing of others; ``ready`` is off too while the worker drains."""
    blueprint = Blueprint("health", __name__, url_prefix="/health", description="Health of the service")
    unhealthy = partial(blueprint.alt_response, 503, schema=HealthSchema)

    @blueprint.route("")
    @_documented(blueprint, "getHealth", "Health of the service and its dependencies")
    @unhealthy(description="Something is unhealthy")
    def health() -> Response:
        return _document(probes.check())

    @blueprint.route("/ready")
    @_documented(blueprint, "getReadiness", "Whether new requests should be sent here")
    @unhealthy(description="Unhealthy, or about to stop")
    def ready() -> Response:
        return _document(probes.check() | ({"worker": "unhealthy"} if draining.is_set() else {}))

    @blueprint.route("/live")
    @_documented(blueprint, "getLiveness", "Whether the process answers; checks no dependency")
    def live() -> Response:
        return _document({})

    return blueprint


def _documented(
    blueprint: Blueprint, operation_id: str, summary: str
) -> Callable[[Callable[..., Response]], Any]:
    doc = blueprint.doc(operationId=operation_id, summary=summary, security=[])
    response = blueprint.response(200, HealthSchema)
    return lambda view: doc(response(view))


def _document(services: dict[str, str]) -> Response:
    healthy = all(state == "healthy" for state in services.values())
    response = jsonify({"status": "healthy" if healthy else "unhealthy", "services": services})
    response.status_code = 200 if healthy else 503
    return response
