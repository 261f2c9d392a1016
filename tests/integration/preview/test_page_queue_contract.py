"""What a queue of pages does, for SQS and for the fake that stands in for it."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from builders_preview import JOB_ID, OTHER_JOB_ID, OWNER
from fakes_page_queue import FakePageQueue
from fakes_preview import Clock
from preview.adapters.page_queue import SqsPageQueue
from preview.domain.ports import PageQueue
from preview.domain.queued_page import Backlog, QueuedPage, ReceivedPage
from shared.errors import DependencyFailed, DependencyUnavailable
from shared.metrics import Metrics

REGION = "us-east-1"
QUEUE = "location-detection-test-contract"
PAGE = QueuedPage(JOB_ID, 1)
VISIBILITY_TIMEOUT_SECONDS = 60


@pytest.fixture(scope="module")
def sqs_client(aws: None) -> Any:
    return boto3.client("sqs", region_name=REGION)


@pytest.fixture
def sqs(sqs_client: Any) -> Iterator[Any]:
    """A client of an AWS with one empty queue."""
    url = sqs_client.create_queue(QueueName=QUEUE)["QueueUrl"]
    yield sqs_client
    sqs_client.delete_queue(QueueUrl=url)


@pytest.fixture
def adapter(sqs: Any) -> SqsPageQueue:
    return SqsPageQueue(sqs, sqs, QUEUE, Metrics("preview", "test", io.StringIO()))


@pytest.fixture(params=["sqs", "fake"])
def queue(request: pytest.FixtureRequest) -> PageQueue:
    if request.param == "fake":
        return FakePageQueue(Clock())
    adapter: SqsPageQueue = request.getfixturevalue("adapter")
    return adapter


def receive(queue: PageQueue) -> ReceivedPage | None:
    return queue.receive(0, VISIBILITY_TIMEOUT_SECONDS)


def received(queue: PageQueue) -> ReceivedPage:
    page = receive(queue)
    assert page
    return page


def test_an_empty_queue_has_nothing(queue: PageQueue) -> None:
    assert receive(queue) is None
    assert queue.backlog() == Backlog(0, 0)


def test_a_page_comes_back_as_it_was_sent(queue: PageQueue) -> None:
    queue.send([QueuedPage(OTHER_JOB_ID, 317)], OWNER)
    page = received(queue)
    assert (page.queued, page.receives) == (QueuedPage(OTHER_JOB_ID, 317), 1)


def test_more_pages_than_a_request_takes_are_all_sent(queue: PageQueue) -> None:
    pages = [QueuedPage(JOB_ID, number) for number in range(1, 24)]
    queue.send(pages, OWNER)
    assert queue.backlog() == Backlog(23, 0)
    assert {received(queue).queued for _ in pages} == set(pages)


def test_no_pages_are_no_request(queue: PageQueue) -> None:
    queue.send([], OWNER)
    assert queue.backlog() == Backlog(0, 0)


def test_a_page_that_was_received_is_hidden_from_others(queue: PageQueue) -> None:
    queue.send([PAGE], OWNER)
    received(queue)
    assert receive(queue) is None
    assert queue.backlog() == Backlog(0, 1)


def test_a_page_given_back_is_received_again_and_counted(queue: PageQueue) -> None:
    queue.send([PAGE], OWNER)
    queue.set_visibility_timeout(received(queue), 0)
    assert queue.backlog() == Backlog(1, 0)
    assert received(queue).receives == 2


def test_a_page_can_be_hidden_for_longer(queue: PageQueue) -> None:
    queue.send([PAGE], OWNER)
    queue.set_visibility_timeout(received(queue), 300)
    assert receive(queue) is None


def test_a_page_that_was_deleted_is_gone(queue: PageQueue) -> None:
    queue.send([PAGE], OWNER)
    page = received(queue)
    queue.delete(page)
    queue.delete(page)
    assert queue.backlog() == Backlog(0, 0)


def test_the_same_page_may_wait_twice(queue: PageQueue) -> None:
    queue.send([PAGE, PAGE], OWNER)
    queue.delete(received(queue))
    assert received(queue).queued == PAGE


def test_the_fake_shows_a_page_again_when_its_time_is_over() -> None:
    clock = Clock()
    queue = FakePageQueue(clock)
    queue.send([PAGE], OWNER)
    received(queue)
    clock.advance(VISIBILITY_TIMEOUT_SECONDS)
    assert received(queue).receives == 2


# What SQS alone can show.


def test_a_message_names_job_and_page_and_nothing_else(adapter: SqsPageQueue, sqs: Any) -> None:
    adapter.send([PAGE], OWNER)
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    (message,) = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=["All"])["Messages"]
    assert json.loads(message["Body"]) == {"job_id": JOB_ID, "page": 1}
    assert OWNER not in json.dumps(message, default=str), "the group is a hash"


@pytest.mark.parametrize(
    "body",
    [
        "no JSON",
        "[" * 100_000,
        "[]",
        "{}",
        '{"job_id": "job_1"}',
        '{"job_id": 1, "page": 1}',
        '{"job_id": "job_1", "page": "1"}',
        '{"job_id": "job_1", "page": 0}',
        '{"job_id": "job_1", "page": true}',
        '{"job_id": "job_1", "page": 1, "owner": "ada"}',
    ],
)
def test_a_message_that_names_no_page_is_deleted(
    adapter: SqsPageQueue, sqs: Any, caplog: pytest.LogCaptureFixture, body: str
) -> None:
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody=body)
    assert receive(adapter) is None
    assert adapter.backlog() == Backlog(0, 0)
    (line,) = caplog.records
    assert (line.levelname, line.getMessage()) == ("ERROR", "a message names no page and is deleted")


def test_a_batch_that_was_taken_in_part_is_unavailable(adapter: SqsPageQueue, sqs: Any) -> None:
    url = sqs.get_queue_url(QueueName=QUEUE)["QueueUrl"]
    failed = {"Id": "0", "Code": "InternalError", "SenderFault": False}
    with Stubber(sqs) as stub:
        stub.add_response("get_queue_url", {"QueueUrl": url})
        stub.add_response("send_message_batch", {"Successful": [], "Failed": [failed]})
        with pytest.raises(DependencyUnavailable):
            adapter.send([PAGE], OWNER)


def test_a_queue_that_is_not_there_is_a_failure(sqs: Any) -> None:
    queue = SqsPageQueue(sqs, sqs, "nowhere", Metrics("preview", "test", io.StringIO()))
    with pytest.raises(DependencyFailed) as raised:
        queue.backlog()
    assert isinstance(raised.value.__cause__, ClientError)
