"""Values from outside: refreshed, typed, and kept while their source is away."""

import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import EndpointConnectionError

from fakes_shared import FakeSsm
from shared import context
from shared.auth import ApiKey, ApiKeys, InternalToken, Token, digest, dump_keys, parse_keys, parse_token
from shared.cached_value import CachedValue
from shared.context import RequestContext
from shared.deadline import Deadline
from shared.errors import DependencyUnavailable
from shared.parameter_store import Parameter, ParameterStore
from shared.secrets import cached_secret
from shared.validators import DecimalNumber, SomeOf, WholeNumber, boolean


class Source:
    """A value that can go away or be slow; ``asked`` counts, ``is_asked`` tells that an attempt has begun."""

    def __init__(self, value: object) -> None:
        self.value = value
        self.away = False
        self.quick = threading.Event()
        self.quick.set()
        self.is_asked = threading.Event()
        self.asked = 0

    def load(self) -> object:
        self.asked += 1
        self.is_asked.set()
        self.quick.wait(10)
        if self.away:
            raise DependencyUnavailable("source")
        return self.value


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_fresh_value_is_not_asked_for_again() -> None:
    source = Source("a")
    value = CachedValue("v", source.load, 300, Clock())
    assert [value.get(), value.get()] == ["a", "a"]
    assert source.asked == 1


def test_a_stale_value_is_read_again_before_it_is_used() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    source.value, clock.now = "b", 86_400
    assert value.get() == "b"


def test_of_many_who_find_a_stale_value_one_reads_it_and_all_have_the_new_one() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    source.value, clock.now = "b", 301
    source.quick.clear()
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(value.get) for _ in range(8)]
        assert source.is_asked.wait(10)
        source.quick.set()
        assert [answer.result(10) for answer in answers] == ["b"] * 8
    assert source.asked == 2


def test_nobody_waits_for_a_stale_value_past_their_deadline() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    clock.now = 301
    source.quick.clear()
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(value.get)
        assert source.is_asked.wait(10)
        late = RequestContext(deadline=Deadline.after(0))
        with context.using(late), pytest.raises(DependencyUnavailable):
            value.get()
        source.quick.set()
        assert reading.result(10) == "a"


def test_the_last_good_value_serves_while_the_source_is_away() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    source.away, clock.now = True, 301
    assert [value.get(), value.get()] == ["a", "a"]
    assert source.asked == 2, "an outage is not asked about on every request"
    source.away, source.value, clock.now = False, "c", 303
    assert value.get() == "c"


def test_in_an_outage_nobody_waits_but_the_one_who_asks_again() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    source.away, clock.now = True, 301
    value.get()
    clock.now = 303
    source.quick.clear()
    source.is_asked.clear()
    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(value.get)
        assert source.is_asked.wait(10)
        assert value.get() == "a"
        source.quick.set()
        assert asking.result(10) == "a"


def test_an_outage_of_long_ago_excuses_no_stale_value() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    source.away, clock.now = True, 301
    value.get()
    source.away, source.value, clock.now = False, "b", 4000
    source.quick.clear()
    source.is_asked.clear()
    with ThreadPoolExecutor(2) as pool:
        answers = [pool.submit(value.get) for _ in range(2)]
        assert source.is_asked.wait(10)
        source.quick.set()
        assert [answer.result(10) for answer in answers] == ["b", "b"]


def test_without_any_good_value_the_fault_is_raised_and_not_asked_about_by_everyone() -> None:
    source, clock = Source("a"), Clock()
    source.away = True
    value = CachedValue("v", source.load, 300, clock)
    for _ in range(3):
        with pytest.raises(DependencyUnavailable):
            value.get()
    assert source.asked == 1
    source.away, clock.now = False, 3
    assert value.get() == "a"


def test_without_any_good_value_a_stand_in_serves() -> None:
    source, clock = Source("a"), Clock()
    source.away = True
    value = CachedValue("v", source.load, 300, clock, fallback="stand-in")
    assert [value.get(), value.get()] == ["stand-in", "stand-in"]
    assert source.asked == 1
    source.away, clock.now = False, 3
    assert value.get() == "a"


def test_an_unusable_value_leaves_the_last_good_one_and_is_named(caplog: pytest.LogCaptureFixture) -> None:
    source, clock = Source('{"current": "a"}'), Clock()
    value = CachedValue("t", lambda: parse_token(str(source.load())), 300, clock)
    value.get()
    source.value, clock.now = '{"current": "sécret"}', 301
    assert value.get() == Token("a", None)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.context == {
        "name": "t", "error": "ValueError", "problem": "current must be printable ASCII without spaces"
    }  # fmt: skip


