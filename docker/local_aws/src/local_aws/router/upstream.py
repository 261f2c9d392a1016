"""One HTTP/1.1 exchange with a service, streamed both ways over a bare socket.

Ordinary clients lose an answer that comes before the request is all sent: their next write fails, and the
failed write closes the connection over the answer that was already received. Here a failed write only ends
the sending; what was received is still read.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import h11

Headers = list[tuple[bytes, bytes]]

CONNECT_SECONDS = 2.0
IDLE_SECONDS = 60.0
"""The ALB's default idle timeout: how long nothing may move in either direction."""

_READ_BYTES = 64 * 1024


class NoAnswer(Exception):
    """The service is away, silent for too long, or does not speak HTTP."""


class BodyBrokeOff(Exception):
    """Raised by a request's body when the client goes away in the middle of it."""


@dataclass(frozen=True, slots=True)
class Request:
    """``headers`` are end-to-end ones; ``body`` is None where there is none."""

    method: str
    target: str
    headers: Headers
    body: AsyncIterator[bytes] | None


@dataclass(frozen=True, slots=True)
class Answer:
    """``body`` raises NoAnswer where the answer breaks off."""

    status: int
    reason: str
    headers: Headers
    body: AsyncIterator[bytes]


@asynccontextmanager
async def exchange(address: tuple[str, int], request: Request) -> AsyncIterator[Answer]:
    """Send ``request`` to ``address`` while listening for the answer.

    Raises
    ------
    NoAnswer
        Also from within the body of the ``async with``, while the answer's body is read.
    h11.LocalProtocolError
        If the request cannot be said in HTTP/1.1.
    """
    connection = await _Connection.open(address)
    sending = asyncio.create_task(connection.send(request))
    try:
        yield await connection.receive_head()
    finally:
        sending.cancel()
        with suppress(asyncio.CancelledError):
            await sending
        connection.close()


class _Connection:
    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.CLIENT)
        self._last_movement = self._loop.time()

    @classmethod
    async def open(cls, address: tuple[str, int]) -> "_Connection":
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setblocking(False)
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                await asyncio.get_running_loop().sock_connect(sock, address)
        except (OSError, TimeoutError) as error:
            sock.close()
            raise NoAnswer(f"no connection: {error!r}") from error
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(sock)

    def close(self) -> None:
        self._socket.close()

    async def send(self, request: Request) -> None:
        """Send head and body; where the service hangs up first, its answer counts and not our sending."""
        head = h11.Request(method=request.method, target=request.target, headers=request.headers)
        try:
            await self._send(head)
            if request.body is not None:
                async for chunk in request.body:
                    await self._send(h11.Data(data=chunk))
            await self._send(h11.EndOfMessage())
        except BodyBrokeOff:
            self._socket.shutdown(socket.SHUT_WR)  # the service must not wait for the rest
        except OSError:
            return

    async def _send(self, event: h11.Request | h11.Data | h11.EndOfMessage) -> None:
        data = self._http.send(event)
        if data:
            await self._loop.sock_sendall(self._socket, data)
            self._last_movement = self._loop.time()

    async def receive_head(self) -> Answer:
        event = await self._next_event()
        while isinstance(event, h11.InformationalResponse):
            event = await self._next_event()
        if not isinstance(event, h11.Response):
            raise NoAnswer(f"expected an answer, received {type(event).__name__}")
        headers = [(bytes(name), bytes(value)) for name, value in event.headers.raw_items()]
        return Answer(event.status_code, event.reason.decode("latin-1"), headers, self._body())

    async def _body(self) -> AsyncIterator[bytes]:
        while isinstance(event := await self._next_event(), h11.Data):
            yield bytes(event.data)

    async def _next_event(self) -> h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._receive())
        except (OSError, h11.RemoteProtocolError) as error:
            raise NoAnswer(f"the answer broke off: {error!r}") from error
        return event

    async def _receive(self) -> bytes:
        """Wait for bytes as long as something moves; TimeoutError (an OSError) otherwise."""
        while True:
            timeout = self._last_movement + IDLE_SECONDS - self._loop.time()
            try:
                async with asyncio.timeout(timeout):
                    data = await self._loop.sock_recv(self._socket, _READ_BYTES)
            except TimeoutError:
                if self._last_movement + IDLE_SECONDS <= self._loop.time():
                    raise
                continue
            self._last_movement = self._loop.time()
            return data
