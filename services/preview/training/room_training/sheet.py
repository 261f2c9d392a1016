"""A page with one or more plans on it, what else is on sheets, and what scanners do to them."""

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random

import cv2
import numpy as np
from numpy.typing import NDArray
from shapely.geometry import box
from shapely.ops import unary_union

from room_training.beside_plan import fill_space
from room_training.building_drawing import draw_building, label_map
from room_training.canvas import Canvas, Written
from room_training.floor_plan import BoxMm, FloorPlan
from room_training.parts import Part
from room_training.style import Style, any_style
from room_training.words import NOTES

Gray = NDArray[np.uint8]
BESIDE_SHARE = 0.35
"""Of pages with room beside their plans, for what else a sheet carries."""
GAPS = (0.02, 0.04, 0.1)
"""Ground between plans on a page, shares of the largest one's width and height together."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Gray levels of a page, at each pixel the number of the room, 0 for none, and the part of a plan that
    shows there; and what is written on it."""

    gray: Gray
    labels: NDArray[np.int32]
    parts: NDArray[np.uint8]
    written: list[Written]


def draw_sheet(plans: list[FloorPlan], random: Random) -> Sheet:
    """A page with ``plans`` on it."""
    style = any_style(random)
    long_px = math.exp(random.uniform(math.log(420), math.log(1300)))
    margin = random.choice([0.03, 0.06, 0.12, 0.25])
    maps, width, height = _layout(plans, long_px, margin, random)
    beside = None
    if random.random() < BESIDE_SHARE:
        maps, width, height, beside = _with_space(maps, width, height, random)
    gray = np.full((height, width), style.paper, np.uint8)
    labels = np.zeros((height, width), np.int32)
    parts = np.full((height, width), Part.PAPER, np.uint8)
    written: list[Written] = []
    before = random.random() < 0.5
    if before:
        _clutter(gray, style, random)
    for plan, to_px in zip(plans, maps, strict=True):
        canvas = Canvas(gray, to_px, parts)
        rooms = draw_building(canvas, plan, style, random)
        label_map(canvas, rooms, int(labels.max()) + 1, labels)
        if random.random() < style.dimensions:
            _dimension_strings(canvas, plan, style, random)
        if random.random() < 0.15:
            _eaves(canvas, plan, style)
        written += canvas.written
    if not before:
        written += _notes_around(gray, labels, parts, style, random)
    if beside:
        page = Canvas(gray, np.eye(2, 3), parts)
        fill_space(page, beside, style, random)
        written += page.written
    if random.random() < 0.3:
        _border(gray, style, random)
    return Sheet(worn(gray, random), labels, parts, written)


def _with_space(
    maps: list[NDArray[np.float64]], width: int, height: int, random: Random
) -> tuple[list[NDArray[np.float64]], int, int, BoxMm]:
    """The page with more paper at one side, and where that is."""
    side = random.choice(["left", "right", "right", "top", "bottom", "bottom"])
    more = int(random.uniform(0.15, 0.6) * min(width, height))
    if side in ("left", "right"):
        shift = np.array([more if side == "left" else 0, 0])
        start = 0 if side == "left" else width
        space: BoxMm = (start, 0, start + more, height)
        width += more
    else:
        shift = np.array([0, more if side == "top" else 0])
        start = 0 if side == "top" else height
        space = (0, start, width, start + more)
        height += more
    moved = [np.column_stack([to_px[:, :2], to_px[:, 2] + shift]) for to_px in maps]
    return moved, width, height, space


