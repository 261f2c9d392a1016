"""What each task may do and what it may not, by the policies that were applied."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from stack.applied import Applied
from stack.enforcing_aws import ACCOUNT, Credentials, EnforcingAws

REFUSALS = {"AccessDenied", "AccessDeniedException", "403"}

Call = Callable[["Task"], Any]


class Task:
    """Makes calls with the rights of a task."""

    def __init__(self, aws: EnforcingAws, credentials: Credentials) -> None:
        self.dynamodb = aws.client("dynamodb", credentials)
        self.s3 = aws.client("s3", credentials)
        self.sqs = aws.client("sqs", credentials)
        self.secrets = aws.client("secretsmanager", credentials)
        self.ssm = aws.client("ssm", credentials)
        self.iam = aws.client("iam", credentials)


KEYS = {
    "jobs": "job_id",
    "uploads": "upload_id",
    "preview-cache": "blueprint_hash",
    "idempotency": "idempotency_key",
    "rate-limits": "bucket_key",
}


def name(role: str, environment: str) -> str:
    return f"location-detection-{environment}-{role}"


def read(table: str, environment: str = "dev") -> Call:
    key = {KEYS[table]: {"S": "a"}}
    return lambda task: task.dynamodb.get_item(TableName=name(table, environment), Key=key)


def read_several(table: str) -> Call:
    keys = {"Keys": [{KEYS[table]: {"S": "a"}}]}
    return lambda task: task.dynamodb.batch_get_item(RequestItems={name(table, "dev"): keys})


def write(table: str, environment: str = "dev") -> Call:
    item = {KEYS[table]: {"S": "a"}}
    return lambda task: task.dynamodb.put_item(TableName=name(table, environment), Item=item)


def delete(table: str) -> Call:
    key = {KEYS[table]: {"S": "a"}}
    return lambda task: task.dynamodb.delete_item(TableName=name(table, "dev"), Key=key)


def scan(table: str) -> Call:
    return lambda task: task.dynamodb.scan(TableName=name(table, "dev"), Limit=1)


def list_jobs(task: Task) -> None:
    task.dynamodb.query(
        TableName=name("jobs", "dev"),
        IndexName="owner-created_at",
        KeyConditionExpression="#owner = :owner",
        ExpressionAttributeNames={"#owner": "owner"},
        ExpressionAttributeValues={":owner": {"S": "a"}},
    )


def find_owed_work(task: Task) -> None:
    task.dynamodb.query(
        TableName=name("jobs", "dev"),
        IndexName="owes-due_at",
        KeyConditionExpression="owes = :pages",
        ExpressionAttributeValues={":pages": {"S": "pages"}},
    )


def count_request(task: Task) -> None:
    task.dynamodb.update_item(
        TableName=name("rate-limits", "dev"),
        Key={"bucket_key": {"S": "a"}},
        UpdateExpression="SET full_at = :now",
        ExpressionAttributeValues={":now": {"N": "0"}},
    )


def list_feedback(task: Task) -> None:
    task.dynamodb.query(
        TableName=name("feedback", "dev"),
        KeyConditionExpression="job_id = :job",
        ExpressionAttributeValues={":job": {"S": "a"}},
    )


def give_feedback(task: Task) -> None:
    table, job = name("feedback", "dev"), {"S": "a"}
    task.dynamodb.get_item(TableName=table, Key={"job_id": job, "feedback_id": {"S": "page"}})
    count = {
        "TableName": table,
        "Key": {"job_id": job, "feedback_id": {"S": "count"}},
        "UpdateExpression": "ADD entries :more",
        "ExpressionAttributeValues": {":more": {"N": "1"}},
    }
    entry = {"TableName": table, "Item": {"job_id": job, "feedback_id": {"S": "a"}}}
    task.dynamodb.transact_write_items(TransactItems=[{"Update": count}, {"Put": entry}])


def take_back_feedback(task: Task) -> None:
    key = {"job_id": {"S": "a"}, "feedback_id": {"S": "a"}}
    delete = {"TableName": name("feedback", "dev"), "Key": key}
    task.dynamodb.transact_write_items(TransactItems=[{"Delete": delete}])


def erase_feedback(task: Task) -> None:
    delete_batch(task, "feedback", {"job_id": {"S": "a"}, "feedback_id": {"S": "a"}})


def erase_pages(task: Task) -> None:
    delete_batch(task, "preview-pages", {"job_id": {"S": "a"}, "page": {"N": "1"}})


def delete_batch(task: Task, table: str, key: dict[str, dict[str, str]]) -> None:
    task.dynamodb.batch_write_item(RequestItems={name(table, "dev"): [{"DeleteRequest": {"Key": key}}]})


def find_previews(task: Task) -> None:
    task.dynamodb.query(
        TableName=name("preview-cache", "dev"),
        IndexName="job_id",
        KeyConditionExpression="job_id = :job",
        ExpressionAttributeValues={":job": {"S": "a"}},
    )


def keep_page(task: Task) -> None:
    task.dynamodb.put_item(
        TableName=name("preview-pages", "dev"), Item={"job_id": {"S": "a"}, "page": {"N": "1"}}
    )


def pages_of_job(task: Task) -> None:
    task.dynamodb.query(
        TableName=name("preview-pages", "dev"),
        KeyConditionExpression="job_id = :job",
        ExpressionAttributeValues={":job": {"S": "a"}},
    )


def unfinished_pages(task: Task) -> None:
    task.dynamodb.query(
        TableName=name("preview-pages", "dev"),
        IndexName="unfinished-due_at",
        KeyConditionExpression="unfinished = :shard",
        ExpressionAttributeValues={":shard": {"S": "0"}},
    )


def queue_url(environment: str, role: str = "preview-pages") -> str:
    return f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/{name(role, environment)}"


def send(environment: str = "dev", role: str = "preview-pages") -> Call:
    return lambda task: task.sqs.send_message(QueueUrl=queue_url(environment, role), MessageBody="{}")


def receive(role: str = "preview-pages") -> Call:
    return lambda task: task.sqs.receive_message(QueueUrl=queue_url("dev", role), WaitTimeSeconds=0)


def settle(task: Task) -> None:
    task.sqs.delete_message(QueueUrl=queue_url("dev"), ReceiptHandle="a")


def hide(task: Task) -> None:
    task.sqs.change_message_visibility(QueueUrl=queue_url("dev"), ReceiptHandle="a", VisibilityTimeout=0)


def backlog(task: Task) -> None:
    url = task.sqs.get_queue_url(QueueName=name("preview-pages", "dev"))["QueueUrl"]
    task.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])


def purge(task: Task) -> None:
    task.sqs.purge_queue(QueueUrl=queue_url("dev"))


def drop(table: str) -> Call:
    return lambda task: task.dynamodb.delete_table(TableName=name(table, "dev"))


def get(bucket: str, key: str, environment: str = "dev") -> Call:
    return lambda task: task.s3.get_object(Bucket=name(bucket, environment), Key=key)


def put(bucket: str, key: str, environment: str = "dev") -> Call:
    return lambda task: task.s3.put_object(Bucket=name(bucket, environment), Key=key, Body=b"a")


def remove(bucket: str, key: str) -> Call:
    return lambda task: task.s3.delete_object(Bucket=name(bucket, "dev"), Key=key)


def list_bucket(bucket: str, environment: str = "dev", prefix: str = "blueprints/") -> Call:
    return lambda task: task.s3.list_objects_v2(Bucket=name(bucket, environment), Prefix=prefix)


def secret(role: str, environment: str = "dev") -> Call:
    return lambda task: task.secrets.get_secret_value(SecretId=f"location-detection/{environment}/{role}")


def set_secret(role: str) -> Call:
    return lambda task: task.secrets.put_secret_value(
        SecretId=f"location-detection/dev/{role}", SecretString="a"
    )


def set_parameter(task: Task) -> None:
    task.ssm.put_parameter(Name="/location-detection/dev/preview/deadline_seconds", Value="1", Overwrite=True)


BLUEPRINT, UPLOAD, RESULT = "blueprints/job_1/a.png", "uploads/up_1", "cache/textract/job_1/analysis.json"

ALLOWED: list[tuple[str, str, Call]] = [
    ("jobs", "read a job", read("jobs")),
    ("jobs", "read several jobs at once", read_several("jobs")),
    ("jobs", "write a job", write("jobs")),
    ("jobs", "delete a job", delete("jobs")),
    ("jobs", "list an owner's jobs", list_jobs),
    ("jobs", "find owed work", find_owed_work),
    ("jobs", "read an upload", read("uploads")),
    ("jobs", "write an upload", write("uploads")),
    ("jobs", "read an idempotency key", read("idempotency")),
    ("jobs", "write an idempotency key", write("idempotency")),
    ("jobs", "release an idempotency key", delete("idempotency")),
    ("jobs", "count requests", count_request),
    ("jobs", "give feedback", give_feedback),
    ("jobs", "find feedback", list_feedback),
    ("jobs", "take back feedback", take_back_feedback),
    ("jobs", "erase feedback", erase_feedback),
    ("jobs", "write a blueprint", put("blueprints", BLUEPRINT)),
    ("jobs", "read a blueprint", get("blueprints", BLUEPRINT)),
    ("jobs", "delete a blueprint", remove("blueprints", BLUEPRINT)),
    ("jobs", "receive an upload", put("blueprints", UPLOAD)),
    ("jobs", "read the API keys", secret("api/keys")),
    ("jobs", "read the token", secret("internal/token")),
    ("preview", "read the cache", read("preview-cache")),
    ("preview", "write the cache", write("preview-cache")),
    ("preview", "count requests", count_request),
    ("preview", "find a job's entries in the cache", find_previews),
    ("preview", "erase an entry of the cache", delete("preview-cache")),
    ("preview", "keep a page", keep_page),
    ("preview", "erase pages", erase_pages),
    ("preview", "list the pages of a job", pages_of_job),
    ("preview", "find unfinished pages", unfinished_pages),
    ("preview", "queue a page", send()),
    ("preview", "see how many wait", backlog),
    ("preview", "erase a result", remove("cache", RESULT)),
    ("preview", "read a blueprint", get("blueprints", BLUEPRINT)),
    ("preview", "write a result", put("cache", RESULT)),
    ("preview", "read a result", get("cache", RESULT)),
    ("preview", "read the API keys", secret("api/keys")),
    ("preview", "read the token", secret("internal/token")),
    ("preview-worker", "take a page", receive()),
    ("preview-worker", "end a page", settle),
    ("preview-worker", "give a page back", hide),
    ("preview-worker", "queue a page again", send()),
    ("preview-worker", "see how many wait", backlog),
    ("preview-worker", "keep a page", keep_page),
    ("preview-worker", "erase pages", erase_pages),
    ("preview-worker", "find unfinished pages", unfinished_pages),
    ("preview-worker", "write the cache", write("preview-cache")),
    ("preview-worker", "read a blueprint", get("blueprints", BLUEPRINT)),
    ("preview-worker", "write a result", put("cache", RESULT)),
    ("preview-worker", "read the token", secret("internal/token")),
    ("reconciler", "look through the jobs", scan("jobs")),
    ("reconciler", "read several jobs at once", read_several("jobs")),
    ("reconciler", "settle a job", write("jobs")),
    ("reconciler", "read an upload", read("uploads")),
    ("reconciler", "list blueprints", list_bucket("blueprints")),
    ("reconciler", "list uploads", list_bucket("blueprints", prefix="uploads/")),
    ("reconciler", "delete a blueprint", remove("blueprints", BLUEPRINT)),
]

DENIED: list[tuple[str, str, Call]] = [
    ("jobs", "read the cache of previews", read("preview-cache")),
    ("jobs", "write the cache of previews", write("preview-cache")),
    ("jobs", "look through the jobs of all owners", scan("jobs")),
    ("jobs", "delete an upload", delete("uploads")),
    ("jobs", "read how often somebody called", read("rate-limits")),
    ("jobs", "forget how often somebody called", delete("rate-limits")),
    ("jobs", "look through who called", scan("rate-limits")),
    ("jobs", "drop its table", drop("jobs")),
    ("jobs", "list the pages of a job", pages_of_job),
    ("jobs", "keep a page", keep_page),
    ("jobs", "queue a page", send()),
    ("jobs", "take a page", receive()),
    ("jobs", "read a result", get("cache", RESULT)),
    ("jobs", "write a result", put("cache", RESULT)),
    ("jobs", "write elsewhere in its bucket", put("blueprints", "else/where")),
    ("jobs", "change API keys", set_secret("api/keys")),
    ("jobs", "change a parameter", set_parameter),
    ("preview", "read a job", read("jobs")),
    ("preview", "read several jobs at once", read_several("jobs")),
    ("preview", "write a job", write("jobs")),
    ("preview", "delete a job", delete("jobs")),
    ("preview", "list an owner's jobs", list_jobs),
    ("preview", "find owed work", find_owed_work),
    ("preview", "read an upload", read("uploads")),
    ("preview", "write an upload", write("uploads")),
    ("preview", "look through the cache", scan("preview-cache")),
    ("preview", "read an idempotency key", read("idempotency")),
    ("preview", "read how often somebody called", read("rate-limits")),
    ("preview", "forget how often somebody called", delete("rate-limits")),
    ("preview", "look through who called", scan("rate-limits")),
    ("preview", "take a page", receive()),
    ("preview", "end a page", settle),
    ("preview", "give a page back", hide),
    ("preview", "empty the queue", purge),
    ("preview", "write a dead letter", send(role="preview-pages-dead")),
    ("preview", "write a blueprint", put("blueprints", BLUEPRINT)),
    ("preview", "delete a blueprint", remove("blueprints", BLUEPRINT)),
    ("preview", "read an upload's file", get("blueprints", UPLOAD)),
    ("preview", "change API keys", set_secret("api/keys")),
    ("preview", "change the token", set_secret("internal/token")),
    ("preview", "change a parameter", set_parameter),
    ("preview-worker", "read the API keys", secret("api/keys")),
    ("preview-worker", "count requests", count_request),
    ("preview-worker", "read a job", read("jobs")),
    ("preview-worker", "write a blueprint", put("blueprints", BLUEPRINT)),
    ("preview-worker", "empty the queue", purge),
    ("preview-worker", "write a dead letter", send(role="preview-pages-dead")),
    ("preview-worker", "change the token", set_secret("internal/token")),
    ("reconciler", "read the API keys", secret("api/keys")),
    ("reconciler", "read the token", secret("internal/token")),
    ("reconciler", "read the cache of previews", read("preview-cache")),
    ("reconciler", "read a blueprint", get("blueprints", BLUEPRINT)),
    ("reconciler", "write a blueprint", put("blueprints", BLUEPRINT)),
    ("reconciler", "list all of the bucket", list_bucket("blueprints", prefix="")),
    ("reconciler", "queue a page", send()),
    ("reconciler", "find unfinished pages", unfinished_pages),
    ("reconciler", "list results", list_bucket("cache", prefix="cache/")),
    ("reconciler", "delete a job", delete("jobs")),
    ("reconciler", "write an upload", write("uploads")),
    ("reconciler", "look through uploads", scan("uploads")),
    ("reconciler", "count requests", count_request),
]


TASKS = ("jobs", "preview", "preview-worker", "reconciler")
TO_NOBODY: list[tuple[str, Call]] = [
    ("list secrets", lambda task: task.secrets.list_secrets()),
    ("list buckets", lambda task: task.s3.list_buckets()),
    ("read roles", lambda task: task.iam.list_roles()),
    ("read prod's jobs", read("jobs", "prod")),
    ("write prod's jobs", write("jobs", "prod")),
    ("queue a page of prod", send("prod")),
    ("read dead letters", receive("preview-pages-dead")),
    ("list prod's blueprints", list_bucket("blueprints", "prod")),
    ("list prod's results", list_bucket("cache", "prod")),
    ("read prod's blueprint", get("blueprints", BLUEPRINT, "prod")),
    ("write prod's blueprint", put("blueprints", BLUEPRINT, "prod")),
    ("read prod's API keys", secret("api/keys", "prod")),
    ("read prod's token", secret("internal/token", "prod")),
]
DENIED += [(task, what, call) for what, call in TO_NOBODY for task in TASKS]


def refused(call: Call, task: Task) -> bool:
    """Whether AWS refused; that something is not there is no refusal."""
    try:
        call(task)
    except ClientError as error:
        return error.response["Error"]["Code"] in REFUSALS
    return False


def named(table: list[tuple[str, str, Call]]) -> list[Any]:
    return [pytest.param(task, call, id=f"{task}: {what}") for task, what, call in table]


@pytest.fixture(scope="module")
def tasks(aws: EnforcingAws, credentials: dict[str, Credentials]) -> dict[str, Task]:
    for bucket in ("blueprints", "cache"):  # or the answer is that they are not there
        aws.client("s3").create_bucket(Bucket=name(bucket, "prod"))
    return {task: Task(aws, keys) for task, keys in credentials.items()}


@pytest.mark.parametrize(("task", "call"), named(ALLOWED))
def test_a_task_may(tasks: dict[str, Task], task: str, call: Call) -> None:
    assert not refused(call, tasks[task])


@pytest.mark.parametrize(("task", "call"), named(DENIED))
def test_a_task_may_not(tasks: dict[str, Task], task: str, call: Call) -> None:
    assert refused(call, tasks[task])


def parameter(path: str) -> str:
    return f"arn:aws:ssm:us-east-1:{ACCOUNT}:parameter/location-detection/{path}"


# What the emulator does not enforce; the policy simulator says it.
SIMULATED = [
    ("preview", "textract:AnalyzeDocument", "*", True),
    ("jobs", "textract:AnalyzeDocument", "*", False),
    ("reconciler", "textract:AnalyzeDocument", "*", False),
    ("preview-worker", "textract:AnalyzeDocument", "*", True),
    ("preview", "textract:StartDocumentAnalysis", "*", False),
    ("preview-worker", "ssm:GetParameters", parameter("dev/preview/textract_features"), True),
    ("preview-worker", "ssm:GetParameters", parameter("dev/jobs/url_input_enabled"), False),
    ("preview", "ssm:GetParameters", parameter("dev/preview/deadline_seconds"), True),
    ("preview", "ssm:GetParameters", parameter("dev/preview/textract_features"), True),
    ("preview", "ssm:GetParameters", parameter("dev/api/rate_limit_per_minute"), True),
    ("jobs", "ssm:GetParameters", parameter("dev/api/rate_limit_per_minute"), True),
    ("jobs", "ssm:GetParameters", parameter("dev/api/service_rate_limit_per_minute"), True),
    ("preview", "ssm:GetParameters", parameter("prod/preview/deadline_seconds"), False),
    ("jobs", "ssm:GetParameters", parameter("dev/jobs/url_input_enabled"), True),
    ("jobs", "ssm:GetParameters", parameter("dev/preview/deadline_seconds"), False),
    ("jobs", "ssm:GetParameters", parameter("prod/jobs/url_input_enabled"), False),
    ("preview", "ssm:GetParameters", parameter("dev/jobs/url_input_enabled"), False),
    ("reconciler", "ssm:GetParameters", parameter("dev/preview/deadline_seconds"), False),
]


@pytest.mark.parametrize(("task", "action", "resource", "may"), SIMULATED)
def test_a_policy_says(
    dev: Applied, aws: EnforcingAws, task: str, action: str, resource: str, may: bool
) -> None:
    container = dev.reconciler() if task == "reconciler" else dev.container(task)
    assert aws.would_allow(container.role, action, resource) is may


def test_an_upload_needs_the_signature_of_who_may_write(tasks: dict[str, Task], aws: EnforcingAws) -> None:
    for task, status in (("jobs", 204), ("preview", 403)):
        post = tasks[task].s3.generate_presigned_post(name("blueprints", "dev"), UPLOAD)
        answer = requests.post(
            post["url"], data=post["fields"], files={"file": b"a"}, timeout=10, verify=str(aws.certificate)
        )
        assert answer.status_code == status, task


def test_a_bucket_refuses_plain_http(aws: EnforcingAws, credentials: dict[str, Credentials]) -> None:
    task, call = Task(aws, credentials["jobs"]), get("blueprints", BLUEPRINT)
    assert not refused(call, task)
    # The emulator takes the word of the proxy that would stand before it.
    task.s3.meta.events.register(
        "before-send.s3", lambda request, **_: request.headers.update({"X-Forwarded-Proto": "http"})
    )
    assert refused(call, task)
