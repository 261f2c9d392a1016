"""What a browser is told by both services before it asks, and which headers its scripts may read.

Routes, queries and headers are those of the OpenAPI document, so that a new one is asked too.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from dotenv import dotenv_values
from flask import Flask
from moto import mock_aws
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

import jobs.app
import jobs.settings
import preview.app
import preview.settings

SERVICES = Path(__file__).parents[2] / "services"
DOCUMENT = SERVICES / "jobs/src/jobs/api/static/openapi.json"
ORIGIN = "https://plans.example"


@pytest.fixture(scope="module")
def apps() -> Iterator[list[Flask]]:
    """Both services as `flask run` makes them."""
    with pytest.MonkeyPatch.context() as environ, mock_aws():
        environ.setenv("AWS_ACCESS_KEY_ID", "test")
        environ.setenv("AWS_SECRET_ACCESS_KEY", "test")
        environ.delenv("AWS_ENDPOINT_URL", raising=False)
        apps = [
            jobs.app.create_app(jobs.settings.Settings.from_env(said("jobs"))),
            preview.app.create_app(preview.settings.Settings.from_env(said("preview"))),
        ]
        yield apps
        for app in apps:
            for stop in reversed(app.extensions["on_stop"]):
                stop()


def said(service: str) -> dict[str, str]:
    """What a contributor's ``.flaskenv`` sets."""
    return {name: value or "" for name, value in dotenv_values(SERVICES / service / ".flaskenv").items()}


class Operation(NamedTuple):
    """One operation of the OpenAPI document, with an example for each variable of its path."""

    method: str
    path: str
    queries: tuple[str, ...]
    headers: tuple[str, ...]
    answered_headers: tuple[str, ...]


def operations() -> list[Operation]:
    paths = json.loads(DOCUMENT.read_text())["paths"]
    return [
        operation(method, path, fields, item.get("parameters", []))
        for path, item in paths.items()
        for method, fields in item.items()
        if method != "parameters"
    ]


def operation(method: str, path: str, fields: dict[str, Any], shared: list[dict[str, Any]]) -> Operation:
    parameters = [*shared, *fields.get("parameters", [])]

    def named(location: str) -> list[str]:
        return [parameter["name"] for parameter in parameters if parameter["in"] == location]

    for parameter in parameters:
        if parameter["in"] == "path":
            path = path.replace("{" + parameter["name"] + "}", parameter["schema"]["example"])
    queries = [f"?{name}=1" for name in named("query")] + ["?" + "&".join(f"{n}=1" for n in named("query"))]
    headers = {"authorization", "x-correlation-id", "traceparent", *map(str.lower, named("header"))}
    headers |= {"content-type"} if "requestBody" in fields else set()
    answered = {name for response in fields["responses"].values() for name in response.get("headers", {})}
    unknown = "?unknown=1&unknown=2"
    return Operation(
        method.upper(), path, ("", *queries, unknown), tuple(sorted(headers)), tuple(sorted(answered))
    )


def knows(app: Flask, operation: Operation) -> bool:
    try:
        app.url_map.bind("").match(operation.path, operation.method)
    except HTTPException:
        return False
    return True


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: f"{operation[0]} {operation[1]}")
def test_a_preflight_is_answered_whatever_its_query(apps: list[Flask], operation: Operation) -> None:
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": operation.method,
        "Access-Control-Request-Headers": ",".join(operation.headers),
        "Sec-Fetch-Mode": "cors",
    }
    serving = [app for app in apps if knows(app, operation)]
    assert serving
    for app in serving:
        for query in operation.queries:
            answer = app.test_client().options(operation.path + query, headers=asked)
            assert answer.status_code == 200, answer.text
            assert answer.headers["Access-Control-Allow-Origin"] in ("*", ORIGIN)
            assert operation.method in listed(answer, "Access-Control-Allow-Methods")
            allowed = {name.lower() for name in listed(answer, "Access-Control-Allow-Headers")}
            assert set(operation.headers) <= allowed


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: f"{operation[0]} {operation[1]}")
def test_a_script_may_read_every_documented_header(apps: list[Flask], operation: Operation) -> None:
    for app in apps:
        answer = app.test_client().open(operation.path, method=operation.method, headers={"Origin": ORIGIN})
        exposed = listed(answer, "Access-Control-Expose-Headers")
        assert {*operation.answered_headers, "Content-Disposition"} <= exposed


def listed(answer: TestResponse, header: str) -> set[str]:
    return set(answer.headers[header].split(", "))
