import numpy as np
import pytest

from builders_regions import CELL_PX, CELLS, SIDE_PX, CellBox, area_of, drawing_of, maps_of
from preview.rooms.evidence.network_evidence import NetworkEvidenceOptions, network_evidence
from preview.rooms.network.floor_network import FloorMaps

OPTIONS = NetworkEvidenceOptions()
ROOM: CellBox = (20, 30, 60, 70)
LEFT_HALF, BOTTOM_HALF = np.s_[:, :40], np.s_[50:, :]
FACTS = (
    "ink_inside",
    "floor",
    "edge",
    "boundary_edge",
    "mean_box_iou",
    "box_vote_share",
    "exclusive_vote_share",
)


def seen(maps: FloorMaps, *areas: CellBox) -> list[dict[str, float]]:
    return network_evidence([area_of(cells) for cells in areas], maps, drawing_of(), OPTIONS)


def test_a_room_that_the_network_is_sure_of_has_everything_for_it() -> None:
    (facts,) = seen(maps_of(ROOM), ROOM)
    assert set(facts) == set(FACTS)
    assert facts["floor"] > 0.99
    assert facts["edge"] < 0.01
    assert facts["boundary_edge"] > 0.45
    assert facts["mean_box_iou"] == pytest.approx(1, abs=0.05)
    assert facts["box_vote_share"] == facts["exclusive_vote_share"] == 1
    assert facts["ink_inside"] == 0


@pytest.mark.parametrize("half", [LEFT_HALF, BOTTOM_HALF], ids=["left", "bottom"])
def test_floor_is_the_mean_over_the_area(half: tuple[slice, slice]) -> None:
    maps = maps_of(ROOM)
    maps.floor[half] = 0
    assert seen(maps, ROOM)[0]["floor"] == pytest.approx(0.5, abs=0.02)


def test_edge_is_measured_inside_and_along_the_outline() -> None:
    across = maps_of()
    across.edge[48:52, 20:60] = 1
    (facts,) = seen(across, ROOM)
    assert facts["edge"] == pytest.approx(4 / 36, abs=0.01)
    assert facts["boundary_edge"] == pytest.approx(16 / 304, abs=0.01)
    around = seen(maps_of(ROOM), ROOM)[0]
    assert (around["edge"], around["boundary_edge"]) == (
        pytest.approx(0, abs=0.01),
        pytest.approx(0.5, abs=0.1),
    )


@pytest.mark.parametrize(
    ("area", "match", "share"),
    [
        (ROOM, 1.0, 1.0),
        ((20, 30, 40, 70), 0.5, 0.0),
        ((20, 30, 52, 70), 0.8, 1.0),
        ((24, 34, 34, 44), 1 / 16, 0.0),
    ],
)
def test_boxes_of_cells_are_held_against_the_areas_own(area: CellBox, match: float, share: float) -> None:
    (facts,) = seen(maps_of(ROOM), area)
    assert facts["mean_box_iou"] == pytest.approx(match, abs=0.03)
    assert facts["box_vote_share"] == share


def test_cells_vote_exclusively_for_the_area_that_fits_their_box_best() -> None:
    part = (20, 30, 40, 70)
    assert [facts["exclusive_vote_share"] for facts in seen(maps_of(ROOM), part)] == [1]
    assert [facts["exclusive_vote_share"] for facts in seen(maps_of(ROOM), part, ROOM)] == [0, 1]


def test_duplicates_that_fit_nearly_as_well_share_their_cells() -> None:
    assert [facts["exclusive_vote_share"] for facts in seen(maps_of(ROOM), ROOM, (20, 30, 60, 69))] == [1, 1]


def test_a_room_beside_another_loses_nothing_to_it() -> None:
    beside = (60, 30, 90, 70)
    assert [
        facts["exclusive_vote_share"] for facts in seen(maps_of(ROOM, beside), ROOM, beside, (20, 30, 90, 70))
    ] == [
        pytest.approx(1, abs=0.1),
        pytest.approx(1, abs=0.1),
        0,
    ]


@pytest.mark.parametrize("border", [40, 41, 42, 43])
def test_cells_vote_for_the_area_they_lie_in_wherever_it_begins(border: int) -> None:
    left, right = (20, 31, border, 61), (border, 31, 70, 61)
    upper, lower = (31, 20, 61, border), (31, border, 61, 70)
    for first, second in ((left, right), (upper, lower)):
        maps = maps_of()
        for x0, y0, x1, y1 in (first, second):
            maps.floor[y0:y1, x0:x1] = 1
            maps.boxes[y0:y1, x0:x1] = (x0, y0, x1, y1)
        assert [facts["box_vote_share"] for facts in seen(maps, first, second)] == [1, 1]


def test_ink_inside_is_the_share_of_the_ground_that_is_ink() -> None:
    ink = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    ink[:, : 40 * CELL_PX] = 255
    (facts,) = network_evidence([area_of(ROOM)], maps_of(ROOM), drawing_of(ink), OPTIONS)
    assert facts["ink_inside"] == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize(
    "corner",
    [(0, 0), (60, 0), (0, 60), (60, 60)],
    ids=["top left", "top right", "bottom left", "bottom right"],
)
def test_an_area_in_a_corner_is_seen_as_one_in_the_middle(corner: tuple[int, int]) -> None:
    room = (*corner, corner[0] + 40, corner[1] + 40)
    (facts,), (expected,) = seen(maps_of(room), room), seen(maps_of(ROOM), ROOM)
    assert facts == {name: pytest.approx(value, abs=0.03) for name, value in expected.items()}


@pytest.mark.parametrize("area", [(80, 30, 120, 70), (30, 80, 70, 120), (-20, 30, 20, 70), (30, -20, 70, 20)])
def test_of_an_area_partly_off_the_maps_the_rest_is_seen(area: CellBox) -> None:
    on_maps = tuple(min(CELLS, max(0, side)) for side in area)
    (facts,) = seen(maps_of(on_maps), area)
    assert facts["floor"] > 0.9
    assert facts["mean_box_iou"] == pytest.approx(0.5, abs=0.03)


def test_of_an_area_off_the_maps_nothing_is_seen() -> None:
    assert seen(maps_of(ROOM), (120, 30, 140, 70)) == [{}]


def test_an_area_thinner_than_its_boundary_is_measured_whole() -> None:
    maps = maps_of()
    maps.edge[30:33, 20:60] = 0.5
    (facts,) = seen(maps, (20, 30, 60, 33))
    assert facts["edge"] == facts["boundary_edge"] == pytest.approx(0.5, abs=0.01)


def test_without_areas_there_is_nothing_to_see() -> None:
    assert seen(maps_of(ROOM)) == []
