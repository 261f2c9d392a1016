"""What the README tells a newcomer to type."""

import os
import re
import subprocess
from pathlib import Path

from running_stack import REPOSITORY, RunningStack

STRICT = "set -euo pipefail; curl() { command curl --fail --show-error --noproxy '*' \"$@\"; }\n"
"""So that an answer that is an error fails the walk."""


def walk() -> str:
    """The commands of the walk with curl, as printed."""
    (section,) = re.findall(r"^## Use it from code\n(.*?)^## ", README, flags=re.MULTILINE | re.DOTALL)
    return "".join(re.findall(r"^```sh\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL))


README = (REPOSITORY / "README.md").read_text(encoding="utf-8")


def test_the_walk_with_curl_works_as_printed(stack: RunningStack, tmp_path: Path) -> None:
    (tmp_path / "tests").symlink_to(REPOSITORY / "tests")
    script = STRICT + walk().replace("http://127.0.0.1:8080", stack.addresses.router)
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, env=os.environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"status": "cancelled"' in done.stdout.replace('":"', '": "')
    assert (tmp_path / "rooms.png").read_bytes().startswith(b"\x89PNG")
