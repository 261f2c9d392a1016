import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws

from builders_preview import OWNER
from fakes_shared import lift_rate_limit
from preview.settings import Settings
from shared.auth import digest

REGION = "us-east-1"
TABLE = "location-detection-test-preview-cache"
PAGES_TABLE = "location-detection-test-preview-pages"
QUEUE = "location-detection-test-preview-pages"
BLUEPRINTS = "location-detection-test-blueprints"
RESULTS = "location-detection-test-cache"


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    """An AWS in this process with what the preview service needs in it."""
    with pytest.MonkeyPatch.context() as environ, mock_aws():
        for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_TEXTRACT", "AWS_PROFILE"):
            environ.delenv(name, raising=False)
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            environ.setenv(name, "testing")
        boto3.client("dynamodb", region_name=REGION).create_table(
            TableName=TABLE,
            KeySchema=[{"AttributeName": "blueprint_hash", "KeyType": "HASH"}],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("blueprint_hash", "job_id")
            ],
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "job_id",
                    "KeySchema": [{"AttributeName": "job_id", "KeyType": "HASH"}],
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
            BillingMode="PAY_PER_REQUEST",
        )
        _create_pages_table()
        boto3.client("sqs", region_name=REGION).create_queue(QueueName=QUEUE)
        for bucket in (BLUEPRINTS, RESULTS):
            boto3.client("s3", region_name=REGION).create_bucket(Bucket=bucket)
        yield


def _create_pages_table() -> None:
    boto3.client("dynamodb", region_name=REGION).create_table(
        TableName=PAGES_TABLE,
        KeySchema=[
            {"AttributeName": "job_id", "KeyType": "HASH"},
            {"AttributeName": "page", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "job_id", "AttributeType": "S"},
            {"AttributeName": "page", "AttributeType": "N"},
            {"AttributeName": "unfinished", "AttributeType": "S"},
            {"AttributeName": "due_at", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "unfinished-due_at",
                "KeySchema": [
                    {"AttributeName": "unfinished", "KeyType": "HASH"},
                    {"AttributeName": "due_at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )


@pytest.fixture(scope="module")
def s3_client(aws: None) -> Any:
    return boto3.client("s3", region_name=REGION)


@pytest.fixture
def s3(s3_client: Any) -> Iterator[Any]:
    """A client of buckets that are empty again afterwards."""
    yield s3_client
    for bucket in (BLUEPRINTS, RESULTS):
        for found in s3_client.list_objects_v2(Bucket=bucket).get("Contents", []):
            s3_client.delete_object(Bucket=bucket, Key=found["Key"])


@pytest.fixture(scope="module")
def dynamodb_client(aws: None) -> Any:
    return boto3.client("dynamodb", region_name=REGION)


@pytest.fixture
def dynamodb(dynamodb_client: Any) -> Iterator[Any]:
    """A client of a table that is empty again afterwards."""
    yield dynamodb_client
    for item in dynamodb_client.scan(TableName=TABLE)["Items"]:
        dynamodb_client.delete_item(TableName=TABLE, Key={"blueprint_hash": item["blueprint_hash"]})


@pytest.fixture
def pages_dynamodb(dynamodb_client: Any) -> Iterator[Any]:
    """A client of a table of pages that is empty again afterwards."""
    yield dynamodb_client
    for item in dynamodb_client.scan(TableName=PAGES_TABLE)["Items"]:
        key = {"job_id": item["job_id"], "page": item["page"]}
        dynamodb_client.delete_item(TableName=PAGES_TABLE, Key=key)


@pytest.fixture(scope="module")
def settings(aws: None) -> Settings:
    """For an app with keys of one owner; the jobs service is nowhere."""
    keys = [
        {"id": "1", "owner": OWNER, "sha256": digest("a-key"), "scopes": ["jobs:read", "jobs:write"]},
        {"id": "2", "owner": OWNER, "sha256": digest("a-read-key"), "scopes": ["jobs:read"]},
    ]
    secrets = boto3.client("secretsmanager", region_name=REGION)
    secrets.create_secret(Name="keys", SecretString=json.dumps({"keys": keys}))
    secrets.create_secret(Name="token", SecretString='{"current": "inner", "previous": null}')
    lift_rate_limit("/location-detection/test")
    return Settings.from_env(
        {
            "ENVIRONMENT": "test",
            "AWS_REGION": REGION,
            "API_KEYS_SECRET": "keys",
            "INTERNAL_TOKEN_SECRET": "token",
            "PARAMETERS_PATH": "/location-detection/test",
            "RATE_LIMITS_TABLE": "location-detection-test-rate-limits",
            "PREVIEW_CACHE_TABLE": TABLE,
            "PREVIEW_PAGES_TABLE": PAGES_TABLE,
            "PREVIEW_PAGES_QUEUE": QUEUE,
            "BLUEPRINTS_BUCKET": BLUEPRINTS,
            "CACHE_BUCKET": RESULTS,
            "JOBS_URL": "http://127.0.0.1:9",
            "RETRY_BASE_SECONDS": "0",
        }
    )
