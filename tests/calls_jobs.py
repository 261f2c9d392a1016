"""Talking to the jobs app in tests, and checks that hold for every answer."""

import io
from typing import Any

from flask.testing import FlaskClient
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from builders_jobs import in_base64, picture

ADA = {"X-API-Key": "ada-key"}
BOB = {"X-API-Key": "bob-key"}
READER = {"X-API-Key": "read-key"}
ERASER = {"X-API-Key": "erase-key"}
INNER = {"Authorization": "Bearer inner-token"}
PNG = picture("PNG")


def data(response: TestResponse, status: int = 200) -> Any:
    """The data of a success."""
    assert response.status_code == status, response.text
    document = response.get_json()
    assert document["status"] == "success"
    assert document["meta"] == {"request_id": response.headers["X-Request-ID"], "api_version": "v1"}
    return document["data"]


def error(response: TestResponse, status: int, code: str) -> Any:
    """The error itself."""
    document = response.get_json()
    assert (response.status_code, document["error"]["code"]) == (status, code), response.text
    assert document["status"] == "error"
    assert document["meta"]["request_id"] == response.headers["X-Request-ID"]
    assert document["error"]["message"].endswith(".")
    return document["error"]


def inline(content: bytes = PNG, **blueprint: Any) -> dict[str, Any]:
    """The JSON body of a create; ``blueprint`` overrides, None leaves a field out."""
    fields = {"file": in_base64(content), "format": "png"} | blueprint
    return {"blueprint": {name: value for name, value in fields.items() if value is not None}}


def create(client: FlaskClient, headers: dict[str, str] = ADA, **blueprint: Any) -> Any:
    return data(client.post("/api/v1/jobs", json=inline(**blueprint), headers=headers), 201)


def post_form(
    client: FlaskClient,
    content: bytes | None = PNG,
    filename: str = "plan.png",
    media_type: str | None = None,
    key: str | None = None,
    **fields: str,
) -> TestResponse:
    form: dict[str, Any] = dict(fields)
    if content is not None:
        form["file"] = FileStorage(io.BytesIO(content), filename, content_type=media_type)
    boundary, body = encode_multipart(form)  # the test client would leave its temporary file open
    headers = ADA if key is None else ADA | {"Idempotency-Key": key}
    return client.post(
        "/api/v1/jobs", data=body, headers=headers, content_type=f"multipart/form-data; boundary={boundary}"
    )
