"""The compose file does what ``make run`` does, under the same names."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from local_aws import programs
from local_aws.addresses import Addresses
from local_aws.settings import LocalSettings

ROOT = Path(__file__).parents[3]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text())
ADDRESSES = Addresses(
    router="http://127.0.0.1:8080",
    aws="http://127.0.0.1:4566",
    textract="http://127.0.0.1:4567",
    jobs="http://127.0.0.1:8001",
    preview="http://127.0.0.1:8002",
)
ONLY_ON_A_LAPTOP = {
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_DISABLED",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "NO_PROXY",
    "no_proxy",
    "PYTHONUNBUFFERED",
    "BIND",
}
"""They shield a service from the person's own account, proxy and ports; a container has none of these."""


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_a_service_gets_the_same_variables_as_on_a_laptop(service: str) -> None:
    program = {"jobs": programs.jobs, "preview": programs.preview}[service]
    settings = LocalSettings.from_env({"LOCAL_ROOT": str(ROOT)})
    on_a_laptop = program(settings, ADDRESSES, {}).environment
    in_compose = COMPOSE["services"][service]["environment"]

    expected = {name: value for name, value in on_a_laptop.items() if name not in ONLY_ON_A_LAPTOP}
    assert in_compose == {**expected, "PORT": in_compose["PORT"]}


@pytest.mark.parametrize(
    ("service", "variable"), [("jobs", "LOCAL_JOBS_URL"), ("preview", "LOCAL_PREVIEW_URL")]
)
def test_the_router_finds_the_services(service: str, variable: str) -> None:
    port = COMPOSE["services"][service]["environment"]["PORT"]
    assert COMPOSE["services"]["local-aws"]["environment"][variable] == f"http://127.0.0.1:{port}"


def test_ports_are_open_to_this_machine_only() -> None:
    ports = COMPOSE["services"]["local-aws"]["ports"]
    assert ports == ["127.0.0.1:8080:8080", "127.0.0.1:4566:4566", "127.0.0.1:4567:4567"]


@pytest.mark.parametrize("service", ["jobs", "preview", "local-aws"])
def test_roots_are_read_only_and_builds_come_from_the_repository(service: str) -> None:
    definition = COMPOSE["services"][service]
    assert definition["read_only"] is True
    build = definition["build"]
    assert (ROOT / "docker" / build["context"] / build["dockerfile"]).resolve() == ROOT / "docker/Dockerfile"
