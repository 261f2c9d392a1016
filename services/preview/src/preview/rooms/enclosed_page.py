"""A page up to its enclosed areas: the phases ``page`` and ``walls``, once or, for dense pages, twice."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from preview.domain.room import PAGE_SIDE, Box, Word
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network.floor_network import first_sight
from preview.rooms.options import DetectorOptions
from preview.rooms.page.building_crop import WHOLE_PAGE, building_box
from preview.rooms.page.ink import find_ink
from preview.rooms.page.resolution import first_side_px, second_side_px
from preview.rooms.page.sheet_border import remove_sheet_border
from preview.rooms.page.skew import deskewed
from preview.rooms.page.text_removal import without_text
from preview.rooms.text.labels import find_labels
from preview.rooms.walls.enclosed_areas import AreaPool, enclosed_areas
from preview.rooms.walls.openings import close_openings
from preview.rooms.walls.wall_hypotheses import WallHypothesis, find_wall_hypotheses


@dataclass(frozen=True, slots=True)
class EnclosedPage:
    """A page up to its enclosed areas: the drawing, the same without text, the walls and their areas.

    ``mean_width`` is that of a usual room, as a share of the long side.
    """

    drawing: Drawing
    lines: Drawing
    walls: list[WallHypothesis]
    pool: AreaPool
    mean_width: float


def enclosed_page(gray: NDArray[np.uint8], words: Sequence[Word], options: DetectorOptions) -> EnclosedPage:
    """The enclosed areas of a page; of a dense one its building alone, as large as its pixels allow."""
    side_px = first_side_px(find_labels(words, options.labels), options.resolution)
    page = _enclosed_on(gray, words, side_px, WHOLE_PAGE, options)
    if page.mean_width >= options.resolution.dense_mean_width:
        return page
    building = _building_on(page.drawing, options)
    larger_px = second_side_px(side_px, max(gray.shape), options.resolution)
    if building is None and larger_px == side_px:
        return page
    return _enclosed_on(gray, words, larger_px, building or WHOLE_PAGE, options)


def _building_on(drawing: Drawing, options: DetectorOptions) -> Box | None:
    if not options.network.enabled:
        return None
    maps = first_sight(drawing, options.network.sides_px[0])
    return building_box(maps, drawing, options.building_crop)


def _enclosed_on(
    gray: NDArray[np.uint8], words: Sequence[Word], side_px: int, part: Box, options: DetectorOptions
) -> EnclosedPage:
    ink = _ink_of(part, gray, side_px, options)
    drawing = remove_sheet_border(deskewed(ink, options.skew), options.sheet_border)
    lines = without_text(drawing, words, options.text_removal)
    walls = find_wall_hypotheses(lines.ink, options.walls)
    pool = enclosed_by(walls, lines, options)
    usual = options.scoring.statistics.usual_mean_width
    return EnclosedPage(drawing, lines, walls, pool, pool.usual_mean_width(lines.long_side_px, usual))


def enclosed_by(walls: Sequence[WallHypothesis], lines: Drawing, options: DetectorOptions) -> AreaPool:
    """What any of ``walls`` encloses once its openings are closed."""
    pool = AreaPool(options.enclosed_areas)
    for number, hypothesis in enumerate(walls):
        for gap_size, closed_walls in enumerate(close_openings(hypothesis, lines, options.openings)):
            for area in enclosed_areas(closed_walls, hypothesis.thickness_px, options.enclosed_areas):
                pool.add(area, number, gap_size)
    return pool


def _ink_of(part: Box, gray: NDArray[np.uint8], side_px: int, options: DetectorOptions) -> Drawing:
    """The ink of a ``part`` of the page."""
    height, width = gray.shape
    per_px = np.array([width, height, width, height]) / PAGE_SIDE
    left, top, right, bottom = np.round(np.array(part) * per_px).astype(int).tolist()
    x_min, y_min, x_max, y_max = (np.array([left, top, right, bottom]) / per_px).tolist()
    ink = find_ink(np.ascontiguousarray(gray[top:bottom, left:right]), side_px, options.ink)
    return ink.placed((x_min, y_min, x_max, y_max))
