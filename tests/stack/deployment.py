"""Runs the operator's Terraform commands on a copy of ``terraform/`` whose AWS is an emulator."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local_aws.aws.provision import CREDENTIALS
from local_aws.aws.resources import REGION
from running_stack import REPOSITORY

TERRAFORM = REPOSITORY / "terraform"
AWS_CLI = REPOSITORY / ".venv/awscli/bin"
"""Make installs it there; Terraform has it deploy the services once more."""

OVERRIDES = {
    # An emulator is reached by one name, so a bucket cannot be part of the host's name.
    "provider_override.tf": 'provider "aws" {\n  s3_use_path_style = true\n}\n',
    "backend_override.tf": 'terraform {\n  backend "local" {}\n}\n',
}


class TerraformFailed(Exception):
    """The message is what Terraform printed."""


class TerraformMissing(Exception):
    """Terraform or its provider is not on this machine; the message says which."""


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """What a plan would change: ``attribute`` is empty where a whole resource comes or goes."""

    address: str
    attribute: str


@dataclass(frozen=True, slots=True)
class Deployment:
    """Terraform in ``folder``, a copy of ours, on the emulator at ``endpoint_url``."""

    folder: Path
    endpoint_url: str
    certificate: Path | None = None
    """What to trust where the emulator speaks TLS."""

    @classmethod
    def prepare(
        cls, folder: Path, endpoint_url: str, certificate: Path | None = None, *, part: str = "."
    ) -> "Deployment":
        """Copy, and download or link the provider; ``part`` is the folder below ``terraform/`` to apply.

        Raises
        ------
        TerraformMissing
            If there is no Terraform, or no provider and none to be had.
        """
        applied = copy(folder) / part
        for name, text in OVERRIDES.items():
            (applied / name).write_text(text)
        initialise(applied)
        return cls(applied, endpoint_url, certificate)

    def apply(self, workspace: str, variables: Mapping[str, str], *options: str) -> None:
        self._run("workspace", "select", "-or-create", workspace)
        self._run("apply", "-auto-approve", *options, variables=variables)

    def differences(self, workspace: str, variables: Mapping[str, str]) -> list[Difference]:
        """What one more apply would change."""
        self._run("workspace", "select", workspace)
        self._run("plan", "-out=second.tfplan", variables=variables)
        plan = json.loads(self._run("show", "-json", "second.tfplan"))
        outputs = plan.get("output_changes", {}).items()
        return sorted(
            [difference for change in plan["resource_changes"] for difference in _differences(change)]
            + [Difference(f"output.{name}", "") for name, change in outputs if _changes(change)]
        )

    def destroy(self, workspace: str, variables: Mapping[str, str]) -> None:
        self._run("workspace", "select", workspace)
        self._run("destroy", "-auto-approve", variables=variables)

    def resources(self, workspace: str) -> list[str]:
        """Addresses of everything that is applied, data sources aside."""
        self._run("workspace", "select", workspace)
        return [line for line in self._run("state", "list").splitlines() if ".data." not in f".{line}"]

    def outputs(self, workspace: str) -> dict[str, Any]:
        self._run("workspace", "select", workspace)
        return {name: output["value"] for name, output in json.loads(self._run("output", "-json")).items()}

    def state(self, workspace: str) -> str:
        """The state file as stored, to look for what must not be in it."""
        return (self.folder / "terraform.tfstate.d" / workspace / "terraform.tfstate").read_text()

    def _run(self, *arguments: str, variables: Mapping[str, str] | None = None) -> str:
        environ = {
            **CREDENTIALS,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_MAX_ATTEMPTS": "3",  # what an emulator lacks, it lacks the next time too
            **({"AWS_CA_BUNDLE": str(self.certificate)} if self.certificate else {}),
            **{f"TF_VAR_{name}": value for name, value in (variables or {}).items()},
        }
        return terraform(self.folder, *arguments, environ=environ)


def terraform(folder: Path, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
    """What ``terraform arguments…`` prints in ``folder``; a person's own AWS account is kept out.

    Raises
    ------
    TerraformFailed
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
    done = subprocess.run(
        ["terraform", *arguments],
        cwd=folder,
        env={
            **inherited,
            "PATH": f"{AWS_CLI}:{os.environ['PATH']}",
            "TF_IN_AUTOMATION": "1",
            "TF_CLI_ARGS": "-no-color",
            "TF_INPUT": "0",
            "NO_PROXY": "127.0.0.1",
            **(environ or {}),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    with (folder / "terraform.log").open("a") as log:
        log.write(f"$ terraform {' '.join(arguments)}\n{done.stdout}{done.stderr}\n")
    if done.returncode != 0:
        raise TerraformFailed(f"terraform {arguments[0]}: {done.stdout[-3000:]}\n{done.stderr[-6000:]}")
    return done.stdout


def initialise(folder: Path, *options: str) -> None:
    """``terraform init`` with the provider from ``TF_PLUGIN_DIR`` where that is set, else from the registry.

    Raises
    ------
    TerraformMissing
    """
    if not shutil.which("terraform"):
        raise TerraformMissing("There is no terraform on the PATH.")
    plugin_dir = os.environ.get("TF_PLUGIN_DIR")
    try:
        terraform(folder, "init", *([f"-plugin-dir={plugin_dir}"] if plugin_dir else []), *options)
    except TerraformFailed as error:
        if "registry.terraform.io" in str(error):
            reason = str(error).rpartition("Error:")[2].strip()
            raise TerraformMissing(f"The AWS provider could not be had.\n{reason}") from error
        raise


def copy(folder: Path) -> Path:
    """``terraform/`` without what a person's own use of it has left there."""
    return shutil.copytree(
        TERRAFORM, folder, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "*.tfvars")
    )


def missing(error: TerraformMissing) -> int:
    """Say loudly that nothing was checked; the exit status, 1 in CI and where a provider is at hand."""
    line = "*" * 78
    print(f"{line}\nterraform/ WAS NOT CHECKED. {error}\n{line}", file=sys.stderr)
    return 1 if os.environ.get("CI") or os.environ.get("TF_PLUGIN_DIR") else 0


def _changes(change: Mapping[str, Any]) -> bool:
    return change["actions"] not in (["no-op"], ["read"])


def _differences(resource: Mapping[str, Any]) -> list[Difference]:
    change = resource["change"]
    if not _changes(change):
        return []
    if change["actions"] != ["update"]:
        return [Difference(resource["address"], "")]
    before, after = change["before"], change["after"]  # what is not known yet is missing from `after`
    return [
        Difference(resource["address"], name)
        for name in sorted(before.keys() | after.keys())
        if before.get(name) != after.get(name)
    ]
