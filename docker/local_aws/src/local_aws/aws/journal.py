"""Keeps what the emulator has acknowledged since its last snapshot, so that a SIGKILL loses none of it.

MiniStack writes tables, queues, parameters and secrets to disk only when it stops in order (S3 objects at
once). This ASGI wrapper appends every successful changing call but those to queues to a file before the
caller gets its answer, replays the file at the next start, and deletes it after an orderly stop. What a
SIGKILL can still lose is a call that had not been answered, and messages; what a power cut can lose is what
the disk had not been given yet.
"""

import base64
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[Message, Receive, Send], Awaitable[None]]

_QUEUES = "AmazonSQS."
"""Messages are hints that their sender repeats; none is worth a line."""

_READING_VERBS = ("Get", "BatchGet", "Query", "Scan", "Describe", "List", "TransactGet")
_JOURNALED_HEADERS = (b"x-amz-target", b"content-type", b"authorization", b"host", b"x-amz-date")

log = logging.getLogger(__name__)


class JournaledApp:
    """Wraps MiniStack's ASGI application with a journal at ``path``."""

    def __init__(self, app: AsgiApp, path: Path) -> None:
        self._app = app
        self._path = path

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, self._lifespan_send(send))
        elif scope["type"] == "http" and _changes_state(scope):
            await self._call_and_record(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _lifespan_send(self, send: Send) -> Send:
        async def replaying_send(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                await self._replay()
            if message["type"] == "lifespan.shutdown.complete":
                self._path.unlink(missing_ok=True)
            await send(message)

        return replaying_send

    async def _call_and_record(self, scope: Message, receive: Receive, send: Send) -> None:
        body = bytearray()

        async def recording_receive() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def recording_send(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] < 300:
                self._append(scope, bytes(body))
            await send(message)

        await self._app(scope, recording_receive, recording_send)

    def _append(self, scope: Message, body: bytes) -> None:
        headers = [[k.decode(), v.decode()] for k, v in scope["headers"] if k.lower() in _JOURNALED_HEADERS]
        entry = {"path": scope["path"], "headers": headers, "body": base64.b64encode(body).decode()}
        with self._path.open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(entry) + "\n")

    async def _replay(self) -> None:
        """Make the recorded calls again, in order; one that no longer applies is simply refused again."""
        if not self._path.exists():
            return
        self._drop_unfinished_line()
        replayed = 0
        with self._path.open(encoding="utf-8") as journal:
            for line in journal:
                await self._repeat(json.loads(line))
                replayed += 1
        log.warning("Replayed %d calls that the last run had no time to save", replayed)

    def _drop_unfinished_line(self) -> None:
        """What the kill cut off was never answered, and the next line must not be glued to it."""
        with self._path.open("rb+") as journal:
            journal.truncate(journal.read().rfind(b"\n") + 1)

    async def _repeat(self, entry: dict[str, Any]) -> None:
        body = base64.b64decode(entry["body"])
        headers = [(k.encode(), v.encode()) for k, v in entry["headers"]]
        headers.append((b"content-length", str(len(body)).encode()))
        scope: Message = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": entry["path"],
            "raw_path": entry["path"].encode(),
            "query_string": b"",
            "headers": headers,
            "client": ("127.0.0.1", 0),
            "server": ("127.0.0.1", 0),
            "extensions": {},
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(_message: Message) -> None:
            return None

        await self._app(scope, receive, send)


def _changes_state(scope: Message) -> bool:
    """Whether this is a JSON call (DynamoDB, Parameter Store, Secrets Manager) that may change something."""
    for name, value in scope["headers"]:
        if name.lower() == b"x-amz-target":
            target = bytes(value).decode("latin-1")
            operation = target.rpartition(".")[2]
            return not (target.startswith(_QUEUES) or operation.startswith(_READING_VERBS))
    return False