def _layout(
    plans: list[FloorPlan], long_px: float, margin: float, random: Random
) -> tuple[list[NDArray[np.float64]], int, int]:
    """Side by side or below each other, all turned and stretched alike."""
    turn = _turning(random)
    across = random.random() < 0.6
    boxes = []
    for plan in plans:
        ring = np.array(unary_union([s.outline for s in plan.spaces]).convex_hull.exterior.coords) @ turn.T
        boxes.append((*ring.min(axis=0), *ring.max(axis=0)))
    gap = random.choice(GAPS) * max(b[2] - b[0] + b[3] - b[1] for b in boxes)
    starts, end, side = [], 0.0, 0.0
    for x0, y0, x1, y1 in boxes:
        starts.append(end)
        end += (x1 - x0 if across else y1 - y0) + gap
        side = max(side, y1 - y0 if across else x1 - x0)
    extent = np.array([end - gap, side] if across else [side, end - gap])
    scale = long_px / extent.max()
    pad = margin * long_px + 8
    maps = []
    for (x0, y0, *_), start in zip(boxes, starts, strict=True):
        corner = np.array([x0 - start, y0] if across else [x0, y0 - start])
        maps.append(np.column_stack([turn * scale, pad - corner * scale]))
    width, height = (np.ceil(extent * scale + 2 * pad)).astype(int).tolist()
    return maps, width, height


def _turning(random: Random) -> NDArray[np.float64]:
    """Quarter turns, mirroring, a little skew, and the squashing of pictures made square."""
    angle = math.pi / 2 * random.randrange(4)
    if random.random() < 0.25:
        angle += math.radians(random.gauss(0, 2))
    elif random.random() < 0.06:
        angle += random.uniform(0, math.pi / 2)
    rotation = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    stretch = math.exp(random.gauss(0, 0.18)) if random.random() < 0.4 else 1.0
    mirror = random.choice([-1, 1])
    shear = np.array([[1, random.gauss(0, 0.03)], [0, 1]]) if random.random() < 0.1 else np.eye(2)
    return np.diag([stretch, 1 / stretch]) @ shear @ rotation @ np.diag([mirror, 1])


def _clutter(gray: Gray, style: Style, random: Random) -> None:
    """Lines and letters that lie under the plan: grid axes, watermarks, site lines."""
    height, width = gray.shape
    page = Canvas(gray, np.eye(2, 3))
    for _ in range(random.choice([0, 0, 2, 5])):
        tone = random.choice([style.ink, 150, 200])
        dash = random.choice([0, 8, 14])
        if random.random() < 0.5:
            x = random.uniform(0, width)
            page.line([(x, 0), (x, height)], tone, 1, dash)
        else:
            y = random.uniform(0, height)
            page.line([(0, y), (width, y)], tone, 1, dash)
    if random.random() < 0.1:
        page.text("SAMPLE", (width / 2, height / 2), width / 6, 225)


def _notes_around(
    gray: Gray, labels: NDArray[np.int32], parts: NDArray[np.uint8], style: Style, random: Random
) -> list[Written]:
    """Text, compass roses, tables and stamps where no room is."""
    height, width = gray.shape
    page = Canvas(gray, np.eye(2, 3), parts)
    for _ in range(random.choice([0, 1, 3, 6])):
        spot = (random.uniform(0, width), random.uniform(0, height))
        size = random.uniform(8, max(9, width / 30))
        around = [
            max(0, int(v))
            for v in (spot[1] - 3 * size, spot[1] + 3 * size, spot[0] - 6 * size, spot[0] + 6 * size)
        ]
        if labels[around[0] : around[1], around[2] : around[3]].any():
            continue
        kind = random.random()
        if kind < 0.6:
            for row in range(random.choice([1, 1, 2, 4])):
                page.text(random.choice(NOTES), (spot[0], spot[1] + 1.4 * size * row), size, style.ink)
        elif kind < 0.75:
            turn = [2 * math.pi * k / 24 for k in range(25)]
            page.line(
                [(spot[0] + 2 * size * math.cos(a), spot[1] + 2 * size * math.sin(a)) for a in turn],
                style.ink,
                1,
            )
            page.line([(spot[0], spot[1] + 2.5 * size), (spot[0], spot[1] - 3 * size)], style.ink, 2)
        else:
            _table(page, spot, size, style, random)
    return page.written


