"""Callers who send, or take, slowly."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread, Timer

import pytest

from shared.client_timeouts import BodyTooSlow, ClientSocket, ClientTimeout


@pytest.fixture
def sockets() -> Iterator[tuple[ClientSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ClientSocket(fileno=ours.detach()) as server, theirs as caller:
        yield server, caller


def test_what_has_come_is_read_without_any_patience(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, caller = sockets
    caller.sendall(b"whole")
    server.limit_waiting(ClientTimeout(0), BodyTooSlow)
    assert server.recv(9) == b"whole"
    with pytest.raises(BodyTooSlow):
        server.recv(9)


def test_what_comes_earns_time_for_the_rest(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, caller = sockets
    server.limit_waiting(ClientTimeout(0, minimum_bytes_per_second=0.01), BodyTooSlow)
    caller.sendall(b"a")
    assert server.recv(9) == b"a"
    later = Timer(0.05, caller.sendall, [b"b"])
    later.start()
    assert server.recv(9) == b"b"
    later.join()


def test_each_byte_in_time_is_still_too_slow(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, caller = sockets

    def read_for_ever() -> None:
        while True:
            drop = Timer(0.03, caller.sendall, [b"a"])
            drop.start()
            try:
                server.recv(9)
            finally:
                drop.join()

    server.limit_waiting(ClientTimeout(0.1), BodyTooSlow)
    with pytest.raises(BodyTooSlow):
        read_for_ever()


def test_a_connection_on_which_nothing_is_read_any_more_counts_as_lost(
    sockets: tuple[ClientSocket, socket.socket],
) -> None:
    server, _ = sockets
    server.limit_waiting(ClientTimeout(0))
    with pytest.raises(ConnectionResetError):
        server.recv(9)
    assert server.gettimeout() is None


def test_what_is_not_taken_is_not_waited_for(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, _ = sockets
    server.limit_waiting(ClientTimeout(0, minimum_bytes_per_second=1e9), BodyTooSlow)
    with pytest.raises(ConnectionResetError):
        server.sendall(bytes(1 << 26))


def test_what_is_sent_earns_its_time(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, caller = sockets
    server.limit_waiting(ClientTimeout(0, minimum_bytes_per_second=1e5))
    taking = Thread(target=lambda: [None for _ in iter(lambda: caller.recv(1 << 20), b"")])
    taking.start()
    server.sendall(bytes(1 << 23))
    server.shutdown(socket.SHUT_WR)
    taking.join()


@pytest.mark.parametrize("error", [BodyTooSlow, None])
def test_another_thread_ends_a_wait(
    sockets: tuple[ClientSocket, socket.socket], error: type[Exception] | None
) -> None:
    server, caller = sockets
    server.limit_waiting(ClientTimeout(600), error)

    @contextmanager
    def hung_up_on(connection: ClientSocket) -> Iterator[None]:
        Thread(target=connection.disconnect).start()
        yield

    server.while_waiting = hung_up_on
    with pytest.raises(error or ConnectionResetError):
        server.recv(9)
    server.sendall(b"too slow")
    assert caller.recv(9) == b"too slow"


def test_another_thread_ends_a_wait_for_an_answer_to_be_taken(
    sockets: tuple[ClientSocket, socket.socket],
) -> None:
    server, _ = sockets
    server.limit_waiting(ClientTimeout(600), BodyTooSlow)
    ending: list[Timer] = []

    @contextmanager
    def hung_up_on(connection: ClientSocket) -> Iterator[None]:
        ending.append(Timer(0.05, connection.disconnect))
        ending[-1].start()
        yield

    server.while_waiting = hung_up_on
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        server.sendall(bytes(1 << 26))
    ending[0].join()


def test_only_waiting_is_told(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, caller = sockets
    waited = []

    @contextmanager
    def told(connection: ClientSocket) -> Iterator[None]:
        waited.append(connection)
        yield

    server.while_waiting = told
    server.limit_waiting(ClientTimeout(0))
    caller.sendall(b"whole")
    server.recv(9)
    server.sendall(b"answer")
    assert not waited
    with pytest.raises(ConnectionResetError):
        server.recv(9)
    assert waited == [server]
