"""Messages between parent and child: a JSON array ``[kind, data]`` and raw bytes, each with its length."""

import json
import select
import socket
import struct
from dataclasses import dataclass
from typing import Any

from shared.deadline import Deadline

_LENGTHS = struct.Struct("!II")

MAX_JSON_BYTES = 32 << 20
"""Bounds what a child gone bad can make its parent hold; 20,000 words are 3 MB."""
MAX_BLOB_BYTES = 64 << 20
"""Likewise; the largest picture asked for is a PNG of 10 MB."""


class ChannelClosed(Exception):
    """The other side has gone."""


class Garbled(Exception):
    """What arrived is not a message."""


@dataclass(frozen=True, slots=True)
class Message:
    kind: str
    data: dict[str, Any]
    blob: bytes = b""


class Channel:
    """One side of a connected stream socket, which it owns."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, message: Message) -> None:
        """Waits for the reader, without limit; `ChannelClosed` when there is none."""
        text = json.dumps([message.kind, message.data], separators=(",", ":")).encode()
        try:
            self._connection.settimeout(None)
            self._connection.sendall(_LENGTHS.pack(len(text), len(message.blob)) + text)
            if message.blob:  # sending nothing fails too, once the reader has all it needs and has gone
                self._connection.sendall(message.blob)
        except OSError as exc:
            raise ChannelClosed from exc

    def receive(self, deadline: Deadline | None = None) -> Message:
        """The next message, whole; `TimeoutError` after the deadline, `ChannelClosed`, `Garbled`."""
        json_bytes, blob_bytes = _LENGTHS.unpack(self._read(_LENGTHS.size, deadline))
        if json_bytes > MAX_JSON_BYTES or blob_bytes > MAX_BLOB_BYTES:
            raise Garbled(f"{json_bytes} + {blob_bytes} bytes")
        kind, data = _decode(self._read(json_bytes, deadline))
        return Message(kind, data, bytes(self._read(blob_bytes, deadline)))

    def wait(self, timeout_seconds: float) -> bool:
        """Whether `receive` has something to read, or to raise, within that time."""
        if self._connection.fileno() < 0:  # closed on this side
            return True
        poll = select.poll()
        poll.register(self._connection, select.POLLIN)
        return bool(poll.poll(timeout_seconds * 1000))

    def is_open(self) -> bool:
        """Whether the other side still lives, seen from a channel on which nothing is due."""
        try:
            self._connection.settimeout(0)
            self._connection.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def close(self) -> None:
        self._connection.close()

    def _read(self, count: int, deadline: Deadline | None) -> bytearray:
        buffer = bytearray(count)
        view = memoryview(buffer)
        while view:
            view = view[self._read_some(view, deadline) :]
        return buffer

    def _read_some(self, view: memoryview, deadline: Deadline | None) -> int:
        if deadline is not None and deadline.expired:
            raise TimeoutError
        try:
            self._connection.settimeout(None if deadline is None else deadline.remaining_seconds())
            count = self._connection.recv_into(view)
        except (TimeoutError, BlockingIOError) as exc:
            raise TimeoutError from exc
        except OSError as exc:
            raise ChannelClosed from exc
        if count == 0:
            raise ChannelClosed
        return count


def _decode(text: bytearray) -> tuple[str, dict[str, Any]]:
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as exc:
        raise Garbled from exc
    match parsed:
        case [str(kind), dict(data)]:
            return kind, data
    raise Garbled
