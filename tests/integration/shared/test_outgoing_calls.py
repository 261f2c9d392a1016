"""AWS clients and the internal client against a server that misbehaves on command."""

import itertools
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO

import pytest

from shared import context
from shared.auth import InternalToken, Token
from shared.aws import aws_client, dependency, error_code, is_transient
from shared.cached_value import CachedValue
from shared.context import RequestContext
from shared.deadline import Deadline
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.retry import Backoff

AT_ONCE = Backoff(retries=3, base_seconds=0)
METRICS = Metrics("any", "test")


PATIENCE_SECONDS = 30.0
HALF = -1
"""In place of a status: 200, and half of the body."""


class Scripted(ThreadingHTTPServer):
    """Answers from ``script`` in turn, the last one for ever; remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: list[tuple[int, object]] = [(200, {})]
        self.asked: list[dict[str, str]] = []
        self.bodies: list[bytes] = []
        self.hold = threading.Event()
        self.hold.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Scripted
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        self.server.asked.append(dict(self.headers))
        self.server.bodies.append(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.server.hold.wait(PATIENCE_SECONDS)
        status, body = self.server.script.pop(0) if len(self.server.script) > 1 else self.server.script[0]
        if status == 0:
            self.close_connection = True
            return
        payload = json.dumps(body).encode() if body is not None else b""
        whole = status != HALF
        self.send_response(status if whole else 200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload if whole else payload[: len(payload) // 2])
        self.close_connection = self.close_connection or not whole

    do_GET = do_PUT = do_POST  # noqa: N815

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    server = Scripted()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_ENDPOINT_URL", server.url)
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Table:
    def __init__(self, backoff: Backoff) -> None:
        self._client = aws_client(
            "dynamodb", region="us-east-1", backoff=backoff, read_timeout_seconds=PATIENCE_SECONDS
        )

    @dependency("DynamoDB")
    def list(self) -> list[str]:
        return list(self._client.list_tables()["TableNames"])

    def close(self) -> None:
        self._client.close()


@pytest.fixture
def table(server: Scripted) -> Iterator[Table]:
    table = Table(AT_ONCE)
    yield table
    table.close()


THROTTLED = (400, {"__type": "ProvisionedThroughputExceededException"})
DENIED = (400, {"__type": "AccessDeniedException"})
FINE = (200, {"TableNames": ["a"]})
BROKEN_OFF = (HALF, {"TableNames": ["a"]})
GARBLED = (400, {"__type": "BadDigest"})
SKEWED = (403, {"__type": "RequestExpired"})


@pytest.mark.parametrize("fault", [THROTTLED, GARBLED, SKEWED, BROKEN_OFF, (500, {}), (503, {}), (0, {})])
def test_a_transient_fault_is_tried_again(server: Scripted, table: Table, fault: tuple[int, object]) -> None:
    server.script = [fault, fault, FINE]
    assert table.list() == ["a"]
    assert len(server.asked) == 3


@pytest.mark.parametrize("fault", [THROTTLED, BROKEN_OFF, (500, {}), (0, {})])
def test_exhausted_retries_are_unavailable_and_not_multiplied(
    server: Scripted, table: Table, fault: tuple[int, object]
) -> None:
    server.script = [fault]
    with pytest.raises(DependencyUnavailable):
        table.list()
    assert len(server.asked) == 1 + AT_ONCE.retries


def test_each_client_keeps_its_own_retries(server: Scripted, table: Table) -> None:
    server.script = [THROTTLED]
    impatient = Table(Backoff(retries=0))
    for each, attempts in ((impatient, 1), (table, 1 + AT_ONCE.retries)):
        server.asked.clear()
        with pytest.raises(DependencyUnavailable):
            each.list()
        assert len(server.asked) == attempts
    impatient.close()


def test_a_lasting_fault_fails_at_once(server: Scripted, table: Table) -> None:
    server.script = [DENIED]
    with pytest.raises(DependencyFailed):
        table.list()
    assert len(server.asked) == 1


def test_no_retry_goes_past_the_deadline(server: Scripted) -> None:
    slow = Table(Backoff(retries=3, base_seconds=60))
    server.script = [THROTTLED]
    with (
        context.using(RequestContext(deadline=Deadline.after(5))),
        pytest.raises(DependencyUnavailable),
    ):
        slow.list()
    slow.close()
    assert len(server.asked) == 1


def test_no_call_waits_past_the_deadline(server: Scripted, table: Table) -> None:
    server.hold.clear()
    begun = time.monotonic()
    with (
        context.using(RequestContext(deadline=Deadline.after(0.2))),
        pytest.raises(DependencyUnavailable),
    ):
        table.list()
    assert time.monotonic() - begun < PATIENCE_SECONDS / 2, "long before the client's own limit"
    server.hold.set()


def test_a_body_is_sent_whole_again(server: Scripted) -> None:
    s3 = aws_client("s3", region="us-east-1", backoff=AT_ONCE)
    server.script = [(503, None), (200, None)]
    s3.put_object(Bucket="b", Key="k", Body=BytesIO(b"x" * 100_000))
    s3.close()
    assert len(server.bodies) == 2
    assert server.bodies[0] == server.bodies[1]


@pytest.mark.parametrize("retries_done", range(4))
def test_delays_double_and_are_jittered_downwards(retries_done: int) -> None:
    delays = {Backoff(retries=4).delay_seconds(retries_done) for _ in range(50)}
    longest = 2**retries_done
    assert len(delays) > 1
    assert all(delay is not None and longest / 2 <= delay <= longest for delay in delays)


def test_error_codes_are_read_from_the_sdk(server: Scripted) -> None:
    client = aws_client("dynamodb", region="us-east-1", backoff=AT_ONCE)
    server.script = [DENIED]
    with pytest.raises(client.exceptions.ClientError) as caught:
        client.list_tables()
    client.close()
    assert error_code(caught.value) == "AccessDeniedException"
    assert not is_transient(caught.value)


@pytest.fixture
def peer(server: Scripted) -> Iterator[InternalClient]:
    token = InternalToken(CachedValue("t", lambda: Token("inner", None), 300))
    client = InternalClient(
        "jobs", server.url, token, AT_ONCE, METRICS, read_timeout_seconds=PATIENCE_SECONDS
    )
    yield client
    client.close()


def test_the_internal_client_passes_ids_and_token_on(server: Scripted, peer: InternalClient) -> None:
    server.script = [(200, {"status": "success", "data": {"job_id": "job_1"}})]
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with context.using(RequestContext(correlation_id="c-1", traceparent=trace)):
        answer = peer.request("GET", "/internal/v1/jobs/job_1", params={"owner": "ada"})
    assert (answer.status, answer.data, answer.code) == (200, {"job_id": "job_1"}, None)
    sent = server.asked[0]
    assert (sent["Authorization"], sent["X-Correlation-ID"], sent["traceparent"]) == (
        "Bearer inner",
        "c-1",
        trace,
    )


def test_a_call_under_a_replaced_token_is_sent_again(server: Scripted) -> None:
    tokens = [Token("new", None), Token("old", None)]
    clock = itertools.count(step=10).__next__
    known = CachedValue("t", lambda: tokens.pop() if len(tokens) > 1 else tokens[0], 1000, clock)
    client = InternalClient("jobs", server.url, InternalToken(known), AT_ONCE, METRICS)
    server.script = [(401, {}), (200, {"data": {}})]
    assert client.request("POST", "/x", json={"to": "failed"}).status == 200
    client.close()
    assert [each["Authorization"] for each in server.asked] == ["Bearer old", "Bearer new"]
    assert [json.loads(body) for body in server.bodies] == [{"to": "failed"}] * 2


def test_an_error_answer_is_the_callers_to_read(server: Scripted, peer: InternalClient) -> None:
    server.script = [(409, {"status": "error", "error": {"code": "JOB_CANCELLED", "message": "m"}})]
    answer = peer.request("POST", "/x", json={"to": "processing"})
    assert (answer.status, answer.code, answer.message) == (409, "JOB_CANCELLED", "m")


@pytest.mark.parametrize("fault", [BROKEN_OFF, (503, {}), (502, {}), (504, {}), (0, {})])
def test_a_peer_that_is_away_is_tried_again(
    server: Scripted, peer: InternalClient, fault: tuple[int, object]
) -> None:
    server.script = [fault, (200, {"data": {}})]
    assert peer.request("GET", "/x").status == 200
    server.script = [fault]
    with pytest.raises(DependencyUnavailable):
        peer.request("GET", "/x")


@pytest.mark.parametrize("until_deadline", [False, True])
def test_what_takes_long_is_waited_for_and_not_begun_again(server: Scripted, until_deadline: bool) -> None:
    token = InternalToken(CachedValue("t", lambda: Token("inner", None), 300))
    client = InternalClient("jobs", server.url, token, AT_ONCE, METRICS, read_timeout_seconds=0.05)
    server.hold.clear()
    with context.call_deadline(2), pytest.raises(DependencyUnavailable):
        client.request("GET", "/x", until_deadline=until_deadline)
    client.close()
    server.hold.set()
    assert (len(server.asked) == 1) is until_deadline


def test_an_outage_is_not_multiplied_by_retries(server: Scripted, table: Table) -> None:
    server.script = [THROTTLED]
    for _ in range(100):
        with pytest.raises(DependencyUnavailable):
            table.list()
    assert len(server.asked) < 200, "with three retries each it would be 400"


def test_a_peer_that_stays_away_is_not_asked_by_everybody(server: Scripted, peer: InternalClient) -> None:
    server.script = [(503, {})]
    for _ in range(5):
        with pytest.raises(DependencyUnavailable):
            peer.request("GET", "/x")
    before = len(server.asked)
    server.hold.clear()  # whoever is let through to see whether it is back has to wait
    while len(server.asked) == before:
        looking = threading.Thread(target=_ask_in_vain, args=(peer,))
        looking.start()
        while looking.is_alive() and len(server.asked) == before:
            looking.join(0.01)
    for _ in range(20):
        _ask_in_vain(peer)
    assert len(server.asked) == before + 1
    server.hold.set()
    looking.join()


def _ask_in_vain(peer: InternalClient) -> None:
    with pytest.raises(DependencyUnavailable):
        peer.request("GET", "/x")


@pytest.mark.parametrize("answer", [(500, {}), (401, {}), (200, "no envelope"), (200, [1])])
def test_a_peer_that_makes_no_sense_has_failed(
    server: Scripted, peer: InternalClient, answer: tuple[int, object]
) -> None:
    server.script = [answer]
    with pytest.raises(DependencyFailed):
        peer.request("GET", "/x")


def test_a_peer_is_alive_when_it_says_so(server: Scripted, peer: InternalClient) -> None:
    server.script = [(200, {}), (503, {})]
    assert [peer.is_alive(), peer.is_alive()] == [True, False]
