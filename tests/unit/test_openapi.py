"""The checked-in OpenAPI documents, and the page that shows them."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jobs.api.docs import docs
from jobs.api.json_file import MAX_WITHOUT_FILE_BYTES
from jobs.domain.blueprint_file import MAX_BLUEPRINT_BYTES, MAX_PAGES, MAX_PIXELS
from jobs.domain.job import JOB_ID_PATTERN
from preview.domain.budget import DEFAULT_DEADLINE_SECONDS

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def generated() -> dict[Path, dict[str, Any]]:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/openapi/generate.py")
    assert spec is not None
    assert spec.loader is not None
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in generate.ENVIRON.items():
            patch.setenv(name, value)
        documents: dict[Path, dict[str, Any]] = generate.documents()
    return documents


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__, static_folder=None)
    app.register_blueprint(docs)
    return app.test_client()


def test_documents_are_what_the_code_says(generated: dict[Path, dict[str, Any]]) -> None:
    for path, document in generated.items():
        assert json.loads(path.read_text()) == document, f"{path.name} is stale; run 'make openapi'"


def test_the_public_document_has_both_services_and_nothing_internal(client: FlaskClient) -> None:
    with client.get("/api/v1/openapi.json") as answer:
        document = answer.get_json()
    assert document["openapi"].startswith("3.1")
    assert {"/api/v1/jobs", "/api/v1/uploads", "/api/v1/jobs/{job_id}/preview", "/health"} <= set(
        document["paths"]
    )
    assert not [path for path in document["paths"] if path.startswith("/internal")]


def test_every_reference_leads_somewhere(generated: dict[Path, dict[str, Any]]) -> None:
    for path, document in generated.items():
        for reference in re.findall(r'"#/([^"]+)"', json.dumps(document)):
            node: Any = document
            for part in reference.split("/"):
                assert part in node, f"{path.name}: {reference}"
                node = node[part]


def test_both_services_and_the_guide_say_the_form_of_a_job_id(generated: dict[Path, dict[str, Any]]) -> None:
    parameters = [
        parameter
        for document in generated.values()
        for item in document["paths"].values()
        for parameter in item.get("parameters", [])
        if parameter["name"] == "job_id"
    ]
    assert {parameter["schema"]["pattern"] for parameter in parameters} == {JOB_ID_PATTERN}
    assert f"`{JOB_ID_PATTERN}`" in (ROOT / "docs/api.md").read_text()


def test_every_operation_says_what_it_does(generated: dict[Path, dict[str, Any]]) -> None:
    for document in generated.values():
        for path, item in document["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    assert operation.get("summary"), f"{method} {path}"


def test_every_operation_has_a_name_of_its_own(generated: dict[Path, dict[str, Any]]) -> None:
    for path, document in generated.items():
        names = [
            operation.get("operationId")
            for item in document["paths"].values()
            for method, operation in item.items()
            if method != "parameters"
        ]
        assert all(re.fullmatch("[a-z]+([A-Z][a-z]*)+", name or "") for name in names), path.name
        assert len(set(names)) == len(names), path.name


def test_the_public_document_says_where_it_is_served(client: FlaskClient) -> None:
    with client.get("/api/v1/openapi.json") as answer:
        assert [server["url"] for server in answer.get_json()["servers"]] == ["/"]


def test_what_is_always_the_same_is_a_constant(generated: dict[Path, dict[str, Any]]) -> None:
    for document in generated.values():
        schemas = document["components"]["schemas"]
        envelopes = [schema for name, schema in schemas.items() if name.endswith("Envelope")]
        assert envelopes
        for schema in envelopes:
            status = schema["properties"]["status"]
            assert status in ({"type": "string", "const": "success"}, {"type": "string", "const": "error"})


def test_a_form_is_offered_first(client: FlaskClient) -> None:
    """Generators that know one content type of a body take the first."""
    with client.get("/api/v1/openapi.json") as answer:
        body = answer.get_json()["paths"]["/api/v1/jobs"]["post"]["requestBody"]
    assert list(body["content"]) == ["multipart/form-data", "application/json"]


def test_the_page_needs_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    linked = re.findall(r'(?:src|href)="(/[^"]+)"', page.text)
    assert len(linked) == 4
    for path in linked:
        answer = client.get(path)
        assert answer.status_code == 200, path
        answer.close()
    page.close()


def test_static_files_stay_in_their_folder(client: FlaskClient) -> None:
    for path in ("/static/../docs.py", "/static/%2e%2e/docs.py", "/static/none"):
        assert client.get(path).status_code == 404


def test_the_guide_names_the_scope_of_every_route(client: FlaskClient) -> None:
    """Which scope that is, `test_every_route.py` asks the apps."""
    with client.get("/api/v1/openapi.json") as answer:
        paths = answer.get_json()["paths"]
    public = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, item in paths.items()
        if path.startswith("/api/v1/")
        for method in item
        if method != "parameters"
    }
    guide = (ROOT / "docs/api.md").read_text(encoding="utf-8")
    named = {
        (route, scope)
        for cell, scope in re.findall(r"^\| (.+) \| `(jobs:\w+)` \|$", guide, flags=re.MULTILINE)
        for route in _routes(cell)
    }
    assert named == {(route, _scope(*route)) for route in public}


@pytest.mark.parametrize(
    "limit",
    [
        f"({MAX_BLUEPRINT_BYTES:,} bytes, decoded)",
        f"| {MAX_WITHOUT_FILE_BYTES // 1024} KiB |",
        f"| {MAX_PIXELS // 10**6} megapixels |",
        f"| {MAX_PAGES} pages |",
        f"| a preview | {DEFAULT_DEADLINE_SECONDS:g} s |",
    ],
)
def test_the_guide_has_the_limits_of_the_code(limit: str) -> None:
    assert limit in (ROOT / "docs/api.md").read_text(encoding="utf-8")


def _routes(cell: str) -> list[tuple[str, str]]:
    """Those in a cell of the table; the first of them has the method of those that lack one."""
    quoted = re.findall("`([^`]+)`", cell)
    first, *_ = quoted[0].split()
    routes = [text.split() if " " in text else [first, text] for text in quoted]
    return [(method, path.replace("…", "/jobs/{job_id}")) for method, path in routes]


def _scope(method: str, path: str) -> str:
    if path.endswith("/data"):
        return "jobs:erase"
    return "jobs:read" if method == "GET" else "jobs:write"
