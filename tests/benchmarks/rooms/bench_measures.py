"""Measures how right the scales of real plans are: each printed size is held back and compared.

python tests/benchmarks/rooms/bench_measures.py --plans DIR [--sets a,b] [--half 0|1]
"""

import argparse
import sys
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import groupby, pairwise
from multiprocessing import get_context
from pathlib import Path
from time import process_time

import cv2
import numpy as np
from held_back import SURE, WRONG, Judgement, judge
from measuring import Variant
from plans import Plan, load_gray, read_plans, text_layer
from table import table
from word_reader import CachedOcr

from preview.domain.scale import PageSize
from preview.measures.page_reading import read_page
from preview.measures.printed import printed_texts

SETS = ("cubicasa", "hand_condo", "r2v_render", "r3d", "roboflow_mixed", "train_walls")
"""Sets that print sizes or areas, or none, which must give no scale."""
CONFIDENCES = (0.0, 0.6, SURE, 0.9, 0.96, 1.0)
HEADINGS = [
    "set", "plans", "print", "scale", f"over {SURE:g}", "sizes", "median", "p90", "areas", "median", "p90",
    "truth", "median", "p90", "wrong", f"over {SURE:g}", "ms",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one plan gave, and the CPU time of reading and measuring."""

    plan: Plan
    judgement: Judgement
    milliseconds: float


def main() -> None:
    arguments = _arguments()
    rows, outcomes = [HEADINGS], []
    for name, of_set in groupby(_plans(arguments), key=lambda plan: plan.set_name):
        outcomes += (measured := _measured(list(of_set), arguments))
        rows.append(_row(name, measured))
        print(f"{name}: {len(measured)} plans", file=sys.stderr)
    print(table(rows))
    print(
        "print: plans with sizes or areas in two rooms or more; sizes, areas: held back, error of the scale;"
        f"\ntruth: error by annotated outlines; wrong: by more than {WRONG:.0%}, by truth or else by the"
        " median of what was held back; ms: CPU time"
    )
    print("\nconfidence and scales that are right\n" + table(_reliability(outcomes)))
    for outcome in outcomes:
        if outcome.judgement.is_surely_wrong:
            print(f"wrong: {outcome.plan.set_name}/{outcome.plan.plan_id} {outcome.judgement.error:.2f}")


def _row(name: str, outcomes: Sequence[Outcome]) -> list[str]:
    judged = [outcome.judgement for outcome in outcomes]
    scales = [each.scale for each in judged if each.scale]
    held_back = [held for each in judged for held in each.held_back]
    errors = (
        [held.error for held in held_back if not held.is_area],
        [held.error for held in held_back if held.is_area],
        [each.error_by_truth for each in judged if each.error_by_truth is not None],
    )
    return [
        name,
        str(len(judged)),
        str(sum(each.prints > 1 for each in judged)),
        str(len(scales)),
        str(sum(scale.confidence > SURE for scale in scales)),
        *(text for of_kind in errors for text in _distribution(of_kind)),
        str(sum(each.is_wrong for each in judged)),
        str(sum(each.is_surely_wrong for each in judged)),
        f"{np.median([outcome.milliseconds for outcome in outcomes]):.0f}",
    ]


def _distribution(errors: Sequence[float]) -> tuple[str, str, str]:
    if not errors:
        return "0", "-", "-"
    return str(len(errors)), f"{np.median(errors):.1%}", f"{np.percentile(errors, 90):.1%}"


def _reliability(outcomes: Sequence[Outcome]) -> list[list[str]]:
    judged = [
        (each.scale.confidence, not each.is_wrong)
        for each in (outcome.judgement for outcome in outcomes)
        if each.scale and each.error is not None
    ]
    rows = [["confidence", "scales", "said", "right"]]
    for low, high in pairwise(CONFIDENCES):
        of_bin = [(said, right) for said, right in judged if low < said <= high]
        if of_bin:
            said, right = np.mean(of_bin, axis=0)
            rows.append([f"{low:g} to {high:g}", str(len(of_bin)), f"{said:.2f}", f"{right:.2f}"])
    return rows


def _plans(arguments: argparse.Namespace) -> Iterator[Plan]:
    for plan in read_plans(arguments.plans, arguments.sets):
        if arguments.half is None or zlib.crc32(plan.plan_id.encode()) % 2 == arguments.half:
            yield plan


def _measured(plans: Sequence[Plan], arguments: argparse.Namespace) -> list[Outcome]:
    pool = ProcessPoolExecutor(
        arguments.jobs, get_context("spawn"), initializer=cv2.setNumThreads, initargs=(1,)
    )
    with pool:
        return list(pool.map(partial(_measure, word_cache=arguments.cache), plans))


def _measure(plan: Plan, word_cache: Path) -> Outcome:
    gray, own_words = load_gray(plan), text_layer(plan)
    words = own_words or CachedOcr(word_cache).words(gray)
    outlines = [room.polygon for room in Variant().rooms(gray, own_words, words)]
    true_outlines = [room.polygon for room in plan.rooms if room.polygon and not room.ignore]
    page = PageSize(plan.width_px, plan.height_px)
    started = process_time()
    texts = printed_texts(words)
    read_page(outlines, texts, page)
    milliseconds = 1000 * (process_time() - started)
    return Outcome(plan, judge(outlines, true_outlines, texts, page), milliseconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    option = parser.add_argument
    option("--plans", type=Path, required=True, help="folder of sets of plans")
    option("--sets", type=lambda text: tuple(text.split(",")), default=SETS, help="comma-separated")
    option("--half", type=int, choices=(0, 1), help="thresholds were chosen on half 0 of each set")
    option("--jobs", type=int, default=1, help="plans looked at side by side")
    cache = Path.home() / ".cache" / "location-detection" / "ocr"
    option("--cache", type=Path, default=cache, help="folder that keeps what was read")
    return parser.parse_args()


if __name__ == "__main__":
    main()
