import numpy as np
import pytest
from numpy.typing import NDArray

from builders_rooms import House, draw_house
from preview.rooms.geometry.drawing import Drawing
from preview.rooms.network import floor_network
from preview.rooms.network.floor_network import (
    CONTEXT_CHANNELS,
    CONTEXT_STEP,
    INPUT_STEP,
    REACH_UNIT_PX,
    STRIDE,
    FloorMaps,
    Map,
    NetworkOptions,
    Part,
    floor_maps,
    network_input,
    network_side,
    seen_floor,
)
from preview.rooms.options import DEFAULTS
from preview.rooms.page.ink import find_ink
from preview.rooms.page.sheet_border import remove_sheet_border

SIDE_PX = DEFAULTS.network.sides_px[0]


def page(height: int, width: int, ink: int = 0) -> Drawing:
    raster = np.full((height, width), ink, np.uint8)
    return Drawing.whole_page(raster, np.bitwise_not(raster))


@pytest.mark.parametrize(
    ("height", "width", "side_px", "shape"),
    [
        (512, 512, 512, (512, 512)),
        (1200, 1600, 512, (384, 512)),
        (1600, 1200, 512, (512, 384)),
        (1000, 1600, 512, (320, 512)),
        (1010, 1600, 512, (384, 512)),
        (100, 200, 512, (256, 512)),
        (1600, 1600, 700, (704, 704)),
        (3, 1600, 512, (64, 512)),
        (1, 5000, 512, (64, 512)),
    ],
)
def test_the_network_sees_the_drawing_at_a_multiple_of_its_step(
    height: int, width: int, side_px: int, shape: tuple[int, int]
) -> None:
    picture = network_input(page(height, width), side_px)
    assert picture.shape == (2, *shape)
    assert picture.dtype == np.float32
    assert all(side % INPUT_STEP == 0 for side in shape)


def test_bare_paper_is_0() -> None:
    assert not network_input(page(300, 400), 512).any()


def test_ink_is_1_and_what_is_over_is_blank() -> None:
    picture = network_input(page(300, 400, ink=255), 500)
    assert (picture[:, :375, :500] == 1).all()
    assert not picture[:, 375:].any()
    assert not picture[:, :, 500:].any()


def test_gray_without_ink_is_seen_as_darkness() -> None:
    drawing = Drawing.whole_page(np.zeros((512, 512), np.uint8), np.full((512, 512), 51, np.uint8))
    ink, darkness = network_input(drawing, 512)
    assert not ink.any()
    assert np.allclose(darkness, 0.8)


def test_a_thin_line_grows_faint_as_the_drawing_shrinks() -> None:
    drawing = page(1024, 1024)
    drawing.ink[:, 501] = 255
    ink = network_input(drawing, 512)[0]
    assert np.allclose(ink[:, 250], 0.5, atol=0.01)
    assert np.count_nonzero(ink) == 512


@pytest.fixture(scope="module")
def plan() -> Drawing:
    ink = find_ink(draw_house().gray, DEFAULTS.resolution.working_side_px, DEFAULTS.ink)
    return remove_sheet_border(ink, DEFAULTS.sheet_border)


@pytest.fixture(scope="module")
def maps(plan: Drawing) -> FloorMaps:
    return floor_maps(plan, SIDE_PX)


def rooms_in_cells(house: House, plan: Drawing, maps: FloorMaps) -> list[NDArray[np.float64]]:
    """Boxes of the rooms in cells."""
    corners = np.array(house.boxes).reshape(-1, 2)
    return list((plan.pixel_points(corners) / maps.cell_px).reshape(-1, 4))


def test_the_maps_cover_the_drawing(plan: Drawing, maps: FloorMaps) -> None:
    height, width = plan.ink.shape
    assert maps.edge.shape == maps.floor.shape
    assert maps.boxes.shape == (*maps.floor.shape, 4)
    assert max(maps.floor.shape) == SIDE_PX / STRIDE
    covered = np.array(maps.floor.shape) * maps.cell_px
    assert covered == pytest.approx([height, width], abs=maps.cell_px)


def test_floor_and_edge_are_probabilities_of_different_things(maps: FloorMaps) -> None:
    assert min(maps.floor.min(), maps.edge.min()) >= 0
    assert (maps.floor + maps.edge).max() <= 1 + 1e-5


def test_every_cell_lies_in_its_own_box(maps: FloorMaps) -> None:
    rows, columns = np.mgrid[: maps.floor.shape[0], : maps.floor.shape[1]] + 0.5
    assert (maps.boxes[..., 0] < columns).all()
    assert (maps.boxes[..., 1] < rows).all()
    assert (maps.boxes[..., 2] > columns).all()
    assert (maps.boxes[..., 3] > rows).all()


def test_floor_is_seen_in_rooms_and_not_outside(house: House, plan: Drawing, maps: FloorMaps) -> None:
    boxes = np.round(rooms_in_cells(house, plan, maps)).astype(int)
    x0, y0, x1, y1 = (*boxes[:, :2].min(axis=0), *boxes[:, 2:].max(axis=0))
    outside = np.ones(maps.floor.shape, bool)
    outside[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3] = False
    assert outside.any()
    for left, top, right, bottom in boxes:
        assert maps.floor[top:bottom, left:right].mean() > maps.floor[outside].mean() + 0.5


