"""``flask keys`` against Secrets Manager (moto)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from fakes_shared import ConcurrentWriter, LosesAnswers
from jobs.cli.api_keys import KeyRing, keys_commands
from jobs.cli.secret_commands import SecretCommands
from shared.auth import ApiKeys, dump_keys, parse_keys
from shared.cached_value import CachedValue
from shared.retry import Backoff
from shared.secrets import ConcurrentChange, StoredValue

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


class AlwaysLate:
    """A client of Secrets Manager; whenever a value was read, somebody else writes the same again."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_secret_value(self, **arguments: str) -> Any:
        found = self._client.get_secret_value(**arguments)
        self._client.put_secret_value(SecretId=NAME, SecretString=found["SecretString"])
        return found


def run(client: Any, *arguments: str) -> Result:
    return CliRunner().invoke(keys_commands(KeyRing(client, NAME, now=lambda: NOW)), list(arguments))


def issue(client: Any, *arguments: str) -> tuple[str, str]:
    lines = run(client, "issue", "--owner", "ada", *arguments).output.splitlines()
    return lines[0].removeprefix("id:").strip(), lines[1].removeprefix("key:").strip()


def authenticate(client: Any, key: str, after: timedelta = timedelta()) -> object:
    stored = parse_keys(client.get_secret_value(SecretId=NAME, VersionStage="AWSCURRENT")["SecretString"])
    return ApiKeys(CachedValue("k", lambda: stored, 300), now=lambda: NOW + after).authenticate(key)


def test_an_issued_key_works_and_is_stored_only_as_a_digest(secrets: Any) -> None:
    _, key = issue(secrets, "--scope", "jobs:read", "--days", "1")
    found: Any = authenticate(secrets, key)
    assert (found.owner, found.scopes) == ("ada", frozenset({"jobs:read"}))
    assert authenticate(secrets, key, timedelta(days=1)) is None
    assert key not in secrets.get_secret_value(SecretId=NAME, VersionStage="AWSCURRENT")["SecretString"]


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


def stored_ids(client: Any) -> list[str]:
    return [json.loads(line)["id"] for line in run(client, "list").output.splitlines()]


def test_of_two_commands_at_once_neither_undoes_the_other(secrets: Any) -> None:
    leaked, rotated = issue(secrets)[0], issue(secrets)[0]
    made: list[str] = []

    def revoke_and_issue() -> None:
        run(secrets, "revoke", leaked)
        made.append(issue(secrets)[0])

    made.append(issue(ConcurrentWriter(secrets, revoke_and_issue))[0])
    made.append(issue(ConcurrentWriter(secrets, lambda: made.append(issue(secrets)[0])))[0])
    rotation = run(ConcurrentWriter(secrets, lambda: made.append(issue(secrets)[0])), "rotate", rotated)
    made.append(rotation.output.splitlines()[0].removeprefix("id:").strip())
    assert sorted(stored_ids(secrets)) == sorted([rotated, *made])


def test_the_first_two_keys_at_once_are_both_kept(secrets: Any) -> None:
    made: list[str] = []
    made.append(issue(ConcurrentWriter(secrets, lambda: made.append(issue(secrets)[0])))[0])
    assert sorted(stored_ids(secrets)) == sorted(made)


def test_a_key_that_is_rotated_while_it_is_revoked_is_not_brought_back(secrets: Any) -> None:
    leaked, _ = issue(secrets)
    refused = run(ConcurrentWriter(secrets, lambda: str(run(secrets, "revoke", leaked))), "rotate", leaked)  # type: ignore[arg-type]  # what it answers does not matter
    assert (refused.exit_code, stored_ids(secrets)) == (1, [])


def test_a_change_whose_answer_was_lost_is_made_once(secrets: Any) -> None:
    first = issue(LosesAnswers(secrets))[0]
    second = issue(LosesAnswers(secrets))[0]
    rotation = run(LosesAnswers(secrets), "rotate", first)
    third = rotation.output.splitlines()[0].removeprefix("id:").strip()
    assert run(LosesAnswers(secrets), "revoke", second).exit_code == 0
    assert stored_ids(secrets) == [first, third]


def test_rotation_is_one_write(secrets: Any) -> None:
    key_id, _ = issue(secrets)

    def versions() -> int:
        return len(secrets.list_secret_version_ids(SecretId=NAME, IncludeDeprecated=True)["Versions"])

    before = versions()
    run(secrets, "rotate", key_id)
    assert versions() == before + 1


def test_a_change_that_never_gets_its_turn_is_given_up(secrets: Any) -> None:
    key_id, _ = issue(secrets)
    late = StoredValue(AlwaysLate(secrets), NAME, parse_keys, dump_keys, Backoff(retries=3, base_seconds=0))
    with pytest.raises(ConcurrentChange):
        late.update(lambda _: ())
    assert stored_ids(secrets) == [key_id]


def test_who_gave_up_is_told_to_try_again() -> None:
    group = SecretCommands("keys")

    @group.command("issue")
    def issue() -> None:
        raise ConcurrentChange

    refused = CliRunner().invoke(group, ["issue"])
    assert (refused.exit_code, refused.output.endswith("nothing was done. Try again.\n")) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        ("issue", "--owner", "ada", "--days", "99999999999"),
        ("issue", "--owner", "ada", "--days", "3651"),
        ("issue", "--owner", "ada", "--days", "0"),
        ("issue", "--owner", "ada", "--days", "9" * 5000),
        ("rotate", "key_x", "--overlap-hours", "1e9"),
        ("rotate", "key_x", "--overlap-hours", "999999999999"),
        ("rotate", "key_x", "--overlap-hours", "-1"),
        ("rotate", "key_x", "--days", "inf"),
    ],
)
def test_an_absurd_number_is_refused_in_a_sentence(secrets: Any, arguments: tuple[str, ...]) -> None:
    refused = run(secrets, *arguments)
    assert refused.exit_code == 2
    assert "Error: Invalid value for" in refused.output


def test_the_longest_of_everything_works(secrets: Any) -> None:
    key_id, _ = issue(secrets, "--days", "3650")
    assert run(secrets, "rotate", key_id, "--overlap-hours", "8760", "--days", "3650").exit_code == 0


def test_a_secret_that_cannot_be_used_is_named_and_left_alone(secrets: Any) -> None:
    secrets.create_secret(Name=NAME, SecretString='{"keys": [{"id": "canary\u2014"}]}')
    for arguments in (("list",), ("issue", "--owner", "ada"), ("revoke", "key_x")):
        refused = run(secrets, *arguments)
        assert refused.exit_code == 1
        assert refused.output.startswith("Error: The secret cannot be used: keys[0].owner must be")
        assert "canary" not in refused.output


def test_what_aws_refuses_is_said_in_a_sentence(secrets: Any) -> None:
    secrets.create_secret(Name=NAME, SecretString='{"keys": []}')
    secrets.delete_secret(SecretId=NAME)
    refused = run(secrets, "list")
    assert refused.exit_code == 1
    assert refused.output.startswith("Error: Secrets Manager did not answer as it should: An error occurred")


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
