"""The one shape of every JSON answer."""

from functools import cache
from typing import Any

import marshmallow as ma

from shared import context

API_VERSION = "v1"


def success(data: Any) -> dict[str, Any]:
    return {"status": "success", "data": data, "meta": _meta()}


def error(code: str, message: str, details: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": "error",
        "error": {"code": code, "message": message, "details": details},
        "meta": _meta(),
    }


def _meta() -> dict[str, Any]:
    return {"request_id": context.current().request_id, "api_version": API_VERSION}


class MetaSchema(ma.Schema):
    request_id = ma.fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "Also the X-Request-ID header; quote it when asking for help.",
            "example": "req_20240115103000_k3v9q2m4d8x1z",
        },
    )
    api_version = ma.fields.String(required=True, metadata={"example": API_VERSION})


class ErrorCode(ma.fields.String):
    """Documented as the component ``ErrorCode``, which lists the codes of the app that it stands in."""


class ErrorBodySchema(ma.Schema):
    code = ErrorCode(required=True)
    message = ma.fields.String(required=True, metadata={"description": "What to do, for a person."})
    details = ma.fields.Dict(required=True, metadata={"description": "What was found, for a program."})


class ErrorEnvelopeSchema(ma.Schema):
    """The answer of every error."""

    status = ma.fields.Constant("error", required=True)
    error = ma.fields.Nested(ErrorBodySchema, required=True)
    meta = ma.fields.Nested(MetaSchema, required=True)


@cache
def envelope_schema(data_schema: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a successful answer whose ``data`` is ``data_schema``; for the documentation only."""
    name = data_schema.__name__.removesuffix("Schema")
    return type(
        f"{name}EnvelopeSchema",
        (ma.Schema,),
        {
            "status": ma.fields.Constant("success", required=True),
            "data": ma.fields.Nested(data_schema, required=True),
            "meta": ma.fields.Nested(MetaSchema, required=True),
        },
    )
