"""What the embedded AWS holds survives a stop and a kill."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from jobs.cli.api_keys import KeyRing
from local_aws.aws import resources
from local_aws.aws.provision import client, provision
from local_parts import HOST, free_port, running_emulator
from shared.auth import SCOPES, ApiKey

TABLE = resources.table_name("jobs")


def job(endpoint: str, job_id: str) -> Any:
    return client("dynamodb", endpoint).get_item(TableName=TABLE, Key={"job_id": {"S": job_id}}).get("Item")


def secret(endpoint: str, name: str) -> Any:
    return json.loads(client("secretsmanager", endpoint).get_secret_value(SecretId=name)["SecretString"])


def change_everything(endpoint: str) -> None:
    client("dynamodb", endpoint).put_item(
        TableName=TABLE,
        Item={"job_id": {"S": "job_1"}, "owner": {"S": "o"}, "created_at": {"S": "2024"}},
    )
    client("s3", endpoint).put_object(Bucket=resources.BLUEPRINTS_BUCKET, Key="blueprints/a.png", Body=b"a")
    client("ssm", endpoint).put_parameter(
        Name="/location-detection/dev/preview/deadline_seconds", Value="7", Overwrite=True
    )
    client("secretsmanager", endpoint).put_secret_value(
        SecretId=resources.API_KEYS_SECRET, SecretString='{"keys": []}'
    )


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_nothing_acknowledged_is_lost(tmp_path: Path, how: str) -> None:
    port = free_port()
    endpoint = f"http://{HOST}:{port}"
    with running_emulator(tmp_path, port) as process:
        provision(endpoint, {})
        token = secret(endpoint, resources.INTERNAL_TOKEN_SECRET)
        change_everything(endpoint)
        if how == "kill":
            process.kill()
    with running_emulator(tmp_path, port):
        provision(endpoint, {})
        assert job(endpoint, "job_1")["owner"] == {"S": "o"}
        stored = client("s3", endpoint).get_object(Bucket=resources.BLUEPRINTS_BUCKET, Key="blueprints/a.png")
        assert stored["Body"].read() == b"a"
        deadline = client("ssm", endpoint).get_parameter(
            Name="/location-detection/dev/preview/deadline_seconds"
        )
        assert deadline["Parameter"]["Value"] == "7"
        assert secret(endpoint, resources.API_KEYS_SECRET) == {"keys": []}, "keys issued by people stay"
        assert secret(endpoint, resources.INTERNAL_TOKEN_SECRET) == token


def queue_url(endpoint: str, name: str = resources.PAGES_QUEUE) -> str:
    return str(client("sqs", endpoint).get_queue_url(QueueName=name)["QueueUrl"])


def received(endpoint: str, name: str = resources.PAGES_QUEUE) -> list[str]:
    found = client("sqs", endpoint).receive_message(QueueUrl=queue_url(endpoint, name), WaitTimeSeconds=0)
    return [message["Body"] for message in found.get("Messages", [])]


@pytest.mark.parametrize(("how", "kept"), [("stop", ["a page"]), ("kill", [])])
def test_what_waits_in_the_queue_outlives_a_stop_alone(tmp_path: Path, how: str, kept: list[str]) -> None:
    port = free_port()
    endpoint = f"http://{HOST}:{port}"
    with running_emulator(tmp_path, port) as process:
        provision(endpoint, {})
        client("sqs", endpoint).send_message(QueueUrl=queue_url(endpoint), MessageBody="a page")
        if how == "kill":
            process.kill()
    with running_emulator(tmp_path, port):
        provision(endpoint, {})
        assert received(endpoint) == kept


def test_of_many_changes_to_the_keys_at_once_none_is_lost(tmp_path: Path) -> None:
    """Where the emulator is one that answers many callers side by side, as AWS does."""
    port = free_port()
    endpoint = f"http://{HOST}:{port}"
    with running_emulator(tmp_path, port):
        before = [
            KeyRing(client("secretsmanager", endpoint), "keys").issue("ada", SCOPES, None)[0]
            for _ in range(6)
        ]

        def change(leaked: ApiKey) -> ApiKey:
            ring = KeyRing(client("secretsmanager", endpoint), "keys")
            ring.revoke(leaked.id)
            return ring.issue("ada", SCOPES, None)[0]

        with ThreadPoolExecutor(len(before)) as pool:
            issued = set(pool.map(change, before))
        assert set(KeyRing(client("secretsmanager", endpoint), "keys").entries()) == issued


@pytest.fixture(scope="module")
def provisioned(aws_endpoint: str) -> str:
    provision(aws_endpoint, {})
    provision(aws_endpoint, {})
    return aws_endpoint


@pytest.mark.parametrize("table", resources.TABLES, ids=lambda table: table.name)
def test_tables(provisioned: str, table: resources.Table) -> None:
    dynamodb = client("dynamodb", provisioned)
    found = dynamodb.describe_table(TableName=table.name)["Table"]
    keys = [key["AttributeName"] for key in found["KeySchema"]]
    assert keys == [key for key in (table.hash_key, table.range_key) if key]
    assert found["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    ttl = dynamodb.describe_time_to_live(TableName=table.name)["TimeToLiveDescription"]
    assert (ttl["AttributeName"], ttl["TimeToLiveStatus"]) == ("expires_at", "ENABLED")


def test_queues(provisioned: str) -> None:
    sqs = client("sqs", provisioned)
    pages = sqs.get_queue_attributes(QueueUrl=queue_url(provisioned), AttributeNames=["All"])["Attributes"]
    assert (pages["VisibilityTimeout"], pages["ReceiveMessageWaitTimeSeconds"]) == ("60", "20")
    redrive = json.loads(pages["RedrivePolicy"])
    assert redrive["deadLetterTargetArn"] == pages["QueueArn"] + "-dead"
    assert int(redrive["maxReceiveCount"]) == 10


def test_a_message_that_nobody_ends_is_a_dead_letter(provisioned: str) -> None:
    sqs, url = client("sqs", provisioned), queue_url(provisioned)
    sqs.send_message(QueueUrl=url, MessageBody="ends no worker")
    for _ in range(10):
        (message,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=0)["Messages"]
        sqs.change_message_visibility(
            QueueUrl=url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
        )
    assert received(provisioned) == []
    assert received(provisioned, f"{resources.PAGES_QUEUE}-dead") == ["ends no worker"]


def test_a_table_from_before_it_had_its_index_is_given_it(provisioned: str) -> None:
    dynamodb = client("dynamodb", provisioned)
    table = resources.table_name("preview-cache")
    dynamodb.update_table(TableName=table, GlobalSecondaryIndexUpdates=[{"Delete": {"IndexName": "job_id"}}])
    provision(provisioned, {})
    (index,) = dynamodb.describe_table(TableName=table)["Table"]["GlobalSecondaryIndexes"]
    assert (index["IndexName"], index["Projection"]) == ("job_id", {"ProjectionType": "KEYS_ONLY"})


def test_jobs_are_listed_by_owner_newest_first(provisioned: str) -> None:
    dynamodb = client("dynamodb", provisioned)
    for number in ("1", "3", "2"):
        item = {"job_id": {"S": f"job_{number}"}, "owner": {"S": "lister"}, "created_at": {"S": number}}
        dynamodb.put_item(TableName=TABLE, Item=item)
    found = dynamodb.query(
        TableName=TABLE,
        IndexName="owner-created_at",
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "lister"}},
        ScanIndexForward=False,
    )
    assert [item["job_id"]["S"] for item in found["Items"]] == ["job_3", "job_2", "job_1"]


def test_buckets_let_old_objects_go(provisioned: str) -> None:
    s3 = client("s3", provisioned)
    rules = s3.get_bucket_lifecycle_configuration(Bucket=resources.BLUEPRINTS_BUCKET)["Rules"]
    days = {rule["Filter"]["Prefix"]: rule["Expiration"]["Days"] for rule in rules if "Expiration" in rule}
    assert days == {"": 30, "uploads/": 1}
    assert any("AbortIncompleteMultipartUpload" in rule for rule in rules)


def test_a_page_of_any_origin_may_send_a_presigned_upload(provisioned: str) -> None:
    post = client("s3", provisioned).generate_presigned_post(
        resources.BLUEPRINTS_BUCKET, "uploads/up_1", Conditions=[["content-length-range", 0, 10]]
    )
    origin = {"Origin": "https://viewer.example"}
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    preflight = requests.options(post["url"], headers=asked, timeout=10)
    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] in ("*", "https://viewer.example")

    sent = requests.post(post["url"], post["fields"], files={"file": b"plan"}, headers=origin, timeout=10)
    assert sent.status_code == 204
    too_large = requests.post(post["url"], post["fields"], files={"file": b"x" * 11}, timeout=10)
    assert too_large.status_code == 400


def test_people_may_change_a_parameter_but_the_environment_sets_its_own(provisioned: str) -> None:
    ssm = client("ssm", provisioned)
    path = resources.PARAMETERS_PATH
    for name, value in (("preview/deadline_seconds", "9"), ("jobs/url_input_enabled", "true")):
        ssm.put_parameter(Name=f"{path}/{name}", Value=value, Overwrite=True)

    provision(provisioned, {"RATE_LIMIT_PER_MINUTE": "12"})

    found = ssm.get_parameters_by_path(Path=path, Recursive=True)["Parameters"]
    assert {parameter["Name"].removeprefix(f"{path}/"): parameter["Value"] for parameter in found} == {
        "api/pages_per_day": "20000",
        "api/rate_limit_per_minute": "12",
        "api/service_rate_limit_per_minute": "60000",
        "jobs/url_input_enabled": "false",
        "preview/deadline_seconds": "9",
        "preview/textract_features": "LAYOUT",
    }


def test_keys_and_token(provisioned: str) -> None:
    keys = secret(provisioned, resources.API_KEYS_SECRET)["keys"]
    assert [key["id"] for key in keys] == ["local-dev", "local-other", "local-read", "local-expired"]
    token = secret(provisioned, resources.INTERNAL_TOKEN_SECRET)
    assert len(token["current"]) >= 32
    assert token["previous"] is None


def test_it_listens_on_loopback_only(provisioned: str) -> None:
    port = int(provisioned.rpartition(":")[2])
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    hosts = {fields[1].split(":")[0] for fields in listening if fields[1].endswith(f":{port:04X}")}
    assert hosts == {"0100007F"}


def test_an_unknown_object_is_not_found(provisioned: str) -> None:
    with pytest.raises(ClientError, match="NoSuchKey"):
        client("s3", provisioned).get_object(Bucket=resources.CACHE_BUCKET, Key="none")
