"""Areas that the floor network sees, beside those that walls enclose."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.geometry.drawing import Drawing
from preview.rooms.geometry.morphology import Mask, dilated
from preview.rooms.network.floor_network import FloorMaps, Map
from preview.rooms.walls.enclosed_areas import (
    Contour,
    EnclosedArea,
    EnclosedAreaOptions,
    enclosed_areas,
)
from preview.rooms.walls.wall_hypotheses import LINE_PX, WallHypothesis


@dataclass(frozen=True, slots=True)
class FloorAreaOptions:
    """Levels at which the network's maps give areas."""

    floor_levels: tuple[float, ...] = (0.25, 0.5, 0.75, 0.9)
    """Probabilities from which a cell is floor, one hypothesis each."""
    edge_cells: float = 1.0
    """What the network calls edge lies this deep inside a room, in its cells."""
    edge_levels: tuple[float, ...] = (0.3, 0.6)
    """Probabilities from which an edge closes the walls, one hypothesis each."""

    @property
    def hypotheses(self) -> int:
        """How many hypotheses ``floor_areas`` tries."""
        return len(self.floor_levels) + len(self.edge_levels)


def floor_areas(
    maps: FloorMaps,
    walls: Sequence[WallHypothesis],
    drawing: Drawing,
    options: FloorAreaOptions,
    sizes: EnclosedAreaOptions,
) -> Iterator[tuple[int, EnclosedArea]]:
    """Areas with the number of the hypothesis that found them.

    Floors at several levels of certainty; the most solid of ``walls`` closed by the edges that the network
    sees. ``sizes`` are those that rooms may have, as for areas that walls enclose.
    """
    floor, edge = (_over(cells, maps, drawing) for cells in (maps.floor, maps.edge))
    solid = walls[0]
    hypotheses = [
        *(_connected(floor < level, maps, options, sizes) for level in options.floor_levels),
        *(
            enclosed_areas(solid.mask | _mask(edge > level), solid.thickness_px, sizes)
            for level in options.edge_levels
        ),
    ]
    for number, areas in enumerate(hypotheses):
        yield from ((number, area) for area in areas)


def _connected(
    elsewhere: NDArray[np.bool_], maps: FloorMaps, options: FloorAreaOptions, sizes: EnclosedAreaOptions
) -> Iterator[EnclosedArea]:
    """Connected floors, grown by the cell that is their edge."""
    for area in enclosed_areas(_mask(elsewhere), LINE_PX, sizes):
        yield _grown(area, round(options.edge_cells * maps.cell_px), elsewhere.shape)


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


def _grown(area: EnclosedArea, by_px: int, shape: tuple[int, ...]) -> EnclosedArea:
    x, y, width, height = area.box
    pad = by_px + 1
    mask: Mask = np.zeros((height + 2 * pad, width + 2 * pad), np.uint8)
    cv2.drawContours(mask, [area.contour - np.array([x - pad, y - pad])], -1, 255, cv2.FILLED)
    mask = dilated(mask, 2 * by_px + 1, 2 * by_px + 1)
    rings, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    ring = max(rings, key=cv2.contourArea)[:, 0] + np.array([x - pad, y - pad])
    return _outlined(np.asarray(ring.clip(0, np.array(shape[1::-1]) - 1), np.int32))


def _outlined(ring: Contour) -> EnclosedArea:
    x, y, width, height = cv2.boundingRect(ring)
    return EnclosedArea(ring, (x, y, width, height), cv2.contourArea(ring))
