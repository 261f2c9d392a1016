from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from builders_regions import CELL_PX, CELLS, SIDE_PX, CellBox, drawing_of, maps_of
from preview.rooms.network.floor_areas import FloorAreaOptions, floor_areas
from preview.rooms.network.floor_network import FloorMaps
from preview.rooms.walls.enclosed_areas import EnclosedArea, EnclosedAreaOptions
from preview.rooms.walls.wall_hypotheses import WallHypothesis

OPTIONS = FloorAreaOptions()
CONNECTED = replace(OPTIONS, edge_levels=())
CLOSED = replace(OPTIONS, floor_levels=())
ROOM: CellBox = (20, 30, 60, 70)
NEXT: CellBox = (60, 30, 90, 70)
NO_WALLS = WallHypothesis(np.zeros((SIDE_PX, SIDE_PX), np.uint8), 3.0)


def found(
    maps: FloorMaps, options: FloorAreaOptions, walls: WallHypothesis = NO_WALLS
) -> list[tuple[int, EnclosedArea]]:
    return list(floor_areas(maps, [walls], drawing_of(), options, EnclosedAreaOptions()))


def in_cells(areas: Iterable[tuple[int, EnclosedArea]]) -> list[list[float]]:
    boxes = [np.array(area.box) / CELL_PX for _, area in areas]
    return [[*box[:2].tolist(), *(box[:2] + box[2:]).tolist()] for box in boxes]


def test_a_connected_floor_comes_out_grown_by_its_edge() -> None:
    for box in in_cells(found(maps_of(ROOM), CONNECTED)):
        assert box == pytest.approx(ROOM, abs=0.8)
    for box in in_cells(found(maps_of(ROOM), replace(CONNECTED, edge_cells=0.0))):
        assert box == pytest.approx([21, 31, 59, 69], abs=0.8)


def test_the_outline_of_a_grown_floor_is_in_its_box() -> None:
    for _, area in found(maps_of(ROOM), CONNECTED):
        x, y, width, height = area.box
        assert (area.contour.min(axis=0) == (x, y)).all()
        assert (area.contour.max(axis=0) == (x + width - 1, y + height - 1)).all()
        assert area.area_px == pytest.approx(width * height, rel=0.05)


def test_floors_with_an_edge_between_them_come_out_apart() -> None:
    boxes = in_cells(found(maps_of(ROOM, NEXT), replace(CONNECTED, floor_levels=(0.5,))))
    assert sorted(boxes) == [pytest.approx(ROOM, abs=0.8), pytest.approx(NEXT, abs=0.8)]


@pytest.mark.parametrize(
    ("floor", "hypotheses"), [(0.95, [0, 1, 2, 3]), (0.8, [0, 1, 2]), (0.6, [0, 1]), (0.4, [0]), (0.2, [])]
)
def test_every_level_that_a_floor_reaches_finds_it(floor: float, hypotheses: list[int]) -> None:
    areas = found(maps_of(ROOM, floor=floor), CONNECTED)
    assert [hypothesis for hypothesis, _ in areas] == hypotheses


@pytest.mark.parametrize(("edge", "count"), [(0.2, 0), (0.45, 1), (0.9, 2)])
def test_edges_close_what_walls_leave_open(edge: float, count: int) -> None:
    x0, y0, x1, y1 = (CELL_PX * side for side in ROOM)
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    mask[y0:y1, x0:x1] = 255
    mask[y0 + 4 : y1 - 4, x0 + 4 : x1 - 4] = 0
    mask[y0 + 40 : y0 + 80, x0 : x0 + 4] = 0
    edges = np.zeros((CELLS, CELLS), np.float32)
    edges[ROOM[1] + 8 : ROOM[1] + 22, ROOM[0] - 1 : ROOM[0] + 2] = edge
    maps = replace(maps_of(), edge=edges)
    areas = found(maps, CLOSED, WallHypothesis(mask, 3.0))
    assert [hypothesis for hypothesis, _ in areas] == [0, 1][:count]
    assert in_cells(areas) == [pytest.approx([21, 31, 59, 69], abs=1.2)] * count


def test_maps_on_which_nothing_is_seen_give_nothing() -> None:
    assert found(FloorMaps.blank(drawing_of()), OPTIONS) == []
    assert found(maps_of(), OPTIONS) == []


@pytest.mark.parametrize("columns", [slice(1, 40), slice(60, 99)], ids=["left", "right"])
def test_a_floor_that_reaches_the_border_keeps_to_the_raster(columns: slice) -> None:
    maps = maps_of()
    maps.floor[30:60, columns] = 1
    areas = found(maps, replace(CONNECTED, edge_cells=2.0))
    assert areas
    for _, area in areas:
        assert area.contour.min() >= 0
        assert area.contour.max() < SIDE_PX
