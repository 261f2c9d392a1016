"""The service as it is composed, on moto, with a real page, a real child and a jobs service on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders_preview import JOB_ID, OWNER, a_job
from fakes_preview_peer import JobsPeer, running
from preview.app import create_app
from preview.settings import Settings

PLAN = Path(__file__).resolve().parents[2] / "data" / "plans" / "studio_small.png"
BLUEPRINTS = "location-detection-test-blueprints"
PATH = f"/api/v1/jobs/{JOB_ID}/preview"
KEY = {"X-API-Key": "a-key"}


@pytest.fixture(scope="module")
def peer() -> Iterator[JobsPeer]:
    with running(JobsPeer()) as peer:
        yield peer


@pytest.fixture(scope="module")
def app(settings: Settings, peer: JobsPeer) -> Iterator[Flask]:
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("AWS_ENDPOINT_URL_TEXTRACT", "http://127.0.0.1:9")
        app = create_app(replace(settings, jobs_url=peer.url))
    for start in app.extensions["on_start"]:
        start()
    put_parameter("preview/deadline_seconds", "15")
    put_parameter("preview/textract_features", "LAYOUT")
    yield app
    for stop in reversed(app.extensions["on_stop"]):
        stop()


def put_parameter(name: str, value: str) -> None:
    ssm = boto3.client("ssm", region_name="us-east-1")
    ssm.put_parameter(Name=f"/location-detection/test/{name}", Value=value, Type="String")


@pytest.fixture
def client(app: Flask, peer: JobsPeer, s3: Any, pages_dynamodb: Any) -> FlaskClient:
    content = PLAN.read_bytes()
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    job = a_job(page_count=1, blueprint_size_bytes=len(content), expires_at=tomorrow)
    s3.put_object(Bucket=BLUEPRINTS, Key=job.blueprint_s3_key, Body=content)
    peer.add(job)
    return app.test_client()


def test_a_plan_becomes_rooms_without_textract(client: FlaskClient, peer: JobsPeer) -> None:
    answer = client.post(PATH, headers=KEY)
    assert answer.status_code == 200
    data = answer.json["data"]
    assert data["degraded"] == ["textract_unavailable"]
    assert len(data["rooms"]) >= 3
    assert data["page"]["width_px"] > 0
    assert [change["to"] for change in peer.transitions] == ["processing"]
    assert peer.jobs[JOB_ID]["status"] == "completed"

    stored = client.get(f"{PATH}?withheld=true", headers=KEY)
    assert stored.json["data"]["rooms"] == data["rooms"]
    assert stored.json["data"]["withheld"]
    picture = client.get(f"{PATH}/image", headers=KEY)
    assert picture.data.startswith(b"\x89PNG")


def test_a_file_that_is_no_picture_fails_the_job(client: FlaskClient, peer: JobsPeer, s3: Any) -> None:
    s3.put_object(Bucket=BLUEPRINTS, Key=peer.jobs[JOB_ID]["blueprint_s3_key"], Body=b"\x89PNG\r\n\x1a\nno")
    peer.jobs[JOB_ID]["blueprint_hash"] = "0" * 64
    answer = client.post(PATH, headers=KEY)
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "UNREADABLE_BLUEPRINT")
    assert peer.jobs[JOB_ID]["status"] == "failed"
    assert peer.reports[-1]["error"]["code"] == "UNREADABLE_BLUEPRINT"


@pytest.fixture
def quota_used_up(settings: Settings, dynamodb_client: Any) -> Iterator[None]:
    """The owner has asked for as many pages today as one may, today and at the next midnight."""
    table = settings.rate_limits_table
    dynamodb_client.create_table(
        TableName=table,
        KeySchema=[{"AttributeName": "bucket_key", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "bucket_key", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    today = datetime.now(UTC).date()
    for day in (today, today + timedelta(days=1)):
        key = {"bucket_key": {"S": f"api/pages_per_day/{day.isoformat()}/{OWNER}"}}
        dynamodb_client.put_item(TableName=table, Item=key | {"taken": {"N": "20000"}})
    yield
    dynamodb_client.delete_table(TableName=table)


@pytest.mark.usefixtures("quota_used_up")
@pytest.mark.parametrize("options", [{}, {"refresh": True}])
def test_pages_beyond_those_of_a_day_are_refused(client: FlaskClient, options: dict[str, Any]) -> None:
    answer = client.post(f"{PATH}s", headers=KEY, json={"pages": "all"} | options)
    assert (answer.status_code, answer.json["error"]["code"]) == (429, "RATE_LIMIT_EXCEEDED")
    assert answer.json["error"]["details"]["per_day"] == 20_000
    assert 1 <= int(answer.headers["Retry-After"]) <= 86_400


def test_the_service_is_healthy(client: FlaskClient) -> None:
    answer = client.get("/health")
    assert answer.json == {
        "status": "healthy",
        "services": {"dynamodb": "healthy", "s3": "healthy", "jobs": "healthy"},
    }
