"""The dead letters of the queue of pages, in SQS.

They are read and sent back by receive, send and delete. In AWS, StartMessageMoveTask would do the latter; no
emulator has it.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from preview.adapters.page_queue import parse_body
from preview.domain.queued_page import DeadLetter
from shared.aws import dependency

_NAME = "SQS"
_MAX_MESSAGES = 10  # of one receive; source: the SQS API reference
_WAIT_SECONDS = 1  # a receive that does not wait may overlook messages
_VISIBILITY_TIMEOUT_SECONDS = 120
"""Long enough to see each of some thousands once."""


class SqsDeadLetters:
    """Those of the queue ``name``. The client is made when it is needed: most processes never need it."""

    def __init__(self, make_client: Callable[[], Any], name: str) -> None:
        self._make_client = make_client
        self._name = name

    @dependency(_NAME)
    def read(self) -> list[DeadLetter]:
        messages = list(self._receive_all())
        for message in messages:
            self._client.change_message_visibility(
                QueueUrl=self._dead_url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        return [_letter(message) for message in messages]

    @dependency(_NAME)
    def redrive(self) -> int:
        sent = 0
        for message in self._receive_all():
            group = message["Attributes"].get("MessageGroupId")
            grouped = {"MessageGroupId": group} if group else {}
            self._client.send_message(QueueUrl=self._url, MessageBody=message["Body"], **grouped)
            self._client.delete_message(QueueUrl=self._dead_url, ReceiptHandle=message["ReceiptHandle"])
            sent += 1
        return sent

    def _receive_all(self) -> Iterator[dict[str, Any]]:
        while messages := self._client.receive_message(
            QueueUrl=self._dead_url,
            MaxNumberOfMessages=_MAX_MESSAGES,
            WaitTimeSeconds=_WAIT_SECONDS,
            VisibilityTimeout=_VISIBILITY_TIMEOUT_SECONDS,
            MessageSystemAttributeNames=["MessageGroupId", "SentTimestamp"],
        ).get("Messages"):
            yield from messages

    @cached_property
    def _client(self) -> Any:
        return self._make_client()

    @cached_property
    def _url(self) -> str:
        return str(self._client.get_queue_url(QueueName=self._name)["QueueUrl"])

    @cached_property
    def _dead_url(self) -> str:
        return str(self._client.get_queue_url(QueueName=f"{self._name}-dead")["QueueUrl"])


def _letter(message: dict[str, Any]) -> DeadLetter:
    sent_at = datetime.fromtimestamp(int(message["Attributes"]["SentTimestamp"]) / 1000, UTC)
    return DeadLetter(parse_body(message["Body"]), sent_at)
