import numpy as np
import pytest

from builders_regions import CELLS, drawing_of, maps_of
from builders_rooms import draw_house
from preview.rooms import find_regions
from preview.rooms.page.building_crop import BuildingCropOptions, building_box

OPTIONS = BuildingCropOptions()
UNIT = 1000 / CELLS
"""Units of page coordinates to a cell."""


def test_the_building_is_where_the_floors_are_with_a_margin() -> None:
    box = building_box(maps_of((20, 30, 40, 60), (40, 30, 60, 50)), drawing_of(), OPTIONS)
    margin = OPTIONS.margin * 38
    expected = [21 - margin, 31 - margin, 59 + margin, 59 + margin]
    assert box == pytest.approx([side * UNIT for side in expected], abs=0.01)


def test_a_margin_ends_at_the_page() -> None:
    box = building_box(maps_of((0, 0, 40, 40)), drawing_of(), OPTIONS)
    assert box is not None
    assert box[:2] == (0, 0)


def test_a_stray_cell_far_away_does_not_count() -> None:
    maps = maps_of((20, 30, 60, 60))
    alone = building_box(maps, drawing_of(), OPTIONS)
    maps.floor[95, 95] = 1
    assert building_box(maps, drawing_of(), OPTIONS) == alone


def test_a_building_that_fills_the_drawing_is_not_cut_out() -> None:
    assert building_box(maps_of((5, 30, 95, 60)), drawing_of(), OPTIONS) is None


def test_a_page_without_floors_has_no_building() -> None:
    assert building_box(maps_of(), drawing_of(), OPTIONS) is None
    assert building_box(maps_of((20, 30, 60, 60), floor=0.4), drawing_of(), OPTIONS) is None


def test_regions_of_a_small_building_on_a_large_sheet_lie_where_it_does() -> None:
    house = draw_house()
    height, width = house.gray.shape
    sheet = np.full((3 * height, 3 * width), 255, np.uint8)
    sheet[height : 2 * height, width : 2 * width] = house.gray
    sheet[10:20, 10 : 3 * width - 10] = (
        0  # what is drawn at the sheet's edges keeps it from being cut to the house
    )
    sheet[-20:-10, 10 : 3 * width - 10] = 0
    boxes = np.array([region.box for region in find_regions(sheet)])
    for true in (np.array(house.boxes) + 1000) / 3:
        sides = np.minimum(boxes[:, 2:], true[2:]) - np.maximum(boxes[:, :2], true[:2])
        shared = sides.clip(0).prod(axis=1)
        union = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (true[2:] - true[:2]).prod() - shared
        assert (shared / union).max() > 0.8
