"""``make tf-check``: format, validity, plans of each workspace and a security scan; applies nothing.

``python -m stack.check CHECKOV`` takes the path of checkov.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from running_stack import REPOSITORY
from stack.deployment import TerraformFailed, TerraformMissing, copy, initialise, missing, terraform


def main(checkov: str) -> int:
    status = _terraform()
    print("security scan:", flush=True)
    scan = subprocess.run([checkov, "--config-file", ".checkov.yaml"], cwd=REPOSITORY, check=False)
    return status or scan.returncode


def _terraform() -> int:
    with tempfile.TemporaryDirectory() as scratch:
        root = copy(Path(scratch) / "terraform")
        try:
            for folder in (root, root / "bootstrap"):
                initialise(folder, "-backend=false")
            _check(root)
        except TerraformMissing as error:
            return missing(error)
        except TerraformFailed as error:
            print(error, file=sys.stderr)
            return 1
    return 0


def _check(root: Path) -> None:
    _step("format", partial(terraform, root, "fmt", "-check", "-diff", "-recursive"))
    for name, folder in {"the environments": root, "the bootstrap": root / "bootstrap"}.items():
        _step(f"validate {name}", partial(terraform, folder, "validate"))
        _step(f"test {name}", partial(terraform, folder, "test"))
    for tests in sorted(path for path in (root / "tests").iterdir() if list(path.glob("*.tftest.hcl"))):
        _step(f"test workspace {tests.name}", partial(_test_in_workspace, root, tests))


def _test_in_workspace(root: Path, tests: Path) -> str:
    directory = tests.relative_to(root)
    return terraform(root, "test", f"-test-directory={directory}", environ={"TF_WORKSPACE": tests.name})


def _step(name: str, run: Callable[[], str]) -> None:
    started = time.monotonic()
    said = run().strip().splitlines()
    summary = said[-1] if said and name.startswith("test") else "ok"
    print(f"{name}: {summary} ({time.monotonic() - started:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
