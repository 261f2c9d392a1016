"""What the images install is what the services ask for, at the versions that the tests ran with."""

import re
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[3]
ADVICE = "run docker/requirements/lock.sh"


def pins(path: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", (ROOT / path).read_text(), flags=re.MULTILINE)
    return {canonicalize_name(name): version for name, version in found}


def asked_for_by(package: str) -> set[str]:
    """What one of our packages needs, and what that needs, on this kind of machine."""
    project = tomllib.loads((ROOT / package / "pyproject.toml").read_text())["project"]
    waiting = [Requirement(line) for line in project["dependencies"]]
    found: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        applies = requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if applies and name not in found and not name.startswith("location-detection-"):
            found.add(name)
            waiting += map(Requirement, requires(name) or [])
    return found


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_an_image_installs_what_its_service_needs(service: str) -> None:
    needed = asked_for_by("shared") | asked_for_by(f"services/{service}")
    assert set(pins(f"docker/requirements/{service}.txt")) == needed, ADVICE


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_an_image_installs_the_tested_versions(service: str) -> None:
    assert pins(f"docker/requirements/{service}.txt").items() <= pins("constraints.txt").items(), ADVICE


@pytest.mark.parametrize("service", ["jobs", "preview"])
def test_every_file_is_known_by_its_hash(service: str) -> None:
    entries = re.split(
        r"^(?=\w)", (ROOT / f"docker/requirements/{service}.txt").read_text(), flags=re.MULTILINE
    )[1:]
    assert len(entries) == len(pins(f"docker/requirements/{service}.txt"))
    assert all(re.search(r"--hash=sha256:[0-9a-f]{64}", entry) for entry in entries)
