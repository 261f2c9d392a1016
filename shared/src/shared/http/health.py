"""``/health``: bare documents for load balancers and people."""

import threading

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
    blueprint = Blueprint("health", __name__, url_prefix="/health", description="Whether the service is well")

    @blueprint.route("")
    @blueprint.doc(
        operationId="getHealth", summary="Health of the service and of what it stands on", security=[]
    )
    @blueprint.response(200, HealthSchema)
    @blueprint.alt_response(503, schema=HealthSchema, description="Something is unhealthy")
    def health() -> Response:
        return _document(probes.check())

    @blueprint.route("/ready")
    @blueprint.doc(
        operationId="getReadiness", summary="Whether new requests should be sent here", security=[]
    )
    @blueprint.response(200, HealthSchema)
    @blueprint.alt_response(503, schema=HealthSchema, description="Unhealthy, or about to stop")
    def ready() -> Response:
        return _document(probes.check() | ({"worker": "unhealthy"} if draining.is_set() else {}))

    @blueprint.route("/live")
    @blueprint.doc(
        operationId="getLiveness", summary="Whether the process answers; asks nothing of others", security=[]
    )
    @blueprint.response(200, HealthSchema)
    def live() -> Response:
        return _document({})

    return blueprint


def _document(services: dict[str, str]) -> Response:
    healthy = all(state == "healthy" for state in services.values())
    response = jsonify({"status": "healthy" if healthy else "unhealthy", "services": services})
    response.status_code = 200 if healthy else 503
    return response
