"""Values from outside: refreshed, typed, and kept while their source is away."""

import json
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from fakes_shared import FakeSsm
from shared.auth import ApiKey, ApiKeys, InternalToken, Token, digest, dump_keys, parse_keys, parse_token
from shared.config import Parameter, ParameterStore
from shared.errors import DependencyUnavailable
from shared.last_good import LastGood
from shared.secrets import secret


class Source:
    """A value that can go away or be slow; ``asked`` counts."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.away = False
        self.quick = threading.Event()
        self.quick.set()
        self.asked = 0

    def load(self) -> object:
        self.asked += 1
        self.quick.wait(10)
        if self.away:
            raise DependencyUnavailable("source")
        return self.value


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def wait_until(condition: Callable[[], bool]) -> None:
    """Give the background refresh its turn."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(timeout=5)
    assert condition()


def test_a_fresh_value_is_not_asked_for_again() -> None:
    source = Source("a")
    value = LastGood("v", source.load, 300, Clock())
    assert [value.get(), value.get()] == ["a", "a"]
    assert source.asked == 1


def test_a_stale_value_is_served_while_a_new_one_is_fetched() -> None:
    source, clock = Source("a"), Clock()
    value = LastGood("v", source.load, 300, clock)
    value.get()
    source.value, clock.now = "b", 301
    source.quick.clear()
    assert [value.get(), value.get()] == ["a", "a"]
    source.quick.set()
    wait_until(lambda: value.get() == "b")


def test_the_last_good_value_serves_while_the_source_is_away() -> None:
    source, clock = Source("a"), Clock()
    value = LastGood("v", source.load, 300, clock)
    value.get()
    source.away, clock.now = True, 301
    value.get()
    wait_until(lambda: source.asked == 2)
    assert value.get() == "a"
    assert source.asked == 2, "an outage is not asked about on every request"
    source.away, source.value, clock.now = False, "c", 310
    value.get()
    wait_until(lambda: value.get() == "c")


def test_without_any_good_value_the_fault_is_raised_and_not_asked_about_by_everyone() -> None:
    source, clock = Source("a"), Clock()
    source.away = True
    value = LastGood("v", source.load, 300, clock)
    for _ in range(3):
        with pytest.raises(DependencyUnavailable):
            value.get()
    assert source.asked == 1
    source.away, clock.now = False, 3
    assert value.get() == "a"


def test_without_any_good_value_a_stand_in_serves_and_nobody_waits_again() -> None:
    source, clock = Source("a"), Clock()
    source.away = True
    value = LastGood("v", source.load, 300, clock, meanwhile="stand-in")
    with pytest.raises(DependencyUnavailable):
        value.get()
    assert value.get() == "stand-in"
    source.away, clock.now = False, 3
    source.quick.clear()
    assert value.get() == "stand-in", "while the source is being asked"
    source.quick.set()
    wait_until(lambda: value.get() == "a")


def test_parameters_have_their_defaults_while_their_store_is_away() -> None:
    class Away:
        asked = 0

        def get_parameters(self, Names: list[str]) -> None:  # noqa: N803 - as boto3 has it
            self.asked += 1
            raise EndpointConnectionError(endpoint_url="http://127.0.0.1:9")

    client = Away()
    store = ParameterStore(client, "/ld/dev", PARAMETERS, 300)
    assert [store.get("api/rate_limit_per_minute", int) for _ in range(100)] == [600] * 100
    assert client.asked == 1


def test_a_second_look_finds_a_new_value_before_it_is_due() -> None:
    source, clock = Source("a"), Clock()
    value = LastGood("v", source.load, 300, clock)
    assert value.look_again() == "a"
    source.value, clock.now = "b", 1.9
    assert (value.look_again(), source.asked) == ("a", 1), "not asked for again at once"
    clock.now = 2
    assert (value.look_again(), value.get()) == ("b", "b")


def test_a_second_look_in_an_outage_leaves_the_last_good_value() -> None:
    source, clock = Source("a"), Clock()
    value = LastGood("v", source.load, 300, clock)
    value.get()
    source.away, clock.now = True, 10
    assert [value.look_again(), value.look_again()] == ["a", "a"]
    assert source.asked == 2


