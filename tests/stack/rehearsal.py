"""Applies ``dev`` and then ``prod`` to moto, plans each again, and destroys both in the end."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local_aws.aws.provision import client
from local_parts import HOST, free_port, running
from running_stack import REPOSITORY
from stack.deployment import Deployment, Difference, TerraformFailed

ENVIRONMENTS = ("dev", "prod")
REGISTRY = "123456789012.dkr.ecr.us-east-1.amazonaws.com/location-detection"
BOOTSTRAP_VARIABLES = {"github_repository": "example/location-detection"}
PROD_ORIGIN = "https://plans.example.com"
BUCKET_SUFFIXES = {"dev": "", "prod": "studio-north"}

Report = Callable[[str], Any]


@dataclass(slots=True)
class Rehearsal:
    """What was applied to the emulator at ``url``, by environment."""

    url: str
    deployment: Deployment
    resources: dict[str, list[str]] = field(default_factory=dict)
    differences: dict[str, list[Difference]] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        return client(service, self.url)


@contextmanager
def rehearsal(folder: Path, report: Report) -> Iterator[Rehearsal]:
    """Begins when both are applied; after the block both are destroyed.

    Raises
    ------
    TerraformMissing
    TerraformFailed
    """
    with moto(folder) as url:
        done = Rehearsal(url, Deployment.prepare(folder / "terraform", url))
        variables = {environment: variables_of(environment, certificate(url)) for environment in ENVIRONMENTS}
        for environment in ENVIRONMENTS:
            with _timed(report, f"{environment}: applied") as said:
                done.deployment.apply(environment, variables[environment])
                done.resources[environment] = done.deployment.resources(environment)
                said.append(f"{len(done.resources[environment])} resources")
            with _timed(report, f"{environment}: planned again") as said:
                done.differences[environment] = done.deployment.differences(
                    environment, variables[environment]
                )
                own = differences_of_moto(done.resources[environment])
                said.append(f"{len(set(done.differences[environment]) - own)} differences")
                said.append(f"{len(own)} that are moto's own")
        yield done
        lift_protection(done.deployment)
        with _timed(report, "prod: protection lifted"):
            done.deployment.apply("prod", variables["prod"], "-refresh=false")
        for environment in reversed(ENVIRONMENTS):
            with _timed(report, f"{environment}: destroyed"):
                done.deployment.destroy(environment, variables[environment])
        if left := leftovers(done):
            raise TerraformFailed(f"destroy left {', '.join(left)}")


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    """Moto's server behind the shim; its URL."""
    port = free_port()
    url = f"http://{HOST}:{port}"
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "stack.moto_server", str(port)]
    environ = {**os.environ, "PYTHONPATH": str(REPOSITORY / "tests"), "NO_PROXY": "*"}
    with running(command, f"{url}/moto-api/", environ=environ, log=folder / "moto.log"):
        yield url


def certificate(url: str) -> str:
    """A certificate that somebody has asked for before: Terraform is told its ARN."""
    arn: str = client("acm", url).request_certificate(DomainName="plans.example.com")["CertificateArn"]
    return arn


def variables_of(environment: str, certificate_arn: str) -> dict[str, str]:
    variables = {
        "certificate_arn": certificate_arn,
        "jobs_image": f"{REGISTRY}-jobs@sha256:{'a' * 64}",
        "preview_image": f"{REGISTRY}-preview@sha256:{'b' * 64}",
        "alarm_email": "operator@example.com",
    }
    if environment == "prod":
        variables["cors_origins"] = f'["{PROD_ORIGIN}"]'
        variables["bucket_suffix"] = BUCKET_SUFFIXES[environment]
        variables["retention_days"] = "30"
    return variables


def lift_protection(deployment: Deployment) -> None:
    """What an operator does who really wants to destroy prod."""
    environments = deployment.folder / "environments.tf"
    environments.write_text(
        environments.read_text().replace("deletion_protection = true", "deletion_protection = false")
    )


def leftovers(done: Rehearsal) -> list[str]:
    """Names of what still stands, of each kind that a name can be asked of."""
    found = [
        *done.client("dynamodb").list_tables()["TableNames"],
        *(bucket["Name"] for bucket in done.client("s3").list_buckets()["Buckets"]),
        *(role["RoleName"] for role in done.client("iam").list_roles()["Roles"]),
        *(secret["Name"] for secret in done.client("secretsmanager").list_secrets()["SecretList"]),
        *(group["logGroupName"] for group in done.client("logs").describe_log_groups()["logGroups"]),
        *(lb["LoadBalancerName"] for lb in done.client("elbv2").describe_load_balancers()["LoadBalancers"]),
        *(alarm["AlarmName"] for alarm in done.client("cloudwatch").describe_alarms()["MetricAlarms"]),
    ]
    return [name for name in found if "location-detection" in name]


def differences_of_moto(resources: list[str]) -> set[Difference]:
    """What a second plan shows because moto forgets it; the reasons are in docs/testing.md."""
    rules = ("aws_vpc_security_group_ingress_rule.", "aws_vpc_security_group_egress_rule.")
    return {
        Difference(address, "description")
        for address in resources
        if address.startswith(tuple(f"module.network.{rule}" for rule in rules))
        and "internet_to_alb" not in address  # kept where the other side is a network
    }


@contextmanager
def _timed(report: Report, what: str) -> Iterator[list[str]]:
    """Report ``what`` with its seconds and what the block adds to the list."""
    started = time.monotonic()
    said: list[str] = []
    yield said
    report(f"{what} in {time.monotonic() - started:.0f} s{': ' * bool(said)}{', '.join(said)}")
