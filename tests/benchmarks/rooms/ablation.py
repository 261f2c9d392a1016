"""What each stage of the detector is worth: the same plans with one stage after the other switched off."""

from collections.abc import Mapping, Sequence

from baseline import DIGITS
from evaluation import Score
from measuring import Outcome, Variant
from table import Cell, figure_cell

from preview.rooms import DetectorOptions
from preview.rooms.network.floor_areas import FloorAreaOptions
from preview.rooms.network.floor_network import NetworkOptions
from preview.rooms.options import WITHOUT_NETWORK
from preview.rooms.page.building_crop import BuildingCropOptions
from preview.rooms.page.ink import InkOptions
from preview.rooms.page.resolution import ResolutionOptions
from preview.rooms.page.sheet_border import SheetBorderOptions
from preview.rooms.page.skew import SkewOptions
from preview.rooms.scoring.region_scorer import ScoringOptions
from preview.rooms.selection.non_maximum_suppression import SelectionOptions
from preview.rooms.walls.openings import OpeningOptions
from preview.rooms.walls.wall_hypotheses import WallOptions

NEVER = 1e9
"""A threshold that no page reaches."""

VARIANTS = {
    "full detector": Variant(),
    "dark sheets stay dark": Variant(DetectorOptions(ink=InkOptions(dark_mode_gray=0))),
    "paper's shade stays": Variant(DetectorOptions(ink=InkOptions(darkest_background_gray=255))),
    "askew stays askew": Variant(DetectorOptions(skew=SkewOptions(largest_degrees=0.0))),
    "noise stays": Variant(DetectorOptions(ink=InkOptions(noise_gray=NEVER))),
    "sheet borders stay": Variant(DetectorOptions(sheet_border=SheetBorderOptions(line_coverage=NEVER))),
    "crowded pages no closer": Variant(DetectorOptions(resolution=ResolutionOptions(crowded_labels=10**9))),
    "dense pages no closer": Variant(DetectorOptions(resolution=ResolutionOptions(dense_mean_width=0.0))),
    "whole sheets": Variant(DetectorOptions(building_crop=BuildingCropOptions(largest_part=0.0))),
    "PDF letters stay": Variant(removes_text=False),
    "small marks stay": Variant(DetectorOptions(walls=WallOptions(letter_extent=0.0))),
    "no solid walls": Variant(DetectorOptions(walls=WallOptions(solid_strength=NEVER))),
    "no double lines": Variant(DetectorOptions(walls=WallOptions(double_line_gaps=()))),
    "no filled strips": Variant(DetectorOptions(walls=WallOptions(strip_radii=()))),
    "lines have no vote": Variant(DetectorOptions(walls=WallOptions(line_vote=0.0))),
    "one size of gap": Variant(DetectorOptions(openings=OpeningOptions(gap_sizes=(0.042,)))),
    "no glazed openings": Variant(DetectorOptions(openings=OpeningOptions(longest_glazed=0.0))),
    "bridges of any width": Variant(DetectorOptions(openings=OpeningOptions(widest_bridge=20.0))),
    "small rooms no closer": Variant(DetectorOptions(network=NetworkOptions(narrower=0.0))),
    "network only gives evidence": Variant(
        DetectorOptions(floor_areas=FloorAreaOptions(floor_levels=(), edge_levels=()))
    ),
    "no network": Variant(WITHOUT_NETWORK),
    "heuristic score": Variant(DetectorOptions(scoring=ScoringOptions(learned=False))),
    "no closets in bedrooms": Variant(DetectorOptions(selection=SelectionOptions(nested_area=0.0))),
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
