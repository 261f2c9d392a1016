import asyncio
from pathlib import Path

import pytest

from local_aws.aws.journal import JournaledApp, Message, Receive, Send


class Store:
    """An ASGI application that keeps what it is told, except what it refuses."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await send({"type": (await receive())["type"] + ".complete"})
            return
        target = dict(scope["headers"]).get(b"x-amz-target", b"").decode()
        body = b""
        while (message := await receive()).get("more_body"):
            body += message["body"]
        body += message["body"]
        self.calls.append((target, body))
        await send(
            {"type": "http.response.start", "status": 400 if b"refuse" in body else 200, "headers": []}
        )
        await send({"type": "http.response.body", "body": b""})


def call(app: JournaledApp, target: str | None, body: bytes, *, die_before_answer: bool = False) -> None:
    headers = [(b"host", b"x")]
    if target:
        headers.append((b"x-amz-target", target.encode()))
    half = len(body) // 2
    messages = [
        {"type": "http.request", "body": body[:half], "more_body": True},
        {"type": "http.request", "body": body[half:], "more_body": False},
    ]

    async def receive() -> Message:
        return messages.pop(0)

    async def send(_message: Message) -> None:
        if die_before_answer:
            raise ConnectionError

    asyncio.run(app({"type": "http", "path": "/", "headers": headers}, receive, send))


def lifespan(app: JournaledApp, phase: str) -> None:
    async def receive() -> Message:
        return {"type": f"lifespan.{phase}"}

    async def send(_message: Message) -> None:
        return None

    asyncio.run(app({"type": "lifespan"}, receive, send))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.jsonl"


def start(path: Path) -> tuple[Store, JournaledApp]:
    store = Store()
    app = JournaledApp(store, path)
    lifespan(app, "startup")
    return store, app


PUT = "DynamoDB_20120810.PutItem"


def test_a_killed_run_is_repeated_in_order(path: Path) -> None:
    _, first = start(path)
    call(first, PUT, b"one")
    call(first, "secretsmanager.PutSecretValue", b"\xfftwo")

    second, _ = start(path)
    assert second.calls == [(PUT, b"one"), ("secretsmanager.PutSecretValue", b"\xfftwo")]


def test_what_was_repeated_survives_another_kill(path: Path) -> None:
    _, first = start(path)
    call(first, PUT, b"one")
    _, second = start(path)
    call(second, PUT, b"two")

    third, _ = start(path)
    assert [body for _, body in third.calls] == [b"one", b"two"]


def test_an_orderly_stop_leaves_nothing_to_repeat(path: Path) -> None:
    _, first = start(path)
    call(first, PUT, b"one")
    lifespan(first, "shutdown")

    second, _ = start(path)
    assert second.calls == []


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("DynamoDB_20120810.GetItem", b"x"),
        ("AmazonSSM.DescribeParameters", b"x"),
        ("AmazonSQS.SendMessage", b"x"),
        (None, b"x"),
        (PUT, b"refuse"),
    ],
)
def test_reading_refused_queue_and_s3_calls_are_not_kept(path: Path, target: str | None, body: bytes) -> None:
    _, first = start(path)
    call(first, target, body)
    second, _ = start(path)
    assert second.calls == []


def test_a_call_is_kept_before_its_caller_hears_of_it(path: Path) -> None:
    _, first = start(path)
    with pytest.raises(ConnectionError):
        call(first, PUT, b"one", die_before_answer=True)
    second, _ = start(path)
    assert second.calls == [(PUT, b"one")]


def test_a_line_cut_off_by_the_kill_is_passed_over(path: Path) -> None:
    _, first = start(path)
    call(first, PUT, b"one")
    call(first, PUT, b"two")
    path.write_bytes(path.read_bytes()[:-5])

    second, app = start(path)
    assert [body for _, body in second.calls] == [b"one"]
    call(app, PUT, b"three")
    third, _ = start(path)
    assert [body for _, body in third.calls] == [b"one", b"three"]
