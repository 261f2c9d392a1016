"""No engine builds the images in the tests; what can go wrong without one is checked here."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()


def stages() -> dict[str, str]:
    parts = re.split(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)[1:]
    return {parts[i + 1]: parts[i + 2] for i in range(0, len(parts), 3)}


def images() -> list[str]:
    return re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)


def copied_paths() -> list[str]:
    copies = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    return [source for copy in copies for source in copy.split()[:-1]]


@pytest.mark.parametrize("service", ["jobs", "preview"])
@pytest.mark.parametrize("source", copied_paths())
def test_every_copied_path_exists(source: str, service: str) -> None:
    assert (ROOT / source.replace("${SERVICE}", service)).exists()


@pytest.mark.parametrize("source", copied_paths())
def test_nothing_that_is_copied_is_ignored(source: str) -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert source.split("/", maxsplit=1)[0] in allowed


@pytest.mark.parametrize("stage", ["service", "local-aws"])
def test_what_runs_is_not_root(stage: str) -> None:
    user = re.findall(r"^USER (\S+)$", stages()[stage], flags=re.MULTILINE)
    assert user[-1:] == ["10001"]


@pytest.mark.parametrize("stage", ["service", "local-aws"])
def test_scratch_space_is_declared_and_health_is_checked(stage: str) -> None:
    assert re.search(r'^VOLUME \[.*"/tmp".*\]$', stages()[stage], flags=re.MULTILINE)
    assert "HEALTHCHECK" in stages()[stage]


def test_base_images_are_pinned_to_a_patch_release() -> None:
    foreign = [image for image in images() if image not in stages()]
    assert foreign
    assert all(re.fullmatch(r"python:3\.11\.\d+-\S+", image) for image in foreign)


def test_a_plain_build_makes_the_service() -> None:
    assert list(stages())[-1] == "service"


def test_installation_is_locked() -> None:
    assert DOCKERFILE.count("pip install") == DOCKERFILE.count("-c constraints.txt") == 2
