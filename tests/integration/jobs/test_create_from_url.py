"""``POST /api/v1/jobs`` with a URL: the API on fakes, and the switch and the real fetcher of the real app."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from flask import Flask
from flask.testing import FlaskClient

from builders_jobs import settings
from calls_jobs import ADA, PNG, data, error, inline
from jobs.app import create_app
from world_jobs import World, new_world

URL = "https://plans.example.com/a.png"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path)


def stop(app: Flask) -> None:
    for each in reversed(app.extensions["on_stop"]):
        each()


@pytest.fixture
def on_fakes(aws: None, world: World) -> Iterator[FlaskClient]:
    app = create_app(settings(), use_cases=world.use_cases)
    yield app.test_client()
    stop(app)


@pytest.fixture(scope="module")
def switched_on(aws: None) -> Iterator[FlaskClient]:
    ssm = boto3.client("ssm", region_name="us-east-1")
    name = f"{settings().parameters_path}/jobs/url_input_enabled"
    ssm.put_parameter(Name=name, Value="true", Type="String")
    app = create_app(settings())
    yield app.test_client()
    stop(app)
    ssm.delete_parameter(Name=name)


def test_a_file_behind_a_url_becomes_a_job(on_fakes: FlaskClient, world: World) -> None:
    world.remote_files.contents[URL] = PNG
    body = inline(file=URL, filename="Ground floor.png")
    headers = ADA | {"Idempotency-Key": "k"}
    first = on_fakes.post("/api/v1/jobs", json=body, headers=headers)
    job = data(first, 201)
    assert first.headers["Location"] == f"/api/v1/jobs/{job['job_id']}"
    assert (job["blueprint_filename"], job["blueprint_size_bytes"]) == ("Ground floor.png", len(PNG))
    again = on_fakes.post("/api/v1/jobs", json=body, headers=headers)
    assert data(again, 201) == job
    assert again.headers["Idempotency-Replayed"] == "true"


def test_a_url_needs_a_format(switched_on: FlaskClient) -> None:
    body = inline(file=URL, format=None)
    error(switched_on.post("/api/v1/jobs", json=body, headers=ADA), 400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost:8080/health",
        "https://169.254.170.2/v2/credentials",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "http://plans.example.com/a.png",
        " file:///etc/passwd",
        "https://plans.example.com/\ud800",
    ],
)
def test_what_is_refused_is_refused_alike(switched_on: FlaskClient, url: str) -> None:
    headers = ADA | {"Idempotency-Key": "k"}
    response = switched_on.post("/api/v1/jobs", json=inline(file=url), headers=headers)
    refused = error(response, 400, "URL_NOT_ALLOWED")
    assert refused["details"] == {}
    assert refused["message"].startswith("No file could be fetched from this URL.")
