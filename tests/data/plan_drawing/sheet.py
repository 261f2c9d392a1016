"""What a sheet carries beside the plan: dimension strings, grid, title block, legend, notes."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from .fittings import arc, box
from .floor_plan import FloorPlan, feet
from .paper import Colour, Paper, Point


def dimension_chain(
    plan: FloorPlan, along: Literal["x", "y"], positions: Sequence[float], at: float, size: float = 2.3
) -> None:
    """Draw a string of dimensions between positions; all in metres, ``at`` on the other axis."""
    for begin, end in pairwise(positions):
        _dimension(plan, along, begin, end, at, size)


def _dimension(plan: FloorPlan, along: str, begin: float, end: float, at: float, size: float) -> None:
    across = along == "y"
    ends = [plan.on_sheet((at, value) if across else (value, at)) for value in (begin, end)]
    ink, thin = plan.style.ink, plan.style.thin_line
    plan.paper.path(ends, ink, thin)
    for x, y in ends:
        plan.paper.path([(x - 1, y + 1), (x + 1, y - 1)], ink, plan.style.wall_line)
        plan.paper.path([(x - 1.6, y), (x + 1.6, y)] if across else [(x, y - 1.6), (x, y + 1.6)], ink, thin)
    middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
    place = (middle[0] - size, middle[1]) if across else (middle[0], middle[1] - size)
    length = end - begin
    text = feet(length) if plan.style.units == "feet" else f"{length * 1000:.0f}"
    plan.paper.text(place, text, size, ink, upwards=across)


def grid(plan: FloorPlan, columns: Sequence[float], rows: Sequence[float], reach: float = 2.0) -> None:
    """Draw dash-dotted grid lines with numbered and lettered bubbles, ``reach`` metres past the ends."""
    for number, x in enumerate(columns, start=1):
        _grid_line(plan, (x, rows[0] - reach), (x, rows[-1] + 0.6), str(number))
    for number, y in enumerate(rows):
        _grid_line(plan, (columns[0] - reach, y), (columns[-1] + 0.6, y), chr(ord("A") + number))


def _grid_line(plan: FloorPlan, start: Point, end: Point, name: str) -> None:
    x, y = plan.on_sheet(start)
    ink = (120, 120, 120)
    plan.paper.path([(x, y), plan.on_sheet(end)], ink, 0.1, 2.2)
    plan.paper.area([arc((x, y), 4, 4)], plan.style.paper, ink, 0.2)
    plan.paper.text((x, y), name, 3.2, plan.style.ink)


def border(paper: Paper, ink: Colour, margin: float = 8) -> None:
    """Draw the frame of a sheet."""
    frame = box(margin, margin, paper.width - 2 * margin, paper.height - 2 * margin)
    paper.path(frame, ink, 0.6)


def north_arrow(paper: Paper, at: Point, ink: Colour, size: float = 8) -> None:
    """Draw a circle with a needle and an N."""
    x, y = at
    paper.path(arc(at, size, size), ink, 0.25)
    paper.area([[(x, y - size), (x + size * 0.35, y + size * 0.7), (x, y + size * 0.35)]], ink, ink, 0.2)
    paper.path([(x, y - size), (x - size * 0.35, y + size * 0.7), (x, y + size * 0.35)], ink, 0.2)
    paper.text((x, y - size - 3), "N", 4, ink, bold=True)


def scale_bar(paper: Paper, at: Point, mm_per_metre: float, ink: Colour, metres: int = 5) -> None:
    """Draw a bar of alternating black and white metres."""
    x, y = at
    for metre in range(metres):
        block = box(x + metre * mm_per_metre, y, mm_per_metre, 1.6)[:-1]
        paper.area([block], ink if metre % 2 == 0 else None, ink, 0.15)
        paper.text((x + metre * mm_per_metre, y - 2), str(metre), 2, ink)
    paper.text((x + metres * mm_per_metre, y - 2), f"{metres} m", 2, ink)


def caption(paper: Paper, at: Point, title: str, note: str, ink: Colour) -> None:
    """Write an underlined title with a note below, from ``at`` to the right."""
    x, y = at
    paper.text(at, title, 5, ink, bold=True, left=True)
    paper.path([(x, y + 4), (x + len(title) * 4.1, y + 4)], ink, 0.5)
    paper.text((x, y + 7.5), note, 2.6, ink, left=True)


def table(
    paper: Paper,
    at: Point,
    widths: Sequence[float],
    rows: Sequence[Sequence[str]],
    ink: Colour,
    row: float = 5.5,
) -> None:
    """Draw a ruled table whose first row is its bold heading."""
    x, y = at
    total = sum(widths)
    for line in range(len(rows) + 1):
        paper.path([(x, y + line * row), (x + total, y + line * row)], ink, 0.2)
    for column in range(len(widths) + 1):
        left = x + sum(widths[:column])
        paper.path([(left, y), (left, y + len(rows) * row)], ink, 0.2)
    for number, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            place = (x + sum(widths[:column]) + 1.5, y + (number + 0.5) * row)
            paper.text(place, cell, 2.3, ink, left=True, bold=number == 0)


def notes(paper: Paper, at: Point, title: str, lines: Sequence[str], ink: Colour) -> None:
    """Write a heading and numbered lines below it."""
    paper.text(at, title, 3.2, ink, bold=True, left=True)
    for number, line in enumerate(lines, start=1):
        paper.text((at[0], at[1] + 1.5 + number * 4.2), f"{number}.  {line}", 2.2, ink, left=True)


def title_block(
    paper: Paper, at: Point, size: tuple[float, float], fields: dict[str, str], ink: Colour
) -> None:
    """Draw a framed column of captioned fields; the last one is the large sheet number."""
    x, y = at
    width, height = size
    paper.path(box(x, y, width, height), ink, 0.6)
    share = height / (len(fields) + 1)
    for number, (name, value) in enumerate(fields.items()):
        top = y + number * share
        last = number == len(fields) - 1
        paper.path([(x, top), (x + width, top)], ink, 0.3)
        paper.text((x + 2, top + 3), name, 1.9, ink, left=True)
        middle = top + (share * 1.15 if last else share * 0.6)
        paper.text((x + width / 2, middle), value, 11 if last else 3.4, ink, bold=True)


def legend(paper: Paper, at: Point, ink: Colour) -> None:
    """Draw what the symbols of a sheet mean: wall, door, window, smoke detector, fire extinguisher."""
    x, y = at
    paper.text(at, "LEGEND", 3.2, ink, bold=True, left=True)
    names = ("NEW WALL", "DOOR", "WINDOW", "SMOKE DETECTOR", "FIRE EXTINGUISHER")
    for number, name in enumerate(names):
        paper.text((x + 24, y + 8 + number * 9), name, 2.3, ink, left=True)
    paper.path(box(x + 2, y + 6, 16, 3.4), ink, 0.3)
    for step in range(8):
        paper.path([(x + 2 + step * 2, y + 9.4), (x + 4 + step * 2, y + 6)], ink, 0.1)
    paper.path([(x + 4, y + 20), (x + 4, y + 14)], ink, 0.3)
    paper.path(arc((x + 4, y + 20), 6, 6, -90, 0), ink, 0.18)
    for shift in (-1.2, 0.0, 1.2):
        paper.path([(x + 2, y + 26 + shift), (x + 18, y + 26 + shift)], ink, 0.18)
    paper.path(arc((x + 10, y + 35), 3, 3), ink, 0.3)
    paper.text((x + 10, y + 35), "S", 2.6, ink)
    triangle = [
        (x + 10 + 3.4 * math.cos(a), y + 44 + 3.4 * math.sin(a))
        for a in (-math.pi / 2, math.pi / 6, math.pi * 5 / 6)
    ]
    paper.area([triangle], None, ink, 0.3)
