"""Client timeouts: clients that send or read slowly."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread, Timer

import pytest

from shared.client_timeouts import BodyTooSlow, ClientSocket, ClientTimeout


@pytest.fixture
def sockets() -> Iterator[tuple[ClientSocket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ClientSocket(fileno=ours.detach()) as server, theirs as client:
        yield server, client


def test_data_that_has_arrived_is_read_after_the_timeout(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, client = sockets
    client.sendall(b"whole")
    server.limit_waiting(ClientTimeout(0), BodyTooSlow)
    assert server.recv(9) == b"whole"
    with pytest.raises(BodyTooSlow):
        server.recv(9)


def test_received_bytes_extend_the_timeout(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, client = sockets
    server.limit_waiting(ClientTimeout(0, minimum_bytes_per_second=0.01), BodyTooSlow)
    client.sendall(b"a")
    assert server.recv(9) == b"a"
    later = Timer(0.05, client.sendall, [b"b"])
    later.start()
    assert server.recv(9) == b"b"
    later.join()


def test_single_bytes_below_the_minimum_rate_time_out(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, client = sockets

    def read_for_ever() -> None:
        while True:
            drop = Timer(0.03, client.sendall, [b"a"])
            drop.start()
            try:
                server.recv(9)
            finally:
                drop.join()

    server.limit_waiting(ClientTimeout(0.1), BodyTooSlow)
    with pytest.raises(BodyTooSlow):
        read_for_ever()


def test_a_timeout_without_an_error_of_its_own_is_a_reset(
    sockets: tuple[ClientSocket, socket.socket],
) -> None:
    server, _ = sockets
    server.limit_waiting(ClientTimeout(0))
    with pytest.raises(ConnectionResetError):
        server.recv(9)
    assert server.gettimeout() is None


def test_a_client_that_does_not_read_times_out(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, _ = sockets
    server.limit_waiting(ClientTimeout(0, minimum_bytes_per_second=1e9), BodyTooSlow)
    with pytest.raises(ConnectionResetError):
        server.sendall(bytes(1 << 26))


def test_sent_bytes_extend_the_timeout(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, client = sockets
    server.limit_waiting(ClientTimeout(0, minimum_bytes_per_second=1e5))
    taking = Thread(target=lambda: [None for _ in iter(lambda: client.recv(1 << 20), b"")])
    taking.start()
    server.sendall(bytes(1 << 23))
    server.shutdown(socket.SHUT_WR)
    taking.join()


@pytest.mark.parametrize("error", [BodyTooSlow, None])
def test_another_thread_ends_a_wait(
    sockets: tuple[ClientSocket, socket.socket], error: type[Exception] | None
) -> None:
    server, client = sockets
    server.limit_waiting(ClientTimeout(600), error)

    @contextmanager
    def disconnecting(connection: ClientSocket) -> Iterator[None]:
        Thread(target=connection.disconnect).start()
        yield

    server.while_waiting = disconnecting
    with pytest.raises(error or ConnectionResetError):
        server.recv(9)
    server.sendall(b"too slow")
    assert client.recv(9) == b"too slow"


def test_another_thread_ends_a_wait_for_the_client_to_read(
    sockets: tuple[ClientSocket, socket.socket],
) -> None:
    server, _ = sockets
    server.limit_waiting(ClientTimeout(600), BodyTooSlow)
    ending: list[Timer] = []

    @contextmanager
    def disconnecting(connection: ClientSocket) -> Iterator[None]:
        ending.append(Timer(0.05, connection.disconnect))
        ending[-1].start()
        yield

    server.while_waiting = disconnecting
    with pytest.raises((BrokenPipeError, ConnectionResetError)):
        server.sendall(bytes(1 << 26))
    ending[0].join()


def test_only_waiting_enters_while_waiting(sockets: tuple[ClientSocket, socket.socket]) -> None:
    server, client = sockets
    waited = []

    @contextmanager
    def noting(connection: ClientSocket) -> Iterator[None]:
        waited.append(connection)
        yield

    server.while_waiting = noting
    server.limit_waiting(ClientTimeout(0))
    client.sendall(b"whole")
    server.recv(9)
    server.sendall(b"answer")
    assert not waited
    with pytest.raises(ConnectionResetError):
        server.recv(9)
    assert waited == [server]
