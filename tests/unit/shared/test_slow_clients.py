"""Whose connection is given up when too many threads wait for callers."""

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


def connection(opened: ExitStack, caller: str | None, seconds: float) -> ClientSocket:
    ours, theirs = socket.socketpair()
    opened.enter_context(theirs)
    server = opened.enter_context(ClientSocket(fileno=ours.detach()))
    server.owner = caller
    server.limit_waiting(ClientTimeout(seconds))
    return server


def is_hung_up_on(server: ClientSocket) -> bool:
    return server.peek(1) == b""


def test_the_slowest_of_who_has_most_is_hung_up_on(opened: ExitStack) -> None:
    slow = SlowClients(3)
    other = connection(opened, "other", 1)
    greedy = [connection(opened, "greedy", seconds) for seconds in (9, 5, 7)]
    for each in (other, *greedy):
        opened.enter_context(slow.waiting(each))
    assert [is_hung_up_on(each) for each in (other, *greedy)] == [False, False, True, False]


def test_callers_without_a_key_are_one_caller(opened: ExitStack) -> None:
    slow = SlowClients(2)
    known = connection(opened, "known", 1)
    nobody = [connection(opened, None, seconds) for seconds in (2, 3)]
    for each in (known, *nobody):
        opened.enter_context(slow.waiting(each))
    assert [is_hung_up_on(each) for each in (known, *nobody)] == [False, True, False]


def test_who_is_no_longer_waited_for_does_not_count(opened: ExitStack) -> None:
    slow = SlowClients(1)
    connections = [connection(opened, "quick", 1) for _ in range(3)]
    for each in connections:
        with slow.waiting(each):
            pass
    assert not any(map(is_hung_up_on, connections))
