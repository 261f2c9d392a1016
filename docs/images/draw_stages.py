"""Draw the pictures of docs/room-detection.md: what each stage of the detector makes of one plan.

python docs/images/draw_stages.py
"""

import textwrap
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from plan_picture import GAP_PX, WIDTH_PX, PlanPicture, Rgb, View, captioned, colour_bar, save, side_by_side
from plan_stages import Stages, run_stages
from stage_colours import (
    BLACK,
    BLUE,
    GAP_COLOURS,
    GRAY,
    GREEN,
    KIND_COLOURS,
    ORANGE,
    PALE,
    REASON_COLOURS,
    RED,
    Colour,
    darker,
    hue,
    red_to_green,
)

from preview.domain.room import PAGE_SIDE, Box, Point
from preview.page.pdf_file import open_pdf
from preview.page.raster_file import open_raster
from preview.page.text_layer import read_text
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.boxes import iou_matrix
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask
from preview.rooms.options import DEFAULTS
from preview.rooms.page.ink import find_ink
from preview.rooms.walls.enclosed_areas import enclosed_areas
from preview.rooms.walls.openings import close_openings
from preview.rooms.walls.wall_hypotheses import WallHypothesis

ROOT = Path(__file__).parents[2]
PLANS = ROOT / "tests/data/plans"
PLAN, STAINED = PLANS / "clinic_sheet.pdf", PLANS / "cottage_blueprint.jpg"
TARGET = Path(__file__).parent / "stages"

HALF_PX, THIRD_PX = (WIDTH_PX - GAP_PX) // 2, (WIDTH_PX - 2 * GAP_PX) // 3
PAGE: Box = (0, 0, PAGE_SIDE, PAGE_SIDE)
BUILDING: Box = (80, 125, 745, 715)
CORNER: Box = (345, 455, 575, 712)
"""Parts of ``PLAN``: all its rooms; three of them, to see strokes."""
CELLS_TO_A_DOT = 6
"""Of every so many rows and columns of cells one is shown."""
ASKED: Point = (600, 560)
"""Where a cell is asked for its box."""


def ink() -> Rgb:
    """The ink, on a page that is worse than ``PLAN``."""
    gray = open_raster(STAINED, "jpg").gray
    height, width = gray.shape
    view = View((60, 60, 640, 640), HALF_PX, width / height)
    shown = PlanPicture(view)
    whole = Drawing.whole_page(gray, gray)
    shown.rgb = np.repeat(np.round(view.seen(gray, whole))[..., None], 3, axis=2).astype(np.uint8)
    found = find_ink(gray, DEFAULTS.resolution.working_side_px, DEFAULTS.ink)
    black = PlanPicture(view)
    black.mask(found.ink, found, BLACK)
    return side_by_side(
        captioned(shown.rgb, ("page: a stained sun print", None)), captioned(black.rgb, ("ink", BLACK))
    )


def sheet_border(stages: Stages) -> Rgb:
    """The sheet border."""
    picture = PlanPicture(stages.view(PAGE, WIDTH_PX))
    kept = picture.view.seen(stages.plan.ink, stages.plan) / 255
    picture.cover(3 * (picture.view.seen(stages.page.ink, stages.page) / 255 - kept), RED)
    picture.cover(1.6 * kept, BLACK)
    height, width = stages.plan.ink.shape
    corners = stages.plan.page_points(np.array([[0.0, 0], [width, 0], [width, height], [0, height]]))
    picture.outline(_ring(corners), BLUE)
    return captioned(picture.rgb, ("border, removed", RED), ("cut to this", BLUE))


def text_removal(stages: Stages) -> Rgb:
    """Text removal."""
    picture = PlanPicture(stages.view(BUILDING, WIDTH_PX))
    picture.mask(stages.plan.ink & ~stages.lines.ink, stages.plan, RED)
    picture.mask(stages.lines.ink, stages.lines, BLACK)
    return captioned(picture.rgb, ("letters, removed", RED), ("lines, kept", BLACK))


def wall_hypotheses(stages: Stages) -> Rgb:
    """Three of the wall hypotheses."""
    named = {
        "thick strokes": stages.walls[0],
        "closed double lines": stages.hollow,
        "long lines": stages.walls[-2],
    }
    return side_by_side(*(_hypothesis(stages, name, walls) for name, walls in named.items()))


def _hypothesis(stages: Stages, name: str, walls: WallHypothesis) -> Rgb:
    picture = stages.faded(CORNER, THIRD_PX)
    picture.mask(walls.mask, stages.lines, BLUE)
    return captioned(picture.rgb, (name, BLUE))


