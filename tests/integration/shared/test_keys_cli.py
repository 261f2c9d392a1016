"""``flask keys`` against Secrets Manager (moto)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from shared.auth import ApiKeys, parse_keys
from shared.keys_cli import KeyRing, keys_commands
from shared.last_good import LastGood

NAME = "location-detection/dev/api/keys"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="us-east-1")
        yield client
        client.close()


def run(client: Any, *arguments: str) -> Result:
    return CliRunner().invoke(keys_commands(KeyRing(client, NAME, now=lambda: NOW)), list(arguments))


def issue(client: Any, *arguments: str) -> tuple[str, str]:
    lines = run(client, "issue", "--owner", "ada", *arguments).output.splitlines()
    return lines[0].removeprefix("id:").strip(), lines[1].removeprefix("key:").strip()


def authenticate(client: Any, key: str, after: timedelta = timedelta()) -> object:
    stored = parse_keys(client.get_secret_value(SecretId=NAME)["SecretString"])
    return ApiKeys(LastGood("k", lambda: stored, 300), now=lambda: NOW + after).authenticate(key)


def test_an_issued_key_works_and_is_stored_only_as_a_digest(secrets: Any) -> None:
    _, key = issue(secrets, "--scope", "jobs:read", "--days", "1")
    found: Any = authenticate(secrets, key)
    assert (found.owner, found.scopes) == ("ada", frozenset({"jobs:read"}))
    assert authenticate(secrets, key, timedelta(days=1)) is None
    assert key not in secrets.get_secret_value(SecretId=NAME)["SecretString"]


def test_listing_shows_every_key_without_its_digest(secrets: Any) -> None:
    ids = [issue(secrets)[0], issue(secrets)[0]]
    output = run(secrets, "list").output
    assert [json.loads(line)["id"] for line in output.splitlines()] == ids
    assert "sha256" not in output


def test_rotation_overlaps_and_then_ends_the_old_key(secrets: Any) -> None:
    key_id, old = issue(secrets)
    output = run(secrets, "rotate", key_id, "--overlap-hours", "2").output
    new = output.splitlines()[1].removeprefix("key:").strip()
    assert authenticate(secrets, old, timedelta(hours=1)) is not None
    assert authenticate(secrets, old, timedelta(hours=2)) is None
    assert authenticate(secrets, new, timedelta(days=1000)) is not None


def test_rotating_an_expired_key_gives_one_that_works(secrets: Any) -> None:
    key_id, _ = issue(secrets, "--days", "1")
    later = CliRunner().invoke(
        keys_commands(KeyRing(secrets, NAME, now=lambda: NOW + timedelta(days=2))), ["rotate", key_id]
    )
    new = later.output.splitlines()[1].removeprefix("key:").strip()
    assert authenticate(secrets, new, timedelta(days=2)) is not None


def test_a_revoked_key_is_gone(secrets: Any) -> None:
    key_id, key = issue(secrets)
    assert run(secrets, "revoke", key_id).exit_code == 0
    assert authenticate(secrets, key) is None


@pytest.mark.parametrize("command", ["rotate", "revoke"])
def test_an_unknown_key_is_named(secrets: Any, command: str) -> None:
    result = run(secrets, command, "key_x")
    assert result.exit_code == 1
    assert "key_x" in result.output


def test_an_unknown_scope_is_refused(secrets: Any) -> None:
    assert run(secrets, "issue", "--owner", "ada", "--scope", "jobs:all").exit_code == 2


@pytest.mark.parametrize("owner", ["", " ", "\nerased", "a\x00b", "x" * 129])
def test_an_owner_without_a_plain_name_is_refused(secrets: Any, owner: str) -> None:
    refused = run(secrets, "issue", "--owner", owner)
    assert refused.exit_code == 2
    assert "printable" in refused.output
