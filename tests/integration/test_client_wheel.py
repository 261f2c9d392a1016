"""The client's wheel, installed alone: it needs nothing of this repository."""

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

CLIENT = Path(__file__).parents[2] / "client"
CONSTRAINTS = CLIENT.parent / "constraints.txt"


def run(*command: str | Path, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=os.environ | changes, capture_output=True, text=True, timeout=150, check=False
    )


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it asks for."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "client"
    # Built from a copy, since a build leaves files beside its source.
    subprocess.run(["cp", "-r", CLIENT, source], check=True)
    built = run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, source)
    assert built.returncode == 0, built.stderr
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "environment", with_pip=True)
    programs = folder / "environment/bin"
    installed = run(programs / "pip", "install", "--quiet", "--constraint", CONSTRAINTS, wheel)
    assert installed.returncode == 0, installed.stderr
    return programs


def test_the_command_runs(programs: Path, tmp_path: Path) -> None:
    assert "location-detection, version" in run(programs / "location-detection", "--version").stdout
    plan = tmp_path / "plan.png"
    plan.write_bytes(b"plan")
    told = run(
        *(programs / "location-detection", "detect", plan, "-o", tmp_path / "out"),
        LOCATION_DETECTION_URL="http://127.0.0.1:1",
        XDG_CONFIG_HOME=str(tmp_path),
    )
    assert told.returncode == 3
    assert "cannot be reached" in told.stderr


def test_the_library_brings_its_types(programs: Path) -> None:
    seen = run(programs / "python", "-c", "import location_detection as l; print(l.__path__[0])")
    assert (Path(seen.stdout.strip()) / "py.typed").exists()


def test_an_extra_that_is_missing_is_named(programs: Path, tmp_path: Path) -> None:
    told = run(programs / "location-detection", "mcp", tmp_path)
    assert told.returncode == 2
    assert "pip install './client[mcp]'" in told.stderr
