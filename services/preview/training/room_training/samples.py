"""Pages as the network sees them, with what it is to answer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import PAGE_SIDE, Drawing
from preview.rooms.network.floor_network import STRIDE, network_input
from preview.rooms.options import DEFAULTS
from preview.rooms.page.ink import find_ink
from preview.rooms.page.sheet_border import remove_sheet_border
from room_training.buildings import invent
from room_training.flats import read_flat
from room_training.parts import ANY, IN_ROOM, NO_ROOM, Part, Parts, any_of
from room_training.sheet import Gray, Sheet, draw_sheet, worn

Labels = NDArray[np.int32]
_Value = TypeVar("_Value", bound=np.generic)
OTHER, FLOOR, EDGE = range(3)
"""Classes of a pixel: outdoors or inside a wall; floor of a room; within a pixel of a room's outline."""
UNSURE = 0.3
"""Weight of ground between rooms annotated as boxes: such annotations leave rooms out."""
BLACK = 12
"""Gray level up to which ground is what a turned picture left bare, or lost transparency."""
BLACK_CORNER = 0.002
BLACK_GROUND = 0.3
"""Share of a picture from which one corner, or the whole ground, is taken for it."""
PARTS_STEP = 2
"""Cells of the answer to one of the parts' map."""
INPUT_SIDE = DEFAULTS.network.sides_px[0]
OUT_SIDE = INPUT_SIDE // STRIDE
SMALLEST, LARGEST = 0.7, 2.0
"""Shares of the input that a drawing's long side takes; of drawings larger than it a part is seen."""
BROADEST_PX = 32.0 * STRIDE
"""Median rooms are enlarged to this breadth at most: the detector enlarges dense floors only."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``picture`` (2, side, side) float32; at the stride: ``classes`` and ``weights``; ``boxes`` (4, h, w)
    of distances in input pixels to the room's left, top, right and bottom, and ``depth``, the distance to
    its outline, 0 where no room is; at half of that, ``parts``, the set of what may be there."""

    picture: NDArray[np.float32]
    classes: NDArray[np.int64]
    weights: NDArray[np.float32]
    boxes: NDArray[np.float32]
    depth: NDArray[np.float32]
    parts: Parts


@dataclass(frozen=True, slots=True)
class Truth:
    """What is known of a picture: the number of the room at each pixel, how far that is to be believed
    (``sure``), and the set of parts that a pixel may show."""

    labels: Labels
    sure: NDArray[np.float32]
    parts: Parts


def drawn_sample(flats: Sequence[Path], random: Random) -> Sample:
    """A page of invented buildings, or flats out of ``flats``, of which there may be none."""
    sheet = drawn_page(flats, random)
    sure = np.ones(sheet.labels.shape, np.float32)
    return _sample(
        sheet.gray, Truth(sheet.labels, sure, np.left_shift(1, sheet.parts, dtype=np.int32)), random
    )


def drawn_page(flats: Sequence[Path], random: Random) -> Sheet:
    """A page with at least one room."""
    while True:
        wanted = random.choice([1, 1, 1, 2])
        plans = [
            read_flat(random.choice(flats), random) if flats and random.random() < 0.6 else invent(random)
            for _ in range(wanted)
        ]
        closed = [plan for plan in plans if plan]
        if closed:
            page = draw_sheet(closed, random)
            if page.labels.any():
                return page


def annotated_sample(path: Path, random: Random) -> Sample:
    """An annotated picture, turned, mirrored and worn anew."""
    gray, truth = annotated_page(path, random, wear=random.random() < 0.5)
    return _sample(gray, truth, random)


