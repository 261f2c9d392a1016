"""One stack of real processes for all end-to-end tests: services, embedded AWS, Textract, router."""

from collections.abc import Iterator

import pytest

from e2e.caller import Caller
from e2e.textract import TextractSimulator
from running_stack import RunningStack

UNHURRIED = {"PREVIEW_DEADLINE_SECONDS": "12"}
"""Reading a page's text on the machine's own cores takes longer than Textract when the machine is slow."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack.start(tmp_path_factory.mktemp("stack"), UNHURRIED)
    try:
        yield running
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
