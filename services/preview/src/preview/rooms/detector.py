"""The detector: its stages in running order.

``find_regions`` processes pixels and ``name_rooms`` words, so that a page can be read and processed side by
side.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from preview.domain.detection import Detection
from preview.domain.room import Room, Word
from preview.rooms.enclosed_page import enclosed_page
from preview.rooms.evidence.region import Region
from preview.rooms.evidence.region_evidence import regions_of
from preview.rooms.evidence.votes import Hypotheses
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.network.floor_areas import floor_areas
from preview.rooms.network.floor_network import FloorMaps, seen_floor
from preview.rooms.options import DEFAULTS, DetectorOptions
from preview.rooms.output.rejected_candidates import rejected_candidates
from preview.rooms.output.room_names import in_reading_order, named_rooms
from preview.rooms.page.ink import find_ink
from preview.rooms.page.sheet_border import remove_sheet_border
from preview.rooms.page.skew import deskewed
from preview.rooms.page.text_removal import without_text
from preview.rooms.scoring.features import feature_table
from preview.rooms.scoring.heuristic_score import heuristic_score
from preview.rooms.scoring.region_scorer import score_candidates
from preview.rooms.selection.nested_rooms import cut_out_nested_rooms
from preview.rooms.selection.non_maximum_suppression import non_maximum_suppression
from preview.rooms.text.labels import find_labels
from preview.rooms.text.overprint import without_overprint
from preview.rooms.walls.enclosed_areas import enclosed_areas
from preview.rooms.walls.openings import close_openings
from preview.rooms.walls.wall_hypotheses import find_wall_hypotheses

DETECTOR_VERSION = "1.9.0"
"""Changes whenever the same page may give other rooms or measures; part of the preview's cache key."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of the detector: its name in docs/room-detection.md, and the function that takes it."""

    name: str
    function: Callable[..., Any]


REGION_STAGES = (
    Stage("Ink", find_ink),
    Stage("Skew", deskewed),
    Stage("Sheet border", remove_sheet_border),
    Stage("Text removal", without_text),
    Stage("Wall hypotheses", find_wall_hypotheses),
    Stage("Openings", close_openings),
    Stage("Enclosed areas", enclosed_areas),
    Stage("Floor network", seen_floor),
    Stage("Floor areas", floor_areas),
    Stage("Evidence", regions_of),
)
"""What ``find_regions`` does, in running order."""
ROOM_STAGES = (
    Stage("Labels", find_labels),
    Stage("Heuristic score", heuristic_score),
    Stage("Features", feature_table),
    Stage("Region scorer", score_candidates),
    Stage("Non-maximum suppression", non_maximum_suppression),
    Stage("Nested rooms", cut_out_nested_rooms),
    Stage("Room names", named_rooms),
    Stage("Rejected candidates", rejected_candidates),
)
"""What ``name_rooms`` does. The region scorer computes the heuristic score and the features."""


def detect(
    gray: NDArray[np.uint8], words: Sequence[Word] = (), options: DetectorOptions = DEFAULTS
) -> list[Room]:
    """Rooms of a page: ``find_regions`` and ``name_rooms`` with the same words."""
    return list(name_rooms(find_regions(gray, words, options), words, options).rooms)


def find_regions(
    gray: NDArray[np.uint8], words: Sequence[Word] = (), options: DetectorOptions = DEFAULTS
) -> list[Region]:
    """Regions of a page that may be rooms, with the evidence; they overlap, and most are none.

    Parameters
    ----------
    gray
        ``(height, width)`` of uint8, 0 black to 255 white, of the page as a person views it; dark
        sheets with light lines are understood.
    words
        Text whose strokes are to be ignored, in page coordinates; a PDF's own, if it has any.
    options
        Thresholds.

    Returns
    -------
    list of Region
        In page coordinates, in no particular order, at most ``most_regions``; empty for an empty page.
    """
    words = without_overprint(words)
    page = enclosed_page(gray, words, options)
    maps = FloorMaps.blank(page.drawing)
    if options.network.enabled:
        maps = seen_floor(page.drawing, page.mean_width, options.network)
        found = floor_areas(maps, page.walls, page.lines, options.floor_areas, options.enclosed_areas)
        for hypothesis, area in found:
            page.pool.add(area, len(page.walls) + hypothesis, 0)
    hypotheses = Hypotheses(page.walls, options.floor_areas.hypotheses, len(options.openings.gap_sizes))
    return regions_of(page.pool.areas, hypotheses, maps, page.lines, options.evidence)


def name_rooms(
    regions: Sequence[Region], words: Sequence[Word] = (), options: DetectorOptions = DEFAULTS
) -> Detection:
    """The rooms among ``regions``, named by ``words``, and why others are none.

    Parameters
    ----------
    regions
        What ``find_regions`` answered for the page.
    words
        All words read on the page, in page coordinates; names, sizes, notes and noise alike.
    options
        Thresholds.

    Returns
    -------
    Detection
        Rooms that hardly overlap, in reading order, with ids ``room_001`` onwards; and rejected candidates.
    """
    masks = [CoverageMask(region) for region in regions]
    labels = find_labels(words, options.labels)
    candidates = score_candidates(regions, masks, labels, options.scoring)
    selected = non_maximum_suppression(candidates, masks, options.selection)
    most_overlap = options.selection.most_overlap
    chosen = cut_out_nested_rooms(selected, most_overlap, options.nested_rooms)
    rooms = named_rooms(in_reading_order(chosen), options.calibration, labels)
    rejected = rejected_candidates(candidates, masks, chosen, most_overlap, options.rejection)
    return Detection(rooms=tuple(rooms), rejected=tuple(rejected))
