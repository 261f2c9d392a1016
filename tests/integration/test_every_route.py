"""Who gets past the gate of each route of both services.

The apps are those of `flask run`, over use cases that nothing here may get to do anything. The routes are the
apps' own, so that a new one is judged too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from dotenv import dotenv_values
from flask import Flask, Response
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from werkzeug.test import TestResponse

import jobs.app
import jobs.settings
import preview.app
import preview.settings
from fakes_shared import lift_rate_limit
from shared.auth import SCOPES, digest

SERVICES = Path(__file__).parents[2] / "services"
TOKEN = "the-internal-token"

KEYS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "all-scopes": (SCOPES, None),
    "expired": (SCOPES, "2020-01-01T00:00:00.000Z"),
    **{f"only-{scope}": ((scope,), None) for scope in SCOPES},
}
"""Scopes and expiry of each key."""

OPEN = {
    "/",
    "/api/v1/docs",
    "/api/v1/openapi.json",
    "/static/<path:name>",
    "/static/viewer/<asked_version>/<path:name>",
    "/health",
    "/health/live",
    "/health/ready",
}
"""What the product answers to anybody."""

ERASING = "/api/v1/jobs/<job_id>/data"


REACHED = 299
"""The status of a request that came as far as a use case."""


class Reached(Exception):
    """Raised by whatever use case is asked for."""


class UseCases:
    """Every use case at once, and each of their methods."""

    def __getattr__(self, name: str) -> Any:
        return self

    def __call__(self, *args: Any, **named: Any) -> Any:
        raise Reached


@pytest.fixture(scope="module")
def apps() -> Iterator[dict[str, Flask]]:
    with pytest.MonkeyPatch.context() as environ, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environ.setenv(name, "test")
        environ.delenv("AWS_ENDPOINT_URL", raising=False)
        apps = {
            "jobs": jobs.app.create_app(
                jobs.settings.Settings.from_env(said("jobs")),
                use_cases=UseCases(),  # type: ignore[arg-type]  # none is reached
            ),
            "preview": preview.app.create_app(
                preview.settings.Settings.from_env(said("preview")),
                use_cases=UseCases(),  # type: ignore[arg-type]  # none is reached
            ),
        }
        for app in apps.values():
            app.register_error_handler(Reached, lambda _: Response(status=REACHED))
        store_secrets(said("jobs"))
        lift_rate_limit(said("jobs")["PARAMETERS_PATH"])
        yield apps
        for app in apps.values():
            for stop in reversed(app.extensions["on_stop"]):
                stop()


def said(service: str) -> dict[str, str]:
    """What a contributor's ``.flaskenv`` sets."""
    return {name: value or "" for name, value in dotenv_values(SERVICES / service / ".flaskenv").items()}


def store_secrets(environ: dict[str, str]) -> None:
    entries = [
        {"id": f"id-{key}", "owner": "ada", "sha256": digest(key), "scopes": scopes, "expires_at": expires_at}
        for key, (scopes, expires_at) in KEYS.items()
    ]
    client = boto3.client("secretsmanager", region_name=environ["AWS_REGION"])
    client.create_secret(Name=environ["API_KEYS_SECRET"], SecretString=json.dumps({"keys": entries}))
    client.create_secret(Name=environ["INTERNAL_TOKEN_SECRET"], SecretString=json.dumps({"current": TOKEN}))
    client.close()


class Call(NamedTuple):
    """``rule`` is the route as Flask has it."""

    app: Flask
    method: str
    rule: str

    @property
    def internal(self) -> bool:
        return self.rule.startswith("/internal/")

    @property
    def scope(self) -> str:
        if self.method in ("GET", "HEAD"):
            return "jobs:read"
        return "jobs:erase" if self.rule == ERASING else "jobs:write"

    @property
    def path(self) -> str:
        return re.sub("<[^>]+>", "job_20240115103000_k3v9q2m4d8x1z", self.rule)

    @property
    def accepted(self) -> dict[str, str]:
        """What opens it."""
        return bearer(TOKEN if self.internal else "all-scopes")

    def send(
        self, headers: Mapping[str, str], query: str = "", json_body: bytes | None = None
    ) -> TestResponse:
        body = {} if json_body is None else {"data": json_body, "content_type": "application/json"}
        client = self.app.test_client()
        return client.open(self.path + query, method=self.method, headers=headers, buffered=True, **body)


def every_call(apps: dict[str, Flask]) -> Iterator[Call]:
    for app in apps.values():
        for rule in app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"OPTIONS"}):
                yield Call(app, method, rule.rule)


@pytest.fixture
def guarded(apps: dict[str, Flask]) -> list[Call]:
    return [call for call in every_call(apps) if call.rule not in OPEN]


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def test_nothing_else_is_open(apps: dict[str, Flask]) -> None:
    answered = {call.rule for call in every_call(apps) if call.send({}).status_code != 401}
    assert answered == OPEN


NO_KEY: list[tuple[Mapping[str, str], str]] = [
    ({}, ""),
    ({}, "?api_key=all-scopes"),
    (bearer("unknown"), ""),
    (bearer("expired"), ""),
    (bearer(""), ""),
    (bearer("all-scopes unknown"), ""),
    ({"Authorization": "Bearer"}, ""),
    ({"Authorization": "all-scopes"}, ""),
    ({"Authorization": "Basic all-scopes"}, ""),
    ({"Authorization": "Token all-scopes"}, ""),
    ({"Authorization": ""}, ""),
    ({"Authorization": "Bearer unknown", "X-API-Key": "all-scopes"}, ""),
    ({"X-API-Key": "unknown"}, ""),
    ({"X-API-Key": "expired"}, ""),
    ({"X-API-Key": ""}, ""),
    ({"X-API-Key": TOKEN}, ""),
    ({"X-API-Key": "Bearer all-scopes"}, ""),
    ({"X-Api-Token": "all-scopes"}, ""),
    ({"Cookie": "api_key=all-scopes; X-API-Key=all-scopes"}, ""),
]