def openings(stages: Stages) -> Rgb:
    """Openings, by size."""
    picture = stages.faded(BUILDING)
    masks = list(close_openings(stages.hollow, stages.lines, DEFAULTS.openings))[
        : len(DEFAULTS.openings.gap_sizes)
    ]
    for mask, colour in zip(reversed(masks), reversed(GAP_COLOURS), strict=True):
        picture.mask(mask, stages.lines, colour)
    picture.mask(stages.hollow.mask, stages.lines, GRAY)
    sizes = [f"up to {100 * share:g} %" for share in DEFAULTS.openings.gap_sizes]
    return captioned(
        picture.rgb, ("walls", GRAY), ("gaps bridged, by share of the long side:", None),
        *zip(sizes, GAP_COLOURS, strict=True),
    )  # fmt: skip


def areas(stages: Stages) -> Rgb:
    """Enclosed areas, at two sizes of gaps."""
    masks = list(close_openings(stages.hollow, stages.lines, DEFAULTS.openings))
    return side_by_side(
        *(
            _areas(stages, masks[k], f"gaps up to {100 * DEFAULTS.openings.gap_sizes[k]:g} % closed")
            for k in (1, 3)
        )
    )


def _areas(stages: Stages, closed_walls: Mask, name: str) -> Rgb:
    picture = PlanPicture(stages.view(BUILDING, HALF_PX))
    found = list(enclosed_areas(closed_walls, stages.hollow.thickness_px, DEFAULTS.enclosed_areas))
    for index, area in enumerate(sorted(found, key=lambda area: -area.area_px)):
        picture.fill(_ring(stages.lines.page_points(area.contour.astype(np.float64))), hue(index), 0.5)
    picture.mask(closed_walls, stages.lines, GRAY)
    return captioned(picture.rgb, (f"{name}: {len(found)} areas", None))


def floor_maps(stages: Stages) -> Rgb:
    """The floor network's maps."""
    named = {"floor": (stages.maps.floor, GREEN), "edge": (stages.maps.edge, RED)}
    return side_by_side(*(_map(stages, name, *shown) for name, shown in named.items()))


def _map(stages: Stages, name: str, shares: NDArray[np.float32], colour: Colour) -> Rgb:
    picture = PlanPicture(stages.view(BUILDING, HALF_PX))
    picture.cover(picture.view.seen(shares, stages.plan), colour)
    picture.cover(0.35 * picture.view.seen(stages.plan.ink, stages.plan) / 255, BLACK)
    return captioned(picture.rgb, (f"{name}: white 0 to full colour 1", colour))


def votes(stages: Stages) -> Rgb:
    """The room that cells vote for, one shown with its four distances."""
    picture = stages.faded(BUILDING)
    maps, step = stages.maps, CELLS_TO_A_DOT
    corners = np.array([room.bounding_box for room in stages.detection.rooms]).reshape(-1, 2)
    boxes = (stages.plan.pixel_points(corners) / maps.cell_px).astype(np.float32).reshape(-1, 4)
    rows, columns = np.nonzero(maps.floor[::step, ::step] > DEFAULTS.evidence.network.least_floor)
    for row, column in (np.column_stack([rows, columns]) * step).tolist():
        fits = iou_matrix(boxes, maps.boxes[row, column][None])[:, 0]
        colour = (
            hue(int(fits.argmax())) if fits.max(initial=0) > DEFAULTS.evidence.network.same_box_iou else PALE
        )
        picture.dot(_cell_point(stages, column + 0.5, row + 0.5), colour, 2)
    for index, (left, top, right, bottom) in enumerate(boxes.tolist()):
        corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
        picture.outline([_cell_point(stages, *corner) for corner in corners], hue(index))
    _ask_one_cell(stages, picture)
    return captioned(
        picture.rgb, ("cells, coloured by the room they vote for", None), ("no room", PALE),
        ("one cell's four distances", BLACK),
    )  # fmt: skip


def _ask_one_cell(stages: Stages, picture: PlanPicture) -> None:
    asked = stages.plan.pixel_points(np.array([ASKED]))[0] / stages.maps.cell_px
    column, row = np.floor(asked).astype(int).tolist()
    left, top, right, bottom = stages.maps.boxes[row, column].tolist()
    x, y = column + 0.5, row + 0.5
    for end in ((left, y), (right, y), (x, top), (x, bottom)):
        picture.arrow(_cell_point(stages, x, y), _cell_point(stages, *end), BLACK)


def _cell_point(stages: Stages, column: float, row: float) -> Point:
    return _ring(stages.plan.page_points(np.array([[column, row]]) * stages.maps.cell_px))[0]


