"""The stages of the detector on one page, with what lies between them."""

from collections.abc import Sequence
from dataclasses import dataclass

from plan_picture import WIDTH_PX, PlanPicture, View
from stage_colours import PALE

from preview.domain.detection import Detection
from preview.domain.room import Box, Word
from preview.page.raster_file import Gray
from preview.rooms.detector import find_regions, name_rooms
from preview.rooms.enclosed_page import enclosed_by
from preview.rooms.geometry.coverage_mask import CoverageMask
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network.floor_network import FloorMaps, seen_floor
from preview.rooms.options import DEFAULTS
from preview.rooms.page.ink import find_ink
from preview.rooms.page.sheet_border import remove_sheet_border
from preview.rooms.page.skew import deskewed
from preview.rooms.page.text_removal import without_text
from preview.rooms.scoring.region_scorer import Candidate, score_candidates
from preview.rooms.text.labels import Label, find_labels
from preview.rooms.walls.wall_hypotheses import WallHypothesis, find_wall_hypotheses


@dataclass(frozen=True, slots=True)
class Stages:
    """A page: ``page`` is its ink, ``plan`` that without borders, ``lines`` that without text."""

    page: Drawing
    plan: Drawing
    lines: Drawing
    walls: list[WallHypothesis]
    maps: FloorMaps
    labels: list[Label]
    candidates: list[Candidate]
    detection: Detection

    @property
    def hollow(self) -> WallHypothesis:
        """The hypothesis of closed double lines."""
        return self.walls[-2 - len(DEFAULTS.walls.strip_radii) - len(DEFAULTS.walls.double_line_gaps)]

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
    """As ``find_regions`` processes a page that is neither crowded nor dense, with what lies between."""
    ink = find_ink(gray, DEFAULTS.resolution.working_side_px, DEFAULTS.ink)
    page = deskewed(ink, DEFAULTS.skew)
    plan = remove_sheet_border(page, DEFAULTS.sheet_border)
    lines = without_text(plan, words, DEFAULTS.text_removal)
    walls = find_wall_hypotheses(lines.ink, DEFAULTS.walls)
    usual = DEFAULTS.scoring.statistics.usual_mean_width
    mean_width = enclosed_by(walls, lines, DEFAULTS).usual_mean_width(lines.long_side_px, usual)
    maps = seen_floor(plan, mean_width, DEFAULTS.network)
    regions = find_regions(gray, words)
    labels = find_labels(words, DEFAULTS.labels)
    return Stages(
        page=page,
        plan=plan,
        lines=lines,
        walls=walls,
        maps=maps,
        labels=labels,
        candidates=score_candidates(regions, [CoverageMask(r) for r in regions], labels, DEFAULTS.scoring),
        detection=name_rooms(regions, words),
    )
