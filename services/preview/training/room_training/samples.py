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
from room_training.canvas import Written
from room_training.flats import read_flat
from room_training.sheet import Gray, draw_sheet, worn

Labels = NDArray[np.int32]
_Value = TypeVar("_Value", bound=np.generic)
OTHER, FLOOR, EDGE = range(3)
"""Classes of a pixel: outdoors or inside a wall; floor of a room; within a pixel of a room's outline."""
UNSURE = 0.3
"""Weight of ground between annotated rooms where annotations are known to leave rooms out."""
INPUT_SIDE = DEFAULTS.network.sides_px[0]
OUT_SIDE = INPUT_SIDE // STRIDE
SMALLEST, LARGEST = 0.7, 2.0
"""Shares of the input that a drawing's long side takes; of drawings larger than it a part is seen."""
BROADEST_PX = 64.0
"""Median rooms are enlarged to this breadth at most: the detector enlarges dense floors only."""


@dataclass(frozen=True, slots=True)
class Sample:
    """``picture`` (2, side, side) float32; at the stride: ``classes`` and ``weights``; ``boxes`` (4, h, w)
    of distances in input pixels to the room's left, top, right and bottom, 0 where no room is."""

    picture: NDArray[np.float32]
    classes: NDArray[np.int64]
    weights: NDArray[np.float32]
    boxes: NDArray[np.float32]


def drawn_sample(flats: Sequence[Path], random: Random) -> Sample:
    """A page of invented buildings, or flats out of ``flats``, of which there may be none."""
    gray, labels, _ = drawn_page(flats, random)
    return _sample(gray, labels, None, random)


def drawn_page(flats: Sequence[Path], random: Random) -> tuple[Gray, NDArray[np.int32], list[Written]]:
    """A page with at least one room, as ``draw_sheet`` gives it."""
    while True:
        wanted = random.choice([1, 1, 1, 2])
        plans = [
            read_flat(random.choice(flats), random) if flats and random.random() < 0.6 else invent(random)
            for _ in range(wanted)
        ]
        closed = [plan for plan in plans if plan]
        if closed:
            page = draw_sheet(closed, random)
            if page[1].any():
                return page


def annotated_sample(path: Path, random: Random) -> Sample:
    """An annotated picture, turned, mirrored and worn anew."""
    gray, labels, sure = annotated_page(path, random, wear=random.random() < 0.5)
    return _sample(gray, labels, sure, random)


def annotated_page(
    path: Path, random: Random, wear: bool
) -> tuple[Gray, NDArray[np.int32], NDArray[np.float32]]:
    """An annotated picture turned and mirrored, its rooms, and how far its annotation is to be believed."""
    facts = json.loads(path.read_text(encoding="utf-8"))
    gray = cv2.imread(str(path.parent / facts["image"]), cv2.IMREAD_GRAYSCALE)
    labels = np.zeros(gray.shape, np.int32)
    rings = [np.array(room["polygon"], np.float32) for room in facts["rooms"]]
    for number, ring in enumerate(sorted(rings, key=lambda ring: -cv2.contourArea(ring)), start=1):
        cv2.fillPoly(labels, [np.round(ring * 16).astype(np.int32)], number, shift=4)
    sure = np.ones(gray.shape, np.float32)
    if rings:
        cv2.fillPoly(sure, [cv2.convexHull(np.vstack(rings)).astype(np.int32)], UNSURE)
    sure[labels > 0] = 1
    gray, labels, sure = _turned((gray, labels, sure), random)
    return worn(gray, random) if wear else gray, labels, sure


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


def _sample(gray: Gray, labels: Labels, sure: NDArray[np.float32] | None, random: Random) -> Sample:
    ink = find_ink(np.ascontiguousarray(gray), DEFAULTS.resolution.working_side_px, DEFAULTS.ink)
    drawing = remove_sheet_border(ink, DEFAULTS.sheet_border)
    cells = round(OUT_SIDE * _scale(_on_network_grid(labels, drawing, gray.shape, OUT_SIDE), random))
    labels = _on_network_grid(labels, drawing, gray.shape, cells)
    weights = np.ones(labels.shape, np.float32)
    if sure is not None:
        weights = _on_network_grid(sure, drawing, gray.shape, cells, outside=1)
    left, top = (random.randint(0, max(0, cells - OUT_SIDE)) for _ in range(2))
    return Sample(
        _window(network_input(drawing, cells * STRIDE), left * STRIDE, top * STRIDE, INPUT_SIDE),
        _window(_classes(labels), left, top, OUT_SIDE),
        _window(weights, left, top, OUT_SIDE, outside=1),
        _window(_boxes(labels), left, top, OUT_SIDE),
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


def _boxes(labels: Labels) -> NDArray[np.float32]:
    boxes = np.zeros((4, *labels.shape), np.float32)
    for number in np.unique(labels[labels > 0]):
        rows, columns = np.nonzero(labels == number)
        boxes[0, rows, columns] = columns - columns.min() + 0.5
        boxes[1, rows, columns] = rows - rows.min() + 0.5
        boxes[2, rows, columns] = columns.max() - columns + 0.5
        boxes[3, rows, columns] = rows.max() - rows + 0.5
    return boxes * STRIDE
