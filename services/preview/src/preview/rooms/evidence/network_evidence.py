"""What the floor network says of each area, whichever hypothesis found it."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

from preview.rooms.geometry.boxes import iou_matrix
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask
from preview.rooms.network.floor_network import FloorMaps, Map
from preview.rooms.walls.enclosed_areas import EnclosedArea

_BOUNDARY = np.ones((5, 5), np.uint8)
"""Cells within two of an outline are its boundary: the network calls one cell on either side of it edge."""


@dataclass(frozen=True, slots=True)
class NetworkEvidenceOptions:
    """Which cells vote, and for which areas. The trees have learned from figures with all but the first."""

    least_floor: float = 0.35
    """Least probability of floor of a cell that votes with the box of its room: a little less likely than
    not. Chosen, not measured."""
    voting_cells: int = 80
    """So many cells along the long side vote: enough for a closet, few enough for 10 ms."""
    same_box_iou: float = 0.5
    """IoU from which a cell's box is a region's: what counts as found."""
    nearly_best: float = 0.9
    """A cell votes also for a region that its box fits this share as well as the best: duplicates of one
    room share its cells. Chosen, not measured."""


def network_evidence(
    areas: Sequence[EnclosedArea], maps: FloorMaps, drawing: Drawing, options: NetworkEvidenceOptions
) -> list[dict[str, float]]:
    """For each of ``areas`` the fields of ``Region`` that come from the network; none if off its maps."""
    height, width = maps.floor.shape
    ink = cv2.resize(drawing.ink, (width, height), interpolation=cv2.INTER_AREA) / np.float32(255)
    cells = cv2.merge([maps.floor, maps.edge, ink])
    rings = [area.contour / maps.cell_px for area in areas]
    boxes = np.array([[*ring.min(axis=0), *ring.max(axis=0)] for ring in rings], np.float32).reshape(-1, 4)
    votes = _BoxVotes(maps, boxes, options)
    return [_evidence(index, ring, cells, votes) for index, ring in enumerate(rings)]


class _BoxVotes:
    """The cells of floor that vote, and the IoU of the box of each with that of every area."""

    def __init__(self, maps: FloorMaps, boxes: Map, options: NetworkEvidenceOptions) -> None:
        self._same_box_iou = options.same_box_iou
        self._step = max(2, round(max(maps.floor.shape) / options.voting_cells))
        votes = maps.floor[:: self._step, :: self._step] > options.least_floor
        self._number = np.where(votes, np.cumsum(votes).reshape(votes.shape) - 1, -1)
        self._iou = iou_matrix(maps.boxes[:: self._step, :: self._step][votes], boxes)
        best = self._iou.max(axis=1, initial=1e-6, keepdims=True)
        self._is_exclusive = self._iou >= options.nearly_best * best

    def for_area(self, index: int, mask: Mask, left: int, top: int) -> dict[str, float]:
        """How the cells in the ``mask`` of an area vote for it; nothing if none of them votes."""
        cells = self._voting(mask, left, top)
        if not len(cells):
            return {}
        iou = self._iou[cells, index]
        return {
            "mean_box_iou": float(iou.mean()),
            "box_vote_share": float((iou > self._same_box_iou).mean()),
            "exclusive_vote_share": float(self._is_exclusive[cells, index].mean()),
        }

    def _voting(self, mask: Mask, left: int, top: int) -> NDArray[np.int64]:
        """Numbers of the voting cells under ``mask``."""
        rows, columns = -top % self._step, -left % self._step
        inside = mask[rows :: self._step, columns :: self._step].astype(bool)
        first_row, first_column = (top + rows) // self._step, (left + columns) // self._step
        numbers = self._number[first_row:, first_column:][: inside.shape[0], : inside.shape[1]]
        cells = numbers[inside[: numbers.shape[0], : numbers.shape[1]]]
        return np.asarray(cells[cells >= 0], np.int64)


def _evidence(index: int, ring: NDArray[np.float64], cells: MatLike, votes: _BoxVotes) -> dict[str, float]:
    left, top = np.floor(ring.min(axis=0)).clip(0).astype(int).tolist()
    filled = _filled(ring, left, top)
    window = cells[top : top + filled.shape[0], left : left + filled.shape[1]]
    mask = np.ascontiguousarray(filled[: window.shape[0], : window.shape[1]])
    if not mask.any():
        return {}
    deep = cv2.erode(mask, _BOUNDARY, borderValue=0)
    floor, edge, ink, _ = cv2.mean(window, deep if deep.any() else mask)
    return {
        "floor": floor,
        "edge": edge,
        "ink_inside": ink,
        "boundary_edge": cv2.mean(window, cv2.subtract(mask, deep))[1],
        **votes.for_area(index, mask, left, top),
    }


def _filled(ring: NDArray[np.float64], left: int, top: int) -> Mask:
    """The cells inside ``ring``, as a mask whose first cell is at ``left``, ``top``."""
    width, height = (np.ceil(ring.max(axis=0)).astype(int) - (left, top) + 1).tolist()
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round((ring - (left, top)) * 16 - 8).astype(np.int32)], 1, shift=4)
    return mask
