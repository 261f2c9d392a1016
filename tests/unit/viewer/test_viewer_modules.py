"""The viewer's modules that need no page, tested in their own language by the test runner of Node."""

import subprocess
from pathlib import Path

import pytest

from installed_programs import installed_program

HERE = Path(__file__).parent
TEST_FILES = sorted(path.name for path in HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("name", TEST_FILES)
def test_module(name: str) -> None:
    node = installed_program("node", "nodejs npm")
    command = [node, "--test", "--test-reporter=spec", name]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
