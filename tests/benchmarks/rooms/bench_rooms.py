"""Measures room detection on plans with known rooms, against the figures kept last.

python tests/benchmarks/rooms/bench_rooms.py --plans DIR [--sets a,b] [--no-words] [--skew 3] [--gallery DIR]
"""

import argparse
import json
import os
import statistics
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from ablation import VARIANTS, ablation_rows
from baseline import Record, keep, load, verdict
from evaluation import Score
from gallery_page import write_page
from measuring import Outcome, Setup, Variant, measure_set
from plans import FREE_TO_SHIP, read_plans
from reliability import reliability_rows
from table import Cell, figure_cell, table

from preview.rooms import DETECTOR_VERSION

BASELINE = Path(__file__).with_name("baseline.json")

OutcomesBySet = Mapping[str, Sequence[Outcome]]


def main() -> None:
    arguments = _arguments()
    coloured = sys.stdout.isatty() or "FORCE_COLOR" in os.environ
    mode = _mode(arguments)
    print(f"detector {DETECTOR_VERSION}, {mode}")
    if arguments.ablation:
        print(table(ablation_rows(dict(_measured(arguments))), coloured=coloured))
        return
    outcomes = {name: [plan[0] for plan in plans] for name, plans in _measured(arguments)}
    _keep_files(arguments, outcomes)
    before = load(arguments.baseline, mode)
    now = {name: Record.of(_total(of_set)) for name, of_set in outcomes.items()}
    differences = {name: record.differences(before.get(name)) for name, record in now.items()}
    print(table(score_rows(outcomes, differences), coloured=coloured))
    print("seconds: CPU time; process MiB: the most that a process of this set held, libraries included")
    _print_reliability(outcomes, by_set=arguments.reliability)
    worse = what_got_worse(differences)
    print("\n" + "\n".join(_closing(differences, worse)))
    if arguments.keep_baseline:
        keep(arguments.baseline, mode, now)
    sys.exit(bool(worse and arguments.strict))


def score_rows(
    outcomes: OutcomesBySet, differences: Mapping[str, Mapping[str, float]]
) -> list[list[Cell | str]]:
    """A row per set under a row of headings."""
    rows: list[list[Cell | str]] = [
        ["set", "plans", "rooms", *Score().figures, "median s", "max s", "process MiB"]
    ]
    for name, of_set in outcomes.items():
        score, changes = _total(of_set), differences[name]
        figures = (figure_cell(key, value, changes.get(key, 0.0)) for key, value in score.figures.items())
        seconds = [outcome.seconds for outcome in of_set]
        peaks = [outcome.peak_mib for outcome in of_set]
        peak = "-" if None in peaks else f"{max(filter(None, peaks)):.0f}"
        times = (f"{statistics.median(seconds):.3f}", f"{max(seconds):.3f}")
        rows.append([name, str(score.plans), str(score.boxes.annotated), *figures, *times, peak])
    return rows


def what_got_worse(differences: Mapping[str, Mapping[str, float]]) -> list[str]:
    """Set, figure and difference of all that is worse by more than a rounding step."""
    return [
        f"{name} {figure} {difference:+.3f}"
        for name, changes in differences.items()
        for figure, difference in changes.items()
        if verdict(figure, difference) == "worse"
    ]


def _closing(differences: Mapping[str, Mapping[str, float]], worse: Sequence[str]) -> Iterator[str]:
    if unknown := [name for name, changes in differences.items() if not changes]:
        yield f"no baseline of the same plans: {', '.join(unknown)}"
    if len(unknown) < len(differences):
        yield f"worse than the baseline: {', '.join(worse) or 'nothing'}"


def _print_reliability(outcomes: OutcomesBySet, *, by_set: bool) -> None:
    groups = {name: [name] for name in outcomes} if by_set else {}
    groups["plans free to ship"] = [name for name in outcomes if name in FREE_TO_SHIP]
    groups["all other plans"] = [name for name in outcomes if name not in FREE_TO_SHIP]
    for title, names in groups.items():
        judged = Score.total(_total(outcomes[name]) for name in names).confidences
        if judged:
            print(f"\nreliability of confidence, {title}\n{table(reliability_rows(judged))}")


def _measured(arguments: argparse.Namespace) -> Iterator[tuple[str, list[list[Outcome]]]]:
    setup = Setup(
        word_cache=arguments.cache,
        reader_threads=arguments.threads,
        with_words=not arguments.no_words,
        gallery=None if arguments.ablation else arguments.gallery,
        variants=tuple(VARIANTS.values()) if arguments.ablation else (Variant(),),
        skew_degrees=arguments.skew,
    )
    plans = read_plans(arguments.plans, arguments.sets, arguments.ignore)
    for name, of_set in groupby(plans, key=lambda plan: plan.set_name):
        yield name, measure_set(list(of_set), setup, arguments.jobs)


def _total(outcomes: Sequence[Outcome]) -> Score:
    return Score.total(outcome.score for outcome in outcomes)


def _mode(arguments: argparse.Namespace) -> str:
    words = "without words" if arguments.no_words else "with words"
    skew = [f"askew by {arguments.skew:g} degrees"] if arguments.skew else []
    return ", ".join([words, *skew, *(f"{label} ignored" for label in sorted(arguments.ignore))])


def _keep_files(arguments: argparse.Namespace, outcomes: OutcomesBySet) -> None:
    if arguments.gallery:
        print(f"gallery: {write_page(arguments.gallery, outcomes)}")
    for outcome in (outcome for of_set in outcomes.values() for outcome in of_set) if arguments.out else ():
        path = arguments.out / outcome.plan.set_name / f"{outcome.plan.plan_id}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        facts = {"coords": "norm1000", "rooms": [asdict(room) for room in outcome.rooms]}
        path.write_text(json.dumps(facts), encoding="utf-8")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split(",") if part)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    option = parser.add_argument
    option("--plans", type=Path, required=True, help="folder of sets of plans with their truth")
    option("--sets", type=_listed, default=(), help="comma-separated; all but the training views by default")
    option("--no-words", action="store_true", help="let the detector see no text")
    option("--ignore", type=_listed, default=(), help="labels neither asked for nor mistakes, as closet")
    option("--skew", type=float, default=0.0, help="turn every plan by so many degrees first")
    option("--out", type=Path, help="folder for the predictions as JSON")
    option("--gallery", type=Path, help="folder for overlay pictures and a page of them")
    option("--reliability", action="store_true", help="what confidence is worth, for each set too")
    option("--ablation", action="store_true", help="only this: each stage switched off in turn")
    option("--baseline", type=Path, default=BASELINE, help="file of the figures to compare with")
    option("--keep-baseline", action="store_true", help="keep the figures of this run there")
    option("--strict", action="store_true", help="exit with 1 if a figure is worse than the baseline's")
    option("--jobs", type=int, default=1, help="plans looked at side by side")
    option("--threads", type=int, default=1, help="threads of the text reader")
    cache = Path.home() / ".cache" / "location-detection" / "ocr"
    option("--cache", type=Path, default=cache, help="folder that keeps what was read")
    return parser.parse_args()


if __name__ == "__main__":
    main()
