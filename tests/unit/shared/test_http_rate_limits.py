"""Rate limits over HTTP, with two apps that share a table as two services do."""

import io
from collections.abc import Iterator
from itertools import cycle

import marshmallow as ma
import pytest
from flask import Flask
from flask.testing import FlaskClient

from fakes_shared import FakeBuckets, FakeSsm, Immediately
from shared.auth import ApiKey, ApiKeys, InternalToken, Token, digest
from shared.cached_value import CachedValue
from shared.health import HealthProbes
from shared.http import EnvelopeBlueprint, HttpSettings, create_app
from shared.metrics import Metrics
from shared.parameter_store import ParameterStore
from shared.rate_limits import PARAMETERS, RateLimiter, RateLimits
from shared.retry import Backoff
from shared.runtime import Runtime

NOW = 1_800_000_000.0
BURST = 100
BATCH = 5
SERVICE_BURST = 1_000
ADA, BOB = {"X-API-Key": "ada-key"}, {"X-API-Key": "bob-key"}
KEYS = tuple(
    ApiKey(f"id-{name}", name, digest(f"{name}-key"), ("jobs:read",), None)
    for name in ("ada", "bob", *map(str, range(12)))
)

things = EnvelopeBlueprint("things", __name__, errors={})


class ThingSchema(ma.Schema):
    name = ma.fields.String()


@things.route("/api/v1/things")
@things.response(200, ThingSchema)
def thing() -> dict[str, str]:
    return {"name": "a thing"}


@things.route("/internal/v1/things")
@things.response(200, ThingSchema)
def internal_thing() -> dict[str, str]:
    return {"name": "inside"}


@things.route("/api/v1/docs")
@things.response(200, ThingSchema)
def open_thing() -> dict[str, str]:
    return {"name": "for all"}


SSM = FakeSsm({"/ld/api/rate_limit_per_minute": "12", "/ld/api/service_rate_limit_per_minute": "6"})


class Clock:
    now = NOW

    def __call__(self) -> float:
        return self.now


def service(table: FakeBuckets, clock: Clock) -> Flask:
    keys, addresses = (RateLimiter(table, clock, Immediately()) for _ in range(2))
    parameters = ParameterStore(SSM, "/ld", PARAMETERS, 300)
    return create_app(
        __name__,
        HttpSettings("Things", ("*",), request_seconds=10, open_paths=("/api/v1/docs",)),
        runtime=Runtime(
            backoff=Backoff(),
            secrets=None,
            keys=ApiKeys(CachedValue("keys", lambda: KEYS, 300)),
            token=InternalToken(CachedValue("token", lambda: Token("inner", None), 300)),
            parameters=parameters,
            limits=RateLimits(keys, addresses, parameters),
            metrics=Metrics("things", "test", io.StringIO()),
        ),
        probes=HealthProbes({}),
        errors={},
        blueprints=(things,),
    )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table() -> FakeBuckets:
    return FakeBuckets()


@pytest.fixture
def clients(table: FakeBuckets, clock: Clock) -> Iterator[list[FlaskClient]]:
    apps = [service(table, clock) for _ in range(2)]
    yield [app.test_client() for app in apps]
    for app in apps:
        for stop in app.extensions["on_stop"]:
            stop()


def statuses(clients: list[FlaskClient], requests: int, **sent: dict[str, str]) -> list[int]:
    """Of as many requests, sent to the services in turn."""
    turns = cycle(clients)
    return [next(turns).get("/api/v1/things", **sent).status_code for _ in range(requests)]


def test_a_key_is_counted_over_both_services(clients: list[FlaskClient]) -> None:
    answered = statuses(clients, 300, headers=ADA)
    assert BURST <= answered.count(200) <= BURST + 2 * BATCH
    assert set(answered) == {200, 429}


def test_an_answer_tells_of_the_limit(clients: list[FlaskClient]) -> None:
    answer = clients[0].get("/api/v1/things", headers=ADA)
    assert answer.headers["RateLimit-Policy"] == '"key";q=12;w=60'
    assert answer.headers["RateLimit"] == '"key";r=99;t=5'
    assert "Retry-After" not in answer.headers


