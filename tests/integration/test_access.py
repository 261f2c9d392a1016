"""Who still gets in after a key, the token or the secret was changed: the real app, on secrets in moto."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import boto3
import pytest
from flask.testing import FlaskClient
from moto import mock_aws

import builders_jobs
import jobs.app
from fakes_shared import lift_rate_limit
from jobs.cli.api_keys import KeyRing
from jobs.cli.internal_token import TokenSecret

SETTINGS = builders_jobs.settings()
STALE_AT_ONCE = 0.000_001
"""Seconds, after which every request comes after a quiet time."""

FRESH_THROUGHOUT = 3600.0
PATIENCE_SECONDS = 30.0
OPEN, REFUSED, UNAVAILABLE = 404, 401, 503
"""Of a route that is not there: whoever gets past the gate is told so."""


@pytest.fixture
def secrets() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as environ, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environ.setenv(name, "test")
        environ.delenv("AWS_ENDPOINT_URL", raising=False)
        lift_rate_limit(SETTINGS.parameters_path)
        client = boto3.client("secretsmanager", region_name=SETTINGS.region)
        client.create_secret(Name=SETTINGS.internal_token_secret, SecretString='{"current": "first"}')
        yield client
        client.close()


@pytest.fixture
def ring(secrets: Any) -> KeyRing:
    return KeyRing(secrets, SETTINGS.api_keys_secret)


def issue(ring: KeyRing) -> tuple[str, str]:
    entry, key = ring.issue("ada", ("jobs:read",), None)
    return entry.id, key


@pytest.fixture
def service(secrets: Any) -> Iterator[Callable[[float], FlaskClient]]:
    """The jobs service, with so many seconds as the time of its cache."""
    with ExitStack() as stack:

        def start(cache_seconds: float) -> FlaskClient:
            app = jobs.app.create_app(builders_jobs.settings(config_cache_seconds=cache_seconds))
            for stop in app.extensions["on_stop"]:
                stack.callback(stop)
            return app.test_client()

        yield start


def ask(client: FlaskClient, key: str, path: str = "/api/v1/nothing") -> int:
    return client.get(path, headers={"Authorization": f"Bearer {key}"}).status_code


def test_a_revoked_key_opens_nothing_once_its_time_is_over(
    ring: KeyRing, service: Callable[[float], FlaskClient]
) -> None:
    key_id, key = issue(ring)
    client = service(STALE_AT_ONCE)
    assert ask(client, key) == OPEN
    ring.revoke(key_id)
    assert ask(client, key) == REFUSED


def test_a_key_just_issued_opens_within_seconds(
    ring: KeyRing, service: Callable[[float], FlaskClient]
) -> None:
    _, known = issue(ring)
    client = service(FRESH_THROUGHOUT)
    assert ask(client, known) == OPEN
    _, issued = issue(ring)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while ask(client, issued) != OPEN:
        assert time.monotonic() < deadline


def test_a_removed_token_opens_nothing_once_its_time_is_over(
    secrets: Any, service: Callable[[float], FlaskClient]
) -> None:
    client = service(STALE_AT_ONCE)
    token = TokenSecret(secrets, SETTINGS.internal_token_secret)
    token.rotate()
    assert ask(client, "first", "/internal/v1/nothing") == OPEN
    token.finish()
    assert ask(client, "first", "/internal/v1/nothing") == REFUSED


ODD = {"id": "key_1", "owner": "ada", "sha256": None, "scopes": ["jobs:read"], "expires_at": None}


@pytest.mark.parametrize("sha256", [None, 3, "ab\u2013cd"])
def test_with_an_odd_entry_the_keys_from_before_go_on(
    secrets: Any,
    ring: KeyRing,
    service: Callable[[float], FlaskClient],
    sha256: object,
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, key = issue(ring)
    client = service(STALE_AT_ONCE)
    assert ask(client, key) == OPEN
    keys = json.dumps({"keys": [ODD | {"sha256": sha256}]})
    secrets.put_secret_value(SecretId=SETTINGS.api_keys_secret, SecretString=keys)
    assert [ask(client, key), ask(client, "unknown")] == [OPEN, REFUSED]
    assert "keys[0].sha256 must be 64 hex digits in lower case" in problems(caplog)


def test_without_any_usable_keys_nobody_is_let_in_and_told_to_come_back(
    secrets: Any, service: Callable[[float], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    keys = json.dumps({"keys": [ODD]})
    secrets.create_secret(Name=SETTINGS.api_keys_secret, SecretString=keys)
    client = service(FRESH_THROUGHOUT)
    answer = client.get("/api/v1/nothing", headers={"X-API-Key": "any"})
    assert answer.status_code == UNAVAILABLE
    assert (answer.json or {})["error"]["code"] == "SERVICE_UNAVAILABLE"
    assert problems(caplog) == ["keys[0].sha256 must be 64 hex digits in lower case"]


def problems(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the lines at ERROR say of a value that cannot be used."""
    told = [getattr(record, "context", {}) for record in caplog.records if record.levelname == "ERROR"]
    return [said["problem"] for said in told if "problem" in said]
