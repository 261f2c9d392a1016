"""AWS in process (moto), with the tables, bucket and secrets that the jobs service finds in its account."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from flask import Flask
from flask.testing import FlaskClient
from moto import mock_aws

from builders_jobs import NOW, settings
from fakes_jobs import Clock
from fakes_shared import lift_rate_limit
from jobs.app import create_app
from shared.auth import digest
from shared.aws import aws_client
from shared.retry import Backoff

KEYS = {
    "ada-key": ("ada", ["jobs:read", "jobs:write"]),
    "bob-key": ("bob", ["jobs:read", "jobs:write"]),
    "read-key": ("ada", ["jobs:read"]),
    "erase-key": ("ada", ["jobs:read", "jobs:erase"]),
}


@pytest.fixture(scope="module")
def aws() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws():
            _create_tables(boto3.client("dynamodb", region_name="us-east-1"))
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=settings().blueprints_bucket)
            _create_secrets(boto3.client("secretsmanager", region_name="us-east-1"))
            lift_rate_limit(settings().parameters_path)
            yield


def _create_tables(client: Any) -> None:
    client.create_table(
        TableName=settings().jobs_table,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"}
            for name in ("job_id", "owner", "created_at", "owes", "due_at")
        ],
        KeySchema=[{"AttributeName": "job_id", "KeyType": "HASH"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": f"{hash_key}-{range_key}",
                "KeySchema": [
                    {"AttributeName": hash_key, "KeyType": "HASH"},
                    {"AttributeName": range_key, "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": projection},
            }
            for hash_key, range_key, projection in (
                ("owner", "created_at", "ALL"),
                ("owes", "due_at", "KEYS_ONLY"),
            )
        ],
    )
    for table, *keys in (
        (settings().uploads_table, "upload_id"),
        (settings().idempotency_table, "idempotency_key"),
        (settings().rate_limits_table, "bucket_key"),
        (settings().feedback_table, "job_id", "feedback_id"),
    ):
        client.create_table(
            TableName=table,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[
                {"AttributeName": key, "KeyType": kind}
                for key, kind in zip(keys, ("HASH", "RANGE"), strict=False)
            ],
        )


def _create_secrets(client: Any) -> None:
    entries = [
        {"id": key, "owner": owner, "sha256": digest(key), "scopes": scopes, "expires_at": None}
        for key, (owner, scopes) in KEYS.items()
    ]
    client.create_secret(Name=settings().api_keys_secret, SecretString=json.dumps({"keys": entries}))
    token = {"current": "inner-token", "previous": None}
    client.create_secret(Name=settings().internal_token_secret, SecretString=json.dumps(token))


@pytest.fixture(scope="module")
def client_of(aws: None) -> Callable[[str], Any]:
    return lambda service: aws_client(service, region="us-east-1", backoff=Backoff(1, 0.01))


@pytest.fixture(scope="module")
def dynamodb(client_of: Callable[[str], Any]) -> Any:
    return client_of("dynamodb")


@pytest.fixture(scope="module")
def s3(client_of: Callable[[str], Any]) -> Any:
    return client_of("s3")


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture(scope="module")
def app(aws: None) -> Iterator[Flask]:
    app = create_app(settings())
    yield app
    for stop in reversed(app.extensions["on_stop"]):
        stop()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