def annotated_page(path: Path, random: Random, wear: bool) -> tuple[Gray, Truth]:
    """An annotated picture turned and mirrored, and what is known of it."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    gray = cv2.imread(str(path.parent / facts["image"]), cv2.IMREAD_GRAYSCALE)
    gray, bare = _without_black(gray)
    truth = _walls_of(facts, gray.shape) if "walls" in facts else _rooms_of(facts, gray.shape)
    truth.sure[bare], truth.parts[bare] = 0, 0
    gray, labels, sure, parts = _turned((gray, truth.labels, truth.sure, truth.parts), random)
    return worn(gray, random) if wear else gray, Truth(labels, sure, parts)


def _rooms_of(facts: dict[str, Any], shape: tuple[int, ...]) -> Truth:
    """Rooms annotated by outline are believed, and the ground between them; those annotated as boxes leave
    out others."""
    labels = np.zeros(shape, np.int32)
    rings = [np.array(room["polygon"], np.float32) for room in facts["rooms"]]
    for number, ring in enumerate(sorted(rings, key=lambda ring: -cv2.contourArea(ring)), start=1):
        cv2.fillPoly(labels, [np.round(ring * 16).astype(np.int32)], number, shift=4)
    sure = np.ones(shape, np.float32)
    parts = np.full(shape, NO_ROOM, np.int32)
    if rings and not facts.get("polygons"):
        cv2.fillPoly(sure, [cv2.convexHull(np.vstack(rings)).astype(np.int32)], UNSURE)
        parts[sure < 1] = 0
    sure[labels > 0], parts[labels > 0] = 1, IN_ROOM
    return Truth(labels, sure, parts)


def _walls_of(facts: dict[str, Any], shape: tuple[int, ...]) -> Truth:
    """Walls are all that is known."""
    parts = np.full(shape, ANY & ~any_of(Part.WALL), np.int32)
    for ring in facts["walls"]:
        cv2.fillPoly(parts, [np.array(ring).round().astype(np.int32)], any_of(Part.WALL))
    return Truth(np.zeros(shape, np.int32), np.zeros(shape, np.float32), parts)


def _without_black(gray: Gray) -> tuple[Gray, NDArray[np.bool_]]:
    """The picture on white, and where it was bare because it had been turned."""
    black = gray <= BLACK
    if black.mean() > BLACK_GROUND:
        return np.where(black, np.uint8(255), gray), np.zeros(gray.shape, bool)
    _, numbers, facts, _ = cv2.connectedComponentsWithStats(black.view(np.uint8))
    corners = {int(numbers[row, column]) for row in (0, -1) for column in (0, -1)} - {0}
    large = [n for n in corners if facts[n, cv2.CC_STAT_AREA] > BLACK_CORNER * gray.size]
    if not large:
        return gray, np.zeros(gray.shape, bool)
    bare = cv2.dilate(np.isin(numbers, large).view(np.uint8), np.ones((5, 5), np.uint8)) > 0
    return np.where(bare, np.uint8(255), gray), bare


def _turned(rasters: Sequence[NDArray[Any]], random: Random) -> list[NDArray[Any]]:
    turns, mirrored = random.randrange(4), random.random() < 0.5
    stretch = np.exp(random.gauss(0, 0.2)) if random.random() < 0.5 else 1.0
    out = []
    for raster in rasters:
        turned = np.rot90(raster, turns)
        turned = np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)
        flag = cv2.INTER_AREA if raster.dtype == np.uint8 else cv2.INTER_NEAREST
        out.append(cv2.resize(turned, None, fx=stretch, fy=1 / stretch, interpolation=flag))
    return out


def _sample(gray: Gray, truth: Truth, random: Random) -> Sample:
    ink = find_ink(np.ascontiguousarray(gray), DEFAULTS.resolution.working_side_px, DEFAULTS.ink)
    drawing = remove_sheet_border(ink, DEFAULTS.sheet_border)
    rooms = _on_network_grid(truth.labels, drawing, gray.shape, OUT_SIDE)
    cells = PARTS_STEP * round(OUT_SIDE * _scale(rooms, random) / PARTS_STEP)
    labels = _on_network_grid(truth.labels, drawing, gray.shape, cells)
    weights = _on_network_grid(truth.sure, drawing, gray.shape, cells, outside=1)
    parts = _on_network_grid(truth.parts, drawing, gray.shape, cells // PARTS_STEP)
    room = max(0, cells - OUT_SIDE) // PARTS_STEP
    left, top = (PARTS_STEP * random.randint(0, room) for _ in range(2))
    return Sample(
        _window(network_input(drawing, cells * STRIDE), left * STRIDE, top * STRIDE, INPUT_SIDE),
        _window(_classes(labels), left, top, OUT_SIDE),
        _window(weights, left, top, OUT_SIDE, outside=1),
        _window(_boxes(labels), left, top, OUT_SIDE),
        _window(_depth(labels), left, top, OUT_SIDE),
        _window(parts, left // PARTS_STEP, top // PARTS_STEP, OUT_SIDE // PARTS_STEP, outside=1),
    )


def _scale(labels: Labels, random: Random) -> float:
    """A share of the input for the drawing's long side, given its rooms where it fills the input."""
    areas = np.unique(labels[labels > 0], return_counts=True)[1]
    breadth = STRIDE * float(np.median(areas)) ** 0.5 if areas.size else BROADEST_PX
    largest = min(LARGEST, max(1.0, BROADEST_PX / breadth))
    return SMALLEST * (largest / SMALLEST) ** random.random()


