import numpy as np
import pytest

from builders_regions import region
from preview.domain.room import Box
from preview.rooms.geometry.coverage_mask import CELLS, CoverageMask

SQUARE = CoverageMask(region((100.0, 100.0, 300.0, 300.0)))


@pytest.mark.parametrize(
    ("box", "iou"),
    [
        ((100.0, 100.0, 300.0, 300.0), 1.0),
        ((100.0, 100.0, 300.0, 200.0), 1 / 2),
        ((200.0, 100.0, 400.0, 300.0), 1 / 3),
        ((200.0, 200.0, 400.0, 400.0), 1 / 7),
        ((310.0, 100.0, 500.0, 300.0), 0.0),
        ((100.0, 310.0, 300.0, 500.0), 0.0),
    ],
    ids=["same", "half", "beside", "corner", "right", "below"],
)
def test_iou_is_that_of_what_is_covered(box: Box, iou: float) -> None:
    other = CoverageMask(region(box))
    assert SQUARE.iou(other) == other.iou(SQUARE) == pytest.approx(iou, abs=0.02)


def test_the_area_counts_the_cells_of_the_grid() -> None:
    assert pytest.approx((200 * CELLS / 1000) ** 2, rel=0.03) == SQUARE.area


def test_points_inside_are_covered() -> None:
    points = np.array([[200.0, 200.0], [99.0, 200.0], [200.0, 305.0], [0.0, 0.0], [999.0, 999.0]])
    assert SQUARE.covers(points).tolist() == [True, False, False, False, False]


def test_a_region_at_the_end_of_the_page_stays_on_the_grid() -> None:
    corner = CoverageMask(region((900.0, 900.0, 1000.0, 1000.0)))
    assert corner.window(np.zeros((CELLS, CELLS), np.int32)).shape == corner.cells.shape
