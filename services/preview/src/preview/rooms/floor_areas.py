"""Stage 8: areas that the floor network sees, beside those that walls enclose."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.boxes import iou_matrix
from preview.rooms.drawing import Drawing
from preview.rooms.enclosed import Contour, Enclosed, enclosed_areas
from preview.rooms.floor_network import FloorMaps, Map
from preview.rooms.morphology import Mask, dilated
from preview.rooms.options import DetectorOptions
from preview.rooms.walls import LINE_PX, Walls


def network_side(breadth: float, options: DetectorOptions) -> int:
    """Long side for the network, pixels, at which a room of ``breadth`` (share of the long side) is clear."""
    least, most = options.network_sides_px
    return int(min(most, max(least, options.room_breadth_px / breadth)))


def hypotheses_of(options: DetectorOptions) -> int:
    """How many hypotheses ``floor_areas`` tries."""
    return len(options.floor_levels) + len(options.edge_levels) + 1


def floor_areas(
    maps: FloorMaps, walls: Sequence[Walls], drawing: Drawing, options: DetectorOptions
) -> Iterator[tuple[int, Enclosed]]:
    """Areas with the number of the hypothesis that found them.

    Floors at several levels of certainty; the most solid of ``walls`` closed by the edges that the network
    sees; boxes on which the cells of a floor agree.
    """
    floor, edge = (_over(cells, maps, drawing) for cells in (maps.floor, maps.edge))
    solid = walls[0]
    hypotheses = [
        *(_connected(floor < level, maps, options) for level in options.floor_levels),
        *(
            enclosed_areas(solid.mask | _mask(edge > level), solid.thickness_px, options)
            for level in options.edge_levels
        ),
        _voted_areas(maps, drawing, options),
    ]
    for number, areas in enumerate(hypotheses):
        yield from ((number, area) for area in areas)


def _connected(elsewhere: NDArray[np.bool_], maps: FloorMaps, options: DetectorOptions) -> Iterator[Enclosed]:
    """Connected floors, grown by the cell that is their edge."""
    for area in enclosed_areas(_mask(elsewhere), LINE_PX, options):
        yield _grown(area, round(options.floor_edge_cells * maps.cell_px), elsewhere.shape)


def _mask(chosen: NDArray[np.bool_]) -> Mask:
    return np.asarray(chosen.view(np.uint8) * np.uint8(255), np.uint8)


def _voted_areas(maps: FloorMaps, drawing: Drawing, options: DetectorOptions) -> Iterator[Enclosed]:
    """Floors whose cells agree on the box of their room, whatever lies between them."""
    step = options.vote_step
    boxes = maps.boxes[::step, ::step]
    rows, columns = np.nonzero(maps.floor[::step, ::step] > options.vote_floor)
    corners, weights = boxes[rows, columns], maps.floor[::step, ::step][rows, columns]
    left = np.ones(len(corners), bool)
    agreement = _density(corners, weights, options)
    for _ in range(options.most_votes):
        if not left.any():
            return
        best = int(np.argmax(np.where(left, agreement, -1)))
        alike = iou_matrix(corners, corners[best : best + 1])[:, 0] > options.vote_iou
        left &= ~alike
        if alike.sum() >= options.fewest_voters:
            area = _voted(corners[alike], maps, drawing, options)
            if area:
                yield area


def _density(corners: Map, weights: Map, options: DetectorOptions) -> Map:
    """How many cells say about the same box, by a coarse grid of boxes."""
    keys = np.round(corners / options.alike_cells).astype(np.int64)
    _, cell, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    return np.asarray(counts[cell.ravel()] * weights, np.float32)


def _voted(corners: Map, maps: FloorMaps, drawing: Drawing, options: DetectorOptions) -> Enclosed | None:
    height, width = drawing.ink.shape
    x0, y0, x1, y1 = (_snapped(np.median(corners, axis=0), maps, options) * maps.cell_px).tolist()
    box = np.round([max(1, x0), max(1, y0), min(width - 2, x1), min(height - 2, y1)]).astype(np.int32)
    sides = box[2:] - box[:2]
    if sides.min() < options.narrowest * max(width, height):
        return None
    return _outlined(_boundary(*box.tolist()))


def _boundary(x0: int, y0: int, x1: int, y1: int) -> Contour:
    """Every pixel around a rectangle, as contours are traced."""
    across, down = np.arange(x0, x1), np.arange(y0, y1)
    sides = [
        np.column_stack([across, np.full_like(across, y0)]),
        np.column_stack([np.full_like(down, x1), down]),
        np.column_stack([across[::-1] + 1, np.full_like(across, y1)]),
        np.column_stack([np.full_like(down, x0), down[::-1] + 1]),
    ]
    return np.asarray(np.vstack(sides), np.int32)


def _snapped(box: Map, maps: FloorMaps, options: DetectorOptions) -> Map:
    """``box`` with each side moved to the strongest edge near it, if there is one."""
    height, width = maps.edge.shape
    x0, y0, x1, y1 = np.round(box).astype(int).clip(0, [width, height, width, height]).tolist()
    across, down = maps.edge[y0:y1], maps.edge[:, x0:x1]
    if not (across.size and down.size):
        return box
    profiles = (across.mean(axis=0), down.mean(axis=1))
    return np.array([_nearest_peak(profiles[k % 2], box[k], options) for k in range(4)], np.float32)


def _nearest_peak(profile: Map, at: float, options: DetectorOptions) -> float:
    first = max(0, round(float(at)) - options.snap_cells)
    near = profile[first : round(float(at)) + options.snap_cells]
    if not len(near) or near.max() < options.snap_edge:
        return float(at)
    strong = np.where(near >= options.snap_strength * near.max(), near, 0)
    return float(first + 0.5 + (strong * np.arange(len(near))).sum() / strong.sum())


def _over(cells: Map, maps: FloorMaps, drawing: Drawing) -> Map:
    """``cells`` on the drawing's raster."""
    rows, columns = cells.shape
    full = (max(1, round(columns * maps.cell_px)), max(1, round(rows * maps.cell_px)))
    large = cv2.resize(cells, full, interpolation=cv2.INTER_LINEAR)
    height, width = drawing.ink.shape
    blank = np.zeros((height, width), np.float32)
    part = large[:height, :width]
    blank[: part.shape[0], : part.shape[1]] = part
    return blank


def _grown(area: Enclosed, by_px: int, shape: tuple[int, ...]) -> Enclosed:
    x, y, width, height = area.box
    pad = by_px + 1
    mask: Mask = np.zeros((height + 2 * pad, width + 2 * pad), np.uint8)
    cv2.drawContours(mask, [area.contour - np.array([x - pad, y - pad])], -1, 255, cv2.FILLED)
    mask = dilated(mask, 2 * by_px + 1, 2 * by_px + 1)
    rings, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    ring = max(rings, key=cv2.contourArea)[:, 0] + np.array([x - pad, y - pad])
    return _outlined(np.asarray(ring.clip(0, np.array(shape[1::-1]) - 1), np.int32))


def _outlined(ring: Contour) -> Enclosed:
    x, y, width, height = cv2.boundingRect(ring)
    return Enclosed(ring, (x, y, width, height), cv2.contourArea(ring))
