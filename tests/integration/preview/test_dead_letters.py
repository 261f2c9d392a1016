"""``flask dead-letters``, as an operator uses it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import boto3
import pytest
from click.testing import Result
from flask import Flask

from builders_preview import JOB_ID
from preview.app import create_app
from preview.settings import Settings

REGION = "us-east-1"
QUEUE = "location-detection-test-dead-letters"
GROUP = "0123abcd"
MANY = 23


class Queues:
    def __init__(self, sqs: Any, name: str) -> None:
        self._sqs = sqs
        self.url, self.dead_url = (
            sqs.create_queue(QueueName=each)["QueueUrl"] for each in (name, f"{name}-dead")
        )

    def die(self, body: str) -> None:
        self._sqs.send_message(QueueUrl=self.dead_url, MessageBody=body, MessageGroupId=GROUP)

    def received(self, url: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while more := self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
        ).get("Messages"):
            found += more
        return found

    def delete(self) -> None:
        for url in (self.url, self.dead_url):
            self._sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def queues(aws: None) -> Iterator[Queues]:
    queues = Queues(boto3.client("sqs", region_name=REGION), QUEUE)
    yield queues
    queues.delete()


@pytest.fixture(scope="module")
def app(settings: Settings) -> Flask:
    return create_app(replace(settings, preview_pages_queue=QUEUE))


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["dead-letters", *arguments])


def page(number: int) -> dict[str, Any]:
    return {"job_id": JOB_ID, "page": number}


def test_dead_letters_are_listed_and_stay(app: Flask, queues: Queues) -> None:
    for number in range(1, MANY + 1):
        queues.die(json.dumps(page(number)))
    for _ in range(2):
        lines = [json.loads(line) for line in run(app, "list").stdout.splitlines()]
        assert sorted(line["page"] for line in lines) == list(range(1, MANY + 1))
        assert {line["job_id"] for line in lines} == {JOB_ID}
        assert all(line["sent_at"].endswith("Z") for line in lines)


@pytest.mark.parametrize("body", ["no JSON", "[" * 100_000])
def test_what_names_no_page_is_listed_without(app: Flask, queues: Queues, body: str) -> None:
    queues.die(body)
    (line,) = run(app, "list").stdout.splitlines()
    assert (json.loads(line)["job_id"], json.loads(line)["page"]) == (None, None)


def test_dead_letters_are_sent_back_as_they_were(app: Flask, queues: Queues) -> None:
    for number in range(1, MANY + 1):
        queues.die(json.dumps(page(number)))
    assert run(app, "redrive").stdout == f"{MANY} sent back.\n"
    waiting = queues.received(queues.url)
    assert sorted(json.loads(message["Body"])["page"] for message in waiting) == list(range(1, MANY + 1))
    assert {message["Attributes"]["MessageGroupId"] for message in waiting} == {GROUP}
    assert queues.received(queues.dead_url) == []


def test_nothing_is_sent_back_twice(app: Flask, queues: Queues) -> None:
    queues.die(json.dumps(page(1)))
    assert [run(app, "redrive").stdout for _ in range(2)] == ["1 sent back.\n", "0 sent back.\n"]


def test_a_queue_that_is_not_there_is_said_in_a_sentence(app: Flask) -> None:
    result = run(app, "list")
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: SQS did not answer as it should")
