"""Stage 9, second half: what the floor network says of each area found, by whatever means."""

from collections.abc import Sequence

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from preview.rooms.geometry.boxes import iou_matrix
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask
from preview.rooms.network.floor_network import FloorMaps, Map
from preview.rooms.options import DetectorOptions
from preview.rooms.walls.enclosed_areas import Enclosed

_RIM = np.ones((5, 5), np.uint8)
"""What is within two cells of an outline is rim: the network calls one cell on either side of it edge."""


def seen_by_network(
    areas: Sequence[Enclosed], maps: FloorMaps, drawing: Drawing, options: DetectorOptions
) -> list[dict[str, float]]:
    """For each of ``areas`` the fields of ``Region`` that come from the network; none if off its maps."""
    height, width = maps.floor.shape
    ink = cv2.resize(drawing.ink, (width, height), interpolation=cv2.INTER_AREA) / np.float32(255)
    cells = cv2.merge([maps.floor, maps.edge, ink])
    rings = [area.contour / maps.cell_px for area in areas]
    boxes = np.array([[*ring.min(axis=0), *ring.max(axis=0)] for ring in rings], np.float32).reshape(-1, 4)
    votes = _Votes(maps, boxes, options)
    return [_seen(index, ring, cells, votes) for index, ring in enumerate(rings)]


class _Votes:
    """Some cells of floor, and how well the box of each fits every area's."""

    def __init__(self, maps: FloorMaps, boxes: Map, options: DetectorOptions) -> None:
        self.same_box = options.same_box
        self.step = max(2, round(max(maps.floor.shape) / options.asked_cells))
        asked = maps.floor[:: self.step, :: self.step] > options.vote_floor
        self.number = np.where(asked, np.cumsum(asked).reshape(asked.shape) - 1, -1)
        self.fit = iou_matrix(maps.boxes[:: self.step, :: self.step][asked], boxes)
        self.claimed = self.fit >= options.as_good * self.fit.max(axis=1, initial=1e-6, keepdims=True)

    def of(self, index: int, mask: Mask, left: int, top: int) -> dict[str, float]:
        """How well the cells of an area vote for it."""
        rows, columns = -top % self.step, -left % self.step
        inside = mask[rows :: self.step, columns :: self.step].astype(bool)
        first_row, first_column = (top + rows) // self.step, (left + columns) // self.step
        numbers = self.number[first_row:, first_column:][: inside.shape[0], : inside.shape[1]]
        cells = numbers[inside[: numbers.shape[0], : numbers.shape[1]]]
        cells = cells[cells >= 0]
        if not len(cells):
            return {}
        fit = self.fit[cells, index]
        return {
            "box_match": float(fit.mean()),
            "box_share": float((fit > self.same_box).mean()),
            "claim": float(self.claimed[cells, index].mean()),
        }


def _seen(index: int, ring: NDArray[np.float64], cells: MatLike, votes: _Votes) -> dict[str, float]:
    left, top = np.floor(ring.min(axis=0)).clip(0).astype(int).tolist()
    width, height = (np.ceil(ring.max(axis=0)).astype(int) - (left, top) + 1).tolist()
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round((ring - (left, top)) * 16 - 8).astype(np.int32)], 1, shift=4)
    window = cells[top : top + height, left : left + width]
    mask = np.ascontiguousarray(mask[: window.shape[0], : window.shape[1]])
    if not mask.any():
        return {}
    deep = cv2.erode(mask, _RIM, borderValue=0)
    floor, edge, ink, _ = cv2.mean(window, deep if deep.any() else mask)
    rim = cv2.mean(window, cv2.subtract(mask, deep))[1]
    return {"floor": floor, "edge": edge, "ink_inside": ink, "rim": rim, **votes.of(index, mask, left, top)}
