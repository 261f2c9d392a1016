from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from builders_regions import CELL_PX, CELLS, SIDE_PX, CellBox, drawing_of, maps_of
from preview.rooms.enclosed import Enclosed
from preview.rooms.floor_areas import floor_areas, network_side
from preview.rooms.floor_network import FloorMaps
from preview.rooms.options import DetectorOptions
from preview.rooms.walls import Walls

OPTIONS = DetectorOptions()
Cells = NDArray[np.float32]
CONNECTED = replace(OPTIONS, edge_levels=(), most_votes=0)
CLOSED = replace(OPTIONS, floor_levels=(), most_votes=0)
VOTED = replace(OPTIONS, floor_levels=(), edge_levels=())
ROOM: CellBox = (20, 30, 60, 70)
NEXT: CellBox = (60, 30, 90, 70)
NO_WALLS = Walls(np.zeros((SIDE_PX, SIDE_PX), np.uint8), 3.0)


def found(maps: FloorMaps, options: DetectorOptions, walls: Walls = NO_WALLS) -> list[tuple[int, Enclosed]]:
    return list(floor_areas(maps, [walls], drawing_of(), options))


def in_cells(areas: Iterable[tuple[int, Enclosed]]) -> list[list[float]]:
    boxes = [np.array(area.box) / CELL_PX for _, area in areas]
    return [[*box[:2].tolist(), *(box[:2] + box[2:]).tolist()] for box in boxes]


def boxes_at(box: tuple[float, ...], floor: Cells, edge: Cells | None = None) -> FloorMaps:
    """Maps all whose cells vote for ``box``."""
    boxes = np.tile(np.array(box, np.float32), (CELLS, CELLS, 1))
    return FloorMaps(floor, np.zeros_like(floor) if edge is None else edge, boxes, float(CELL_PX))


def patch(columns: int, rows: int) -> Cells:
    floor = np.zeros((CELLS, CELLS), np.float32)
    floor[40 : 40 + rows, 30 : 30 + columns] = 1
    return floor


def test_a_connected_floor_comes_out_grown_by_its_edge() -> None:
    for box in in_cells(found(maps_of(ROOM), CONNECTED)):
        assert box == pytest.approx(ROOM, abs=0.8)
    for box in in_cells(found(maps_of(ROOM), replace(CONNECTED, floor_edge_cells=0.0))):
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
    maps = FloorMaps(np.zeros_like(edges), edges, maps_of().boxes, float(CELL_PX))
    areas = found(maps, CLOSED, Walls(mask, 3.0))
    assert [hypothesis for hypothesis, _ in areas] == [0, 1][:count]
    assert in_cells(areas) == [pytest.approx([21, 31, 59, 69], abs=1.2)] * count


def test_cells_that_agree_on_a_box_give_it_whatever_lies_between_them() -> None:
    maps = maps_of(ROOM)
    maps.floor[45:55] = 0
    (area,) = found(maps, VOTED)
    assert in_cells([area]) == [pytest.approx(ROOM, abs=1)]


@pytest.mark.parametrize("shift", [-2, -1, 0, 1, 2])
def test_a_voted_box_is_snapped_to_the_edge_near_it(shift: int) -> None:
    seen = maps_of(ROOM)
    moved = tuple(side + shift for side in ROOM)
    (area,) = found(boxes_at(moved, seen.floor, seen.edge), VOTED)
    assert in_cells([area]) == [pytest.approx([20.5, 30.5, 59.5, 69.5], abs=0.3)]


@pytest.mark.parametrize(("edge", "shift"), [(1.0, 6), (0.1, 2)], ids=["too far", "too faint"])
def test_a_voted_box_without_an_edge_near_it_stays(edge: float, shift: int) -> None:
    seen = maps_of(ROOM, edge=edge)
    moved = (ROOM[0] + shift, ROOM[1] + shift, ROOM[2] - shift, ROOM[3] - shift)
    (area,) = found(boxes_at(moved, seen.floor, seen.edge), VOTED)
    assert in_cells([area]) == [pytest.approx(moved, abs=0.3)]


@pytest.mark.parametrize(("columns", "rows", "count"), [(6, 4, 1), (4, 6, 1), (4, 4, 0), (10, 2, 0)])
def test_too_few_voters_give_nothing(columns: int, rows: int, count: int) -> None:
    assert len(found(boxes_at(ROOM, patch(columns, rows)), VOTED)) == count


def test_cells_that_disagree_give_nothing() -> None:
    maps = boxes_at(ROOM, patch(20, 20))
    rows, columns = np.mgrid[:CELLS, :CELLS].astype(np.float32)
    maps.boxes[:] = np.stack([columns, rows, columns + 2, rows + 2], axis=-1)
    assert found(maps, VOTED) == []


def test_cells_of_little_floor_have_no_vote() -> None:
    assert found(boxes_at(ROOM, patch(20, 20) * np.float32(0.3)), VOTED) == []


def test_neighbours_are_voted_for_apart() -> None:
    areas = found(maps_of(ROOM, NEXT), VOTED)
    assert sorted(in_cells(areas)) == [pytest.approx(ROOM, abs=1), pytest.approx(NEXT, abs=1)]


def test_no_more_boxes_are_taken_than_allowed() -> None:
    assert len(found(maps_of(ROOM, NEXT), replace(VOTED, most_votes=1))) == 1


def test_a_box_voted_for_beyond_the_page_is_held_on_it() -> None:
    (area,) = found(boxes_at((-30, -20, 160, 130), patch(20, 20)), VOTED)
    x, y, width, height = area[1].box
    assert (x, y) == (1, 1)
    assert (x + width - 1, y + height - 1) == (SIDE_PX - 2, SIDE_PX - 2)


@pytest.mark.parametrize("box", [(50, 50, 51, 51), (120, 20, 160, 60), (-40, 20, -10, 60)])
def test_a_box_too_narrow_or_off_the_page_is_none(box: CellBox) -> None:
    assert found(boxes_at(box, patch(20, 20)), VOTED) == []


def test_maps_on_which_nothing_is_seen_give_nothing() -> None:
    assert found(FloorMaps.blank(drawing_of()), OPTIONS) == []
    assert found(maps_of(), OPTIONS) == []


def test_votes_are_a_hypothesis_of_their_own() -> None:
    numbers = {hypothesis for hypothesis, _ in found(maps_of(ROOM), OPTIONS)}
    assert max(numbers) == len(OPTIONS.floor_levels) + len(OPTIONS.edge_levels)


@pytest.mark.parametrize("columns", [slice(1, 40), slice(60, 99)], ids=["left", "right"])
def test_a_floor_that_reaches_the_border_keeps_to_the_raster(columns: slice) -> None:
    maps = maps_of()
    maps.floor[30:60, columns] = 1
    areas = found(maps, replace(CONNECTED, floor_edge_cells=2.0))
    assert areas
    for _, area in areas:
        assert area.contour.min() >= 0
        assert area.contour.max() < SIDE_PX


@pytest.mark.parametrize(
    ("breadth", "side_px"),
    [(1.0, 512), (0.05, 512), (0.0390625, 512), (0.025, 800), (0.02, 1000), (0.001, 1024)],
)
def test_dense_floors_are_seen_larger_within_limits(breadth: float, side_px: int) -> None:
    options = replace(OPTIONS, network_sides_px=(512, 1024), room_breadth_px=20.0)
    assert network_side(breadth, options) == side_px
