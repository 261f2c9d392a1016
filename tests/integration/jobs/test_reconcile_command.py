"""``flask reconcile`` against DynamoDB and S3 (moto)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask.testing import FlaskClient

from builders_jobs import settings
from calls_jobs import ADA, create, data
from jobs.app import create_app

BUCKET = settings().blueprints_bucket
Reconcile = Callable[..., Result]


@pytest.fixture
def reconcile(aws: None) -> Reconcile:
    def run(**changes: Any) -> Result:
        app = create_app(settings(**{"reconcile_after_seconds": 0.0} | changes))
        result: Result = app.test_cli_runner().invoke(args=["reconcile"])
        for stop in reversed(app.extensions["on_stop"]):
            stop()
        return result

    return run


def read(client: FlaskClient, job: Any) -> Any:
    return data(client.get(f"/api/v1/jobs/{job['job_id']}", headers=ADA))


def stored(s3: Any) -> set[str]:
    return {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET).get("Contents", ())}


def measured(result: Result) -> dict[str, Any]:
    [line] = [line for line in result.output.splitlines() if "ReconcilerRuns" in line]
    found: dict[str, Any] = json.loads(line)
    return found


def test_a_job_without_its_file_fails_and_a_file_without_a_job_goes(
    reconcile: Reconcile, client: FlaskClient, s3: Any
) -> None:
    kept, lost = create(client), create(client)
    s3.delete_object(Bucket=BUCKET, Key=lost["blueprint_s3_key"])
    s3.put_object(Bucket=BUCKET, Key="blueprints/job_20260101000000_nobody/plan.png", Body=b"x")
    result = reconcile()
    assert result.exit_code == 0, result.output
    assert read(client, lost)["error"]["code"] == "BLUEPRINT_MISSING"
    assert read(client, kept) == kept
    assert stored(s3) == {kept["blueprint_s3_key"]}
    counts = measured(result)
    assert (counts["OrphanObjectsDeleted"], counts["JobsFailedMissingBlueprint"]) == (1, 1)


def test_no_file_goes_when_the_table_was_emptied(
    reconcile: Reconcile, client: FlaskClient, s3: Any, dynamodb: Any
) -> None:
    table = settings().jobs_table
    before, made = stored(s3), [create(client) for _ in range(3)]
    for job in made:
        dynamodb.delete_item(TableName=table, Key={"job_id": {"S": job["job_id"]}})
    s3.put_object(Bucket=BUCKET, Key="blueprints/job_20260101000000_nobody/plan.png", Body=b"x")
    stopped = reconcile(reconcile_most_orphans=2)
    assert stopped.exit_code == 1
    assert stored(s3) == before | {job["blueprint_s3_key"] for job in made}
    counts = measured(stopped)
    assert (counts["OrphanObjectsDeleted"], counts["ReconcilerFailures"]) == (1, 1)
    assert reconcile(reconcile_most_orphans=3).exit_code == 0
    assert stored(s3) == before


def test_what_is_young_is_left_alone(reconcile: Reconcile, client: FlaskClient, s3: Any) -> None:
    lost = create(client)
    s3.delete_object(Bucket=BUCKET, Key=lost["blueprint_s3_key"])
    before = stored(s3)
    assert reconcile(reconcile_after_seconds=900.0).exit_code == 0
    assert read(client, lost) == lost
    assert stored(s3) == before


def test_what_cannot_be_done_is_told_by_the_exit_status(reconcile: Reconcile, client: FlaskClient) -> None:
    kept = create(client)
    result = reconcile(blueprints_bucket="no-such-bucket")
    assert result.exit_code == 1
    assert measured(result)["ReconcilerFailures"] == 3
    assert read(client, kept) == kept
