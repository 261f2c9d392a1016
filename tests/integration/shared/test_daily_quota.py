"""A quota for a day, counted in DynamoDB (moto)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from fakes_shared import FakeSsm
from shared.parameter_store import ParameterStore
from shared.rate_limits import PAGES_PER_DAY, DailyPageQuota, QuotaExceeded

TABLE = "rate-limits"
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
LIMIT = 10


@dataclass
class Clock:
    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    with mock_aws():
        client = boto3.client("dynamodb", region_name="us-east-1")
        client.create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "bucket_key", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "bucket_key", "KeyType": "HASH"}],
        )
        yield client
        client.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


def quota_in(client: Any, clock: Clock, table: str = TABLE) -> DailyPageQuota:
    ssm = FakeSsm({f"/ld/{PAGES_PER_DAY.name}": str(LIMIT)})
    parameters = ParameterStore(ssm, "/ld", (PAGES_PER_DAY,), 300.0)
    return DailyPageQuota(client, table, parameters, clock)


def test_a_quota_is_used_up_and_comes_back_at_midnight(client: Any, clock: Clock) -> None:
    quota = quota_in(client, clock)
    quota.take("ada", 7)
    with pytest.raises(QuotaExceeded) as refused:
        quota.take("ada", 4)
    assert refused.value.details == {"per_day": LIMIT, "retry_after_seconds": 12 * 3600}
    quota.take("ada", 3)
    quota.take("bob", LIMIT)
    clock.now += timedelta(hours=12)
    quota.take("ada", LIMIT)


def test_more_than_a_day_allows_is_never_counted(client: Any, clock: Clock) -> None:
    quota = quota_in(client, clock)
    with pytest.raises(QuotaExceeded):
        quota.take("ada", LIMIT + 1)
    quota.take("ada", LIMIT)


def test_the_last_second_of_a_day_has_a_next(client: Any, clock: Clock) -> None:
    clock.now = NOON + timedelta(hours=11, minutes=59, seconds=59, milliseconds=999)
    quota = quota_in(client, clock)
    quota.take("ada", LIMIT)
    with pytest.raises(QuotaExceeded) as refused:
        quota.take("ada", 1)
    assert refused.value.retry_after_seconds == 1


def test_an_item_outlives_its_day_and_expires(client: Any, clock: Clock) -> None:
    quota_in(client, clock).take("ada", 1)
    [item] = client.scan(TableName=TABLE)["Items"]
    assert int(item["expires_at"]["N"]) == int(datetime(2026, 3, 3, tzinfo=UTC).timestamp())


def test_all_workers_count_together(client: Any, clock: Clock) -> None:
    workers = [quota_in(client, clock) for _ in range(LIMIT)]
    for worker in workers:
        worker.take("ada", 1)
    for worker in workers:
        with pytest.raises(QuotaExceeded):
            worker.take("ada", 1)


def test_while_the_table_is_away_everything_is_allowed(
    client: Any, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    quota_in(client, clock, table="no-such-table").take("ada", 1)
    assert "quota not counted" in caplog.messages
