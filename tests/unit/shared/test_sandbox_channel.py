"""Messages over a socket pair, and what a task's end looks like on it; all in this process."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from shared.deadline import Deadline
from shared.sandbox.channel import Channel, ChannelClosed, Garbled, Message
from shared.sandbox.child import run_task

Ends = tuple[Channel, Channel]


@pytest.fixture
def ends() -> Iterator[Ends]:
    left, right = (Channel(end) for end in socket.socketpair())
    yield left, right
    left.close()
    right.close()


def test_a_message_arrives_as_it_was_sent(ends: Ends) -> None:
    message = Message("answer", {"words": ["Küche"], "empty": None}, b"\x89PNG")
    ends[0].send(message)
    assert ends[1].receive(Deadline.after(5)) == message


def test_nothing_to_read_is_a_timeout(ends: Ends) -> None:
    with pytest.raises(TimeoutError):
        ends[1].receive(Deadline.after(0.01))
    with pytest.raises(TimeoutError):
        ends[1].receive(Deadline.after(-1))


def test_the_other_end_closing_is_noticed(ends: Ends) -> None:
    assert ends[1].is_open()
    ends[0].close()
    assert not ends[1].is_open()
    with pytest.raises(ChannelClosed):
        ends[1].receive()
    with pytest.raises(ChannelClosed):
        ends[1].send(Message("answer", {}, b"x" * 1_000_000))


def test_lengths_beyond_reason_are_not_believed() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    with theirs:
        theirs.sendall(b"\xff" * 8)
        with pytest.raises(Garbled):
            channel.receive(Deadline.after(5))
    channel.close()


@pytest.mark.parametrize(
    ("task", "kinds"),
    [("twice", ["answer", "answer"]), ("refuse", ["answer", "refused"]), ("fail", ["failed"])],
)
def test_a_task_ends_with_what_it_ended_in(ends: Ends, task: str, kinds: list[str]) -> None:
    run_task(ends[0], f"sandbox_tasks:{task}", {})
    ends[0].close()
    assert [ends[1].receive(Deadline.after(5)).kind for _ in kinds] == kinds
    with pytest.raises(ChannelClosed):
        ends[1].receive(Deadline.after(5))


class GoneOnceServed:
    """A connection whose reader leaves as soon as it has a whole message without a blob."""

    def __init__(self) -> None:
        self.served = False

    def settimeout(self, seconds: float | None) -> None:
        pass

    def sendall(self, data: bytes) -> None:
        if self.served:
            raise BrokenPipeError
        self.served = True


def test_a_reader_that_has_all_it_needs_may_leave_at_once() -> None:
    connection: Any = GoneOnceServed()
    Channel(connection).send(Message("request", {"task": "quick"}))
    assert connection.served
