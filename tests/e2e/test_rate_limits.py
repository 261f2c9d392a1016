"""The rate limit over all workers of both services, as real processes that share a table."""

import time
import uuid
from collections.abc import Iterator
from itertools import cycle

import httpx
import pytest
import requests

from e2e.caller import Caller, at_once
from fault_proxy import Answer, Call, FaultProxy, PassOn, running_proxy
from local_parts import HOST, free_port
from location_detection import Client
from processes import gunicorn_workers
from running_stack import RunningStack

PER_MINUTE, BURST, MOST_UNSETTLED = 60, 100, 10
SENDERS, EACH = 4, 100
LOCAL_ONLY = "this worker counts locally"

JOBS, PREVIEW = "JOBS_TABLE", "PREVIEW_CACHE_TABLE"
PATHS = ("/api/v1/jobs?limit=0", "/api/v1/jobs/job_1/preview?page=0")
"""One of each service; both are 400 before any table is asked."""


@pytest.fixture(scope="module")
def aws_port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def aws(aws_port: int) -> Iterator[FaultProxy]:
    with running_proxy(f"http://{HOST}:{aws_port}") as proxy:
        yield proxy


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, aws: FaultProxy, aws_port: int) -> Iterator[RunningStack]:
    running = RunningStack.start(
        tmp_path_factory.mktemp("limited"),
        {
            "RATE_LIMIT_PER_MINUTE": str(PER_MINUTE),
            "LOCAL_AWS_PORT": str(aws_port),
            "SERVICES_AWS_ENDPOINT_URL": aws.url,
        },
    )
    try:
        yield running
    finally:
        assert running.stop() == 0


def flood(stack: RunningStack, key: str | None) -> list[requests.Response]:
    """The answers to several senders at once, each to both services in turn and with a forged address."""

    def send() -> list[requests.Response]:
        with Caller(stack.addresses.router, key) as caller:
            paths = zip(range(EACH), cycle(PATHS), strict=False)
            forged = {"X-Forwarded-For": f"198.51.100.{uuid.uuid4().int % 250}"}
            return [caller.send("GET", path, headers=forged) for _, path in paths]

    return [answer for answers in at_once(SENDERS, send) for answer in answers]


@pytest.mark.parametrize(
    ("key", "passed", "limit"),
    [
        ("local-dev-key", requests.codes.bad_request, "key"),
        (None, requests.codes.unauthorized, "address"),
    ],
)
def test_workers_of_both_services_count_together(
    stack: RunningStack, key: str | None, passed: int, limit: str
) -> None:
    workers = sum(len(gunicorn_workers(stack.pid, variable)) for variable in (JOBS, PREVIEW))
    began = time.monotonic()
    answers = flood(stack, key)
    refilled = (time.monotonic() - began) * PER_MINUTE / 60
    alone = stack.log.count(LOCAL_ONLY)  # on a machine so slow that the table keeps a worker waiting

    statuses = [answer.status_code for answer in answers]
    assert workers == 4
    assert set(statuses) == {passed, requests.codes.too_many_requests}
    assert BURST <= statuses.count(passed) <= BURST * (1 + alone) + refilled + 1 + workers * MOST_UNSETTLED
    refused = next(answer for answer in answers if answer.status_code == requests.codes.too_many_requests)
    assert refused.json()["error"]["code"] == "RATE_LIMIT_EXCEEDED"
    assert refused.headers["RateLimit-Policy"] == f'"{limit}";q={PER_MINUTE};w=60'
    assert int(refused.headers["Retry-After"]) >= 1

    with Caller(stack.addresses.router, "local-other-key") as other:
        for path in PATHS * 10:
            assert other.send("GET", path).status_code == requests.codes.bad_request


def test_the_client_comes_back_when_it_is_told_to(stack: RunningStack) -> None:
    paused: list[float] = []
    answers: list[httpx.Response] = []

    class Wire(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            answers.append(super().handle_request(request))
            return answers[-1]

    def pause(seconds: float) -> None:
        paused.append(seconds)
        time.sleep(seconds)

    flood(stack, "local-read-key")
    with Client(stack.addresses.router, "local-read-key", sleep=pause, transport=Wire()) as client:
        assert list(client.jobs(limit=1)) == []
    *refused, answered = answers
    assert answered.status_code == requests.codes.ok
    assert refused, "the key was not at its limit"
    assert {each.status_code for each in refused} == {requests.codes.too_many_requests}
    assert paused == [float(each.headers["Retry-After"]) for each in refused]


def test_without_their_table_each_worker_counts_alone(stack: RunningStack, aws: FaultProxy) -> None:
    met: list[str] = []

    def cut_off(call: Call, pass_on: PassOn) -> Answer | None:
        if not call.name.endswith("rate-limits"):
            return pass_on()
        met.append(call.name)
        return None

    with aws.meddling(cut_off):
        statuses = [answer.status_code for answer in flood(stack, "local-other-key")]
    assert met
    assert set(statuses) <= {requests.codes.bad_request, requests.codes.too_many_requests}
    assert statuses.count(requests.codes.bad_request) >= 2 * BURST
    assert LOCAL_ONLY in stack.log
