import numpy as np
import pytest

from preview.rooms.geometry.boxes import iou_matrix, shared_areas

UNIT = (0.0, 0.0, 2.0, 2.0)


@pytest.mark.parametrize(
    ("other", "shared", "iou"),
    [
        (UNIT, 4.0, 1.0),
        ((1.0, 0.0, 3.0, 2.0), 2.0, 1 / 3),
        ((0.5, 0.5, 1.5, 1.5), 1.0, 0.25),
        ((2.0, 0.0, 4.0, 2.0), 0.0, 0.0),
        ((5.0, 5.0, 6.0, 6.0), 0.0, 0.0),
    ],
    ids=["same", "beside", "inside", "touching", "far"],
)
def test_overlaps_are_those_of_the_boxes(other: tuple[float, ...], shared: float, iou: float) -> None:
    one, two = np.array([UNIT]), np.array([other, UNIT])
    assert shared_areas(one, two).tolist() == [[shared, 4.0]]
    assert iou_matrix(one, two)[0].tolist() == pytest.approx([iou, 1.0])


def test_boxes_without_area_overlap_nothing() -> None:
    nothing = np.zeros((1, 4))
    assert iou_matrix(nothing, nothing).tolist() == [[0.0]]


def test_no_boxes_give_an_empty_matrix() -> None:
    assert iou_matrix(np.zeros((0, 4)), np.array([UNIT])).shape == (0, 1)
