"""What runs in a task of preview fits its memory, in each environment."""

import re
import runpy
from pathlib import Path

from preview.adapters.page_analyser import PAGE_LIMITS
from preview.app import COMPUTATIONS_AT_ONCE

ROOT = Path(__file__).parents[3]
MIB = 1 << 20

ALL_THE_REST_MIB = 512
"""Two workers of up to 200 MiB, gunicorn's master of 25 (measured), and the network's proxy. What the fork
servers hold is counted with their children, who share it.
"""


def test_all_children_of_a_task_fit_its_memory() -> None:
    environments = (ROOT / "terraform" / "environments.tf").read_text()
    tasks = [int(mib) for mib in re.findall(r"preview_task .* memory_mib = ([0-9]+) }", environments)]
    workers = runpy.run_path(str(ROOT / "docker" / "gunicorn.conf.py"))["workers"]
    children_mib = workers * COMPUTATIONS_AT_ONCE * PAGE_LIMITS.memory_bytes / MIB
    assert len(tasks) == 2
    assert children_mib + ALL_THE_REST_MIB <= min(tasks)
