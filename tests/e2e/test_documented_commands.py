"""What the README and the guide to the API tell a newcomer to type."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from installed_programs import installed_program
from running_stack import REPOSITORY, RunningStack

STRICT = "set -euo pipefail; curl() { command curl --fail --show-error --noproxy '*' \"$@\"; }\n"
"""So that an answer that is an error fails the walk."""

PLANS = REPOSITORY / "tests/data/plans"


def commands(text: str) -> str:
    """The blocks of shell in it, as printed."""
    return "".join(re.findall(r"^```sh\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL))


def type_in(script: str, folder: Path, stack: RunningStack) -> str:
    """Run it in ``folder`` against ``stack``; what it prints."""
    script = STRICT + script.replace("http://127.0.0.1:8080", stack.addresses.router)
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_walk_with_curl_works_as_printed(stack: RunningStack, tmp_path: Path) -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    (walk,) = re.findall(r"^## Use it from code\n(.*?)^## ", readme, flags=re.MULTILINE | re.DOTALL)
    (tmp_path / "tests").symlink_to(REPOSITORY / "tests")
    printed = type_in(commands(walk), tmp_path, stack)
    assert '"status": "cancelled"' in printed.replace('":"', '": "')
    assert (tmp_path / "rooms.png").read_bytes().startswith(b"\x89PNG")


def test_the_examples_of_the_guide_work_as_printed(stack: RunningStack, tmp_path: Path) -> None:
    installed_program("jq", "jq")
    guide = (REPOSITORY / "docs/api.md").read_text(encoding="utf-8")
    shutil.copy(PLANS / "studio_small.png", tmp_path / "plan.png")
    shutil.copy(PLANS / "townhouse_three_pages.pdf", tmp_path / "plan.pdf")
    printed = type_in(commands(guide), tmp_path, stack)
    assert [line[:3] for line in printed.splitlines() if re.fullmatch(r"\[\d,\d+\]", line)] == [
        "[1,",
        "[2,",
        "[3,",
    ]
    assert "idempotency-replayed: true" in printed.lower()
    assert (tmp_path / "page-2.csv").read_text(encoding="utf-8").count("\n") > 1
    assert (tmp_path / "rooms.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "document.csv").read_bytes().startswith(b"\xef\xbb\xbfpage,")
    assert "ROOM_LABELS" in (tmp_path / "rooms.dxf").read_text(encoding="utf-8")
