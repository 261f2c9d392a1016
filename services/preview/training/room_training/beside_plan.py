"""What sheets carry beside a plan, none of it a room: title blocks, tables, notes, elevations, sections."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

from shapely.geometry import Polygon, box

from room_training.canvas import Canvas
from room_training.floor_plan import BoxMm
from room_training.parts import Part
from room_training.style import Style
from room_training.words import NOTES

LEAST_PX = 30
"""A space narrower than this carries nothing."""


def fill_space(page: Canvas, space: BoxMm, style: Style, random: Random) -> None:
    """Draws one to three things into ``space``, in pixels."""
    for part in _parted(space, random.choice([1, 1, 2, 3]), random):
        inset = 0.04 * min(part[2] - part[0], part[3] - part[1])
        b = part[0] + inset, part[1] + inset, part[2] - inset, part[3] - inset
        if min(b[2] - b[0], b[3] - b[1]) < LEAST_PX:
            continue
        page.mark(box(*b), Part.SHEET)
        random.choice(_DRAWN)(page, b, style, random)


def _parted(space: BoxMm, count: int, random: Random) -> list[BoxMm]:
    x0, y0, x1, y1 = space
    ends = [0.0, *sorted(random.uniform(0.25, 0.75) for _ in range(count - 1)), 1.0]
    pairs = list(pairwise(ends))
    if y1 - y0 > x1 - x0:
        return [(x0, y0 + a * (y1 - y0), x1, y0 + b * (y1 - y0)) for a, b in pairs]
    return [(x0 + a * (x1 - x0), y0, x0 + b * (x1 - x0), y1) for a, b in pairs]


def _title_block(page: Canvas, b: BoxMm, style: Style, random: Random) -> None:
    page.line(box(*b).exterior.coords, style.ink, random.choice([1, 2, 3]))
    for cell in _cells(b, random):
        page.line(box(*cell).exterior.coords, style.ink, 1)
        _note(page, cell, style, random, 0.6)


def _cells(b: BoxMm, random: Random) -> list[BoxMm]:
    wide, high = b[2] - b[0], b[3] - b[1]
    if max(wide, high) < 40 or random.random() < 0.12:
        return [b]
    share = random.uniform(0.15, 0.85)
    if wide > 1.6 * high:
        x = b[0] + share * wide
        halves: list[BoxMm] = [(b[0], b[1], x, b[3]), (x, b[1], b[2], b[3])]
    else:
        y = b[1] + share * high
        halves = [(b[0], b[1], b[2], y), (b[0], y, b[2], b[3])]
    return [cell for half in halves for cell in _cells(half, random)]


def _schedule(page: Canvas, b: BoxMm, style: Style, random: Random) -> None:
    rows = max(2, int((b[3] - b[1]) / random.uniform(12, 40)))
    cuts = [b[0], *sorted(random.uniform(b[0], b[2]) for _ in range(random.randint(1, 5))), b[2]]
    for row in range(rows + 1):
        y = b[1] + row * (b[3] - b[1]) / rows
        page.line([(b[0], y), (b[2], y)], style.ink, 1)
    for x in cuts:
        page.line([(x, b[1]), (x, b[3])], style.ink, 1)
    for row in range(rows):
        y = b[1] + row * (b[3] - b[1]) / rows
        for left, right in pairwise(cuts):
            _note(page, (left, y, right, y + (b[3] - b[1]) / rows), style, random, 0.7)


def _notes(page: Canvas, b: BoxMm, style: Style, random: Random) -> None:
    size = random.uniform(7, 14)
    y = b[1] + size
    while y < b[3] - size:
        _note(page, (b[0], y - size / 2, b[2], y + size / 2), style, random, 0.9)
        y += 1.5 * size


def _note(page: Canvas, cell: BoxMm, style: Style, random: Random, often: float) -> None:
    text = random.choice(NOTES)
    size = min(16.0, 0.7 * (cell[3] - cell[1]), 1.7 * (cell[2] - cell[0]) / len(text))
    if size >= 5 and random.random() < often:
        page.text(text, ((cell[0] + cell[2]) / 2, (cell[1] + cell[3]) / 2), size, style.ink)


def _elevation(page: Canvas, b: BoxMm, style: Style, random: Random) -> None:
    ground, eaves = b[1] + 0.85 * (b[3] - b[1]), b[1] + random.uniform(0.2, 0.4) * (b[3] - b[1])
    wide = b[2] - b[0]
    left, right = b[0] + 0.1 * wide, b[2] - 0.1 * wide
    page.line([(b[0], ground), (b[2], ground)], style.ink, 2)
    page.line(box(left, eaves, right, ground).exterior.coords, style.ink, style.line_px)
    page.outline(
        Polygon([(left - 6, eaves), ((left + right) / 2, b[1]), (right + 6, eaves)]), style.ink, style.line_px
    )
    storeys, bays = random.choice([1, 2, 3]), random.randint(2, 6)
    for storey in range(storeys):
        for bay in range(bays):
            x = left + (bay + 0.25) * (right - left) / bays
            y = eaves + (storey + 0.25) * (ground - eaves) / storeys
            window = box(x, y, x + 0.5 * (right - left) / bays, y + 0.5 * (ground - eaves) / storeys)
            page.outline(window, style.ink, style.line_px)
            if random.random() < 0.5:
                middle = window.centroid.x
                page.line([(middle, window.bounds[1]), (middle, window.bounds[3])], style.ink, 1)


def _section(page: Canvas, b: BoxMm, style: Style, random: Random) -> None:
    """Storeys cut open: slabs and walls, with rooms between them seen from the side."""
    storeys, bays = random.choice([1, 2, 2, 3]), random.randint(1, 4)
    thick = max(2.0, random.uniform(0.01, 0.03) * (b[2] - b[0]))
    top = b[1] + 0.2 * (b[3] - b[1])
    for storey in range(storeys + 1):
        y = top + storey * (b[3] - top) / storeys
        page.fill(box(b[0], y - thick / 2, b[2], y + thick / 2), style.outer.ink)
    for bay in range(bays + 1):
        x = b[0] + bay * (b[2] - b[0]) / bays
        page.fill(box(x - thick / 2, top, x + thick / 2, b[3]), style.outer.ink)
    page.line([(b[0], top), ((b[0] + b[2]) / 2, b[1]), (b[2], top)], style.ink, 2)


_DRAWN: list[Callable[[Canvas, BoxMm, Style, Random], None]] = [
    _title_block,
    _title_block,
    _schedule,
    _schedule,
    _notes,
    _elevation,
    _section,
]
