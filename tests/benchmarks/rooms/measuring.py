"""Runs the detector over the plans of a set, in worker processes of their own, and judges what it finds."""

from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from evaluation import Score, score_plan
from gallery import draw, picture_path
from numpy.typing import NDArray
from plans import Plan, load_gray, text_layer
from skewed import turned
from word_reader import CachedOcr

from preview.domain.room import Room, Word
from preview.rooms import DetectorOptions, find_regions, name_rooms
from preview.rooms.options import DEFAULTS


@dataclass(frozen=True, slots=True)
class Variant:
    """A detector to measure: its options, and which of its halves sees words."""

    options: DetectorOptions = DEFAULTS
    removes_text: bool = True
    reads_labels: bool = True

    def rooms(
        self, gray: NDArray[np.uint8], own_words: Sequence[Word], words: Sequence[Word]
    ) -> Sequence[Room]:
        """Rooms of a page; ``own_words`` are those of a PDF itself, known before it is looked at."""
        regions = find_regions(gray, own_words if self.removes_text else (), self.options)
        return name_rooms(regions, words if self.reads_labels else (), self.options).rooms


@dataclass(frozen=True, slots=True)
class Setup:
    """What a worker process needs to know.

    ``gallery`` is the folder for overlays of the first variant; plans are turned by ``skew_degrees``, and
    those that come as PDF are pictures then.
    """

    word_cache: Path
    reader_threads: int
    with_words: bool
    gallery: Path | None
    variants: tuple[Variant, ...]
    skew_degrees: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one plan gave, the CPU time that took, and the most memory the process held until then."""

    plan: Plan
    rooms: tuple[Room, ...]
    score: Score
    seconds: float
    peak_mib: float | None


def measure_set(plans: Sequence[Plan], setup: Setup, jobs: int = 1) -> list[list[Outcome]]:
    """For each of ``plans``, in their order, an outcome per variant.

    The processes are new ones, so that what they held at most is of this set alone.
    """
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,))
    with pool:
        return list(pool.map(partial(measure, setup=setup), plans))


def measure(plan: Plan, setup: Setup) -> list[Outcome]:
    """An outcome of ``plan`` per variant; draws that of the first if there is a gallery."""
    gray = load_gray(plan)
    own_words = text_layer(plan) if setup.with_words and not setup.skew_degrees else []
    if setup.skew_degrees:
        plan, gray = turned(plan, gray, setup.skew_degrees)
    reader = _reader(setup.word_cache, setup.reader_threads)
    words = own_words or (reader.words(gray) if setup.with_words else [])
    outcomes = []
    for variant in setup.variants:
        started = process_time()
        rooms = tuple(variant.rooms(gray, own_words, words))
        seconds = process_time() - started
        peak_mib = None if reader.has_read else _peak_mib()
        outcomes.append(Outcome(plan, rooms, score_plan(plan, rooms), seconds, peak_mib))
    if setup.gallery:
        draw(picture_path(setup.gallery, plan), plan, gray, outcomes[0].rooms)
    return outcomes


@cache
def _reader(folder: Path, threads: int) -> CachedOcr:
    return CachedOcr(folder, threads)


def _peak_mib() -> float | None:
    """The largest resident set of this process so far; None where there is no ``/proc``.

    Not ``ru_maxrss``: on Linux a process inherits that of the one that started it.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    facts = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(facts["VmHWM"].split()[0]) / 1024
