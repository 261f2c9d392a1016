"""The stages of the detector on one page, with what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from plan_picture import WIDTH_PX, PlanPicture, View
from stage_colours import PALE

from preview.domain.room import Box, Detection, Word
from preview.page.raster_file import Gray
from preview.rooms.detector import DEFAULTS, enclosed_by, find_regions, name_rooms
from preview.rooms.geometry.coverage_mask import Footprint
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network.floor_areas import network_side
from preview.rooms.network.floor_network import FloorMaps, read_floors
from preview.rooms.page.ink import find_ink
from preview.rooms.page.sheet_border import cut_out_plan
from preview.rooms.page.skew import straightened
from preview.rooms.page.text_removal import without_lettering
from preview.rooms.scoring.region_scorer import Candidate, score_candidates
from preview.rooms.text.labels import Label, find_labels
from preview.rooms.walls.wall_hypotheses import Walls, guess_walls


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
    """As ``find_regions`` looks at a page that is neither crowded nor dense, with what lies between."""
    page = straightened(find_ink(gray, DEFAULTS), DEFAULTS)
    plan = cut_out_plan(page, DEFAULTS)
    lines = without_lettering(plan, words, DEFAULTS)
    walls = guess_walls(lines.ink, DEFAULTS)
    breadth = enclosed_by(walls, lines, DEFAULTS).usual_breadth(lines.long_side_px)
    maps = read_floors(plan, network_side(breadth, DEFAULTS))
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
