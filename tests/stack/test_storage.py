"""Tables, buckets, parameters and secrets as they stand, and the local stack's beside them."""

import json
from typing import Any

import pytest

from declared import PARAMETERS, stored
from local_aws.aws import resources
from local_aws.aws.provision import bucket_settings, queue_attributes, table_request
from stack.applied import Applied
from stack.rehearsal import PROD_ORIGIN

TABLES = {
    "jobs": ("job_id",),
    "feedback": ("job_id", "feedback_id"),
    "idempotency": ("idempotency_key",),
    "uploads": ("upload_id",),
    "rate-limits": ("bucket_key",),
    "preview-cache": ("blueprint_hash",),
    "preview-pages": ("job_id", "page"),
}
BUCKETS = {"blueprints": {"": 30, "uploads/": 1}, "cache": {"": 30}, "access-logs": {"": 90}}


def table(applied: Applied, role: str) -> dict[str, Any]:
    described = applied.client("dynamodb").describe_table(TableName=f"{applied.prefix}-{role}")
    return dict(described["Table"])


def test_tables_are_those_of_the_product(applied: Applied) -> None:
    names = applied.client("dynamodb").list_tables()["TableNames"]
    own = {name for name in names if name.startswith(f"{applied.prefix}-")}
    assert own == {f"{applied.prefix}-{role}" for role in TABLES}


