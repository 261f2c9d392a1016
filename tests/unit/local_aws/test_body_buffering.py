import asyncio
from typing import Any

import pytest

from local_aws.aws.body_buffering import BodyBufferingApp


def seen_by_app(scope_type: str, messages: list[dict[str, Any]]) -> dict[str, Any]:
    waiting = iter(messages)
    seen: list[Any] = []

    async def receive() -> Any:
        return next(waiting)

    async def send(message: Any) -> None:
        raise AssertionError(message)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(await receive())

    asyncio.run(BodyBufferingApp(app)({"type": scope_type}, receive, send))
    return dict(seen[0])


def piece(body: bytes, more: bool) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.mark.parametrize("pieces", [[b""], [b"one"], [b"o", b"n", b"", b"e"]])
def test_a_body_arrives_in_one_piece(pieces: list[bytes]) -> None:
    messages = [piece(body, more=i < len(pieces) - 1) for i, body in enumerate(pieces)]
    assert seen_by_app("http", messages) == piece(b"".join(pieces), more=False)


def test_a_caller_who_leaves_is_noticed() -> None:
    left = {"type": "http.disconnect"}
    assert seen_by_app("http", [piece(b"half", more=True), left]) == left


def test_other_scopes_pass_as_they_are() -> None:
    startup = {"type": "lifespan.startup"}
    assert seen_by_app("lifespan", [startup]) == startup
