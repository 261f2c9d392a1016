"""The HTTP layer through a small app of its own: what any service of ours answers."""

import json
import logging
import time
from collections.abc import Iterator
from io import BytesIO, StringIO
from socket import socketpair
from typing import Any

import marshmallow as ma
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask.views import MethodView

from fakes_shared import FakeBuckets, FakeSsm
from shared.auth import ApiKey, ApiKeys, InternalToken, Token, digest
from shared.cached_value import CachedValue
from shared.client_timeouts import BodyTooSlow, ClientSocket
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.health import HealthProbes
from shared.http import EnvelopeBlueprint, ErrorAnswer, HttpSettings, body, create_app, idle, principal
from shared.http.app import allow_origins
from shared.load_shedding import queued_too_long
from shared.logs import JsonFormatter
from shared.metrics import Metrics
from shared.parameter_store import ParameterStore
from shared.rate_limits import PARAMETERS, RateLimiter, RateLimits
from shared.retry import Backoff
from shared.runtime import Runtime


class ShelfFull(Exception):
    def __init__(self) -> None:
        super().__init__("The shelf is full. Take something away first.")
        self.details = {"shelf": 7}


ERRORS = {ShelfFull: ErrorAnswer("SHELF_FULL", 409)}
RAISED = {
    "full": ShelfFull,
    "away": lambda: DependencyUnavailable("DynamoDB"),
    "refused": lambda: DependencyFailed("DynamoDB"),
    "bug": lambda: KeyError("secret detail"),
}


class ThingSchema(ma.Schema):
    name = ma.fields.String(required=True)


class PageSchema(ma.Schema):
    limit = ma.fields.Integer(load_default=20)


things = EnvelopeBlueprint("things", __name__, errors=ERRORS)