PARAMETERS = (
    Parameter("preview/deadline_seconds", "float", 5.0, minimum=1, maximum=60),
    Parameter("api/rate_limit_per_minute", "int", 600, minimum=1),
    Parameter("jobs/url_input_enabled", "bool", False),
    Parameter("preview/textract_features", "list", ("LAYOUT",), allowed=("LAYOUT", "TABLES")),
)


def test_parameters_are_typed() -> None:
    ssm = FakeSsm(
        {
            "/ld/dev/preview/deadline_seconds": "2.5",
            "/ld/dev/api/rate_limit_per_minute": "10",
            "/ld/dev/jobs/url_input_enabled": "true",
            "/ld/dev/preview/textract_features": "LAYOUT, TABLES",
        }
    )
    store = ParameterStore(ssm, "/ld/dev/", PARAMETERS, 300)
    assert store.get("preview/deadline_seconds", float) == 2.5
    assert store.get("api/rate_limit_per_minute", int) == 10
    assert store.get("jobs/url_input_enabled", bool) is True
    assert store.get("preview/textract_features", tuple) == ("LAYOUT", "TABLES")
    with pytest.raises(TypeError):
        store.get("jobs/url_input_enabled", float)


@pytest.mark.parametrize("raw", ["soon", "0.5", "61", "nan"])
def test_an_invalid_parameter_is_logged_by_name_and_the_default_serves(
    raw: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = ParameterStore(FakeSsm({"/ld/dev/preview/deadline_seconds": raw}), "/ld/dev", PARAMETERS[:1], 300)
    assert store.get("preview/deadline_seconds", float) == 5.0
    (record,) = caplog.records
    assert (record.levelno, record.context) == (
        logging.ERROR,
        {"parameter": "/ld/dev/preview/deadline_seconds"},
    )


def test_a_missing_parameter_has_its_default(caplog: pytest.LogCaptureFixture) -> None:
    store = ParameterStore(FakeSsm({}), "/ld/dev", PARAMETERS, 300)
    assert store.get("preview/textract_features", tuple) == ("LAYOUT",)
    assert len(caplog.records) == len(PARAMETERS)


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def keys(*entries: ApiKey) -> ApiKeys:
    return ApiKeys(LastGood("keys", lambda: entries, 300), now=lambda: NOW)


def entry(key: str, expires_at: datetime | None = None) -> ApiKey:
    return ApiKey(f"id-{key}", "ada", digest(key), ("jobs:read",), expires_at)


def test_a_key_stands_for_its_owner_and_scopes() -> None:
    found = keys(entry("one"), entry("two")).authenticate("one")
    assert found is not None
    assert (found.owner, found.key_id, found.scopes) == ("ada", "id-one", frozenset({"jobs:read"}))


def test_unknown_and_expired_keys_are_nobody() -> None:
    known = keys(entry("old", NOW), entry("new", NOW + timedelta(seconds=1)))
    assert known.authenticate("other") is None
    assert known.authenticate("old") is None
    assert known.authenticate("new") is not None


def test_keys_survive_being_written_and_read() -> None:
    entries = (entry("a"), entry("b", NOW))
    assert parse_keys(dump_keys(entries)) == entries


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"keys": [{"id": "x"}]}', '{"keys": 3}'])
def test_a_secret_that_holds_no_keys_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own message or ours
        parse_keys(text)


@pytest.mark.parametrize("text", ["", "{}", '{"current": ""}', "[]"])
def test_a_secret_that_holds_no_token_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own message or ours
        parse_token(text)


def test_the_token_is_accepted_in_both_generations() -> None:
    token = InternalToken(LastGood("t", lambda: Token("new", "old"), 300))
    assert token.current() == "new"
    assert [token.accepts(t) for t in ("new", "old", "other", "")] == [True, True, False, False]
    alone = InternalToken(LastGood("t", lambda: parse_token('{"current": "new", "previous": null}'), 300))
    assert [alone.accepts(t) for t in ("new", "", "None")] == [True, False, False]


def test_a_secret_is_fetched_and_parsed() -> None:
    class Client:
        def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803 - as boto3 has it
            return {"SecretString": json.dumps({"name": SecretId})}

    assert secret(Client(), "dev/token", json.loads, 300).get() == {"name": "dev/token"}