def regions(stages: Stages) -> Rgb:
    """All regions, by who found them."""
    picture = stages.faded(BUILDING)
    finders = {"walls": BLUE, "network": ORANGE, "both": BLACK}
    counts = Counter(_finder(candidate.region) for candidate in stages.candidates)
    for candidate in sorted(stages.candidates, key=lambda candidate: -candidate.region.area):
        picture.outline(candidate.region.polygon, finders[_finder(candidate.region)])
    captions = [(f"by {name}: {counts[name]}", colour) for name, colour in finders.items()]
    return captioned(picture.rgb, ("found on the whole page", None), *captions)


def _finder(region: Region) -> str:
    if not region.floor_votes:
        return "walls"
    return "both" if region.wall_votes + region.line_votes else "network"


def labels(stages: Stages) -> Rgb:
    """Labels, by kind."""
    picture = stages.faded(PAGE)
    for label in stages.labels:
        picture.dot(label.anchor, KIND_COLOURS[label.kind], 6)
    picture.mask(stages.plan.ink & ~stages.lines.ink, stages.plan, BLACK)
    counts = Counter(label.kind for label in stages.labels)
    captions = [
        (f"{kind.value}: {counts[kind]}", colour) for kind, colour in KIND_COLOURS.items() if counts[kind]
    ]
    return captioned(picture.rgb, ("labels by kind:", None), *captions)


def scores(stages: Stages) -> Rgb:
    """Regions, by score."""
    picture = PlanPicture(stages.view(PAGE, WIDTH_PX))
    for candidate in sorted(stages.candidates, key=lambda candidate: candidate.score):
        colour = red_to_green(candidate.score)
        picture.fill(candidate.region.polygon, colour, 1)
        picture.outline(candidate.region.polygon, darker(colour))
    picture.cover(0.5 * picture.view.seen(stages.page.ink, stages.page) / 255, BLACK)
    colours = np.array([red_to_green(score) for score in np.linspace(0, 1, 50)], np.uint8)
    bar = colour_bar(colours, WIDTH_PX, "score 0, no room", "1, a room exactly; the best lie on top")
    return np.vstack([bar, picture.rgb])


def rooms(stages: Stages) -> Rgb:
    """The rooms with names and confidence."""
    found = stages.detection.rooms
    part = BUILDING if all(_within(room.bounding_box, BUILDING) for room in found) else PAGE
    picture = PlanPicture(stages.view(part, WIDTH_PX))
    picture.mask(stages.lines.ink, stages.lines, PALE)
    for index, room in enumerate(found):
        picture.fill(room.polygon, hue(index), 0.35)
        picture.outline(room.polygon, darker(hue(index)), 2)
    for room in found:
        x_min, y_min, x_max, y_max = room.bounding_box
        lines = [*textwrap.wrap(room.name_hint or room.id, 12), f"{room.confidence:.2f}"]
        picture.write(lines, ((x_min + x_max) / 2, (y_min + y_max) / 2), BLACK)
    return captioned(picture.rgb, (f"{len(found)} rooms, with names and confidence", None))


def _within(box: Box, part: Box) -> bool:
    return box[0] >= part[0] and box[1] >= part[1] and box[2] <= part[2] and box[3] <= part[3]


def rejected_candidates(stages: Stages) -> Rgb:
    """Rejected candidates, by reason."""
    picture = stages.faded(PAGE)
    for room in stages.detection.rooms:
        picture.fill(room.polygon, PALE, 0.5)
    listed = stages.detection.rejected
    for place in reversed(listed):
        picture.fill(place.polygon, REASON_COLOURS[place.reason], 0.1)
        picture.outline(place.polygon, REASON_COLOURS[place.reason])
    counts = Counter(place.reason for place in listed)
    captions = [
        (f"{reason.replace('_', ' ')}: {count}", REASON_COLOURS[reason])
        for reason, count in counts.most_common()
    ]
    return captioned(picture.rgb, ("rooms", PALE), *captions)


def _ring(points: NDArray[np.float64]) -> list[Point]:
    return [(x, y) for x, y in points.tolist()]


def pictures() -> Iterator[tuple[str, Rgb]]:
    """Every picture with its name, in the order of the stages."""
    with open_pdf(PLAN, 1) as pdf:
        gray = pdf.draw()
        words = read_text(pdf, gray).words
    stages = run_stages(gray, words)
    yield "ink", ink()
    drawn = (
        sheet_border, text_removal, wall_hypotheses, openings, areas, floor_maps, votes,
        regions, labels, scores, rooms, rejected_candidates,
    )  # fmt: skip
    for draw in drawn:
        yield draw.__name__, draw(stages)


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for name, picture in pictures():
        save(picture, TARGET / f"{name}.png")
