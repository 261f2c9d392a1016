"""One stack of real processes for all end-to-end tests: services, embedded AWS, Textract, router."""

from collections.abc import Iterator

import pytest

from e2e.caller import Caller
from e2e.killing import HastyStack
from e2e.textract import TextractSimulator
from fault_proxy import running_proxy
from local_parts import free_port
from running_stack import RunningStack

UNHURRIED = {"PREVIEW_DEADLINE_SECONDS": "12"}
"""Reading a page's text on the machine's own cores takes longer than Textract when the machine is slow."""

HASTY = UNHURRIED | {
    "REQUEST_SECONDS": "3",
    "PROCESSING_TIMEOUT_SECONDS": "15",
    "RETRY_BASE_SECONDS": "0.05",
    "CONFIG_CACHE_SECONDS": "3600",
}
"""What the dead held is free within seconds: an idempotency key after twice the first."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack.start(tmp_path_factory.mktemp("stack"), UNHURRIED)
    try:
        yield running
    finally:
        assert running.stop() == 0


@pytest.fixture(scope="session")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HastyStack]:
    aws_port = free_port()
    with running_proxy(f"http://127.0.0.1:{aws_port}") as proxy:
        folder = tmp_path_factory.mktemp("hasty")
        places = {
            "TMPDIR": str(tmp_path_factory.mktemp("temporary")),
            "LOCAL_AWS_PORT": str(aws_port),
            "SERVICES_AWS_ENDPOINT_URL": proxy.url,
        }
        running = RunningStack.start(folder, HASTY | places)
        try:
            yield HastyStack(running, proxy)
        finally:
            assert running.stop() == 0


@pytest.fixture
def caller(stack: RunningStack) -> Iterator[Caller]:
    """The owner ``local``, through the router."""
    with Caller(stack.addresses.router) as local:
        yield local


@pytest.fixture
def textract(stack: RunningStack) -> Iterator[TextractSimulator]:
    simulator = TextractSimulator(stack.addresses.textract)
    yield simulator
    simulator.recover()
