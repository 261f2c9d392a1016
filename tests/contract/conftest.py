"""Each real app on a port of its own, its use cases on fakes; only the wire between them is real."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from dotenv import dotenv_values
from flask import Flask
from moto import mock_aws
from werkzeug.serving import make_server

import builders_jobs
import fakes_jobs
import fakes_preview
import jobs.app
import preview.app
import preview.settings
import world_jobs
from shared.auth import InternalToken, Token
from shared.cached_value import CachedValue
from shared.internal_client import InternalClient
from shared.metrics import Metrics
from shared.retry import Backoff

TOKEN = "inner-token"
FLASKENV = Path(__file__).parents[2] / "services/preview/.flaskenv"


@pytest.fixture(scope="module")
def secrets() -> Iterator[None]:
    """The two secrets that the apps read, in moto."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.delenv("AWS_ENDPOINT_URL", raising=False)
        with mock_aws():
            client = boto3.client("secretsmanager", region_name="us-east-1")
            settings = builders_jobs.settings()
            client.create_secret(Name=settings.api_keys_secret, SecretString='{"keys": []}')
            client.create_secret(
                Name=settings.internal_token_secret, SecretString=json.dumps({"current": TOKEN})
            )
            client.close()
            yield


@contextmanager
def served(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        for stop in reversed(app.extensions["on_stop"]):
            stop()


@pytest.fixture
def client_of() -> Iterator[Callable[[str, str], InternalClient]]:
    opened: list[InternalClient] = []

    def connect(name: str, url: str) -> InternalClient:
        token = InternalToken(CachedValue("token", lambda: Token(TOKEN, None), 300))
        opened.append(InternalClient(name, url, token, Backoff(retries=0), Metrics("either", "test")))
        return opened[-1]

    yield connect
    for client in opened:
        client.close()


@pytest.fixture
def job_table() -> Any:
    clock = fakes_jobs.Clock(builders_jobs.NOW)
    return fakes_jobs.FakeJobTable(clock, fakes_jobs.FakeUploadTable(clock))


@pytest.fixture
def feedback_table() -> fakes_jobs.FakeFeedbackTable:
    return fakes_jobs.FakeFeedbackTable(fakes_jobs.Clock(builders_jobs.NOW))


@pytest.fixture
def jobs_url(secrets: None, job_table: Any, feedback_table: fakes_jobs.FakeFeedbackTable) -> Iterator[str]:
    clock = fakes_jobs.Clock(builders_jobs.NOW)
    use_cases = jobs.app.build_use_cases(
        world_jobs.fake_adapters(job_table, clock, feedback=feedback_table),
        Metrics("jobs", "test"),
        clock,
        builders_jobs.RULES,
        world_jobs.RECONCILE_RULES,
    )
    with served(jobs.app.create_app(builders_jobs.settings(), use_cases=use_cases)) as url:
        yield url


@pytest.fixture
def preview_world() -> Iterator[fakes_preview.World]:
    world = fakes_preview.World()
    yield world
    world.close()


@pytest.fixture
def preview_url(secrets: None, preview_world: fakes_preview.World) -> Iterator[str]:
    environ = {name: value or "" for name, value in dotenv_values(FLASKENV).items()}
    settings = preview.settings.Settings.from_env(environ | {"JOBS_URL": "http://127.0.0.1:9"})
    with served(preview.app.create_app(settings, use_cases=preview_world.use_cases())) as url:
        yield url
