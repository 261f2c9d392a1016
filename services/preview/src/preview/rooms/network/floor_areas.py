"""Stage 8: areas that the floor network sees, beside those that walls enclose."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask, dilated
from preview.rooms.network.floor_network import FloorMaps, Map
from preview.rooms.options import DetectorOptions
from preview.rooms.walls.enclosed_areas import Contour, Enclosed, enclosed_areas
from preview.rooms.walls.wall_hypotheses import LINE_PX, Walls


def network_side(breadth: float, options: DetectorOptions) -> int:
    """Long side for the network, pixels, at which a room of ``breadth`` (share of the long side) is clear."""
    least, most = options.network_sides_px
    return int(min(most, max(least, options.room_breadth_px / breadth)))


def hypotheses_of(options: DetectorOptions) -> int:
    """How many hypotheses ``floor_areas`` tries."""
    return len(options.floor_levels) + len(options.edge_levels)


def floor_areas(
    maps: FloorMaps, walls: Sequence[Walls], drawing: Drawing, options: DetectorOptions
) -> Iterator[tuple[int, Enclosed]]:
    """Areas with the number of the hypothesis that found them.

    Floors at several levels of certainty; the most solid of ``walls`` closed by the edges that the network
    sees.
    """
    floor, edge = (_over(cells, maps, drawing) for cells in (maps.floor, maps.edge))
    solid = walls[0]
    hypotheses = [
        *(_connected(floor < level, maps, options) for level in options.floor_levels),
        *(
            enclosed_areas(solid.mask | _mask(edge > level), solid.thickness_px, options)
            for level in options.edge_levels
        ),
    ]
    for number, areas in enumerate(hypotheses):
        yield from ((number, area) for area in areas)


def _connected(elsewhere: NDArray[np.bool_], maps: FloorMaps, options: DetectorOptions) -> Iterator[Enclosed]:
    """Connected floors, grown by the cell that is their edge."""
    for area in enclosed_areas(_mask(elsewhere), LINE_PX, options):
        yield _grown(area, round(options.floor_edge_cells * maps.cell_px), elsewhere.shape)


def _mask(chosen: NDArray[np.bool_]) -> Mask:
    return np.asarray(chosen.view(np.uint8) * np.uint8(255), np.uint8)


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