def _table(page: Canvas, spot: tuple[float, float], size: float, style: Style, random: Random) -> None:
    rows, columns = random.randint(2, 6), random.randint(1, 4)
    wide, high = size * random.uniform(3, 8), size * 1.6
    page.mark(box(*spot, spot[0] + columns * wide, spot[1] + rows * high), Part.SHEET)
    for row in range(rows + 1):
        page.line(
            [(spot[0], spot[1] + row * high), (spot[0] + columns * wide, spot[1] + row * high)], style.ink, 1
        )
    for column in range(columns + 1):
        x = spot[0] + column * wide
        page.line([(x, spot[1]), (x, spot[1] + rows * high)], style.ink, 1)
    for row in range(rows):
        page.text(
            random.choice(NOTES)[:8],
            (spot[0] + wide / 2, spot[1] + (row + 0.5) * high),
            size * 0.8,
            style.ink,
        )


def _dimension_strings(canvas: Canvas, plan: FloorPlan, style: Style, random: Random) -> None:
    x0, y0, _, _ = unary_union([s.outline for s in plan.spaces]).bounds
    away = 5 * style.letter_mm * random.uniform(0.6, 1.5)
    for axis in (0, 1):
        cuts = sorted({round(p[axis], -2) for w in plan.walls if w.outer for p in w.line.coords})
        cuts = [c for k, c in enumerate(cuts) if k == 0 or c - cuts[k - 1] > 600]
        if len(cuts) < 2:
            continue
        base = (y0 if axis == 0 else x0) - away

        def at(v: float, off: float = 0.0, axis: int = axis, base: float = base) -> tuple[float, float]:
            return (v, base + off) if axis == 0 else (base + off, v)

        canvas.line([at(cuts[0]), at(cuts[-1])], style.ink, 1)
        for cut in cuts:
            canvas.line([at(cut, -200), at(cut, away * 0.8)], style.ink, 1)
        for a, b in pairwise(cuts):
            size = 0.7 * style.letter_mm * canvas.px_per_mm
            if size >= 6:
                canvas.text(
                    f"{b - a:.0f}", canvas.points([at((a + b) / 2, -style.letter_mm)])[0], size, style.ink
                )


def _eaves(canvas: Canvas, plan: FloorPlan, style: Style) -> None:
    roof = unary_union([s.outline for s in plan.spaces]).buffer(700, join_style="mitre")
    canvas.line(roof.convex_hull.envelope.exterior.coords, style.ink, 1, 6)


def _border(gray: Gray, style: Style, random: Random) -> None:
    height, width = gray.shape
    inset = random.randint(2, 10)
    cv2.rectangle(gray, (inset, inset), (width - inset, height - inset), style.ink, random.choice([1, 2]))


def worn(gray: Gray, random: Random) -> Gray:
    """The page after printing, copying and saving; sometimes inverted like a blueprint."""
    noise = np.random.default_rng(random.randrange(1 << 30))
    page = gray.astype(np.float32)
    if random.random() < 0.12:
        page = 255 - 0.75 * page
    if random.random() < 0.3:
        page = cv2.GaussianBlur(page, (0, 0), random.uniform(0.4, 1.4))
    if random.random() < 0.25:
        across = np.linspace(-1, 1, page.shape[1]) * random.uniform(-1, 1)
        down = np.linspace(-1, 1, page.shape[0]) * random.uniform(-1, 1)
        page *= 1 - random.uniform(0.02, 0.15) * (across + down[:, None] + 1) / 2
    if random.random() < 0.3:
        page += noise.normal(0, random.uniform(2, 14), page.shape)
    if random.random() < 0.15:
        count = int(page.size * random.uniform(5e-5, 4e-3))
        page[noise.integers(0, page.shape[0], count), noise.integers(0, page.shape[1], count)] = (
            random.choice([0, 60, 255])
        )
    shown = page.clip(0, 255).astype(np.uint8)
    if random.random() < 0.15:
        shown = np.where(shown > random.choice([120, 160, 190]), 255, 0).astype(np.uint8)
    if random.random() < 0.35:
        quality = random.choice([25, 40, 60, 80])
        shown = cv2.imdecode(
            cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_GRAYSCALE
        )
    return np.asarray(shown, np.uint8)
