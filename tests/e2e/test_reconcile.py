"""``flask reconcile`` beside the running services, after somebody took files away or left some behind."""

from typing import Any

import boto3
import pytest

from e2e.caller import Caller
from e2e.commands import environment_of_jobs, reconcile
from plan_library import plan_path
from running_stack import RunningStack


@pytest.fixture(scope="module")
def blueprints(stack: RunningStack) -> Any:
    environ = environment_of_jobs(stack)
    s3 = boto3.resource(
        "s3",
        endpoint_url=environ["AWS_ENDPOINT_URL"],
        region_name=environ["AWS_REGION"],
        aws_access_key_id=environ["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environ["AWS_SECRET_ACCESS_KEY"],
    )
    return s3.Bucket(environ["BLUEPRINTS_BUCKET"])


def test_jobs_and_files_are_brought_together_again(
    stack: RunningStack, caller: Caller, blueprints: Any
) -> None:
    kept, lost = caller.create("studio_small.png"), caller.create("studio_small.png")
    blueprints.Object(lost["blueprint_s3_key"]).delete()
    orphan = blueprints.put_object(Key="blueprints/job_20260101000000_nobody/plan.png", Body=b"x")
    unclaimed = blueprints.put_object(Key="uploads/up_20260101000000_0123456789abc", Body=b"x")

    reconcile(stack, RECONCILE_AFTER_SECONDS=900)
    assert caller.job(lost["job_id"]) == lost
    assert orphan.key in {each.key for each in blueprints.objects.all()}

    reconcile(stack, RECONCILE_AFTER_SECONDS=0)
    failed = caller.job(lost["job_id"])
    assert (failed["status"], failed["error"]["code"]) == ("failed", "BLUEPRINT_MISSING")
    assert caller.job(kept["job_id"]) == kept
    left = {each.key for each in blueprints.objects.all()}
    assert orphan.key not in left
    assert {kept["blueprint_s3_key"], unclaimed.key} <= left
    stored = caller.send("GET", f"/api/v1/jobs/{kept['job_id']}/blueprint").content
    assert stored == plan_path("studio_small.png").read_bytes()

    reconcile(stack, RECONCILE_AFTER_SECONDS=0)
    assert caller.job(lost["job_id"]) == failed