def _window(raster: NDArray[_Value], left: int, top: int, side: int, outside: float = 0) -> NDArray[_Value]:
    """The square of ``side`` pixels that begins at ``left`` and ``top``."""
    window = np.full((*raster.shape[:-2], side, side), outside, raster.dtype)
    seen = raster[..., top : top + side, left : left + side]
    window[..., : seen.shape[-2], : seen.shape[-1]] = seen
    return window


def _on_network_grid(
    raster: NDArray[_Value], drawing: Drawing, page: tuple[int, ...], cells: int, outside: float = 0
) -> NDArray[_Value]:
    """``raster`` of the page, sampled at the centres of ``cells`` x ``cells`` answers of the network."""
    centres = (np.arange(cells) + 0.5) * drawing.long_side_px / cells
    page_px = np.array([page[1], page[0]]) / PAGE_SIDE
    across = (centres * drawing.to_page[0, 0] + drawing.to_page[0, 2]) * page_px[0]
    down = (centres * drawing.to_page[1, 1] + drawing.to_page[1, 2]) * page_px[1]
    sampled = raster[np.clip(down, 0, page[0] - 1).astype(int)][
        :, np.clip(across, 0, page[1] - 1).astype(int)
    ].copy()
    sampled[(down < 0) | (down >= page[0])] = outside
    sampled[:, (across < 0) | (across >= page[1])] = outside
    return sampled


def _classes(labels: Labels) -> NDArray[np.int64]:
    as_float = labels.astype(np.float32)
    square = np.ones((3, 3), np.uint8)
    edge = cv2.dilate(as_float, square) != cv2.erode(as_float, square)
    return np.where(edge, EDGE, np.where(labels > 0, FLOOR, OTHER)).astype(np.int64)


def _depth(labels: Labels) -> NDArray[np.float32]:
    floor = (_classes(labels) == FLOOR).astype(np.uint8)
    return np.asarray(cv2.distanceTransform(floor, cv2.DIST_L2, 3) * STRIDE, np.float32)


def _boxes(labels: Labels) -> NDArray[np.float32]:
    boxes = np.zeros((4, *labels.shape), np.float32)
    for number in np.unique(labels[labels > 0]):
        rows, columns = np.nonzero(labels == number)
        boxes[0, rows, columns] = columns - columns.min() + 0.5
        boxes[1, rows, columns] = rows - rows.min() + 0.5
        boxes[2, rows, columns] = columns.max() - columns + 0.5
        boxes[3, rows, columns] = rows.max() - rows + 0.5
    return boxes * STRIDE