@pytest.mark.parametrize(("headers", "query"), NO_KEY)
def test_what_is_no_valid_key_is_refused_by_every_route_alike(
    guarded: list[Call], headers: Mapping[str, str], query: str
) -> None:
    answers = [call.send(headers, query) for call in guarded]
    assert {answer.status_code for answer in answers} == {401}
    said = [answer.json["error"] for answer in answers if answer.request.method != "HEAD"]
    assert all(error == said[0] for error in said)
    assert said[0]["code"] == "UNAUTHORIZED"


def test_a_key_opens_nothing_internal_and_the_token_nothing_else(guarded: list[Call]) -> None:
    assert {call.internal for call in guarded} == {True, False}
    for call in guarded:
        wrong = bearer("all-scopes" if call.internal else TOKEN)
        assert call.send(wrong).status_code == 401, call
        assert call.send({"X-API-Key": TOKEN}).status_code == 401, call
        assert call.send(call.accepted).status_code not in (401, 403), call


def test_each_route_asks_for_its_scope(guarded: list[Call]) -> None:
    for call in guarded:
        if call.internal:
            continue
        assert call.send(bearer(f"only-{call.scope}")).status_code not in (401, 403), call
        for other in {"jobs:read", "jobs:write", "jobs:erase"} - {call.scope}:
            refused: Any = call.send(bearer(f"only-{other}"))
            assert refused.status_code == 403, (call, other)
            if call.method != "HEAD":
                assert refused.json["error"]["code"] == "FORBIDDEN"
                assert refused.json["error"]["details"] == {"required_scope": call.scope}


FIELDS = ["blueprint", "file", "format", "filename", "upload_id", "options", "preview", "page", "refresh"]
FIELDS += [
    "job_id",
    "to",
    "expected_version",
    "stage",
    "progress",
    "message",
    "result_s3_key",
    "error",
    "code",
    "feedback",
    "room_id",
    "correction",
    "polygon",
    "bounding_box",
    "name",
    "room_type",
    "removed",
    "comment",
    "items",
]
NAMES = st.sampled_from(FIELDS) | st.text()
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.sampled_from(["completed", "failed", "preview", "png", "AAAA", "https://x", 10**400, -(10**400)]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=20,
)
DOCUMENTS = st.builds(
    lambda value, encoding: json.dumps(value, ensure_ascii=False).encode(encoding, "surrogatepass"),
    VALUES,
    st.sampled_from(["utf-8", "utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-32"]),
)
DIGITS = b"1" * 10_000


@example(DIGITS)
@example(b'{"page": %b, "expected_version": %b, "progress": %b}' % (DIGITS, DIGITS, DIGITS))
@example(b'{"page": 1e999, "expected_version": -1e999, "to": "failed", "progress": 1e308}')
@example(b'{"blueprint": {"file": %b, "format": "png"}}' % DIGITS)
@example(b'{"blueprint": {"file": "\\ud800", "format": "\\u0000", "filename": "\\udfff"}}')
@example(b'{"blueprint": {"upload_id": "\\ud800"}}')
@example(b'{"job_id": "\\ud800", "\\ud800": 1}')
@example(b"[" * 60_000)
@example(b'{"blueprint":' * 4_000)
@example(b'{"page": NaN, "refresh": Infinity}')
@given(DOCUMENTS | st.binary())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_json_is_more_than_the_callers_mistake(guarded: list[Call], body: bytes) -> None:
    for call in guarded:
        if call.method == "POST":
            answer = call.send(call.accepted, json_body=body)
            assert answer.status_code in (REACHED, 400, 404), (call, answer.data)
            assert len(answer.data) < 8_000


def test_json_that_is_right_is_taken(guarded: list[Call]) -> None:
    """Or else the test above would show little."""
    job = {
        "job_id": "job_20240115103000_k3v9q2m4d8x1z",
        "owner": "local",
        "status": "pending",
        "page_count": 1,
        "expires_at": "2024-01-22T10:30:00.000Z",
    }
    bodies = [
        {"blueprint": {"file": "AAAA", "format": "png"}},
        {"page": 2, "refresh": True},
        {"job": job},
        {"job": job, "pages": "all"},
        {"to": "processing", "expected_version": 1},
        {"number": 1, "asked": 1, "done": 0, "failed": 0, "begun": False},
        {"pages": "all"},
        {"filename": "plan.png"},
        {"feedback": "correct", "room_id": "room_001"},
    ]
    for call in guarded:
        if call.method == "POST":
            statuses = [call.send(call.accepted, json_body=json.dumps(body).encode()) for body in bodies]
            assert REACHED in [answer.status_code for answer in statuses], call


@pytest.mark.parametrize(
    "spelt", ["1_0", "%D9%A1", "%EF%BC%91", "%2B1", "%201", "1%20", "1.0", "1e0", "0x1", "-", ""]
)
def test_what_is_no_decimal_number_is_refused(guarded: list[Call], spelt: str) -> None:
    taken = 0
    for call in guarded:
        for name in ("limit", "page", "expected_version"):
            if call.send(call.accepted, f"?{name}=1").status_code == REACHED:
                taken += 1
                assert call.send(call.accepted, f"?{name}={spelt}").status_code == 400, (call, name)
    assert taken >= 4
