"""The API documentation: one OpenAPI document for both services, and a page that shows it.

The document is generated from the code and checked in (`make openapi`), so jobs serves preview's part too
without knowing preview.
"""

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

OPEN_PATHS = ("/", "/api/v1/docs", "/api/v1/openapi.json", "/static/*")

_STATIC = Path(__file__).parent / "static"
_CONTENT_SECURITY_POLICY = (  # Swagger UI has styles inline, icons as data, pictures as blobs
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'"
)

docs = Blueprint("docs", __name__)


@docs.get("/api/v1/docs")
def page() -> Response:
    response = send_from_directory(_STATIC / "docs", "index.html")
    response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
    return response


@docs.get("/api/v1/openapi.json")
def document() -> Response:
    return send_from_directory(_STATIC, "openapi.json")


@docs.get("/static/<path:name>")
def static_file(name: str) -> Response:
    return send_from_directory(_STATIC, name, max_age=3600)