def test_an_edge_is_seen_along_walls(house: House, plan: Drawing, maps: FloorMaps) -> None:
    for left, top, right, bottom in np.round(rooms_in_cells(house, plan, maps)).astype(int):
        along = maps.edge[top:bottom, left - 1 : left + 1].max(axis=1).mean()
        assert along > maps.edge[top + 6 : bottom - 6, left + 6 : right - 6].mean() + 0.2


def test_most_cells_of_a_room_tell_its_box(house: House, plan: Drawing, maps: FloorMaps) -> None:
    for box in rooms_in_cells(house, plan, maps):
        left, top, right, bottom = np.round(box).astype(int)
        told = np.median(maps.boxes[top:bottom, left:right].reshape(-1, 4), axis=0)
        assert told == pytest.approx(box, abs=0.2 * max(right - left, bottom - top))


def test_the_same_drawing_gives_the_same_maps(plan: Drawing, maps: FloorMaps) -> None:
    again = floor_maps(plan, SIDE_PX)
    assert np.array_equal(again.floor, maps.floor)
    assert np.array_equal(again.boxes, maps.boxes)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (2, 900), (33, 70)])
def test_drawings_of_any_size_are_read(height: int, width: int) -> None:
    maps = floor_maps(page(height, width), SIDE_PX)
    assert np.isfinite(maps.boxes).all()
    assert min(maps.floor.shape) >= 1


def test_where_the_network_is_not_asked_nothing_is_seen() -> None:
    maps = FloorMaps.blank(page(33, 64))
    assert maps.floor.shape == maps.edge.shape == (3, 4)
    assert maps.boxes.shape == (3, 4, 4)
    assert not any(cells.any() for cells in (maps.floor, maps.edge, maps.boxes))


def test_a_mirrored_drawing_is_answered_mirrored(plan: Drawing) -> None:
    turned = Drawing.whole_page(
        np.ascontiguousarray(plan.ink[:, ::-1]), np.ascontiguousarray(plan.tone[:, ::-1])
    )
    side_px = INPUT_STEP * 8
    seen, mirrored = floor_maps(plan, side_px), floor_maps(turned, side_px)
    width = seen.floor.shape[1]
    assert width * STRIDE == side_px
    assert np.allclose(mirrored.floor[:, ::-1], seen.floor, atol=0.01)
    assert np.allclose(mirrored.edge[:, ::-1], seen.edge, atol=0.01)
    swapped = mirrored.boxes[:, ::-1][..., [2, 1, 0, 3]] * (-1, 1, -1, 1) + (width, 0, width, 0)
    assert np.allclose(swapped, seen.boxes, atol=0.5)


@pytest.mark.parametrize(
    ("mean_width", "side_px"),
    [(1.0, 512), (0.05, 512), (0.0390625, 512), (0.025, 800), (0.02, 1000), (0.001, 1024)],
)
def test_dense_floors_are_seen_larger_within_limits(mean_width: float, side_px: int) -> None:
    options = NetworkOptions(sides_px=(512, 1024), room_width_px=20.0)
    assert network_side(mean_width, options) == side_px


def sides_asked(
    monkeypatch: pytest.MonkeyPatch, *, room_px: float, mean_width: float, floor: bool = True
) -> list[int]:
    """Sides of the rasters on which a page is seen where every cell votes for ``room_px`` by twice that."""
    asked: list[int] = []
    logs = np.log(np.array([room_px, 2 * room_px, room_px, 2 * room_px]) / 2 / REACH_UNIT_PX)

    def infer(picture: Map) -> tuple[Map, Map, Map]:
        height, width = picture.shape[1:]
        asked.append(width)
        answer = np.zeros((8, height // STRIDE, width // STRIDE), np.float32)
        answer[1] = 9 if floor else -9
        answer[3:7] = logs[:, None, None]
        context, parts = (
            np.zeros((count, height // STRIDE // CONTEXT_STEP, width // STRIDE // CONTEXT_STEP), np.float32)
            for count in (CONTEXT_CHANNELS, len(Part))
        )
        return answer, context, parts

    monkeypatch.setattr(floor_network, "_inferred", infer)
    maps = seen_floor(page(512, 512), mean_width, NetworkOptions())
    x_min, _, x_max, _ = maps.boxes[0, 0]
    assert (x_max - x_min) * STRIDE == pytest.approx(room_px)
    return asked


def test_a_page_of_smaller_rooms_than_thought_is_seen_at_the_greatest_side(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    options = NetworkOptions()
    once_more = [SIDE_PX, options.sides_px[1], options.sides_px[1]]
    mirrored = [SIDE_PX, SIDE_PX]
    thought_px = 2 * 0.06 * SIDE_PX
    assert thought_px < options.small_room_px
    narrow_px = options.narrower * thought_px
    assert sides_asked(monkeypatch, room_px=narrow_px - 1, mean_width=0.06) == once_more
    assert sides_asked(monkeypatch, room_px=narrow_px + 1, mean_width=0.06) == mirrored
    assert sides_asked(monkeypatch, room_px=options.small_room_px - 1, mean_width=0.3) == once_more
    assert sides_asked(monkeypatch, room_px=options.small_room_px + 1, mean_width=0.3) == mirrored


def test_a_page_without_floor_or_seen_at_the_greatest_side_is_seen_on_one_raster(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert sides_asked(monkeypatch, room_px=9, mean_width=0.06, floor=False) == [SIDE_PX] * 2
    assert sides_asked(monkeypatch, room_px=9, mean_width=0.01) == [NetworkOptions().sides_px[1]] * 2
