"""What an account is prepared with, once, on an emulator of its own."""

import json
from typing import Any

from local_aws.aws.provision import client
from stack.deployment import Deployment
from stack.rehearsal import BOOTSTRAP_VARIABLES


def test_a_second_plan_is_empty(account: Deployment) -> None:
    assert account.differences("default", BOOTSTRAP_VARIABLES) == []


def test_the_state_is_kept_and_private(account: Deployment) -> None:
    s3, bucket = client("s3", account.endpoint_url), account.outputs("default")["state_bucket_name"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert set(s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"].values()) == {True}
    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])
    assert {"Bool": {"aws:SecureTransport": "false"}} in [s.get("Condition") for s in policy["Statement"]]


def test_images_are_scanned_and_never_replaced(account: Deployment) -> None:
    repositories = client("ecr", account.endpoint_url).describe_repositories()["repositories"]
    assert {r["repositoryName"].rpartition("-")[2] for r in repositories} == {"jobs", "preview"}
    for repository in repositories:
        assert repository["imageTagMutability"] == "IMMUTABLE"
        assert repository["imageScanningConfiguration"]["scanOnPush"] is True


def test_only_workflows_of_the_repository_take_a_role(account: Deployment) -> None:
    roles = client("iam", account.endpoint_url).list_roles()["Roles"]
    assert roles
    for role in roles:
        (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert subjects(statement)
        for subject in subjects(statement):
            assert subject.startswith("repo:example/location-detection:")


def subjects(statement: dict[str, Any]) -> list[str]:
    name = "token.actions.githubusercontent.com:sub"
    return [
        subject
        for condition in statement["Condition"].values()
        for subject in (
            [condition[name]] if isinstance(condition.get(name), str) else condition.get(name, [])
        )
    ]
