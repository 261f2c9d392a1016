from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from builders_regions import CELL_PX, CELLS, CellBox, area_of, drawing_of, maps_of
from preview.rooms.evidence.pooled_evidence import (
    CONTEXT_CHANNELS,
    CONTEXT_FEATURES,
    POOLED_FEATURES,
    VOTE_FEATURES,
    pooled_evidence,
)
from preview.rooms.network.floor_network import CONTEXT_STEP, FloorMaps, Part

ROOM: CellBox = (20, 30, 60, 70)
LEFT_HALF: CellBox = (20, 30, 40, 70)
WITH_NEXT: CellBox = (20, 30, 90, 70)
NEXT: CellBox = (60, 30, 90, 70)


def pooled(maps: FloorMaps, *areas: CellBox) -> NDArray[np.float64]:
    return pooled_evidence([area_of(cells).contour / CELL_PX for cells in areas], maps)


def votes(maps: FloorMaps, cells: CellBox) -> dict[str, float]:
    return {name: told(maps, cells)[name] for name in VOTE_FEATURES}


def told(maps: FloorMaps, cells: CellBox) -> dict[str, float]:
    (row,) = pooled(maps, cells)
    return dict(zip(POOLED_FEATURES, row.tolist(), strict=True))


def context(maps: FloorMaps, cells: CellBox) -> list[float]:
    row = told(maps, cells)
    return [row[name] for name in CONTEXT_FEATURES]


def test_every_area_has_a_row_of_all_features() -> None:
    assert pooled(maps_of(ROOM), ROOM, NEXT, LEFT_HALF).shape == (3, len(POOLED_FEATURES))
    assert pooled(maps_of(ROOM)).shape == (0, len(POOLED_FEATURES))


def test_context_is_the_mean_over_the_blocks_inside() -> None:
    maps = maps_of(ROOM)
    x0, y0, x1, y1 = (side // CONTEXT_STEP for side in ROOM)
    maps.context[..., 0] = 5
    maps.context[y0:y1, x0:x1, 0] = 1
    maps.context[y0:y1, x0 : (x0 + x1) // 2, 7] = 1
    first, second, *_, eighth = context(maps, ROOM)[:8]
    assert first == pytest.approx(1, abs=0.01)
    assert eighth == pytest.approx(0.5, abs=0.05)
    assert second == 0


@pytest.mark.parametrize("shift", [(0, 0), (60, 0), (0, 60), (60, 60)])
def test_an_area_at_the_border_has_the_context_inside_it(shift: tuple[int, int]) -> None:
    maps = maps_of()
    maps.context[:] = np.arange(CONTEXT_CHANNELS)
    found = context(maps, (*shift, shift[0] + 40, shift[1] + 40))
    assert found == pytest.approx(list(range(CONTEXT_CHANNELS)), abs=0.01)


def test_an_area_smaller_than_a_block_has_the_context_of_its_block() -> None:
    maps = maps_of()
    maps.context[15, 10] = 3
    assert context(maps, (20, 30, 21, 31)) == pytest.approx([3] * CONTEXT_CHANNELS)


def test_parts_are_told_inside_and_around() -> None:
    maps = maps_of(ROOM)
    x0, y0, x1, y1 = (side // CONTEXT_STEP for side in ROOM)
    maps.parts[..., Part.FLOOR] = 1
    maps.parts[y0:y1, x0:x1] = np.eye(len(Part))[Part.FIXTURE]
    row = told(maps, ROOM)
    assert row["fixture_inside"] == pytest.approx(1, abs=0.01)
    assert row["floor_inside"] == pytest.approx(0, abs=0.01)
    assert row["floor_around"] == pytest.approx(1, abs=0.2)
    assert row["fixture_around"] == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("corner", [(0, 0), (60, 60)])
def test_around_an_area_at_the_border_is_what_the_page_has_there(corner: tuple[int, int]) -> None:
    maps = maps_of()
    maps.parts[..., Part.PAPER] = 1
    row = told(maps, (*corner, corner[0] + 40, corner[1] + 40))
    assert row["paper_inside"] == row["paper_around"] == pytest.approx(1)


def test_blocks_that_vote_for_their_area_agree_with_it() -> None:
    voted = votes(maps_of(ROOM), ROOM)
    assert voted["wider_votes"] == pytest.approx(0, abs=0.05)
    assert voted["narrower_votes"] == pytest.approx(0, abs=0.05)
    assert voted["vote_scatter"] == pytest.approx(0, abs=0.05)
    assert voted["votes_around"] < 0.1


def test_a_part_of_a_room_is_voted_larger_and_by_its_surroundings_too() -> None:
    voted = votes(maps_of(ROOM), LEFT_HALF)
    assert voted["wider_votes"] == pytest.approx(np.log(2), abs=0.1)
    assert voted["narrower_votes"] == pytest.approx(0, abs=0.05)
    assert voted["votes_around"] > 0.4


def test_an_area_whose_outline_is_said_to_be_farther_away_is_a_part() -> None:
    maps = maps_of(ROOM)
    assert votes(maps, ROOM)["deeper"] == pytest.approx(0, abs=0.15)
    assert votes(maps, (30, 40, 40, 50))["deeper"] > 1


def test_openings_around_are_counted() -> None:
    maps = maps_of(ROOM)
    _, y0, x1, _ = (side // CONTEXT_STEP for side in ROOM)
    assert told(maps, ROOM)["opening_length"] == 0
    maps.parts[y0 + 2 : y0 + 6, x1, Part.OPENING] = 1
    assert told(maps, ROOM)["opening_length"] == pytest.approx(np.log1p(4), abs=0.3)


def test_votes_scatter_over_an_area_of_two_rooms() -> None:
    voted = votes(maps_of(ROOM, NEXT), WITH_NEXT)
    assert voted["vote_scatter"] > 0.1
    assert voted["narrower_votes"] < -0.4


def test_floor_outweighs_what_is_no_floor() -> None:
    maps = maps_of(ROOM)
    maps.boxes[40:60, 30:50] = (0, 0, CELLS, CELLS)
    maps.floor[40:60, 30:50] = 0
    assert votes(maps, ROOM)["wider_votes"] == pytest.approx(0, abs=0.05)


def test_where_the_network_is_not_run_all_is_finite() -> None:
    blank = FloorMaps.blank(drawing_of())
    rings = [area_of(ROOM).contour / blank.cell_px]
    assert np.isfinite(pooled_evidence(rings, blank)).all()


def test_the_same_context_gives_the_same_means_at_another_resolution() -> None:
    maps = maps_of(ROOM)
    maps.context[..., 3] = np.linspace(0, 1, maps.context.shape[1])
    coarse = replace(
        maps,
        floor=maps.floor[::2, ::2].copy(),
        edge=maps.edge[::2, ::2].copy(),
        boxes=maps.boxes[::2, ::2] / 2,
        depth=maps.depth[::2, ::2] / 2,
        context=maps.context[::2, ::2].copy(),
        parts=maps.parts[::2, ::2].copy(),
        cell_px=2.0 * CELL_PX,
    )
    (fine,) = pooled(maps, ROOM)
    ring = area_of(ROOM).contour / coarse.cell_px
    assert pooled_evidence([ring], coarse)[0] == pytest.approx(fine, abs=0.15)
