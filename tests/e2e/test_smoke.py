"""``docker/smoke.py``, the last step of a deployment, against a running stack."""

import os
import subprocess
import sys

from running_stack import REPOSITORY, RunningStack

SCRIPT = str(REPOSITORY / "docker/smoke.py")


def smoke(*arguments: str, key: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "SMOKE_API_KEY": key}
    command = [sys.executable, SCRIPT, *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=150, check=False)


def test_it_passes_where_the_main_job_works(stack: RunningStack) -> None:
    seen = smoke(stack.addresses.router, key="local-dev-key")
    assert seen.returncode == 0, seen.stderr
    assert "is completed" in seen.stdout
    assert "BEDROOM" in seen.stdout.upper()


def test_it_fails_where_a_job_cannot_be_made(stack: RunningStack) -> None:
    seen = smoke(stack.addresses.router, key="local-read-key")
    assert seen.returncode == 1
    assert "FORBIDDEN" in seen.stderr


def test_it_fails_where_the_inside_is_open(stack: RunningStack) -> None:
    """The service's own port stands for a load balancer whose rules let everything through."""
    seen = smoke(stack.addresses.jobs, key="local-dev-key")
    assert seen.returncode == 1
    assert "/internal/" in seen.stderr


def test_it_says_how_to_call_it() -> None:
    seen = smoke(key="any")
    assert seen.returncode == 2
    assert "SMOKE_API_KEY" in seen.stderr
