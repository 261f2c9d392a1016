"""openapi-typescript makes types of the public document, and a program that uses them passes the compiler."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from installed_programs import installed_program, not_tested

HERE = Path(__file__).parent
DOCUMENT = Path(__file__).parents[3] / "services/jobs/src/jobs/api/static/openapi.json"
TOOLS = Path(sys.prefix) / "typescript/node_modules"
"""Where the Makefile has npm install what ``package-lock.json`` pins."""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the client and the installed tools."""
    installed_program("npm", "nodejs npm")
    if not TOOLS.is_dir():
        not_tested(f"openapi-typescript is not installed in {TOOLS}. Run: make test")
    (tmp_path / "node_modules").symlink_to(TOOLS)
    for name in ("client.ts", "tsconfig.json"):
        shutil.copy(HERE / name, tmp_path)
    return tmp_path


def test_a_client_is_generated_and_type_checks(project: Path) -> None:
    run(project, "openapi-typescript", str(DOCUMENT), "--output", "api.ts")
    run(project, "tsc", "--project", ".")


def run(folder: Path, tool: str, *arguments: str) -> None:
    command = [folder / "node_modules/.bin" / tool, *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
