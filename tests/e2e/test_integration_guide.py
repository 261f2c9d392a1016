"""The programs of docs/integration.md, run as they are printed, each to the rooms of three pages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from e2e.test_documented_commands import PLANS, STRICT
from installed_programs import installed_program
from running_stack import REPOSITORY, RunningStack

GUIDE = (REPOSITORY / "docs/integration.md").read_text(encoding="utf-8")
PRINTED_URL = "http://127.0.0.1:8080"


def program(language: str) -> str:
    (printed,) = re.findall(rf"^```{language}\n(.*?)^```", GUIDE, flags=re.MULTILINE | re.DOTALL)
    assert isinstance(printed, str)
    return printed


@pytest.mark.parametrize(
    ("language", "name", "interpreter"),
    [("sh", "walk.sh", "bash"), ("python", "walk.py", sys.executable), ("js", "walk.mjs", "node")],
)
def test_a_program_of_the_guide_works_as_printed(
    stack: RunningStack, tmp_path: Path, language: str, name: str, interpreter: str
) -> None:
    installed_program(interpreter, "nodejs" if interpreter == "node" else interpreter)
    installed_program("jq", "jq")
    shutil.copy(PLANS / "townhouse_three_pages.pdf", tmp_path / "plan.pdf")
    text = program(language).replace(PRINTED_URL, stack.addresses.router)
    (tmp_path / name).write_text((STRICT if language == "sh" else "") + text, encoding="utf-8")
    done = subprocess.run(
        [interpreter, name],
        cwd=tmp_path,
        env=os.environ
        | {
            "LOCATION_DETECTION_URL": stack.addresses.router,
            "XDG_CONFIG_HOME": str(tmp_path),
            "NO_PROXY": "*",
        },
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    tables = [tmp_path / f"rooms.p{page}.csv" for page in (1, 2, 3)]
    assert all(table.read_text(encoding="utf-8").count("\n") > 1 for table in tables)