def test_an_unusable_value_without_a_good_one_is_a_dependency_that_is_away() -> None:
    source, clock = Source("{}"), Clock()
    value = CachedValue("t", lambda: parse_token(str(source.load())), 300, clock)
    for _ in range(2):
        with pytest.raises(DependencyUnavailable):
            value.get()


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


@pytest.mark.parametrize("wait", [True, False])
def test_a_second_look_finds_a_new_value_before_it_is_due(wait: bool) -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    assert value.refresh(wait=wait) == "a"
    source.value, clock.now = "b", 1.9
    assert (value.refresh(wait=wait), source.asked) == ("a", 1), "not asked for again at once"
    clock.now = 2
    assert (value.refresh(wait=wait), value.get()) == ("b", "b")


def test_a_second_look_that_fails_leaves_the_value_as_fresh_as_it_was() -> None:
    source, clock = Source("a"), Clock()
    value = CachedValue("v", source.load, 300, clock)
    value.get()
    source.away, clock.now = True, 10
    assert [value.refresh(wait=True), value.refresh(wait=True)] == ["a", "a"]
    assert source.asked == 2
    clock.now = 299
    assert (value.get(), source.asked) == ("a", 2), "who has a known value waits for no second look of others"


PARAMETERS = (
    Parameter("preview/deadline_seconds", DecimalNumber(1, 60), 5.0, ""),
    Parameter("api/rate_limit_per_minute", WholeNumber(1, 1000), 600, ""),
    Parameter("jobs/url_input_enabled", boolean, False, ""),
    Parameter("preview/textract_features", SomeOf(("LAYOUT", "TABLES")), ("LAYOUT",), ""),
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
    methods = store.as_methods()
    assert (methods.deadline_seconds(), methods.url_input_enabled()) == (2.5, True)


@pytest.mark.parametrize(
    "raw", ["soon", "0.5", "61", "nan", "inf", "-inf", "1e1", "1_0", "\u0661\u0660", "9" * 5000, ""]
)
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


@pytest.mark.parametrize(
    ("number", "raw"),
    [
        (1, "1_0"),
        (1, "10.0"),
        (1, "1001"),
        (1, "\u0665"),
        (2, "True"),
        (3, ""),
        (3, "OCR"),
        (3, "LAYOUT,LAYOUT"),
    ],
)
def test_every_kind_of_parameter_has_a_form(number: int, raw: str) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        PARAMETERS[number].validator(raw)


def test_a_missing_parameter_has_its_default(caplog: pytest.LogCaptureFixture) -> None:
    store = ParameterStore(FakeSsm({}), "/ld/dev", PARAMETERS, 300)
    assert store.get("preview/textract_features", tuple) == ("LAYOUT",)
    assert len(caplog.records) == len(PARAMETERS)


NOW = datetime(2026, 1, 1, tzinfo=UTC)


def keys(*entries: ApiKey) -> ApiKeys:
    return ApiKeys(CachedValue("keys", lambda: entries, 300), now=lambda: NOW)


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


class Secret:
    """The keys that `ApiKeys` reads, which change; ``clock`` is that of the cache."""

    def __init__(self, *entries: ApiKey) -> None:
        self.source, self.clock = Source(entries), Clock()
        self.keys = ApiKeys(CachedValue("keys", self.source.load, 300, self.clock), now=lambda: NOW)  # type: ignore[arg-type]  # any value

    def opens(self, key: str) -> bool:
        return self.keys.authenticate(key) is not None


def test_a_revoked_key_opens_nothing_after_a_quiet_time() -> None:
    secret = Secret(entry("one"))
    assert secret.opens("one")
    secret.source.value, secret.clock.now = (), 86_400
    assert not secret.opens("one")


def test_a_key_just_issued_opens_within_two_seconds() -> None:
    secret = Secret(entry("one"))
    secret.opens("one")
    secret.source.value = (entry("one"), entry("two"), entry("expired", NOW))
    secret.clock.now = 2
    assert secret.opens("two")
    assert not secret.opens("expired")


def test_a_key_whose_expiry_was_put_off_opens_within_two_seconds() -> None:
    secret = Secret(entry("one", NOW))
    assert not secret.opens("one")
    secret.source.value, secret.clock.now = (entry("one"),), 2
    assert secret.opens("one")


def test_a_flood_of_unknown_keys_reads_the_secret_once_in_two_seconds() -> None:
    secret = Secret(entry("one"))
    for tenth in range(100):
        secret.clock.now = tenth / 10
        assert not secret.opens(f"wrong-{tenth}")
    assert secret.source.asked == 5


def test_while_the_secret_is_read_for_an_unknown_key_nobody_else_waits() -> None:
    secret = Secret(entry("one"))
    secret.opens("one")
    secret.clock.now = 10
    secret.source.quick.clear()
    secret.source.is_asked.clear()
    with ThreadPoolExecutor(1) as pool:
        unknown = pool.submit(secret.opens, "two")
        assert secret.source.is_asked.wait(10)
        assert secret.opens("one")
        assert not secret.opens("three"), "other unknown keys do not pile up behind it"
        secret.source.value = (entry("two"),)
        secret.source.quick.set()
        assert unknown.result(10)


def test_a_removed_token_opens_nothing_after_a_quiet_time() -> None:
    source, clock = Source(Token("new", "old")), Clock()
    token = InternalToken(CachedValue("t", source.load, 300, clock))  # type: ignore[arg-type]  # any value
    assert token.accepts("old")
    source.value, clock.now = Token("new", None), 86_400
    assert not token.accepts("old")


def test_keys_survive_being_written_and_read() -> None:
    entries = (entry("a"), entry("b", NOW))
    assert parse_keys(dump_keys(entries)) == entries


GOOD_ENTRY = {"id": "key_1", "owner": "ada", "sha256": "ab" * 32, "scopes": ["jobs:read"], "expires_at": None}
CANARY = "c\u2014nary"
"""With a dash as word processors set it."""


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("id", value) for value in (None, 3, "", " ", "a\nb", "x" * 129)
    ] + [
        ("owner", value) for value in (None, ["ada"], "\nerased", "\ud800")
    ] + [
        ("sha256", value)
        for value in (None, 3, "", CANARY, "AB" * 32, "ab" * 31, "\u0661" * 64, "ab" * 32 + "\n")
    ] + [
        ("scopes", value)
        for value in (None, "jobs:read", {"jobs:read": 1}, [None], [["jobs:read"]], ["jobs:re\u2010ad"])
    ] + [
        ("expires_at", value)
        for value in (0, "", False, 1e300, [], CANARY, "2026\u201301-01T00Z", "2026-1", "0001-01-01T00+23")
    ],
)  # fmt: skip
def test_each_field_of_a_key_is_checked_and_named_but_not_quoted(field: str, value: object) -> None:
    secret = json.dumps({"keys": [GOOD_ENTRY, GOOD_ENTRY | {field: value}]})
    with pytest.raises(ValueError, match=rf"^keys\[1\]\.{field} must be ") as refused:
        parse_keys(secret)
    assert CANARY not in str(refused.value)


