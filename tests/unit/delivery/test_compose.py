"""The compose file does what ``make run`` does, under the same names."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import jobs.settings
import preview.settings
from local_aws import programs
from local_aws.addresses import Addresses
from local_aws.settings import LocalSettings
from shared.gunicorn_settings import GunicornSettings

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
    "FLASK_SKIP_DOTENV",
}
"""They shield a service from the person's own account, proxy and ports; a container has none of these."""

READ_BY_BOTO3 = {
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_TEXTRACT",
}


class Noting(Mapping[str, str]):
    """An environment that knows which of its variables were asked for."""

    def __init__(self, values: dict[str, str]) -> None:
        self.asked: set[str] = set()
        self._values = values

    def __getitem__(self, name: str) -> str:
        self.asked.add(name)
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


@pytest.mark.parametrize(
    ("service", "from_env"),
    [("jobs", jobs.settings.Settings.from_env), ("preview", preview.settings.Settings.from_env)],
)
def test_a_service_starts_from_its_variables_and_each_is_read(
    service: str, from_env: Callable[[Mapping[str, str]], object]
) -> None:
    environment = Noting(COMPOSE["services"][service]["environment"])
    from_env(environment)
    GunicornSettings.from_env(environment)
    assert set(environment) <= environment.asked | READ_BY_BOTO3


def test_workers_get_the_same_variables_as_on_a_laptop() -> None:
    settings = LocalSettings.from_env({"LOCAL_ROOT": str(ROOT)})
    program = programs.worker(settings, ADDRESSES, {})
    definition = COMPOSE["services"]["preview-worker"]
    in_compose = Noting(definition["environment"])
    preview.settings.Settings.from_env(in_compose)
    expected = {name: value for name, value in program.environment.items() if name not in ONLY_ON_A_LAPTOP}
    assert dict(in_compose) == {**expected, "PORT": in_compose["PORT"]}
    assert list(program.command)[:3] == definition["command"][:3] == ["nice", "-n", "19"]
    assert list(program.command)[-4:] == definition["command"][3:7] == ["flask", "--app", "wsgi", "work"]


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
def test_a_container_may_do_nothing_special_and_is_built_from_the_repository(service: str) -> None:
    definition = COMPOSE["services"][service]
    assert definition["read_only"] is True
    assert definition["cap_drop"] == ["ALL"]
    assert definition["security_opt"] == ["no-new-privileges:true"]
    build = definition["build"]
    assert (ROOT / "docker" / build["context"] / build["dockerfile"]).resolve() == ROOT / "docker/Dockerfile"
