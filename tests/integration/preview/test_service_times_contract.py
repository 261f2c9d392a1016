"""What is kept of the times that pages take, by DynamoDB and by the fake that stands in for it."""

from typing import Any

import pytest

from fakes_page_queue import FakeServiceTimes
from fakes_preview import Clock
from preview.adapters.page_table import DynamoPageTable
from preview.adapters.service_times import DynamoServiceTimes
from preview.domain.ports import ServiceTimes

TABLE = "location-detection-test-preview-pages"
QUARTER_SECONDS = 900


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["table", "fake"])
def times(request: pytest.FixtureRequest, clock: Clock) -> ServiceTimes:
    if request.param == "fake":
        return FakeServiceTimes(clock)
    return DynamoServiceTimes(request.getfixturevalue("pages_dynamodb"), TABLE, clock)


def test_without_an_attempt_there_is_no_mean(times: ServiceTimes) -> None:
    assert times.mean() is None


def test_the_mean_is_of_this_quarter_of_an_hour_and_the_one_before(times: ServiceTimes, clock: Clock) -> None:
    times.add(1.25)
    times.add(2.75)
    assert times.mean() == 2.0
    clock.advance(QUARTER_SECONDS)
    times.add(5.0)
    assert times.mean() == 3.0
    clock.advance(QUARTER_SECONDS)
    assert times.mean() == 5.0
    clock.advance(QUARTER_SECONDS)
    assert times.mean() is None


def test_it_is_no_page_of_a_job(pages_dynamodb: Any, clock: Clock) -> None:
    DynamoServiceTimes(pages_dynamodb, TABLE, clock).add(2.0)
    clock.advance(10 * QUARTER_SECONDS)
    assert DynamoPageTable(pages_dynamodb, TABLE, clock).due(clock(), 10) == []
    (item,) = pages_dynamodb.scan(TableName=TABLE)["Items"]
    assert int(item["expires_at"]["N"]) < clock().timestamp(), "DynamoDB deletes it"
