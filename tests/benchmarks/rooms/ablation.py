"""What each stage of the detector is worth: the same plans with one stage after the other switched off."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from baseline import DIGITS
from evaluation import Score
from measuring import FULL, Outcome, Variant
from table import Cell, figure_cell

NEVER = 1e9
"""A threshold that no page reaches."""

VARIANTS = {
    "full detector": Variant(),
    "dark sheets stay dark": Variant(replace(FULL, dark_mode_gray=0)),
    "paper's shade stays": Variant(replace(FULL, darkest_background_gray=255)),
    "askew stays askew": Variant(replace(FULL, largest_skew=0.0)),
    "noise stays": Variant(replace(FULL, noise_gray=NEVER)),
    "sheet borders stay": Variant(replace(FULL, frame_coverage=NEVER)),
    "crowded pages no closer": Variant(replace(FULL, crowded_rooms=10**9)),
    "dense pages no closer": Variant(replace(FULL, dense_breadth=0.0)),
    "whole sheets": Variant(replace(FULL, largest_part_cut=0.0)),
    "PDF letters stay": Variant(erases_lettering=False),
    "small marks stay": Variant(replace(FULL, letter_extent=0.0)),
    "no solid walls": Variant(replace(FULL, wall_share=NEVER)),
    "no double lines": Variant(replace(FULL, double_line_gaps=())),
    "no filled strips": Variant(replace(FULL, strip_radii=())),
    "lines have no vote": Variant(replace(FULL, line_vote=0.0)),
    "one size of gap": Variant(replace(FULL, gap_sizes=(0.042,))),
    "no glazed openings": Variant(replace(FULL, glazed_gap=0.0)),
    "bridges of any width": Variant(replace(FULL, bridge_width=20.0)),
    "network only gives evidence": Variant(replace(FULL, floor_levels=(), edge_levels=())),
    "no network": Variant(replace(FULL, network=False)),
    "score made by hand": Variant(replace(FULL, learned_scorer=False)),
    "no closets in bedrooms": Variant(replace(FULL, inlet_area=0.0)),
    "no labels": Variant(reads_labels=False),
}
"""The full detector, then each change to it: a stage's option at the value that switches it off."""


def ablation_rows(outcomes: Mapping[str, Sequence[Sequence[Outcome]]]) -> list[list[Cell | str]]:
    """A row per variant, for sets of plans measured under ``VARIANTS``.

    Each cell is F1 at IoU 0.5 (recall where only that is known) with its difference to the full detector;
    the last two are the mean over sets and the CPU time of all plans.
    """
    rows: list[list[Cell | str]] = [["variant", *outcomes, "mean", "CPU s"]]
    full: list[float | None] = []
    for index, name in enumerate(VARIANTS):
        chosen = [[plan[index] for plan in plans] for plans in outcomes.values()]
        figures = [_headline(of_set) for of_set in chosen]
        known = [figure for figure in figures if figure is not None]
        figures.append(round(sum(known) / len(known), DIGITS) if known else None)
        full = full or figures
        seconds = sum(outcome.seconds for of_set in chosen for outcome in of_set)
        rows.append([name, *map(_cell, figures, full), f"{seconds:.1f}"])
    return rows


def _headline(outcomes: Sequence[Outcome]) -> float | None:
    figure = Score.total(outcome.score for outcome in outcomes).boxes.f1_or_recall
    return None if figure is None else round(figure, DIGITS)


def _cell(figure: float | None, full: float | None) -> Cell:
    known = figure is not None and full is not None
    return figure_cell("F1@.5", figure, round(figure - full, DIGITS) if known else 0.0)
