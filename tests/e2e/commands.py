"""What an operator runs beside the services."""

import os
import subprocess
import sys
from pathlib import Path

from dotenv import dotenv_values

from running_stack import REPOSITORY, RunningStack

JOBS = REPOSITORY / "services/jobs"


def environment_of_jobs(stack: RunningStack) -> dict[str, str]:
    """What a task of the jobs service has in its environment."""
    local = {name: value or "" for name, value in dotenv_values(JOBS / ".flaskenv").items()}
    return local | {"AWS_ENDPOINT_URL": stack.addresses.aws, "PREVIEW_URL": stack.addresses.preview}


def export_feedback(stack: RunningStack, folder: Path) -> str:
    """Run ``flask feedback export``; what it prints."""
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "feedback", "export", str(folder)],
        cwd=JOBS,
        env={**os.environ, **environment_of_jobs(stack)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def reconcile(stack: RunningStack, **settings: object) -> None:
    """Run ``flask reconcile`` with other ``settings`` than usual, such as ``RECONCILE_AFTER_SECONDS=0``."""
    changed = {name: str(value) for name, value in settings.items()}
    run = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "reconcile"],
        cwd=JOBS,
        env={**os.environ, **environment_of_jobs(stack), **changed},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