def test_a_refusal_says_when_to_come_back_and_means_it(clients: list[FlaskClient], clock: Clock) -> None:
    statuses(clients, 300, headers=ADA)
    refused = clients[0].get("/api/v1/things", headers=ADA)
    assert refused.status_code == 429
    assert refused.headers["RateLimit-Policy"] == '"key";q=12;w=60'
    seconds = int(refused.headers["Retry-After"])
    assert refused.headers["RateLimit"] == f'"key";r=0;t={seconds}'
    error = refused.json["error"]
    assert error["code"] == "RATE_LIMIT_EXCEEDED"
    assert error["details"] == {"limit": "key", "per_minute": 12, "retry_after_seconds": seconds}
    clock.now += seconds
    assert clients[0].get("/api/v1/things", headers=ADA).status_code == 200


def test_an_owner_over_the_limit_leaves_another_alone(clients: list[FlaskClient]) -> None:
    statuses(clients, 300, headers=ADA)
    assert statuses(clients, BURST, headers=BOB) == [200] * BURST


def test_a_limited_key_is_told_so_before_anything_else(clients: list[FlaskClient]) -> None:
    statuses(clients, 300, headers=ADA)
    assert clients[0].get("/api/v1/nothing", headers=ADA).status_code == 429
    assert clients[0].delete("/api/v1/things", headers=ADA).status_code == 429


@pytest.mark.parametrize("sent", [{}, {"X-API-Key": "wrong"}, {"Authorization": "Bearer wrong"}])
def test_an_address_without_a_valid_key_is_limited_however_it_dresses_up(
    clients: list[FlaskClient], sent: dict[str, str]
) -> None:
    answered = []
    for number, client in zip(range(300), cycle(clients), strict=False):
        forwarded = f"198.51.100.{number % 250}, 203.0.113.9"  # the last was seen by the load balancer
        answer = client.get("/api/v1/things", headers={**sent, "X-Forwarded-For": forwarded})
        answered.append(answer.status_code)
    assert BURST <= answered.count(401) <= BURST + 2 * BATCH
    assert answer.headers["RateLimit-Policy"] == '"address";q=12;w=60'
    other = clients[0].get("/api/v1/things", headers={**sent, "X-Forwarded-For": "203.0.113.10"})
    assert other.status_code == 401


def test_a_valid_key_is_not_held_up_by_those_who_share_its_address(clients: list[FlaskClient]) -> None:
    statuses(clients, 300)
    assert statuses(clients, 50, headers=ADA) == [200] * 50


@pytest.mark.parametrize("path", ["/health/live", "/api/v1/docs"])
def test_routes_without_a_key_are_not_counted(clients: list[FlaskClient], path: str) -> None:
    statuses(clients, 300)
    answers = [clients[0].get(path) for _ in range(150)]
    assert {answer.status_code for answer in answers} == {200}
    assert "RateLimit" not in answers[0].headers
    assert clients[0].options("/api/v1/things").status_code == 200


def test_the_services_among_themselves_are_not_counted(
    clients: list[FlaskClient], table: FakeBuckets
) -> None:
    for _ in range(150):
        inside = clients[0].get("/internal/v1/things", headers={"Authorization": "Bearer inner"})
        assert inside.status_code == 200
    assert table.asked == 0


def test_all_keys_together_are_limited_by_what_each_is_granted(clients: list[FlaskClient]) -> None:
    """A key that is over its own limit takes nothing of what is there for all."""
    assert statuses(clients, 2 * SERVICE_BURST, headers=ADA).count(200) <= BURST + 2 * BATCH
    answered = [
        clients[0].get("/api/v1/things", headers={"X-API-Key": f"{number}-key"})
        for number in range(12)
        for _ in range(90)
    ]
    passed = sum(answer.status_code == 200 for answer in answered)
    assert SERVICE_BURST - BURST - 4 * BATCH <= passed <= SERVICE_BURST - BURST + 2 * BATCH
    refused = answered[-1]
    assert refused.headers["RateLimit-Policy"] == '"service";q=6;w=60'
    assert refused.json["error"]["details"]["limit"] == "service"


def test_while_the_table_is_away_requests_are_answered(
    clients: list[FlaskClient], table: FakeBuckets
) -> None:
    table.away = True
    assert statuses(clients, 2 * BURST, headers=ADA) == [200] * 2 * BURST
    assert table.asked == 2


def test_what_strangers_do_to_the_table_is_not_felt_by_keys(
    clients: list[FlaskClient], table: FakeBuckets
) -> None:
    table.away = True
    statuses(clients, BURST)
    table.away = False
    assert statuses(clients, 300, headers=ADA).count(200) <= BURST + 2 * BATCH
