"""``flask reconcile`` beside the running services, after somebody took files away or left some behind."""

import os
import subprocess
import sys
from typing import Any

import boto3
import pytest
from dotenv import dotenv_values

from e2e.caller import Caller
from plan_library import plan_path
from running_stack import REPOSITORY, RunningStack

SERVICE = REPOSITORY / "services/jobs"


@pytest.fixture(scope="module")
def environ(stack: RunningStack) -> dict[str, str]:
    """What a task of the jobs service has in its environment."""
    local = {name: value or "" for name, value in dotenv_values(SERVICE / ".flaskenv").items()}
    return local | {"AWS_ENDPOINT_URL": stack.addresses.aws, "PREVIEW_URL": stack.addresses.preview}


@pytest.fixture(scope="module")
def blueprints(environ: dict[str, str]) -> Any:
    s3 = boto3.resource(
        "s3",
        endpoint_url=environ["AWS_ENDPOINT_URL"],
        region_name=environ["AWS_REGION"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
    )
    return s3.Bucket(environ["BLUEPRINTS_BUCKET"])


def reconcile(environ: dict[str, str], after_seconds: int) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "reconcile"],
        cwd=SERVICE,
        env={**os.environ, **environ, "RECONCILE_AFTER_SECONDS": str(after_seconds)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_jobs_and_files_are_brought_together_again(
    caller: Caller, environ: dict[str, str], blueprints: Any
) -> None:
    kept, lost = caller.create("studio_small.png"), caller.create("studio_small.png")
    blueprints.Object(lost["blueprint_s3_key"]).delete()
    orphan = blueprints.put_object(Key="blueprints/job_20260101000000_nobody/plan.png", Body=b"x")
    unclaimed = blueprints.put_object(Key="uploads/up_20260101000000_0123456789abc", Body=b"x")

    reconcile(environ, after_seconds=900)
    assert caller.job(lost["job_id"]) == lost
    assert orphan.key in {each.key for each in blueprints.objects.all()}

    reconcile(environ, after_seconds=0)
    failed = caller.job(lost["job_id"])
    assert (failed["status"], failed["error"]["code"]) == ("failed", "BLUEPRINT_MISSING")
    assert caller.job(kept["job_id"]) == kept
    left = {each.key for each in blueprints.objects.all()}
    assert orphan.key not in left
    assert {kept["blueprint_s3_key"], unclaimed.key} <= left
    stored = caller.send("GET", f"/api/v1/jobs/{kept['job_id']}/blueprint").content
    assert stored == plan_path("studio_small.png").read_bytes()

    reconcile(environ, after_seconds=0)
    assert caller.job(lost["job_id"]) == failed
