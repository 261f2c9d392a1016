"""The queue of pages in SQS.

A standard queue: a message may be delivered twice and out of order. Its body is ``{"job_id", "page"}`` and
nothing else. Its group is the hash of the page's owner, by which SQS serves owners fairly.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
"""

import json
import logging
from collections.abc import Iterator, Sequence
from functools import cached_property
from hashlib import sha256
from typing import Any

from preview.domain.queued_page import Backlog, QueuedPage, ReceivedPage
from shared.aws import dependency
from shared.circuit_breaker import CircuitBreaker
from shared.errors import DependencyUnavailable
from shared.metrics import Metrics

log = logging.getLogger(__name__)

_NAME = "SQS"

_BATCH = 10
"""Source: SendMessageBatch in the SQS API reference."""

_MINIMUM_CALL_SECONDS = 1.0  # a send takes some 10 ms

LONGEST_POLL_SECONDS = 20
"""Source: WaitTimeSeconds of ReceiveMessage in the SQS API reference."""


class SqsPageQueue:
    """``client`` has short timeouts; ``polling_client`` waits for as long as a poll takes."""

    def __init__(self, client: Any, polling_client: Any, name: str, metrics: Metrics) -> None:
        self._client = client
        self._polling_client = polling_client
        self._name = name
        self._breaker = CircuitBreaker(_NAME, metrics, minimum_call_seconds=_MINIMUM_CALL_SECONDS)

    @dependency(_NAME)
    def send(self, pages: Sequence[QueuedPage], owner: str) -> None:
        group = sha256(owner.encode()).hexdigest()
        for entries in _batches(pages, group):
            with self._breaker.guard():
                answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)
                if answer.get("Failed"):
                    raise DependencyUnavailable(_NAME)

    @dependency(_NAME)
    def receive(self, wait_seconds: int, visibility_timeout_seconds: int) -> ReceivedPage | None:
        answer = self._polling_client.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=1,
            WaitTimeSeconds=wait_seconds,
            VisibilityTimeout=visibility_timeout_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        for message in answer.get("Messages", ()):
            receipt = message["ReceiptHandle"]
            queued = parse_body(message["Body"])
            if queued is not None:
                return ReceivedPage(queued, receipt, int(message["Attributes"]["ApproximateReceiveCount"]))
            log.error(
                "a message names no page and is deleted", extra={"context": {"id": message["MessageId"]}}
            )
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)
        return None

    @dependency(_NAME)
    def delete(self, page: ReceivedPage) -> None:
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=page.receipt)

    @dependency(_NAME)
    def set_visibility_timeout(self, page: ReceivedPage, seconds: int) -> None:
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=page.receipt, VisibilityTimeout=seconds
        )

    @dependency(_NAME)
    def backlog(self) -> Backlog:
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        with self._breaker.guard():
            found = self._client.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)["Attributes"]
        return Backlog(*(int(found[name]) for name in names))

    @cached_property
    def _url(self) -> str:
        return str(self._client.get_queue_url(QueueName=self._name)["QueueUrl"])


def _batches(pages: Sequence[QueuedPage], group: str) -> Iterator[list[dict[str, str]]]:
    for start in range(0, len(pages), _BATCH):
        yield [
            {"Id": str(number), "MessageBody": _body(page), "MessageGroupId": group}
            for number, page in enumerate(pages[start : start + _BATCH])
        ]


def _body(page: QueuedPage) -> str:
    return json.dumps({"job_id": page.job_id, "page": page.page}, separators=(",", ":"))


def parse_body(body: str) -> QueuedPage | None:
    """The page that a message names; None where its body is not one that `SqsPageQueue.send` writes."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    match fields:
        case {"job_id": str(job_id), "page": int(page), **others} if (
            not others and page > 0 and page is not True
        ):
            return QueuedPage(job_id, page)
    return None
