"""Fits the detector's confidence table on plans free to ship and prints it, ready for ``options.py``.

    python tests/benchmarks/rooms/fit_confidence.py --plans DIR --sets r2v_render,renders

Rooms are ordered by score and cut into groups of equal size; a group's share of right rooms (IoU at least
0.5), made non-decreasing by pooling adjacent violators, is the confidence at its mean score. Every plan is
read both with and without its words.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from evaluation import score_plan
from numpy.typing import NDArray
from plans import load_gray, read_plans, text_layer
from word_reader import CachedOcr

from preview.rooms import DetectorOptions, find_regions, name_rooms

GROUPS = 8
HIGHEST_SCORE = 10.0
SCORE_AS_CONFIDENCE = replace(DetectorOptions(), confidence_table=((0.0, 0.0), (HIGHEST_SCORE, 1.0)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--plans", type=Path, required=True, action="append", help="folder of sets; may repeat"
    )
    parser.add_argument("--sets", required=True, help="comma-separated sets, all of them free to ship")
    parser.add_argument("--cache", type=Path, default=Path.home() / ".cache" / "location-detection" / "ocr")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    judged = _judged_rooms(arguments.plans, tuple(arguments.sets.split(",")), CachedOcr(arguments.cache))
    print(f"{len(judged)} rooms")
    for score, share in fit(judged):
        print(f"({score:.2f}, {share:.2f}),")


def fit(judged: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """Points (score, share right) of a non-decreasing curve through ``judged`` pairs (score, right)."""
    groups = np.array_split(np.array(sorted(judged), np.float64), GROUPS)
    return _non_decreasing([(group.mean(axis=0), len(group)) for group in groups if len(group)])


def _non_decreasing(groups: Sequence[tuple[NDArray[np.float64], int]]) -> list[tuple[float, float]]:
    pooled: list[tuple[NDArray[np.float64], int]] = []
    for mean, size in groups:
        while pooled and pooled[-1][0][1] >= mean[1]:
            other, count = pooled.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count  # noqa: PLW2901
        pooled.append((mean, size))
    return [(float(mean[0]), float(mean[1])) for mean, _ in pooled]


def _judged_rooms(folders: Sequence[Path], sets: tuple[str, ...], ocr: CachedOcr) -> list[tuple[float, bool]]:
    judged = []
    for plan in (plan for folder in folders for plan in read_plans(folder, sets)):
        gray, own_words = load_gray(plan), text_layer(plan)
        regions = find_regions(gray, own_words)
        for words in (own_words or ocr.words(gray), []):
            rooms = name_rooms(regions, words, SCORE_AS_CONFIDENCE).rooms
            judged += score_plan(plan, rooms).confidences
    return [(confidence * HIGHEST_SCORE, right) for confidence, right in judged]


if __name__ == "__main__":
    main()
