"""What runs in a task fits its memory, in each environment."""

import re
import runpy
from pathlib import Path

from jobs.adapters.blueprint_reader import HEADER_LIMITS
from jobs.app import HEADER_READERS
from preview.adapters.page_analyser import PAGE_LIMITS
from preview.app import COMPUTATIONS_AT_ONCE
from shared.sandbox import SandboxLimits

ROOT = Path(__file__).parents[3]
TERRAFORM = ROOT / "terraform"
WORKERS: int = runpy.run_path(str(ROOT / "docker" / "gunicorn.conf.py"))["workers"]

REST_OF_JOBS_MIB = 400
"""Two workers of 150 MiB, gunicorn's master of 25 (measured), and the network's proxy. What the fork servers
hold is counted with their children, who share it."""

REST_OF_PREVIEW_MIB = 512
"""Likewise, with two workers of up to 200 MiB, and 8 each for the pictures that they keep."""


def children_mib(of_a_worker: int, limits: SandboxLimits) -> float:
    return WORKERS * of_a_worker * limits.memory_bytes / (1 << 20)


def test_a_task_of_jobs_has_the_memory_that_it_may_take() -> None:
    task = (TERRAFORM / "tasks.tf").read_text().partition("\n    jobs = {")[2].partition("\n    }")[0]
    [task_mib] = [int(mib) for mib in re.findall(r"memory_mib = ([0-9]+)", task)]
    assert children_mib(HEADER_READERS, HEADER_LIMITS) + REST_OF_JOBS_MIB <= task_mib


def test_a_task_of_preview_has_the_memory_that_it_may_take() -> None:
    environments = (TERRAFORM / "environments.tf").read_text()
    tasks_mib = [int(mib) for mib in re.findall(r"preview_task .* memory_mib = ([0-9]+) }", environments)]
    assert len(tasks_mib) == 2
    assert children_mib(COMPUTATIONS_AT_ONCE, PAGE_LIMITS) + REST_OF_PREVIEW_MIB <= min(tasks_mib)