NO_OBJECTS = ["", "[]", "3", "null", "9" * 5000, "[" * 100_000, CANARY]


@pytest.mark.parametrize("text", [*NO_OBJECTS, "{}", '{"keys": 3}', '{"keys": {"a": 1}}', '{"keys": [null]}'])
def test_a_secret_that_holds_no_keys_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(the secret|keys)") as refused:
        parse_keys(text)
    assert CANARY not in str(refused.value)


def test_an_entry_without_an_expiry_never_expires() -> None:
    without = {name: value for name, value in GOOD_ENTRY.items() if name != "expires_at"}
    assert [key.expires_at for key in parse_keys(json.dumps({"keys": [GOOD_ENTRY, without]}))] == [None, None]


@pytest.mark.parametrize(
    "text",
    [
        *NO_OBJECTS,
        "{}",
        '{"current": ""}',
        '{"current": 3}',
        '{"current": "a b"}',
        '{"current": "a\\u2014b"}',
        '{"current": "a", "previous": ["b"]}',
        '{"current": "a", "previous": "b\\n"}',
    ],
)
def test_a_secret_that_holds_no_token_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(the secret is not|current|previous)"):
        parse_token(text)


def test_the_token_is_accepted_in_both_generations() -> None:
    token = InternalToken(CachedValue("t", lambda: Token("new", "old"), 300))
    assert token.current() == "new"
    assert [token.accepts(t) for t in ("new", "old", "other", "")] == [True, True, False, False]
    alone = InternalToken(CachedValue("t", lambda: parse_token('{"current": "new", "previous": null}'), 300))
    assert [alone.accepts(t) for t in ("new", "", "None")] == [True, False, False]


def test_a_secret_is_fetched_and_parsed() -> None:
    class Client:
        def get_secret_value(self, SecretId: str, VersionStage: str) -> dict[str, str]:  # noqa: N803 - as boto3 has it
            return {"SecretString": json.dumps({SecretId: VersionStage})}

    assert cached_secret(Client(), "dev/token", json.loads, 300).get() == {"dev/token": "AWSCURRENT"}


def test_a_secret_without_text_is_unusable(caplog: pytest.LogCaptureFixture) -> None:
    class Client:
        def get_secret_value(self, SecretId: str, VersionStage: str) -> dict[str, bytes]:  # noqa: N803 - as boto3 has it
            return {"SecretBinary": b"abc"}

    with pytest.raises(DependencyUnavailable):
        cached_secret(Client(), "dev/token", json.loads, 300).get()
    assert caplog.records[0].context["problem"] == "the secret holds no text"
