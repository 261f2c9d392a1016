"""The main job, done by services that know only what was applied, under the rights that were applied."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from e2e.caller import PATIENCE_SECONDS, Caller
from e2e.test_upload_to_rooms import assert_names_lie_where_drawn
from location_detection import Client
from plan_library import plan_path, true_rooms
from stack.applied import Applied
from stack.enforcing_aws import Credentials, EnforcingAws
from stack.running_services import RunningServices

PLAN = "studio_small.png"


@pytest.fixture(scope="module")
def key(services: RunningServices) -> str:
    """Issued once the services run already: they have read no key before the first request."""
    return services.issue_key("studio-north")


@pytest.fixture
def caller(services: RunningServices, key: str) -> Iterator[Caller]:
    with Caller(services.router, key) as somebody:
        yield somebody


@pytest.fixture
def client(services: RunningServices, key: str) -> Iterator[Client]:
    """It waits as the server asks: the rate limits are those of the environment."""
    with Client(services.router, key) as somebody:
        yield somebody


def test_a_plan_becomes_rooms_with_names(caller: Caller) -> None:
    job = caller.create(PLAN)
    preview = caller.whole_preview(job["job_id"])
    assert_names_lie_where_drawn(preview["rooms"], true_rooms(PLAN))
    finished = caller.job(job["job_id"])
    assert (finished["status"], finished["error"]) == ("completed", None)
    path = f"/api/v1/jobs/{job['job_id']}"
    assert caller.data("GET", f"{path}/preview")["rooms"] == preview["rooms"]
    assert caller.data("GET", f"{path}/textract-results")["text_blocks"]
    assert caller.send("GET", f"{path}/blueprint").content == plan_path(PLAN).read_bytes()
    assert caller.preview(job["job_id"])["cached"] is True


def test_a_large_file_goes_straight_to_the_bucket(caller: Caller, aws: EnforcingAws) -> None:
    upload = caller.data("POST", "/api/v1/uploads", 201, json={"filename": "studio.png", "format": "png"})
    content = plan_path(PLAN).read_bytes()
    origin = {"Origin": "https://plans.example.com"}
    trusted: dict[str, Any] = {"timeout": 30, "verify": str(aws.certificate)}
    allowed, refused = (
        requests.options(upload["url"], headers=origin | {"Access-Control-Request-Method": method}, **trusted)
        for method in ("POST", "PUT")
    )
    assert (allowed.status_code, refused.status_code) == (200, 403)
    sent = requests.post(
        upload["url"], data=upload["fields"], files={"file": content}, headers=origin, **trusted
    )
    assert sent.ok, sent.text
    job = caller.data("POST", "/api/v1/jobs", 201, json={"blueprint": {"upload_id": upload["upload_id"]}})
    assert caller.send("GET", f"/api/v1/jobs/{job['job_id']}/blueprint").content == content


def test_jobs_are_cancelled_and_listed(caller: Caller) -> None:
    job_id = caller.create(PLAN)["job_id"]
    assert caller.data("DELETE", f"/api/v1/jobs/{job_id}")["status"] == "cancelled"
    assert caller.data("GET", "/api/v1/jobs?status=cancelled")["jobs"][0]["job_id"] == job_id


def test_a_preview_can_be_started_with_the_upload(caller: Caller, client: Client) -> None:
    job = caller.create(PLAN, preview="true")
    assert job["status"] == "pending"
    assert client.wait(job["job_id"], timeout=PATIENCE_SECONDS).status == "completed"


def test_a_worker_previews_a_page_from_the_queue(caller: Caller, client: Client) -> None:
    job_id = caller.create(PLAN)["job_id"]
    client.request_pages(job_id, "1")
    assert client.wait(job_id, timeout=PATIENCE_SECONDS).status == "completed"
    assert [page.status for page in client.pages(job_id)] == ["completed"]


def test_everything_is_healthy(services: RunningServices) -> None:
    for service in ("jobs", "preview"):
        answer = requests.get(f"{services.addresses[service]}/health/ready", timeout=10)
        assert (answer.status_code, set(answer.json()["services"].values())) == (200, {"healthy"})


def test_the_inside_is_not_found(services: RunningServices, caller: Caller) -> None:
    answer = caller.send("GET", "/internal/v1/jobs/job_1")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert answer.json()["meta"]["request_id"] is None
    inside = requests.get(f"{services.addresses['jobs']}/internal/v1/jobs/job_1", timeout=10)
    assert inside.status_code == 401, "it is there, and asks for the token"


def test_a_caller_without_a_key_is_refused_by_both(services: RunningServices) -> None:
    with Caller(services.router, key=None) as nobody:
        for path in ("/api/v1/jobs", "/api/v1/jobs/job_1/preview"):
            assert nobody.send("GET", path).status_code == 401


def test_the_scheduled_task_puts_right_what_was_left_undone(
    services: RunningServices,
    dev: Applied,
    aws: EnforcingAws,
    caller: Caller,
    credentials: dict[str, Credentials],
) -> None:
    """A job whose worker died, one that lost its file, and a file without a job."""
    abandoned, lost = caller.create(PLAN)["job_id"], caller.create(PLAN)
    told = dev.reconciler().environment
    dynamodb, s3 = aws.client("dynamodb"), aws.client("s3")
    long_ago = (datetime.now(UTC) - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    for job_id, status in ((abandoned, "processing"), (lost["job_id"], "pending")):
        dynamodb.update_item(
            TableName=told["JOBS_TABLE"],
            Key={"job_id": {"S": job_id}},
            UpdateExpression="SET #status = :status, created_at = :then, processing_since = :then",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues={":status": {"S": status}, ":then": {"S": long_ago}},
        )
    s3.delete_object(Bucket=told["BLUEPRINTS_BUCKET"], Key=lost["blueprint_s3_key"])
    orphan = "blueprints/job_20240115103000_0123456789abc/plan.png"
    s3.put_object(Bucket=told["BLUEPRINTS_BUCKET"], Key=orphan, Body=b"a")

    container = dev.reconciler()
    container.definition["environment"].append({"name": "RECONCILE_AFTER_SECONDS", "value": "0"})
    said = services.run(container.command, container, credentials["reconciler"])

    assert caller.job(abandoned)["error"]["code"] == "PROCESSING_TIMED_OUT"
    assert caller.job(lost["job_id"])["error"]["code"] == "BLUEPRINT_MISSING"
    keys = [o["Key"] for o in s3.list_objects_v2(Bucket=told["BLUEPRINTS_BUCKET"]).get("Contents", [])]
    assert orphan not in keys
    assert [line for line in said.splitlines() if json.loads(line).get("level") == "ERROR"] == []


def test_nothing_was_refused_to_the_services(services: RunningServices) -> None:
    """The last of this file: what a role lacks may show in a log only."""
    for service in ("jobs", "preview", "preview-worker"):
        assert "AccessDenied" not in services.log(service)
        assert "DependencyFailed" not in services.log(service)
