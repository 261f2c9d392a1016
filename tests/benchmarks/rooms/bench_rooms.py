"""Measures room detection on plans with known rooms and prints a table per set.

python tests/benchmarks/rooms/bench_rooms.py --plans DIR [--sets a,b] [--no-words] [--gallery DIR]
"""

import argparse
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import cv2
from evaluation import IOU_LEVELS, Score, score_plan
from gallery import draw
from plans import Plan, load_gray, read_plans, text_layer
from word_reader import CachedOcr

from preview.domain.room import Room
from preview.rooms import DETECTOR_VERSION, find_regions, name_rooms

COLUMNS = (
    "set",
    "plans",
    "rooms",
    "F1@.5",
    "P",
    "R",
    "F1@.75",
    "poly@.5",
    "poly@.75",
    "names",
    "ECE",
    "median s",
    "max s",
)


def main() -> None:
    arguments = _arguments()
    cv2.setNumThreads(1)
    ocr = None if arguments.no_words else CachedOcr(arguments.cache, arguments.threads)
    scores: dict[str, Score] = defaultdict(Score)
    sets = tuple(name for name in (arguments.sets or "").split(",") if name)
    for plan in read_plans(arguments.plans, sets):
        gray = load_gray(plan)
        own_words = [] if arguments.no_words else text_layer(plan)
        words = own_words or (ocr.words(gray) if ocr else [])
        started = time.process_time()
        rooms = name_rooms(find_regions(gray, own_words), words)
        seconds = time.process_time() - started
        scores[plan.set_name].add(score_plan(plan, rooms, seconds))
        _keep(arguments, plan, rooms)
        if arguments.gallery:
            draw(arguments.gallery / plan.set_name / f"{plan.plan_id}.png", plan, gray, rooms)
    print(f"detector {DETECTOR_VERSION}, {'without' if arguments.no_words else 'with'} words")
    print(table(scores))


def table(scores: dict[str, Score]) -> str:
    """The scores as text, a line per set; a figure that a set cannot give is a dash."""
    rows = [COLUMNS, *(_row(name, score) for name, score in scores.items())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )


def _row(name: str, score: Score) -> Sequence[str]:
    low, high = IOU_LEVELS
    box = score.tallies["box", low]
    figures = (
        box.f1,
        box.precision,
        box.recall,
        score.tallies["box", high].f1,
        score.tallies["polygon", low].f1,
        score.tallies["polygon", high].f1,
        score.names_right / score.names_asked if score.names_asked else None,
        score.calibration_error,
        statistics.median(score.seconds),
        max(score.seconds),
    )
    texts = ("-" if figure is None else f"{figure:.3f}" for figure in figures)
    return (name, str(score.plans), str(box.annotated), *texts)


def _keep(arguments: argparse.Namespace, plan: Plan, rooms: Sequence[Room]) -> None:
    if arguments.out:
        path = arguments.out / plan.set_name / f"{plan.plan_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        facts = {"coords": "norm1000", "rooms": [asdict(room) for room in rooms]}
        path.write_text(json.dumps(facts), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--plans", type=Path, required=True, help="folder of sets of plans with their truth")
    parser.add_argument("--sets", help="comma-separated sets; all but the training views by default")
    parser.add_argument("--no-words", action="store_true", help="let the detector see no text")
    parser.add_argument("--out", type=Path, help="folder for the predictions as JSON")
    parser.add_argument("--gallery", type=Path, help="folder for overlay pictures")
    parser.add_argument("--threads", type=int, default=1, help="threads of the text reader")
    cache = Path.home() / ".cache" / "location-detection" / "ocr"
    parser.add_argument("--cache", type=Path, default=cache, help="folder that keeps what was read")
    return parser.parse_args()


if __name__ == "__main__":
    main()
