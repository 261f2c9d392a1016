"""The detector, read as the list of its stages.

``find_regions`` looks at pixels and ``name_rooms`` at words, so that a page can be read and looked at
side by side.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Box, Detection, Room, Word
from preview.rooms.evidence.region import Region
from preview.rooms.evidence.region_evidence import weigh
from preview.rooms.geometry.coverage_mask import Footprint
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network.floor_areas import floor_areas, network_side
from preview.rooms.network.floor_network import FloorMaps, read_floors
from preview.rooms.options import DetectorOptions
from preview.rooms.output.rejected_candidates import withhold
from preview.rooms.output.room_names import as_rooms, in_reading_order
from preview.rooms.page.building_crop import WHOLE_PAGE, building_box
from preview.rooms.page.ink import find_ink
from preview.rooms.page.sheet_border import cut_out_plan
from preview.rooms.page.skew import straightened
from preview.rooms.page.text_removal import without_lettering
from preview.rooms.scoring.region_scorer import score_candidates
from preview.rooms.selection.nested_rooms import cut_out_inlets
from preview.rooms.selection.non_maximum_suppression import select
from preview.rooms.text.labels import TextKind, find_labels
from preview.rooms.text.overprint import legible
from preview.rooms.walls.enclosed_areas import AreaPool, enclosed_areas
from preview.rooms.walls.openings import close_openings
from preview.rooms.walls.wall_hypotheses import Walls, guess_walls

DETECTOR_VERSION = "1.4.1"
"""Changes whenever the same page may give other rooms; part of the preview's cache key."""

DEFAULTS = DetectorOptions()


def detect(
    gray: NDArray[np.uint8], words: Sequence[Word] = (), options: DetectorOptions = DEFAULTS
) -> list[Room]:
    """Rooms of a page: ``find_regions`` and ``name_rooms`` with the same words."""
    return list(name_rooms(find_regions(gray, words, options), words, options).rooms)


def find_regions(
    gray: NDArray[np.uint8], words: Sequence[Word] = (), options: DetectorOptions = DEFAULTS
) -> list[Region]:
    """Places on a page that may be rooms, with the evidence; they overlap, and most are none.

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
    words = legible(words)
    side = options.crowded_side_px if _is_crowded(words, options) else options.working_side_px
    page = _enclosed_on(gray, words, side, WHOLE_PAGE, options)
    if page.breadth < options.dense_breadth:
        page = _looked_at_again(page, gray, words, side, options)
    drawing, lines, walls, pool = page.drawing, page.lines, page.walls, page.pool
    maps = FloorMaps.blank(drawing)
    if options.network:
        maps = read_floors(drawing, network_side(page.breadth, options))
        for hypothesis, area in floor_areas(maps, walls, lines, options):
            pool.add(area, len(walls) + hypothesis, 0)
    return _most_agreed_on(weigh(pool.areas, walls, maps, lines, options), options)


def _most_agreed_on(regions: list[Region], options: DetectorOptions) -> list[Region]:
    if len(regions) <= options.most_regions:
        return regions
    return sorted(regions, key=lambda region: -region.agreement)[: options.most_regions]


@dataclass(frozen=True, slots=True)
class _Enclosed:
    """What stages 1 to 6 find: the drawing, without its lettering, the walls and what they enclose.

    ``breadth`` is that of a usual room, as a share of the long side.
    """

    drawing: Drawing
    lines: Drawing
    walls: list[Walls]
    pool: AreaPool
    breadth: float


def _is_crowded(words: Sequence[Word], options: DetectorOptions) -> bool:
    naming = [x for x in find_labels(words, options) if x.kind in (TextKind.ROOM, TextKind.NUMBER)]
    return len(naming) >= options.crowded_rooms


def _looked_at_again(
    page: _Enclosed, gray: NDArray[np.uint8], words: Sequence[Word], side_px: int, options: DetectorOptions
) -> _Enclosed:
    """A dense page seen closer: its building alone, as large as its pixels allow."""
    building = None
    if options.network:
        maps = read_floors(page.drawing, options.network_sides_px[0])
        building = building_box(maps, page.drawing, options)
    larger = max(side_px, min(options.dense_side_px, max(gray.shape)))
    if building is None and larger == side_px:
        return page
    return _enclosed_on(gray, words, larger, building or WHOLE_PAGE, options)


def _enclosed_on(
    gray: NDArray[np.uint8], words: Sequence[Word], side_px: int, part: Box, options: DetectorOptions
) -> _Enclosed:
    options = replace(options, working_side_px=side_px)
    drawing = cut_out_plan(straightened(_ink_of(part, gray, options), options), options)
    lines = without_lettering(drawing, words, options)
    walls = guess_walls(lines.ink, options)
    pool = enclosed_by(walls, lines, options)
    return _Enclosed(drawing, lines, walls, pool, pool.usual_breadth(lines.long_side_px))


def enclosed_by(walls: Sequence[Walls], lines: Drawing, options: DetectorOptions) -> AreaPool:
    """What any of ``walls`` encloses once its openings are closed, by stages 5 and 6."""
    pool = AreaPool(options)
    for hypothesis, guess in enumerate(walls):
        for gap_size, closed_walls in enumerate(close_openings(guess, lines, options)):
            for area in enclosed_areas(closed_walls, guess.thickness_px, options):
                pool.add(area, hypothesis, gap_size)
    return pool


def _ink_of(part: Box, gray: NDArray[np.uint8], options: DetectorOptions) -> Drawing:
    height, width = gray.shape
    per_px = np.array([width, height, width, height]) / PAGE_SIDE
    left, top, right, bottom = np.round(np.array(part) * per_px).astype(int).tolist()
    x_min, y_min, x_max, y_max = (np.array([left, top, right, bottom]) / per_px).tolist()
    ink = find_ink(np.ascontiguousarray(gray[top:bottom, left:right]), options)
    return ink.placed((x_min, y_min, x_max, y_max))


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
        Rooms that hardly overlap, in reading order, with ids ``room_001`` onwards; and what was withheld.
    """
    footprints = [Footprint(region) for region in regions]
    labels = find_labels(words, options)
    candidates = score_candidates(regions, footprints, labels, options)
    chosen = cut_out_inlets(select(candidates, footprints, options), options)
    return Detection(
        rooms=tuple(as_rooms(in_reading_order(chosen), options, labels)),
        withheld=tuple(withhold(candidates, footprints, chosen, options)),
    )
