"""The OpenAPI description of this service, as flask-smorest derives it."""

import json
from typing import Any

import pytest
from flask import Flask
from openapi_spec_validator import validate

METHODS = {
    "/api/v1/jobs/{job_id}/feedback": {"get", "post"},
    "/api/v1/jobs/{job_id}/feedback/{feedback_id}": {"delete"},
    "/internal/v1/jobs/{job_id}/feedback": {"get"},
    "/api/v1/jobs": {"get", "post"},
    "/api/v1/jobs/{job_id}": {"get", "delete"},
    "/api/v1/jobs/{job_id}/blueprint": {"get"},
    "/api/v1/jobs/{job_id}/data": {"delete"},
    "/api/v1/uploads": {"post"},
    "/internal/v1/jobs/{job_id}": {"get"},
    "/internal/v1/jobs/{job_id}/pages": {"post"},
    "/internal/v1/jobs/{job_id}/transitions": {"post"},
}


@pytest.fixture(scope="module")
def spec(app: Flask) -> Any:
    (api,) = app.extensions["flask-smorest"]["apis"].values()
    return api["ext_obj"].spec.to_dict()


def test_it_is_valid_and_names_every_route(spec: Any) -> None:
    validate(json.loads(json.dumps(spec)))
    ours = {path: item for path, item in spec["paths"].items() if not path.startswith("/health")}
    assert {path: set(item) & {"get", "post", "delete"} for path, item in ours.items()} == METHODS


def test_every_field_of_a_job_is_described(spec: Any) -> None:
    for name, field in spec["components"]["schemas"]["Job"]["properties"].items():
        assert "description" in field or "description" in str(field), name


def test_a_form_may_hold_what_it_has_to(spec: Any) -> None:
    body = spec["paths"]["/api/v1/jobs"]["post"]["requestBody"]["content"]
    form = spec["components"]["schemas"][body["multipart/form-data"]["schema"]["$ref"].split("/")[-1]]
    assert set(form["properties"]) == {"file", "format", "preview", "pages"}
    assert form["required"] == ["file"]


@pytest.mark.parametrize(
    ("path", "method", "codes"),
    [
        ("/api/v1/jobs", "post", ["INVALID_FILE_FORMAT", "URL_NOT_ALLOWED", "UPLOAD_NOT_FOUND"]),
        ("/api/v1/jobs/{job_id}", "delete", ["JOB_ALREADY_COMPLETED", "CONCURRENT_UPDATE", "INVALID_JOB_ID"]),
        ("/internal/v1/jobs/{job_id}/transitions", "post", ["JOB_CANCELLED", "JOB_NOT_FOUND"]),
    ],
)
def test_errors_are_documented_by_code(spec: Any, path: str, method: str, codes: list[str]) -> None:
    answers = str(spec["paths"][path][method]["responses"])
    assert [code for code in codes if code not in answers] == []


def test_the_blueprint_is_documented_in_its_types(spec: Any) -> None:
    content = spec["paths"]["/api/v1/jobs/{job_id}/blueprint"]["get"]["responses"]["200"]["content"]
    assert set(content) == {"image/png", "image/jpeg", "application/pdf"}


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/openapi.json", "/static/docs/swagger-ui.css"])
@pytest.mark.parametrize("headers", [{"If-Match": '"another"'}, {"Range": "bytes=99999999-"}])
def test_conditions_that_a_file_does_not_meet_are_answered_in_the_envelope(
    app: Flask, path: str, headers: dict[str, str]
) -> None:
    answer: Any = app.test_client().get(path, headers=headers)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")
    assert next(iter(headers)) in answer.json["error"]["message"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Request-ID"] == answer.json["meta"]["request_id"]
    assert "Content-Range" not in answer.headers
