"""The whole of ``python -m local_aws``, with small services in place of the real ones."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import BotoCoreError
from dotenv import dotenv_values

from local_aws.aws.provision import client
from local_parts import free_port
from processes import PROC, descendants, gunicorn_processes
from running_stack import REPOSITORY, RunningStack

WSGI = """
import os
from flask import Flask, jsonify

app = Flask(__name__)

@app.get("/health/ready")
@app.get("/api/v1/jobs")
@app.get("/api/v1/jobs/job_1/preview")
def show():
    return jsonify(pid=os.getpid(), **{name: os.environ.get(name) for name in (
        "JOBS_TABLE", "PREVIEW_CACHE_TABLE", "AWS_ENDPOINT_URL", "AWS_PROFILE", "CONFIG_CACHE_SECONDS")})
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    (folder / "docker").symlink_to(REPOSITORY / "docker")
    for service in ("jobs", "preview"):
        (folder / "services" / service).mkdir(parents=True)
        (folder / "services" / service / "wsgi.py").write_text(WSGI)
    return folder


def start(root: Path, folder: Path, **environ: str) -> RunningStack:
    return RunningStack.start(folder, {"LOCAL_ROOT": str(root), **environ})


@pytest.fixture(scope="module")
def stack(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = start(
        root,
        tmp_path_factory.mktemp("stack"),
        LOCAL_DOTENV=".env",
        AWS_PROFILE="mine",
        CONFIG_CACHE_SECONDS="1",
    )
    yield running
    assert running.stop() == 0
    assert not (root / ".env").exists()


def get(url: str) -> dict[str, Any]:
    return dict(requests.get(url, timeout=20).json())


def test_requests_reach_the_services(stack: RunningStack) -> None:
    at = stack.addresses
    jobs = get(f"{at.router}/api/v1/jobs")
    preview = get(f"{at.router}/api/v1/jobs/job_1/preview")
    assert jobs["JOBS_TABLE"] == "location-detection-dev-jobs"
    assert preview["PREVIEW_CACHE_TABLE"] == "location-detection-dev-preview-cache"
    assert jobs["AWS_ENDPOINT_URL"] == at.aws
    assert jobs["CONFIG_CACHE_SECONDS"] == "1", "what a person sets reaches the services"
    assert jobs["AWS_PROFILE"] is None, "a person's own account does not"


def test_parts_answer_at_the_printed_addresses(stack: RunningStack) -> None:
    at = stack.addresses
    assert get(f"{at.jobs}/api/v1/jobs")["JOBS_TABLE"]
    assert get(f"{at.preview}/api/v1/jobs")["PREVIEW_CACHE_TABLE"]
    assert get(f"{at.textract}/_simulator/calls") == {"AnalyzeDocument": 0}
    assert client("s3", at.aws).list_buckets()["Buckets"]
    assert "local-dev-key" in stack.log
    assert f"{at.router}/api/v1/jobs" in stack.log, "a curl to try"


def test_flask_run_finds_the_stack(stack: RunningStack, root: Path) -> None:
    at = stack.addresses
    assert dotenv_values(root / ".env") == {
        "AWS_ENDPOINT_URL": at.aws,
        "AWS_ENDPOINT_URL_TEXTRACT": at.textract,
        "JOBS_URL": at.jobs,
        "PREVIEW_URL": at.preview,
    }


def test_a_service_that_dies_is_started_again(stack: RunningStack) -> None:
    for process in gunicorn_processes(stack.pid, "JOBS_TABLE"):
        os.kill(process.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = requests.get(f"{stack.addresses.router}/api/v1/jobs", timeout=20)
        if answer.status_code == 200:
            break
        assert answer.status_code == 503
    assert answer.status_code == 200
    assert "jobs ended (SIGKILL) and is started again" in stack.log


@pytest.mark.parametrize("variable", ["PORT", "LOCAL_AWS_PORT", "LOCAL_TEXTRACT_PORT"])
def test_a_port_in_use_is_one_line_and_a_failure(
    stack: RunningStack, root: Path, tmp_path: Path, variable: str
) -> None:
    port = stack.addresses.router.rpartition(":")[2]
    refused = refused_start(root, tmp_path, **{variable: port})
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert f"Port {port} is in use" in refused.stderr
    assert list(tmp_path.iterdir()) == [], "nothing was begun"


def test_a_second_run_on_the_same_state_is_refused(root: Path, stack: RunningStack) -> None:
    state = Path(dict(_environment(stack.pid))["LOCAL_STATE_DIR"])
    refused = refused_start(root, state.parent, LOCAL_STATE_DIR=str(state))
    assert refused.returncode == 1
    assert "in use by another run" in refused.stderr


def refused_start(root: Path, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    ports = {"PORT": "0", "LOCAL_AWS_PORT": "0", "LOCAL_TEXTRACT_PORT": "0", "LOCAL_DOTENV": ""}
    places = {"LOCAL_ROOT": str(root), "LOCAL_STATE_DIR": str(folder / "state")}
    return subprocess.run(
        [sys.executable, "-m", "local_aws"],
        env={**os.environ, **ports, **places, **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_state_survives_and_a_proxy_may_stand_before_the_emulator(root: Path, tmp_path: Path) -> None:
    proxy = f"http://127.0.0.1:{free_port()}"
    first = start(root, tmp_path, SERVICES_AWS_ENDPOINT_URL=proxy)
    assert get(f"{first.addresses.jobs}/api/v1/jobs")["AWS_ENDPOINT_URL"] == proxy
    client("dynamodb", first.addresses.aws).put_item(
        TableName="location-detection-dev-jobs",
        Item={"job_id": {"S": "job_1"}, "owner": {"S": "local"}, "created_at": {"S": "2024"}},
    )
    assert first.stop() == 0

    second = start(root, tmp_path)
    found = client("dynamodb", second.addresses.aws).get_item(
        TableName="location-detection-dev-jobs", Key={"job_id": {"S": "job_1"}}
    )
    assert second.stop() == 0
    assert found["Item"]["owner"] == {"S": "local"}


def test_a_killed_supervisor_leaves_nothing_running(root: Path, tmp_path: Path) -> None:
    stack = start(root, tmp_path)
    children = descendants(stack.pid)
    os.kill(stack.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any((PROC / str(child.pid) / "cwd").exists() for child in children):
        assert time.monotonic() < deadline, "children outlive the supervisor"
    assert len(children) >= 8
    stack.stop()


def test_an_emulator_that_dies_comes_back_with_everything(root: Path, tmp_path: Path) -> None:
    stack = start(root, tmp_path)
    s3 = client("s3", stack.addresses.aws)
    s3.put_object(Bucket="location-detection-dev-blueprints", Key="a", Body=b"a")
    (emulator,) = [child for child in descendants(stack.pid) if "aws.emulator" in child.command]
    os.kill(emulator.pid, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while buckets(s3) != {"location-detection-dev-blueprints", "location-detection-dev-cache"}:
        assert time.monotonic() < deadline, "the emulator did not come back whole"
    assert s3.get_object(Bucket="location-detection-dev-blueprints", Key="a")["Body"].read() == b"a"
    assert stack.stop() == 0


def buckets(s3: Any) -> set[str]:
    try:
        return {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    except BotoCoreError:
        return set()


def test_missing_services_are_reported(tmp_path: Path) -> None:
    refused = refused_start(tmp_path, tmp_path)
    assert refused.returncode == 1
    assert "services/jobs/wsgi.py is missing" in refused.stderr


def _environment(pid: int) -> Iterator[tuple[str, str]]:
    for entry in (PROC / str(pid) / "environ").read_text().split("\0"):
        name, _, value = entry.partition("=")
        yield name, value
