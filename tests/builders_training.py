"""Flats, styles and canvases for the code that draws plans to learn from."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from room_training.canvas import Canvas
from room_training.floor_plan import FloorPlan
from room_training.style import Style, WallStyle

KINDS = ("bedroom", "bedroom", "kitchen", "bathroom", "living_room", "closet")
PLAN_PX, MARGIN_PX = 600, 30

Element = tuple[float, float, float, float, str]


def flat_walls(columns: int = 3, rows: int = 2, side: int = 100) -> list[Element]:
    """A wall for each side of each square of a grid, in source units from (50, 50)."""
    xs, ys = ([50.0 + side * k for k in range(count + 1)] for count in (columns, rows))
    across = [(x, y, x + side, y, "wall") for y in ys for x in xs[:-1]]
    return across + [(x, y, x, y + side, "wall") for x in xs for y in ys[:-1]]


def flat_rooms(columns: int = 3, rows: int = 2, side: int = 100) -> list[Element]:
    """The rectangle that names the room of each square, row by row."""
    corners = [(50.0 + side * c, 50.0 + side * r) for r in range(rows) for c in range(columns)]
    return [(x + 20, y + 20, x + 80, y + 80, kind) for (x, y), kind in zip(corners, KINDS, strict=False)]


def write_flat(folder: Path, elements: list[Element], name: str = "flat.txt") -> Path:
    """A Raster-to-Vector annotation file."""
    path = folder / name
    lines = ["\t".join(map(str, (*element, 1, 1))) for element in elements]
    lines = ["\t".join(map(str, (*element, 1, 1))) for element in elements]
    path.write_text("\n".join(lines))
    return path


def bare_style(fill: str = "solid", thickness_mm: float = 250.0) -> Style:
    """Walls and openings on white paper, and nothing else."""
    wall = WallStyle(fill, thickness_mm, 0)
    return Style(
        outer=wall, inner=replace(wall, thickness_mm=thickness_mm / 2), rail=wall, line_px=1, ink=0,
        paper=255, floors=False, tiles=0, furniture=0, door="gap", window="gap", jambs=False, names=0,
        sizes=0, letter_mm=300.0, dimensions=0,
    )  # fmt: skip


def canvas_for(plan: FloorPlan, plan_px: int = PLAN_PX) -> Canvas:
    """A white page on which ``plan`` is ``plan_px`` long, not turned."""
    bounds = np.array([space.outline.bounds for space in plan.spaces])
    low, high = bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)
    scale = plan_px / (high - low).max()
    width, height = np.ceil((high - low) * scale + 2 * MARGIN_PX).astype(int).tolist()
    gray: NDArray[np.uint8] = np.full((height, width), 255, np.uint8)
    return Canvas(gray, np.column_stack([np.eye(2) * scale, MARGIN_PX - low * scale]))