@things.route("/api/v1/things")
class Things(MethodView):
    @things.arguments(PageSchema, location="query")
    @things.response(200, ThingSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        return {"name": f"{principal().owner} {query['limit']}"}

    @things.arguments(ThingSchema)
    @things.response(201, ThingSchema)
    @things.raises(ShelfFull)
    def post(self, thing: dict[str, Any]) -> dict[str, Any]:
        if thing["name"] in RAISED:
            raise RAISED[thing["name"]]()
        return thing

    @things.response(200, ThingSchema)
    def delete(self) -> dict[str, Any]:
        return {"name": "gone"}


@things.route("/api/v1/files")
class Files(MethodView):
    @body({"text/plain": 10})
    @things.response(200, ThingSchema)
    def post(self) -> dict[str, Any]:
        from flask import request

        return {"name": request.get_data(as_text=True)}


@things.route("/api/v1/jobs/<job_id>")
class Jobs(MethodView):
    @things.response(200, ThingSchema)
    def get(self, job_id: str) -> dict[str, Any]:
        return {"name": "a job"}


@things.route("/api/v1/awaited")
class Awaited(MethodView):
    @things.response(200, ThingSchema)
    def get(self) -> dict[str, Any]:
        with idle():
            began = time.perf_counter()
            sum(range(3_000_000))
            return {"name": str(time.perf_counter() - began)}


@things.route("/internal/v1/things")
class InternalThings(MethodView):
    @things.response(200, ThingSchema)
    def get(self) -> dict[str, Any]:
        return {"name": "inside"}


def key(secret: str, *scopes: str) -> ApiKey:
    return ApiKey(f"id-{secret}", "ada", digest(secret), scopes, None)


@pytest.fixture(scope="module")
def lines() -> StringIO:
    return StringIO()


@pytest.fixture(scope="module")
def app(lines: StringIO) -> Iterator[Flask]:
    app = new_app(lines)
    yield app
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def new_app(lines: StringIO) -> Flask:
    keys = (key("good", "jobs:read", "jobs:write"), key("reader", "jobs:read"))
    quick = {f"/things/{parameter.name}": "60000" for parameter in PARAMETERS}
    parameters = ParameterStore(FakeSsm(quick), "/things", PARAMETERS, 300)
    return create_app(
        __name__,
        HttpSettings("Things", ("https://plans.example",), request_seconds=10, open_paths=("/api/v1/docs*",)),
        runtime=Runtime(
            backoff=Backoff(),
            secrets=None,
            keys=ApiKeys(CachedValue("keys", lambda: keys, 300)),
            token=InternalToken(CachedValue("token", lambda: Token("inner", "older"), 300)),
            parameters=parameters,
            limits=RateLimits(RateLimiter(FakeBuckets()), RateLimiter(FakeBuckets()), parameters),
            metrics=Metrics("things", "test", lines),
        ),
        probes=HealthProbes({"shelf": lambda: True}),
        errors=ERRORS,
        blueprints=(things,),
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


GOOD = {"X-API-Key": "good"}
READER = {"X-API-Key": "reader"}
TEXT = {"headers": GOOD, "content_type": "text/plain"}
GZIP: dict[str, Any] = TEXT | {"headers": {**GOOD, "Content-Encoding": "gzip"}}


def test_success_is_enveloped_and_carries_its_request_id(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things?limit=3", headers=GOOD)
    assert answer.status_code == 200
    assert answer.json["status"] == "success"
    assert answer.json["data"] == {"name": "ada 3"}
    assert answer.json["meta"] == {"request_id": answer.headers["X-Request-ID"], "api_version": "v1"}


@pytest.mark.parametrize(
    ("sent", "kept"), [("trace-1.A_b", True), ("", False), ("no spaces", False), ("x" * 129, False)]
)
def test_correlation_id_is_the_callers_when_well_formed(client: FlaskClient, sent: str, kept: bool) -> None:
    answer = client.get("/api/v1/things", headers={**GOOD, "X-Correlation-ID": sent, "X-Request-ID": "mine"})
    expected = sent if kept else answer.headers["X-Request-ID"]
    assert answer.headers["X-Correlation-ID"] == expected
    assert answer.headers["X-Request-ID"] != "mine"


@pytest.mark.parametrize(
    ("method", "path", "sent", "status", "code"),
    [
        ("GET", "/api/v1/nothing", {}, 401, "UNAUTHORIZED"),
        ("GET", "/api/v1/things", {"headers": {"X-API-Key": "bad"}}, 401, "UNAUTHORIZED"),
        ("GET", "/api/v1/things", {"headers": {"Authorization": "Basic good"}}, 401, "UNAUTHORIZED"),
        ("GET", "/api/v1/things", {"headers": {**GOOD, "Authorization": "Bearer bad"}}, 401, "UNAUTHORIZED"),
        ("GET", "/internal/v1/things", {"headers": GOOD}, 401, "UNAUTHORIZED"),
        ("GET", "/api/v1/nothing", {"headers": GOOD}, 404, "NOT_FOUND"),
        ("GET", "/api/v2/things", {"headers": GOOD}, 404, "UNSUPPORTED_API_VERSION"),
        ("PUT", "/api/v1/things", {"headers": READER}, 405, "METHOD_NOT_ALLOWED"),
        ("POST", "/api/v1/things", {"headers": READER, "data": b"x" * 70_000}, 403, "FORBIDDEN"),
        ("POST", "/api/v1/files", TEXT | {"data": b"x" * 11}, 413, "FILE_TOO_LARGE"),
        ("POST", "/api/v1/things", TEXT | {"data": b"x"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "/api/v1/files", {"headers": GOOD, "json": {}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "/api/v1/files", GZIP | {"data": b"x" * 11}, 413, "FILE_TOO_LARGE"),
        ("POST", "/api/v1/files?x=1", GZIP | {"data": b"x"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("DELETE", "/api/v1/things", GZIP | {"data": b"x"}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("POST", "/api/v1/things", {"headers": GOOD, "json": {"nom": 1}}, 400, "INVALID_REQUEST"),
        ("POST", "/api/v1/things", {"headers": GOOD, "json": []}, 400, "INVALID_REQUEST"),
        ("POST", "/api/v1/things", {"headers": GOOD}, 400, "INVALID_REQUEST"),
        ("DELETE", "/api/v1/things", {"headers": GOOD, "json": {"a": 1}}, 400, "INVALID_REQUEST"),
        ("DELETE", "/api/v1/things?x=1", {"headers": GOOD}, 400, "INVALID_REQUEST"),
        ("GET", "/api/v1/things?limit=1&limit=2", {"headers": GOOD}, 400, "INVALID_REQUEST"),
        ("GET", "/api/v1/things?page=1", {"headers": GOOD}, 400, "INVALID_REQUEST"),
        ("POST", "/api/v1/things", {"headers": GOOD, "json": {"name": "full"}}, 409, "SHELF_FULL"),
        ("POST", "/api/v1/things", {"headers": GOOD, "json": {"name": "away"}}, 503, "SERVICE_UNAVAILABLE"),
        ("POST", "/api/v1/things", {"headers": GOOD, "json": {"name": "refused"}}, 500, "INTERNAL_ERROR"),
        ("POST", "/api/v1/things", {"headers": GOOD, "json": {"name": "bug"}}, 500, "INTERNAL_ERROR"),
    ],
)  # fmt: skip
def test_errors_come_in_the_documented_order(
    client: FlaskClient, method: str, path: str, sent: dict[str, Any], status: int, code: str
) -> None:
    answer = client.open(path, method=method, **sent)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert answer.json["error"]["message"]
    assert "secret detail" not in answer.text


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[" * 60_000,
        b'"\xff"',
        b"null",
        b'{"name": %b}' % (b"1" * 10_000),
        b'{"name": -1e999}',
        b'{"name": NaN}',
        b'{"name": -Infinity}',
        '{"name": "a"}'.encode("utf-16"),
        b'\xef\xbb\xbf{"name": "a"}',
    ],
    ids=lambda raw: repr(raw[:20]),
)
def test_a_broken_json_body_is_refused(client: FlaskClient, raw: bytes) -> None:
    answer = client.post("/api/v1/things", headers=GOOD, data=raw, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


class Unreadable(BytesIO):
    """What a caller may take for ever to send."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("The body was read.")

    readinto = read  # type: ignore[assignment]  # whichever way, it fails


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "identity, gzip", "x" * 5000])
@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "9"}, {"HTTP_TRANSFER_ENCODING": "Chunked"}])
def test_a_compressed_body_is_refused_unread(
    client: FlaskClient, encoding: str, length: dict[str, str]
) -> None:
    answer = client.post(
        "/api/v1/things",
        headers={**GOOD, "Content-Encoding": encoding},
        environ_overrides=length | {"wsgi.input_terminated": True},
        input_stream=Unreadable(),
        content_type="application/json",
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
    assert "Content-Encoding" in answer.json["error"]["message"]
    assert answer.json["error"]["details"]["accepted"] == ["identity"]


def test_identity_is_no_encoding_and_without_a_body_there_is_none(client: FlaskClient) -> None:
    plain = {**GOOD, "Content-Encoding": "Identity"}
    assert client.post("/api/v1/things", headers=plain, json={"name": "a"}).status_code == 201
    assert client.get("/api/v1/things", headers={**GOOD, "Content-Encoding": "gzip"}).status_code == 200


LONG = "é" * 60_000
ECHOING: dict[str, dict[str, Any]] = {
    "unknown fields": {"json": {f"{number:x}": 1 for number in range(6_000)}},
    "the name of a field": {"data": f'{{"{LONG[:30_000]}": 1}}'.encode(), "content_type": "application/json"},
    "the media type": {"data": b"x", "content_type": LONG},
    "the encoding": {"json": {}, "headers": {**GOOD, "Content-Encoding": LONG}},
    "unknown parameters": {"query_string": {f"{number:x}": 1 for number in range(3_000)}},
    "the name of a parameter": {"query_string": {LONG: 1}},
    "repeated parameters": {"query_string": "&".join(f"{number:x}" for number in range(3_000)) * 2},
}


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("sent", ECHOING.values(), ids=ECHOING)
def test_an_error_is_short_whatever_it_is_about(
    client: FlaskClient, method: str, sent: dict[str, Any]
) -> None:
    answer = client.open("/api/v1/things", method=method, **({"headers": GOOD} | sent))
    assert answer.status_code in (400, 415)
    assert len(answer.data) < 8_000


def test_the_first_twenty_problems_are_told_and_their_number(client: FlaskClient) -> None:
    several = {"name": 1} | {f"field{number}": 1 for number in range(29)}
    details = client.post("/api/v1/things", headers=GOOD, json=several).json["error"]["details"]
    assert details["problem_count"] == 30
    assert len(details["problems"]["json"]) == 20
    one = client.post("/api/v1/things", headers=GOOD, json={}).json["error"]["details"]
    assert one == {
        "problems": {"json": {"name": ["Missing data for required field."]}},
        "problem_count": 1,
    }


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("OPTIONS", "/api/v1/things", {}),
        ("GET", "/health", {}),
        ("GET", "/health/live", {}),
        ("GET", "/api/v1/jobs/job_1", GOOD),
        ("DELETE", "/api/v1/things", GOOD),
    ],
)
@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "5000"}, {"HTTP_TRANSFER_ENCODING": "Chunked"}])
def test_a_route_without_a_body_refuses_one_unread(
    client: FlaskClient, method: str, path: str, headers: dict[str, str], length: dict[str, str]
) -> None:
    answer = client.open(
        path,
        method=method,
        headers=headers,
        environ_overrides=length | {"wsgi.input_terminated": True},
        input_stream=Unreadable(),
        content_type="application/json",
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(("method", "path"), [("OPTIONS", "/api/v1/things"), ("DELETE", "/api/v1/things")])
def test_json_nested_too_deeply_is_refused_where_no_body_is_taken(
    client: FlaskClient, method: str, path: str
) -> None:
    answer = client.open(path, method=method, headers=GOOD, data=b"[" * 5000, content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "INVALID_REQUEST")


class Dripping(BytesIO):
    """A body of which the server has given up on the rest."""

    def readinto(self, _: object) -> int:
        raise BodyTooSlow


@pytest.mark.parametrize("length", [{"CONTENT_LENGTH": "9"}, {"HTTP_TRANSFER_ENCODING": "Chunked"}])
@pytest.mark.parametrize(
    ("path", "content_type"), [("/api/v1/things", "application/json"), ("/api/v1/files", "text/plain")]
)
def test_a_body_that_comes_too_slowly_is_told_so(
    client: FlaskClient, path: str, content_type: str, length: dict[str, str]
) -> None:
    answer = client.post(
        path,
        headers=GOOD,
        environ_overrides=length | {"wsgi.input_terminated": True},
        input_stream=Dripping(),
        content_type=content_type,
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (408, "REQUEST_TIMEOUT")


def test_a_body_without_length_is_counted_and_cut_off(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/files",
        headers={**GOOD, "Transfer-Encoding": "chunked"},
        input_stream=BytesIO(b"x" * 11),
        environ_overrides={"wsgi.input_terminated": True},
        content_type="text/plain",
    )
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "FILE_TOO_LARGE")


def test_method_not_allowed_says_what_is(client: FlaskClient) -> None:
    allowed = client.put("/api/v1/things", headers=GOOD).headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST", "DELETE", "OPTIONS"}


def test_unavailable_says_when_to_come_back(client: FlaskClient) -> None:
    answer = client.post("/api/v1/things", headers=GOOD, json={"name": "away"})
    assert int(answer.headers["Retry-After"]) > 0


def test_a_path_without_version_means_v1(client: FlaskClient) -> None:
    assert (
        client.get("/api/things", headers={"Authorization": "Bearer good"}).json["data"]["name"] == "ada 20"
    )


@pytest.mark.parametrize("token", ["inner", "older"])
def test_internal_routes_take_the_current_and_the_previous_token(client: FlaskClient, token: str) -> None:
    answer = client.get("/internal/v1/things", headers={"Authorization": f"Bearer {token}"})
    assert answer.json["data"] == {"name": "inside"}


def test_internal_token_is_no_api_key(client: FlaskClient) -> None:
    assert client.get("/api/v1/things", headers={"Authorization": "Bearer inner"}).status_code == 401


def test_preflight_needs_no_key_and_names_what_is_allowed(client: FlaskClient) -> None:
    answer = client.options(
        "/api/v1/things",
        headers={
            "Origin": "https://plans.example",
            "Access-Control-Request-Method": "DELETE",
            "Access-Control-Request-Headers": "Idempotency-Key, X-API-Key",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://plans.example"
    assert "DELETE" in answer.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in answer.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in answer.headers


EXPOSED = {
    "X-Request-ID",
    "X-Correlation-ID",
    "Location",
    "ETag",
    "Retry-After",
    "RateLimit",
    "RateLimit-Policy",
    "Idempotency-Replayed",
    "Content-Disposition",
    "Preference-Applied",
    "X-Missing-Pages",
}


def test_a_script_may_read_every_header_of_ours(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things", headers={**GOOD, "Origin": "https://plans.example"})
    assert set(answer.headers["Access-Control-Expose-Headers"].split(", ")) == EXPOSED


def test_a_browser_may_read_why_it_was_refused(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things", headers={"Origin": "https://plans.example"})
    assert answer.status_code == 401
    assert answer.headers["Access-Control-Allow-Origin"] == "https://plans.example"


@pytest.mark.parametrize(
    "foreign",
    [
        "https://plans.example.evil.example",
        "https://plans.example:8443",
        "http://plans.example",
        "https://evil.example/https://plans.example",
        "https://plansXexample",
        "https://plans.example\\n",
        "null",
    ],
)
def test_origins_are_compared_whole(client: FlaskClient, foreign: str) -> None:
    answer = client.get("/api/v1/things", headers={**GOOD, "Origin": foreign})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_who_sends_no_origin_is_told_none(client: FlaskClient) -> None:
    assert "Access-Control-Allow-Origin" not in client.get("/api/v1/things", headers=GOOD).headers


@pytest.mark.parametrize("listed", ["https://app.x.com?", "https://(app|www).x.com", "https://*.x.com"])
def test_no_listed_origin_is_a_pattern(listed: str) -> None:
    small = Flask(__name__)
    allow_origins(small, (listed,))
    for asking in ("https://app.x.com", "https://app.x.com.evil.org", "https://////x.com"):
        answer = small.test_client().get("/", headers={"Origin": asking})
        assert "Access-Control-Allow-Origin" not in answer.headers


@pytest.mark.parametrize("asking", ["http://[::1]:8080", "https://a.example"])
def test_each_listed_origin_may_call(asking: str) -> None:
    small = Flask(__name__)
    allow_origins(small, ("http://[::1]:8080", "https://a.example"))
    answer = small.test_client().get("/", headers={"Origin": asking})
    assert answer.headers["Access-Control-Allow-Origin"] == asking


def test_a_foreign_origin_gets_no_cors_headers(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things", headers={**GOOD, "Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in answer.headers


def test_health_is_a_bare_document_and_open(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "healthy", "services": {"shelf": "healthy"}}
    assert client.get("/health/live").json == {"status": "healthy", "services": {}}


def test_a_draining_worker_is_not_ready_but_alive() -> None:
    app = new_app(StringIO())
    client = app.test_client()
    assert client.get("/health/ready").status_code == 200
    for begin in app.extensions["on_drain"]:
        begin()
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/live").status_code == 200
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def test_every_answer_is_counted_in_embedded_metric_format(client: FlaskClient, lines: StringIO) -> None:
    client.get("/api/v1/nothing", headers=GOOD)
    last_two = [json.loads(line) for line in lines.getvalue().splitlines()[-2:]]
    assert last_two[0]["Requests"] == 1
    assert (last_two[1]["Errors"], last_two[1]["code"]) == (1, "NOT_FOUND")
    declared = last_two[0]["_aws"]["CloudWatchMetrics"][0]
    assert {metric["Name"] for metric in declared["Metrics"]} <= set(last_two[0])
    assert set(declared["Dimensions"][0]) <= set(last_two[0])


def audited(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    return [record.context for record in caplog.records if record.name == "audit"]


def test_what_a_request_waits_for_is_no_latency(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    began = time.perf_counter()
    answer = client.get("/api/v1/awaited", headers=GOOD)
    took, waited = time.perf_counter() - began, float(answer.json["data"]["name"])
    [said] = [record.context for record in caplog.records if record.message == "request finished"]
    assert said["idle_ms"] >= round(waited * 1000, 1)
    assert 0 < said["duration_ms"] <= round((took - waited) * 1000, 1)


def test_a_refused_key_leaves_an_audit_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    through = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}  # the last is what the load balancer saw
    with caplog.at_level(logging.INFO, logger="audit"):
        client.get("/api/v1/things", headers={"X-API-Key": "bad", **through})
        client.post("/api/v1/things", headers=READER, json={})
    where = {"event": "key_refused", "route": "/api/v1/things"}
    unknown, limited = audited(caplog)
    assert unknown == where | {"status": 401, "key_id": None, "method": "GET", "remote": "198.51.100.7"}
    assert limited == where | {
        "status": 403,
        "key_id": "id-reader",
        "method": "POST",
        "remote": "127.0.0.1",
        "scope": "jobs:write",
    }


def test_the_next_request_does_not_inherit_a_key(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/api/v1/things", headers=GOOD)
    with caplog.at_level(logging.INFO, logger="audit"):
        client.get("/api/v1/things")
    assert [line["key_id"] for line in audited(caplog)] == [None]


@pytest.mark.parametrize("path", ["/api/v1/{}", "/api/v1/jobs/{}", "/{}", "/api/v1/things?key={}&{}=1"])
def test_a_key_in_the_wrong_place_is_not_logged(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    handler = logging.StreamHandler(written := StringIO())
    handler.setFormatter(JsonFormatter("things"))
    caplog.set_level(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    try:
        client.get(path.format("canary", "canary"))
        client.get(path.format("canary", "canary"), headers=GOOD)
    finally:
        logging.getLogger().removeHandler(handler)
    assert "request finished" in written.getvalue()
    assert "canary" not in written.getvalue()


PROTECTION = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/api/v1/things", GOOD, 200),
        ("HEAD", "/api/v1/things", GOOD, 200),
        ("POST", "/api/v1/things", GOOD, 400),
        ("GET", "/api/v1/things", {}, 401),
        ("DELETE", "/api/v1/things", READER, 403),
        ("GET", "/nothing", GOOD, 404),
        ("PUT", "/api/v1/things", GOOD, 405),
        ("OPTIONS", "/api/v1/things", {}, 200),
        ("GET", "/health", {}, 200),
    ],
)
def test_every_answer_is_protected(
    client: FlaskClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.open(path, method=method, headers=headers)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in PROTECTION} == PROTECTION
    assert "Strict-Transport-Security" not in answer.headers


def test_an_unforeseen_error_is_protected(client: FlaskClient) -> None:
    answer = client.post("/api/v1/things", headers=GOOD, json={"name": "bug"})
    assert {name: answer.headers.get(name) for name in PROTECTION} == PROTECTION


def test_who_came_by_https_is_told_to_stay_there(client: FlaskClient) -> None:
    answer = client.get("/api/v1/things", headers={**GOOD, "X-Forwarded-Proto": "https"})
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_openapi_document_wraps_schemas_and_lists_errors(app: Flask) -> None:
    spec = app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    post = spec["paths"]["/api/v1/things"]["post"]["responses"]
    assert post["201"]["content"]["application/json"]["schema"]["$ref"].endswith("/ThingEnvelope")
    assert post["409"]["description"] == "`SHELF_FULL`"
    assert {"400", "401", "403", "413", "415", "500", "503"} <= set(post)


@pytest.fixture
def late() -> Iterator[None]:
    """The server found that the next request waited too long."""
    token = queued_too_long.set(True)
    yield
    queued_too_long.reset(token)


def test_what_waited_too_long_is_refused_first_of_all(client: FlaskClient, late: None) -> None:
    answer = client.get("/api/v1/things")
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert int(answer.headers["Retry-After"]) >= 1


def test_health_and_work_that_was_begun_are_never_too_late(client: FlaskClient, late: None) -> None:
    assert client.get("/health/live").status_code == 200
    inside = client.get("/internal/v1/things", headers={"Authorization": "Bearer inner"})
    assert inside.status_code == 200


def test_the_server_is_told_whose_connection_it_is(client: FlaskClient) -> None:
    ours, theirs = socketpair()
    with theirs, ClientSocket(fileno=ours.detach()) as connection:
        client.get("/api/v1/things", environ_overrides={"gunicorn.socket": connection})
        assert connection.owner is None
        client.get("/api/v1/things", headers=GOOD, environ_overrides={"gunicorn.socket": connection})
        assert connection.owner == "ada"
