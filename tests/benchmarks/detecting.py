"""Room detection alone, on one core, without any service."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

from figures import Figure, interleaved, millis, percentile
from target import PLANS, Target

ROUNDS = 9


def measure(_: Target) -> Iterator[Figure]:
    """Yield the figure of the detector, measured in a process of its own that is pinned to one core."""
    answer = subprocess.run([sys.executable, __file__], capture_output=True, text=True, check=True)
    seconds = json.loads(answer.stdout)
    slowest = percentile(seconds, 95)
    measured = f"{millis(percentile(seconds, 50))}, slowest of {ROUNDS} {millis(slowest)}"
    yield Figure(
        "detection alone, 12 megapixels, one core", measured, "500 ms", percentile(seconds, 50) <= 0.5
    )


def _on_one_core() -> list[float]:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    import cv2

    from preview.rooms import find_regions, name_rooms

    cv2.setNumThreads(1)
    gray = cv2.imread(str(PLANS / "house_12_megapixels.png"), cv2.IMREAD_GRAYSCALE)
    (times,) = interleaved(ROUNDS, lambda: name_rooms(find_regions(gray), ()))
    return times


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_on_one_core()))
