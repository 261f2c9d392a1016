"""Room detection alone, on one core, without any service."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from figures import Figure, median, millis
from target import PLANS, Target

ALONE = Path(__file__).with_name("detection_alone.py")
PLAN = PLANS / "house_12_megapixels.png"


def measure(_: Target) -> Iterator[Figure]:
    """Yield the figure of the detector, measured in a process of its own that is pinned to one core."""
    command = [sys.executable, str(ALONE), str(PLAN)]
    answer = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    seconds = json.loads(answer.stdout)
    measured = f"{millis(median(seconds))}, slowest of {len(seconds)} {millis(max(seconds))}"
    yield Figure("detection alone, 12 megapixels, one core", measured, "500 ms", median(seconds) <= 0.5)
