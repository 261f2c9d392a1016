import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from declared import PARAMETERS
from local_aws.addresses import choose_addresses
from local_aws.settings import PASSED_ON, LocalSettings, StartError
from shared.settings import SettingsError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for service in ("jobs", "preview"):
        folder = tmp_path / "services" / service
        folder.mkdir(parents=True)
        (folder / "wsgi.py").touch()
    return tmp_path


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def settings(root: Path, **environ: str) -> LocalSettings:
    anywhere = {"PORT": "0", "LOCAL_AWS_PORT": "0", "LOCAL_TEXTRACT_PORT": "0"}
    return LocalSettings.from_env({"LOCAL_ROOT": str(root), **anywhere, **environ})


def test_defaults(root: Path) -> None:
    found = LocalSettings.from_env({"LOCAL_ROOT": str(root)})
    assert (found.router_port, found.aws_port, found.textract_port) == (8080, 4566, 4567)
    assert found.host == "127.0.0.1"
    assert found.state_dir == root / ".local"
    assert found.dotenv == root / ".env"


def test_state_folder_may_be_relative_to_where_one_stands(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root / "services")
    assert settings(root, LOCAL_STATE_DIR="state").state_dir == root / "services" / "state"


def test_an_empty_dotenv_switches_it_off(root: Path) -> None:
    assert settings(root, LOCAL_DOTENV="").dotenv is None


@pytest.mark.parametrize("port", ["x", "-1", "65536", "99999", "80.5", "9" * 5000, "\u0668\u0660"])
def test_a_bad_port_is_named(root: Path, port: str) -> None:
    with pytest.raises(SettingsError, match=f"PORT: must be a whole number from 0 to 65535 .it is '{port}'"):
        settings(root, PORT=port)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (name, bad)
        for name in sorted(set(PASSED_ON) - {"URL_INPUT"})
        for bad in ("x", "-1", "inf", "nan", "1e9", "1_0", "9" * 5000, "\u0668", "9999999")
    ]
    + [("URL_INPUT", "maybe"), ("LOCAL_JOBS_URL", "jobs:1"), ("SERVICES_AWS_ENDPOINT_URL", "http://")],
)
def test_a_value_that_is_not_possible_is_named(root: Path, variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{variable}: must be .*{value}"):
        settings(root, **{variable: value})


def test_every_bad_value_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        settings(tmp_path, PORT="x", URL_INPUT="maybe", LOCAL_PREVIEW_URL="preview")
    named = [problem.partition(":")[0] for problem in refused.value.problems]
    assert named == ["PORT", "LOCAL_PREVIEW_URL", "URL_INPUT", "LOCAL_ROOT"]


def test_bounds_are_those_of_where_a_number_is_read(root: Path) -> None:
    assert PASSED_ON["PREVIEW_DEADLINE_SECONDS"] == PARAMETERS["preview/deadline_seconds"].validator
    settings(root, RATE_LIMIT_PER_MINUTE="1", PREVIEW_DEADLINE_SECONDS="0.5")
    settings(root, RATE_LIMIT_PER_MINUTE="600000", PREVIEW_DEADLINE_SECONDS="15", DRAIN_SECONDS="600")


def test_missing_services_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"services/jobs/wsgi\.py"):
        settings(tmp_path)


def test_services_that_run_elsewhere_need_not_be_here(tmp_path: Path) -> None:
    found = settings(tmp_path, LOCAL_JOBS_URL="http://jobs:1", LOCAL_PREVIEW_URL="http://preview:2")
    addresses = choose_addresses(found)
    assert (addresses.jobs, addresses.preview) == ("http://jobs:1", "http://preview:2")


def test_free_ports_all_differ(root: Path) -> None:
    at = choose_addresses(settings(root))
    assert len({at.router, at.aws, at.textract, at.jobs, at.preview}) == 5


@pytest.mark.parametrize("variable", ["PORT", "LOCAL_AWS_PORT", "LOCAL_TEXTRACT_PORT"])
def test_a_port_in_use_is_one_clear_line(root: Path, busy_port: int, variable: str) -> None:
    with pytest.raises(StartError) as refused:
        choose_addresses(settings(root, **{variable: str(busy_port)}))
    assert f"Port {busy_port} is in use" in str(refused.value)
    assert variable in str(refused.value)
    assert "\n" not in str(refused.value)


def test_one_port_for_two_parts_is_refused(root: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with pytest.raises(StartError, match="asked for twice"):
        choose_addresses(settings(root, PORT=port, LOCAL_AWS_PORT=port))
