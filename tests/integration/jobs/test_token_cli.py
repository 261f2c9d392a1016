"""``flask token`` against Secrets Manager (moto), and the two sides that use the token meanwhile."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner
from moto import mock_aws

from fakes_shared import ConcurrentWriter
from jobs.cli.internal_token import TokenSecret, token_commands
from shared.auth import InternalToken, Token, parse_token
from shared.cached_value import CachedValue

NAME = "location-detection/dev/internal/token"


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        client = boto3.client("secretsmanager", region_name="us-east-1")
        client.create_secret(Name=NAME, SecretString='{"current": "first", "previous": null}')
        yield client
        client.close()


def run(client: Any, command: str, name: str = NAME) -> str:
    result = CliRunner().invoke(token_commands(TokenSecret(client, name)), [command])
    assert result.exit_code == 0, result.output
    return result.output


def stored(client: Any, name: str = NAME) -> Token:
    return parse_token(client.get_secret_value(SecretId=name, VersionStage="AWSCURRENT")["SecretString"])


def test_rotation_makes_a_new_token_beside_the_old_one(secrets: Any) -> None:
    output = run(secrets, "rotate")
    token = stored(secrets)
    assert token.previous == "first"
    assert len(token.current) == 43
    assert token.current not in output


def test_finishing_keeps_only_the_new_one(secrets: Any) -> None:
    run(secrets, "rotate")
    new = stored(secrets).current
    run(secrets, "finish")
    assert stored(secrets) == Token(new, None)
    run(secrets, "finish")
    assert stored(secrets) == Token(new, None)


def test_of_two_rotations_at_once_each_keeps_the_token_before_it(secrets: Any) -> None:
    def other() -> None:
        run(secrets, "rotate")

    run(ConcurrentWriter(secrets, other), "rotate")
    versions = [
        version["VersionId"] for version in secrets.list_secret_version_ids(SecretId=NAME)["Versions"]
    ]
    tokens = [
        parse_token(secrets.get_secret_value(SecretId=NAME, VersionId=v)["SecretString"]) for v in versions
    ]
    chain, token = [], stored(secrets)
    while token.previous is not None:
        chain.append(token.current)
        token = next(other for other in tokens if other.current == token.previous)
    assert (len(chain), token.current) == (2, "first")


def test_without_a_token_there_is_no_rotation_to_finish(secrets: Any) -> None:
    refused = CliRunner().invoke(token_commands(TokenSecret(secrets, "another")), ["finish"])
    assert (refused.exit_code, refused.output.startswith("Error: There is no token yet")) == (1, True)


def test_a_secret_that_is_not_there_is_created(secrets: Any) -> None:
    run(secrets, "rotate", "another")
    assert stored(secrets, "another").previous is None


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def service(client: Any, clock: Clock) -> InternalToken:
    """One that was told of the token just now, and next is in five minutes."""
    token = InternalToken(CachedValue("token", lambda: stored(client), 300, clock))
    token.current()
    return token


def test_a_rotation_interrupts_nobody(secrets: Any) -> None:
    clock = Clock()
    early = service(secrets, clock)
    run(secrets, "rotate")
    clock.now = 10
    late = service(secrets, clock)
    assert late.accepts(early.current())
    assert early.accepts(late.current())


def test_after_a_rotation_the_token_before_is_refused_and_replaced(secrets: Any) -> None:
    clock = Clock()
    idle = service(secrets, clock)
    run(secrets, "rotate")
    run(secrets, "finish")
    clock.now = 10
    other = service(secrets, clock)
    before = idle.current()
    assert not other.accepts(before)
    assert idle.has_replaced(before)
    assert other.accepts(idle.current())