@pytest.mark.parametrize("role", TABLES)
def test_a_table_has_its_keys_and_forgets_in_time(applied: Applied, role: str) -> None:
    found = table(applied, role)
    assert tuple(key["AttributeName"] for key in found["KeySchema"]) == TABLES[role]
    types = by_name(found["AttributeDefinitions"])
    assert types == {name: "N" if name == "page" else "S" for name in types}
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert found["SSEDescription"]["Status"] == "ENABLED"
    assert found["DeletionProtectionEnabled"] == (applied.environment == "prod")
    dynamodb, name = applied.client("dynamodb"), found["TableName"]
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "expires_at")
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_items_are_found_by_their_indexes(applied: Applied) -> None:
    (index,) = table(applied, "preview-cache")["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["job_id"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    (index,) = table(applied, "preview-pages")["GlobalSecondaryIndexes"]
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["unfinished", "due_at"]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    indexes = {index["IndexName"]: index for index in table(applied, "jobs")["GlobalSecondaryIndexes"]}
    for index_name, projection in (("owner-created_at", "ALL"), ("owes-due_at", "KEYS_ONLY")):
        index = indexes.pop(index_name)
        assert "-".join(key["AttributeName"] for key in index["KeySchema"]) == index_name
        assert index["Projection"] == {"ProjectionType": projection}
    assert not indexes


def queue(applied: Applied, role: str) -> dict[str, str]:
    sqs = applied.client("sqs")
    url = sqs.get_queue_url(QueueName=f"{applied.prefix}-{role}")["QueueUrl"]
    return dict(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"])


def test_pages_wait_in_a_queue_and_die_beside_it(applied: Applied) -> None:
    pages, dead = queue(applied, "preview-pages"), queue(applied, "preview-pages-dead")
    assert (pages["VisibilityTimeout"], pages["ReceiveMessageWaitTimeSeconds"]) == ("60", "20")
    assert (pages["MessageRetentionPeriod"], dead["MessageRetentionPeriod"]) == ("345600", "1209600")
    assert json.loads(pages["RedrivePolicy"]) == {
        "deadLetterTargetArn": dead["QueueArn"],
        "maxReceiveCount": 10,
    }
    assert json.loads(dead["RedriveAllowPolicy"])["sourceQueueArns"] == [pages["QueueArn"]]


@pytest.mark.parametrize("role", ["preview-pages", "preview-pages-dead"])
def test_a_queue_is_encrypted_and_refuses_plain_http(applied: Applied, role: str) -> None:
    found = queue(applied, role)
    assert found["SqsManagedSseEnabled"] == "true"
    (refused,) = json.loads(found["Policy"])["Statement"]
    assert (refused["Effect"], refused["Principal"], refused["Action"]) == ("Deny", "*", "sqs:*")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert refused["Resource"] == found["QueueArn"]


def test_buckets_are_those_of_the_product(applied: Applied) -> None:
    names = {bucket["Name"] for bucket in applied.client("s3").list_buckets()["Buckets"]}
    assert {name for name in names if name.startswith(f"{applied.prefix}-")} == {
        applied.bucket(role) for role in BUCKETS
    }
    told = applied.container("preview").environment
    assert told["BLUEPRINTS_BUCKET"] == applied.bucket("blueprints")
    assert told["CACHE_BUCKET"] == applied.bucket("cache")


def test_the_network_leads_to_the_buckets_and_no_others(applied: Applied) -> None:
    endpoints = applied.client("ec2").describe_vpc_endpoints()["VpcEndpoints"]
    policies = [
        endpoint["PolicyDocument"] for endpoint in endpoints if endpoint["ServiceName"].endswith(".s3")
    ]
    assert any(f"{applied.bucket('blueprints')}/*" in policy for policy in policies)


@pytest.mark.parametrize("role", BUCKETS)
def test_a_bucket_is_private_and_encrypted(applied: Applied, role: str) -> None:
    s3, bucket = applied.client("s3"), applied.bucket(role)
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    assert len(block) == 4
    (owner,) = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert owner["ObjectOwnership"] == "BucketOwnerEnforced"
    assert s3.get_bucket_versioning(Bucket=bucket).get("Status") != "Enabled"


@pytest.mark.parametrize("role", BUCKETS)
def test_a_bucket_refuses_plain_http(applied: Applied, role: str) -> None:
    bucket = applied.bucket(role)
    policy = json.loads(applied.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    (refused,) = [statement for statement in policy["Statement"] if statement["Effect"] == "Deny"]
    assert (refused["Principal"], refused["Action"]) == ("*", "s3:*")
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert set(refused["Resource"]) == {f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"}


@pytest.mark.parametrize("role", BUCKETS)
def test_what_a_bucket_holds_expires(applied: Applied, role: str) -> None:
    found = applied.client("s3").get_bucket_lifecycle_configuration(Bucket=applied.bucket(role))
    assert {rule["Status"] for rule in found["Rules"]} == {"Enabled"}
    days = {
        r["Filter"].get("Prefix", ""): r["Expiration"]["Days"] for r in found["Rules"] if "Expiration" in r
    }
    assert days == BUCKETS[role]
    assert any("AbortIncompleteMultipartUpload" in rule for rule in found["Rules"])


def test_browsers_may_send_blueprints_from_the_origins_configured(dev: Applied, prod: Applied) -> None:
    for applied, origins in ((dev, ["*"]), (prod, [PROD_ORIGIN])):
        found = applied.client("s3").get_bucket_cors(Bucket=applied.bucket("blueprints"))["CORSRules"]
        assert [(rule["AllowedMethods"], rule["AllowedOrigins"]) for rule in found] == [(["POST"], origins)]
        assert applied.container("jobs").environment["CORS_ORIGINS"] == ",".join(origins)


def parameters(applied: Applied) -> dict[str, str]:
    path = f"/location-detection/{applied.environment}"
    pages = applied.client("ssm").get_paginator("get_parameters_by_path").paginate(Path=path, Recursive=True)
    return {p["Name"].removeprefix(f"{path}/"): p["Value"] for page in pages for p in page["Parameters"]}


def test_parameters_have_their_documented_defaults(applied: Applied) -> None:
    assert parameters(applied) == {name: stored(each.default) for name, each in PARAMETERS.items()}


def test_no_key_is_issued_yet(applied: Applied) -> None:
    secret = applied.container("jobs").environment["API_KEYS_SECRET"]
    found = applied.client("secretsmanager").get_secret_value(SecretId=secret)
    assert json.loads(found["SecretString"]) == {"keys": []}


# The local stack: `make run` creates its own resources, and they must be these.


def test_the_local_stack_has_the_same_tables(dev: Applied) -> None:
    assert {description.name for description in resources.TABLES} == {f"{dev.prefix}-{r}" for r in TABLES}
    for description in resources.TABLES:
        local = table_request(description)
        found = dev.client("dynamodb").describe_table(TableName=description.name)["Table"]
        assert local["KeySchema"] == found["KeySchema"]
        assert by_name(local["AttributeDefinitions"]) == by_name(found["AttributeDefinitions"])
        indexes = [
            {name: index[name] for name in ("IndexName", "KeySchema", "Projection")}
            for index in found.get("GlobalSecondaryIndexes", [])
        ]
        assert sorted(local.get("GlobalSecondaryIndexes", []), key=str) == sorted(indexes, key=str)
        ttl = dev.client("dynamodb").describe_time_to_live(TableName=description.name)
        assert ttl["TimeToLiveDescription"]["AttributeName"] == resources.TTL_ATTRIBUTE


def by_name(definitions: list[dict[str, str]]) -> dict[str, str]:
    return {definition["AttributeName"]: definition["AttributeType"] for definition in definitions}


def test_the_local_stack_has_the_same_queues(dev: Applied) -> None:
    sqs = dev.client("sqs")
    assert {queue.name for queue in resources.QUEUES} == {
        f"{dev.prefix}-preview-pages",
        f"{dev.prefix}-preview-pages-dead",
    }
    for description in resources.QUEUES:
        found = queue(dev, description.name.removeprefix(f"{dev.prefix}-"))
        local = queue_attributes(sqs, description)
        assert json.loads(local.pop("RedrivePolicy", "{}")) == json.loads(found.get("RedrivePolicy", "{}"))
        assert local.items() <= found.items()


def test_the_local_stack_has_the_same_buckets(dev: Applied) -> None:
    s3 = dev.client("s3")
    assert {bucket.name for bucket in resources.BUCKETS} == {
        dev.bucket(role) for role in BUCKETS if role != "access-logs"
    }
    for bucket in resources.BUCKETS:
        lifecycle, cors = bucket_settings(bucket)
        found = s3.get_bucket_lifecycle_configuration(Bucket=bucket.name)["Rules"]
        assert sorted(lifecycle["Rules"], key=rule_id) == sorted(found, key=rule_id)
        if cors:
            assert s3.get_bucket_cors(Bucket=bucket.name)["CORSRules"] == cors["CORSRules"]
        else:
            with pytest.raises(s3.exceptions.ClientError, match="NoSuchCORSConfiguration"):
                s3.get_bucket_cors(Bucket=bucket.name)


def rule_id(rule: dict[str, Any]) -> str:
    return str(rule["ID"])


def test_the_local_stack_has_the_same_parameters_and_secrets(dev: Applied) -> None:
    """The rate limit's value aside, which is lifted on a laptop."""
    local = {parameter.name: parameter.value for parameter in resources.parameters({})}
    assert local | {"api/rate_limit_per_minute": "600"} == parameters(dev)
    told = dev.container("preview").environment
    assert told["PARAMETERS_PATH"] == resources.PARAMETERS_PATH
    assert told["API_KEYS_SECRET"] == resources.API_KEYS_SECRET
    assert told["INTERNAL_TOKEN_SECRET"] == resources.INTERNAL_TOKEN_SECRET
