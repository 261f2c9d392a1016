"""Regions, labels and the floor network's maps, made by hand."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.domain.room import Box
from preview.rooms.evidence.region import Region
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network.floor_network import CONTEXT_CHANNELS, CONTEXT_STEP, FloorMaps, Part
from preview.rooms.text.labels import Label
from preview.rooms.text.text_kinds import TextKind
from preview.rooms.walls.enclosed_areas import EnclosedArea

CELLS, CELL_PX = 100, 4
SIDE_PX = CELLS * CELL_PX

CellBox = tuple[int, int, int, int]
"""First and past-the-last column and row, as ``(x0, y0, x1, y1)`` in cells."""

ORDINARY = {
    "area": 0.04, "mean_width": 0.05, "agreement": 0.5, "ink_support": 0.9, "wall_support": 0.9,
    "compactness": 1.0, "aspect_ratio": 1.0,
}  # fmt: skip


def region(box: Box = (100.0, 100.0, 300.0, 300.0), **fields: Any) -> Region:
    """An ordinary rectangular region but for ``fields``; its share of the page is that of its box."""
    x_min, y_min, x_max, y_max = box
    ring = ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))
    area = (x_max - x_min) * (y_max - y_min) / 1e6
    return Region(ring, box, **{**ORDINARY, "area": area, **fields})


def label(kind: TextKind, name: str = "", anchor: tuple[float, float] = (200.0, 200.0)) -> Label:
    """A label whose anchor lies in the middle of the ordinary region."""
    return Label(kind, name, anchor)


def drawing_of(ink: NDArray[np.uint8] | None = None) -> Drawing:
    """A page of ``SIDE_PX`` squared, bare but for ``ink``."""
    ink = np.zeros((SIDE_PX, SIDE_PX), np.uint8) if ink is None else ink
    return Drawing.whole_page(ink, np.bitwise_not(ink))


def maps_of(*rooms: CellBox, floor: float = 1.0, edge: float = 1.0) -> FloorMaps:
    """What a network answers that is sure of ``rooms``: floor inside, edge along each outline."""
    floors, edges = np.zeros((2, CELLS, CELLS), np.float32)
    boxes = np.zeros((CELLS, CELLS, 4), np.float32)
    boxes[..., 2:] = 1
    for x0, y0, x1, y1 in rooms:
        edges[y0:y1, x0:x1] = edge
        edges[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] = 0
        floors[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1] = floor
        boxes[y0:y1, x0:x1] = (x0, y0, x1, y1)
    blocks = CELLS // CONTEXT_STEP
    context, parts = (np.zeros((blocks, blocks, n), np.float32) for n in (CONTEXT_CHANNELS, len(Part)))
    depth = cv2.distanceTransform((floors > 0).view(np.uint8), cv2.DIST_L2, 3)
    return FloorMaps(floors, edges, boxes, np.asarray(depth, np.float32), context, parts, float(CELL_PX))


def area_of(cells: CellBox) -> EnclosedArea:
    """The rectangle over ``cells`` as an area found on the raster, its outline pixel by pixel."""
    x0, y0, x1, y1 = (side * CELL_PX for side in cells)
    left, top = min(0, x0), min(0, y0)
    mask = np.zeros((y1 - top, x1 - left), np.uint8)
    mask[y0 - top :, x0 - left :] = 255
    ring = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)[0][0][:, 0] + (left, top)
    return EnclosedArea(ring.astype(np.int32), (x0, y0, x1 - x0, y1 - y0), float((x1 - x0) * (y1 - y0)))
