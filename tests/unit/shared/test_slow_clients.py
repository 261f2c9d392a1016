"""The bulkhead for slow clients: whose connection is closed when too many threads wait."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from shared.client_timeouts import ClientSocket, ClientTimeout
from shared.slow_clients import SlowClients


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def connection(opened: ExitStack, owner: str | None, seconds: float) -> ClientSocket:
    ours, theirs = socket.socketpair()
    opened.enter_context(theirs)
    server = opened.enter_context(ClientSocket(fileno=ours.detach()))
    server.owner = owner
    server.limit_waiting(ClientTimeout(seconds))
    return server


def is_disconnected(server: ClientSocket) -> bool:
    return server.peek(1) == b""


def test_the_slowest_connection_of_the_owner_with_most_is_closed(opened: ExitStack) -> None:
    slow = SlowClients(3)
    other = connection(opened, "other", 1)
    greedy = [connection(opened, "greedy", seconds) for seconds in (9, 5, 7)]
    for each in (other, *greedy):
        opened.enter_context(slow.waiting(each))
    assert [is_disconnected(each) for each in (other, *greedy)] == [False, False, True, False]


def test_connections_without_a_key_have_one_owner(opened: ExitStack) -> None:
    slow = SlowClients(2)
    known = connection(opened, "known", 1)
    nobody = [connection(opened, None, seconds) for seconds in (2, 3)]
    for each in (known, *nobody):
        opened.enter_context(slow.waiting(each))
    assert [is_disconnected(each) for each in (known, *nobody)] == [False, True, False]


def test_a_connection_that_is_not_waited_for_does_not_count(opened: ExitStack) -> None:
    slow = SlowClients(1)
    connections = [connection(opened, "quick", 1) for _ in range(3)]
    for each in connections:
        with slow.waiting(each):
            pass
    assert not any(map(is_disconnected, connections))
