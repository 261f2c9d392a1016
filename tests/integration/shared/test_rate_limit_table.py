"""Buckets in DynamoDB, as moto has it; the fake passes the same tests."""

from collections.abc import Iterator
from itertools import count, cycle
from typing import Any

import boto3
import pytest
from moto import mock_aws

from fakes_shared import FakeBuckets, Immediately
from shared.aws import aws_client
from shared.errors import DependencyError
from shared.rate_limits import DynamoBuckets, Limit, RateLimiter
from shared.rate_limits.bucket import Batch
from shared.rate_limits.limiter import Buckets
from shared.retry import Backoff

TABLE = "location-detection-test-rate-limits"
NOW = 1_800_000_000.0
LIMIT = Limit("key", 600, 100)

numbers = count()


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as patch, mock_aws():
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        boto3.client("dynamodb", region_name="us-east-1").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "bucket_key", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "bucket_key", "KeyType": "HASH"}],
        )
        yield aws_client("dynamodb", region="us-east-1", backoff=Backoff(0))


@pytest.fixture(params=["dynamodb", "fake"])
def buckets(request: pytest.FixtureRequest, client: Any) -> Buckets:
    return DynamoBuckets(client, TABLE) if request.param == "dynamodb" else FakeBuckets()


@pytest.fixture
def bucket_key() -> str:
    return f"key/600/{next(numbers)}"


def taken(tokens: int, first_at: float = NOW) -> Batch:
    """Tokens that were all taken at one moment."""
    return Batch(tokens, first_at + tokens * LIMIT.token_seconds)


def test_a_new_bucket_is_full(buckets: Buckets, bucket_key: str) -> None:
    assert buckets.add(bucket_key, taken(5), LIMIT) == pytest.approx(NOW + 0.5, abs=1e-5)


def test_workers_add_to_each_other(buckets: Buckets, bucket_key: str) -> None:
    for tokens in (5, 5, 7):
        full_at = buckets.add(bucket_key, taken(tokens), LIMIT)
    assert full_at == pytest.approx(NOW + 1.7, abs=1e-5)


def test_what_has_come_back_is_not_owed(buckets: Buckets, bucket_key: str) -> None:
    buckets.add(bucket_key, taken(50), LIMIT)
    assert buckets.add(bucket_key, taken(5, NOW + 3), LIMIT) == pytest.approx(NOW + 5.5, abs=1e-5)
    assert buckets.add(bucket_key, taken(5, NOW + 60), LIMIT) == pytest.approx(NOW + 60.5, abs=1e-5)


def test_a_worker_that_tells_late_moves_nothing_back(buckets: Buckets, bucket_key: str) -> None:
    buckets.add(bucket_key, taken(5, NOW + 60), LIMIT)
    assert buckets.add(bucket_key, taken(5, NOW), LIMIT) == pytest.approx(NOW + 61, abs=1e-5)


def test_two_workers_with_limiters_of_their_own_share_a_bucket(buckets: Buckets, bucket_key: str) -> None:
    turns = cycle([RateLimiter(buckets, lambda: NOW, Immediately()) for _ in range(2)])
    allowed = sum(next(turns).take(bucket_key, LIMIT).allowed for _ in range(300))
    assert 100 <= allowed <= 100 + 2 * LIMIT.max_unreported
    assert next(turns).take(f"{bucket_key} of another", LIMIT).remaining == 99


def test_a_write_between_our_two_is_counted_too(client: Any, bucket_key: str) -> None:
    """The bucket is no longer full when the second worker comes, and the third comes right before it adds."""

    class Interrupted:
        def update_item(self, **request: Any) -> Any:
            if "ConditionExpression" not in request:
                DynamoBuckets(client, TABLE).add(bucket_key, taken(7), LIMIT)
            return client.update_item(**request)

    DynamoBuckets(client, TABLE).add(bucket_key, taken(5), LIMIT)
    full_at = DynamoBuckets(Interrupted(), TABLE).add(bucket_key, taken(5), LIMIT)
    assert full_at == pytest.approx(NOW + 1.7, abs=1e-5)


def test_a_bucket_that_expires_between_our_two_writes_was_full(client: Any, bucket_key: str) -> None:
    class Expiring:
        def update_item(self, **request: Any) -> Any:
            if "ConditionExpression" not in request:
                client.delete_item(TableName=TABLE, Key={"bucket_key": {"S": bucket_key}})
            return client.update_item(**request)

    DynamoBuckets(client, TABLE).add(bucket_key, taken(5), LIMIT)
    full_at = DynamoBuckets(Expiring(), TABLE).add(bucket_key, taken(5), LIMIT)
    assert full_at == pytest.approx(NOW + 0.5, abs=1e-5)


def test_a_bucket_is_kept_until_it_is_full_again(client: Any, bucket_key: str) -> None:
    slowest = Limit("key", 1, 100)
    DynamoBuckets(client, TABLE).add(bucket_key, Batch(200, NOW + 200 * 60), slowest)
    item = client.get_item(TableName=TABLE, Key={"bucket_key": {"S": bucket_key}})["Item"]
    assert int(item["expires_at"]["N"]) > float(item["full_at"]["N"])


def test_a_missing_table_is_a_dependency_that_failed(client: Any, bucket_key: str) -> None:
    with pytest.raises(DependencyError):
        DynamoBuckets(client, "no-such-table").add(bucket_key, taken(5), LIMIT)
