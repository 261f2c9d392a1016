"""The stages of the detector on one page, with what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from plan_picture import WIDTH_PX, PlanPicture, View
from stage_colours import PALE

from preview.domain.room import Box, Detection, Word
from preview.page.raster import Gray
from preview.rooms.detector import DEFAULTS, find_regions, name_rooms
from preview.rooms.drawing import Drawing
from preview.rooms.enclosed import AreaPool, enclosed_areas
from preview.rooms.floor_areas import network_side
from preview.rooms.floor_network import FloorMaps, read_floors
from preview.rooms.footprint import Footprint
from preview.rooms.frame import cut_out_plan
from preview.rooms.ink import find_ink
from preview.rooms.labels import Label, find_labels
from preview.rooms.lettering import without_lettering
from preview.rooms.openings import close_openings
from preview.rooms.scoring import Candidate, score_candidates
from preview.rooms.walls import Walls, guess_walls


@dataclass(frozen=True, slots=True)
class Stages:
    """A page: ``page`` is its ink, ``plan`` that without borders, ``lines`` that without letters."""

    page: Drawing
    plan: Drawing
    lines: Drawing
    walls: list[Walls]
    maps: FloorMaps
    labels: list[Label]
    candidates: list[Candidate]
    detection: Detection

    @property
    def hollow(self) -> Walls:
        """The hypothesis of closed double lines."""
        return self.walls[-2 - len(DEFAULTS.strip_radii) - len(DEFAULTS.double_line_gaps)]

    def view(self, box: Box, width_px: int) -> View:
        """A part of the page."""
        height, width = self.page.ink.shape
        return View(box, width_px, width / height)

    def faded(self, box: Box, width_px: int = WIDTH_PX) -> PlanPicture:
        """A part of the page with its ink in gray."""
        picture = PlanPicture(self.view(box, width_px))
        picture.mask(self.page.ink, self.page, PALE)
        return picture


def run_stages(gray: Gray, words: Sequence[Word]) -> Stages:
    """As ``find_regions`` and ``name_rooms``, with what lies between."""
    page = find_ink(gray, DEFAULTS)
    plan = cut_out_plan(page, DEFAULTS)
    lines = without_lettering(plan, words, DEFAULTS)
    walls = guess_walls(lines.ink, DEFAULTS)
    maps = read_floors(plan, _network_side(walls, lines))
    regions = find_regions(gray, words)
    labels = find_labels(words, DEFAULTS)
    return Stages(
        page=page,
        plan=plan,
        lines=lines,
        walls=walls,
        maps=maps,
        labels=labels,
        candidates=score_candidates(regions, [Footprint(r) for r in regions], labels, DEFAULTS),
        detection=name_rooms(regions, words),
    )


def _network_side(walls: Sequence[Walls], lines: Drawing) -> int:
    pool = AreaPool(DEFAULTS)
    for hypothesis, guess in enumerate(walls):
        for gap_size, closed_walls in enumerate(close_openings(guess, lines, DEFAULTS)):
            for area in enclosed_areas(closed_walls, guess.thickness_px, DEFAULTS):
                pool.add(area, hypothesis, gap_size)
    return network_side(pool.usual_breadth(lines.long_side_px, DEFAULTS), DEFAULTS)
