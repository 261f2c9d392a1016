"""Creates what ``resources`` describes; a second start finds it and changes nothing that people changed.

``python -m local_aws.aws.provision AWS_ENDPOINT_URL``
"""

import json
import os
import secrets
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from local_aws.aws import resources
from local_aws.aws.resources import Bucket, Index, Parameter, Queue, Table

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"}


def client(service: str, endpoint_url: str) -> Any:
    """A boto3 client of the emulator, with time limits and two tries."""
    return boto3.client(
        service,
        region_name=resources.REGION,
        endpoint_url=endpoint_url,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
        config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 2}, proxies={}),
    )


def provision(endpoint_url: str, environ: Mapping[str, str]) -> None:
    """Bring the emulator at ``endpoint_url`` to what the services expect; may run any number of times."""
    _create_tables(client("dynamodb", endpoint_url), resources.TABLES)
    _create_queues(client("sqs", endpoint_url), resources.QUEUES)
    _create_buckets(client("s3", endpoint_url), resources.BUCKETS)
    _put_parameters(client("ssm", endpoint_url), resources.parameters(environ))
    _create_secrets(client("secretsmanager", endpoint_url))


def _create_tables(dynamodb: Any, tables: Iterable[Table]) -> None:
    existing = set(dynamodb.list_tables()["TableNames"])
    for table in tables:
        if table.name not in existing:
            dynamodb.create_table(**table_request(table))
        else:
            _add_missing_indexes(dynamodb, table)  # the state may be from before the table had them
        ttl = dynamodb.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
        if ttl.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
            dynamodb.update_time_to_live(
                TableName=table.name,
                TimeToLiveSpecification={"Enabled": True, "AttributeName": resources.TTL_ATTRIBUTE},
            )


def _add_missing_indexes(dynamodb: Any, table: Table) -> None:
    described = dynamodb.describe_table(TableName=table.name)["Table"]
    existing = {index["IndexName"] for index in described.get("GlobalSecondaryIndexes", [])}
    request = table_request(table)
    for index in request.get("GlobalSecondaryIndexes", []):
        if index["IndexName"] not in existing:
            dynamodb.update_table(  # which takes one index at a time
                TableName=table.name,
                AttributeDefinitions=request["AttributeDefinitions"],
                GlobalSecondaryIndexUpdates=[{"Create": index}],
            )


def table_request(table: Table) -> Any:
    """What DynamoDB is asked for to make ``table``."""
    keys = [table.hash_key, table.range_key]
    request: dict[str, Any] = {
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": _key_schema(table.hash_key, table.range_key),
    }
    if table.indexes:
        keys += [key for index in table.indexes for key in (index.hash_key, index.range_key)]
        request["GlobalSecondaryIndexes"] = [_index_request(index) for index in table.indexes]
    request["AttributeDefinitions"] = [
        {"AttributeName": name, "AttributeType": _attribute_type(table, name)} for name in keys if name
    ]
    return request


def _index_request(index: Index) -> dict[str, Any]:
    return {
        "IndexName": index.name,
        "KeySchema": _key_schema(index.hash_key, index.range_key),
        "Projection": {"ProjectionType": "KEYS_ONLY" if index.keys_only else "ALL"},
    }


def _attribute_type(table: Table, name: str) -> str:
    return "N" if table.numbered and name == table.range_key else "S"


def _key_schema(hash_key: str, range_key: str | None) -> list[dict[str, str]]:
    schema = [{"AttributeName": hash_key, "KeyType": "HASH"}]
    if range_key:
        schema.append({"AttributeName": range_key, "KeyType": "RANGE"})
    return schema


def _create_queues(sqs: Any, queues: Iterable[Queue]) -> None:
    for queue in queues:
        attributes = queue_attributes(sqs, queue)
        try:
            url = sqs.get_queue_url(QueueName=queue.name)["QueueUrl"]
        except sqs.exceptions.QueueDoesNotExist:
            sqs.create_queue(QueueName=queue.name, Attributes=attributes)
        else:
            sqs.set_queue_attributes(QueueUrl=url, Attributes=attributes)


def queue_attributes(sqs: Any, queue: Queue) -> dict[str, str]:
    """What SQS is asked for to make ``queue``, whose dead letters must be there."""
    attributes = {
        "MessageRetentionPeriod": str(queue.kept_days * 86_400),
        "VisibilityTimeout": str(queue.visibility_timeout_seconds),
        "ReceiveMessageWaitTimeSeconds": str(queue.wait_seconds),
        "SqsManagedSseEnabled": "true",
    }
    if queue.dead_letters:
        url = sqs.get_queue_url(QueueName=queue.dead_letters)["QueueUrl"]
        dead = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
        redrive = {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": queue.most_receives}
        attributes["RedrivePolicy"] = json.dumps(redrive)
    return attributes


def _create_buckets(s3: Any, buckets: Iterable[Bucket]) -> None:
    existing = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for bucket in buckets:
        if bucket.name not in existing:
            s3.create_bucket(Bucket=bucket.name)
        lifecycle, cors = bucket_settings(bucket)
        s3.put_bucket_lifecycle_configuration(Bucket=bucket.name, LifecycleConfiguration=lifecycle)
        if cors:
            s3.put_bucket_cors(Bucket=bucket.name, CORSConfiguration=cors)


def bucket_settings(bucket: Bucket) -> tuple[Any, Any]:
    """The lifecycle and the CORS configuration of ``bucket``; None for no CORS."""
    cors = {"CORSRules": [_upload_cors_rule()]} if bucket.browser_uploads else None
    return _lifecycle_configuration(bucket), cors


def _lifecycle_configuration(bucket: Bucket) -> Any:
    rules: list[dict[str, Any]] = [
        {
            "ID": f"expire-{expiry.prefix.strip('/') or 'all'}",
            "Status": "Enabled",
            "Filter": {"Prefix": expiry.prefix},
            "Expiration": {"Days": expiry.days},
        }
        for expiry in bucket.expiries
    ]
    rules.append(
        {
            "ID": "abort-incomplete-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    )
    return {"Rules": rules}


def _upload_cors_rule() -> Any:
    return {
        "AllowedMethods": ["POST"],
        "AllowedOrigins": ["*"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }


def _put_parameters(ssm: Any, parameters: Iterable[Parameter]) -> None:
    for parameter in parameters:
        name = f"{resources.PARAMETERS_PATH}/{parameter.name}"
        try:
            ssm.put_parameter(
                Name=name, Value=parameter.value, Type="String", Overwrite=parameter.from_environment
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ParameterAlreadyExists":
                raise


def _create_secrets(secrets_manager: Any) -> None:
    keys = {"keys": [key.entry() for key in resources.LOCAL_KEYS]}
    token = {"current": secrets.token_urlsafe(32), "previous": None}
    _create_secret(secrets_manager, resources.API_KEYS_SECRET, keys)
    _create_secret(secrets_manager, resources.INTERNAL_TOKEN_SECRET, token)


def _create_secret(secrets_manager: Any, name: str, value: object) -> None:
    """Create the secret; an existing one is left alone, because ``flask keys`` writes there too."""
    try:
        secrets_manager.create_secret(Name=name, SecretString=json.dumps(value))
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceExistsException":
            raise


if __name__ == "__main__":
    provision(sys.argv[1], os.environ)
