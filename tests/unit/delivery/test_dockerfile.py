"""What can go wrong with the images and shows without building them: CI builds and runs them."""

import re
from pathlib import Path

import pytest
from docker.utils.build import exclude_paths

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text()
SERVICES = ("jobs", "preview")
LAST_STAGES = ("service", "local-aws")


def stages() -> dict[str, str]:
    parts = re.split(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, flags=re.MULTILINE)[1:]
    return {parts[i + 1]: parts[i + 2] for i in range(0, len(parts), 3)}


def images() -> list[str]:
    return re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE)


def copied_paths() -> list[str]:
    copies = re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, flags=re.MULTILINE)
    return [source for copy in copies for source in copy.split()[:-1]]


@pytest.fixture(scope="module")
def context() -> set[str]:
    """Every path that the builder is sent."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    return exclude_paths(str(ROOT), [line for line in lines if line and not line.startswith("#")])


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("source", copied_paths())
def test_everything_that_is_copied_reaches_the_builder(source: str, service: str, context: set[str]) -> None:
    assert source.replace("${SERVICE}", service) in context


def test_nothing_else_reaches_the_builder(context: set[str]) -> None:
    paths = {Path(path) for path in context if path != ".dockerignore"}
    assert {path.parts[0] for path in paths} == {"constraints.txt", "docker", "services", "shared"}
    parts = {part for path in paths for part in path.parts}
    assert not {part for part in parts if part.startswith(".")}
    assert parts.isdisjoint({"training", "tests", "__pycache__", "build"})


def test_the_models_reach_the_builder(context: set[str]) -> None:
    models = "services/preview/src/preview/rooms/models"
    shipped = {path.name for path in (ROOT / models).glob("*.onnx")}
    assert shipped
    assert {f"{models}/{name}" for name in shipped} <= context


@pytest.mark.parametrize("stage", LAST_STAGES)
def test_what_runs_is_not_root(stage: str) -> None:
    user = re.findall(r"^USER (\S+)$", stages()[stage], flags=re.MULTILINE)
    assert user[-1:] == ["10001"]


@pytest.mark.parametrize("stage", LAST_STAGES)
def test_scratch_space_is_declared_and_health_is_checked(stage: str) -> None:
    assert re.search(r'^VOLUME \[.*"/tmp".*\]$', stages()[stage], flags=re.MULTILINE)
    assert "HEALTHCHECK" in stages()[stage]


@pytest.mark.parametrize("stage", LAST_STAGES)
def test_what_runs_cannot_install_or_build(stage: str) -> None:
    assert f"FROM base AS {stage}\n" in DOCKERFILE
    removed = re.search(r"pip uninstall (.+?) \\", stages()["base"])
    assert removed
    assert {"pip", "setuptools", "wheel"} <= set(removed[1].split())
    assert DOCKERFILE.count("python -m venv") == DOCKERFILE.count("python -m venv --without-pip") > 1
    assert not re.search(r"apt|pip", stages()[stage])


def test_there_is_one_base_image_and_its_bytes_are_pinned() -> None:
    foreign = [image for image in images() if image not in stages()]
    assert len(foreign) == 1
    assert re.fullmatch(r"python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", foreign[0])


def test_a_plain_build_makes_the_service() -> None:
    assert list(stages())[-1] == "service"


def test_installation_is_locked() -> None:
    """What is downloaded is checked by hash; what is ours downloads nothing."""
    commands = re.findall(r"pip (?:--python /venv install|wheel) (.+)", stages()["service-build"])
    assert len(commands) == 3
    assert all("--require-hashes" in command or "--no-index" in command for command in commands)


def test_the_image_of_preview_has_what_pictures_of_any_script_need() -> None:
    copied = stages()["service-build"]
    assert re.search(r"-t /system/usr/share/fonts \S+\.ttf", copied)
    assert re.search(r"-t /system/usr/lib \S+/libfribidi\.so\.0", copied)  # dlopened by Pillow
    assert "COPY --from=service-build /system /\n" in stages()["service"]
