from collections.abc import Sequence
from dataclasses import replace
from math import ceil

import numpy as np
import pytest

from builders_regions import CELL_PX, SIDE_PX, CellBox, area_of, drawing_of, maps_of
from preview.rooms.evidence.region import Region
from preview.rooms.evidence.region_evidence import EvidenceOptions, regions_of
from preview.rooms.evidence.votes import Hypotheses
from preview.rooms.network.floor_network import FloorMaps
from preview.rooms.walls.enclosed_areas import EnclosedArea
from preview.rooms.walls.wall_hypotheses import WallHypothesis

OPTIONS = EvidenceOptions(least_ink_support=0.0)
GAP_SIZES, NETWORK_HYPOTHESES = 4, 6
ROOM: CellBox = (20, 30, 60, 70)
FACTS = (
    "ink_inside",
    "floor",
    "edge",
    "boundary_edge",
    "mean_box_iou",
    "box_vote_share",
    "exclusive_vote_share",
)


def regions(
    areas: Sequence[EnclosedArea],
    walls: Sequence[WallHypothesis] | None = None,
    maps: FloorMaps | None = None,
) -> list[Region]:
    return regions_of(
        areas, hypotheses(walls or [walls_of(ROOM)]), maps or maps_of(ROOM), drawing_of(), OPTIONS
    )


def hypotheses(walls: Sequence[WallHypothesis]) -> Hypotheses:
    return Hypotheses(walls, NETWORK_HYPOTHESES, GAP_SIZES)


def walls_of(cells: CellBox, vote: float = 1.0) -> WallHypothesis:
    x0, y0, x1, y1 = (side * CELL_PX for side in cells)
    mask = np.zeros((SIDE_PX, SIDE_PX), np.uint8)
    mask[y0 - 3 : y1 + 3, x0 - 3 : x1 + 3] = 255
    mask[y0:y1, x0:x1] = 0
    return WallHypothesis(mask, 3.0, vote=vote)


def test_on_blank_maps_nothing_speaks_for_an_area() -> None:
    (region,) = regions([area_of(ROOM)], maps=FloorMaps.blank(drawing_of()))
    assert {name: getattr(region, name) for name in FACTS} == dict.fromkeys(FACTS, 0.0)


def test_an_area_becomes_a_region_of_the_page() -> None:
    (region,) = regions([area_of(ROOM)])
    assert region.box == pytest.approx((200, 300, 600, 700), abs=5)
    assert region.area == pytest.approx(0.16, rel=0.01)
    assert region.mean_width == pytest.approx(0.2, rel=0.02)
    assert (region.compactness, region.aspect_ratio) == (1, 1)
    assert region.wall_support == 1
    assert region.ink_support == 0
    assert region.exclusive_vote_share == 1


def test_every_area_keeps_its_own_evidence() -> None:
    areas = [area_of((70, 10, 90, 20)), area_of(ROOM)]
    nothing, room = regions(areas)
    assert (nothing.floor, nothing.box_vote_share, nothing.wall_support) == (0, 0, 0)
    assert (room.floor, room.box_vote_share, room.wall_support) == (pytest.approx(1, abs=0.01), 1, 1)
    assert nothing.aspect_ratio == 0.5


def test_votes_are_counted_by_the_sort_of_their_hypotheses() -> None:
    walls = [walls_of(ROOM), walls_of(ROOM), walls_of(ROOM, vote=0.5), walls_of(ROOM, vote=0.5)]
    area = area_of(ROOM)
    area.hypotheses |= {0, 3, 4, 5}
    area.gap_sizes |= {0, 2}
    (region,) = regions([area], walls)
    assert region.wall_votes == region.line_votes == 0.5
    assert region.gap_votes == 2 / (GAP_SIZES + 1)
    assert 0 < region.floor_votes < 1


def test_what_only_the_network_found_has_no_votes_of_walls() -> None:
    area = area_of(ROOM)
    area.hypotheses.add(1)
    (region,) = regions([area])
    assert region.wall_votes == region.line_votes == 0
    assert region.floor_votes > 0


def test_the_agreement_of_walls_does_not_hang_on_the_network() -> None:
    by_walls, by_both = area_of(ROOM), area_of(ROOM)
    by_walls.hypotheses |= {0}
    by_both.hypotheses |= {0, 1, 2}
    one, both = regions([by_walls, by_both])
    assert one.agreement == both.agreement > 0
    assert both.floor_votes > one.floor_votes == 0


def test_an_area_that_collapses_to_a_line_is_left_out() -> None:
    assert regions([area_of((20, 30, 60, 30 + ceil(1 / CELL_PX)))]) != []
    line = np.array([[80, 120], [240, 120]], np.int32)
    assert regions([EnclosedArea(line, (80, 120, 161, 1), 1.0), area_of(ROOM)]) == regions([area_of(ROOM)])


@pytest.mark.parametrize("shift", [(0, 0), (60, 0), (0, 60), (60, 60)])
def test_an_area_at_the_very_border_of_the_raster_becomes_a_region(shift: tuple[int, int]) -> None:
    cells = (*shift, shift[0] + 40, shift[1] + 40)
    (region,) = regions([area_of(cells)], maps=maps_of(cells))
    assert region.box == pytest.approx(tuple(10 * side for side in cells), abs=3)
    assert region.floor > 0.9
    assert max(region.box) <= 1000


def test_the_same_evidence_comes_at_another_resolution_of_the_maps() -> None:
    (fine,) = regions([area_of(ROOM)])
    maps = maps_of(ROOM)
    coarse = replace(
        maps,
        floor=maps.floor[::2, ::2].copy(),
        edge=maps.edge[::2, ::2].copy(),
        boxes=maps.boxes[::2, ::2] / 2,
        depth=maps.depth[::2, ::2] / 2,
        parts=maps.parts[::2, ::2].copy(),
        context=maps.context[::2, ::2].copy(),
        cell_px=2.0 * CELL_PX,
    )
    (other,) = regions([area_of(ROOM)], maps=coarse)
    assert other.floor == pytest.approx(fine.floor, abs=0.05)
    assert other.mean_box_iou == pytest.approx(fine.mean_box_iou, abs=0.05)
    assert other.pooled == pytest.approx(fine.pooled, abs=0.15)
    resolved = {"floor": 0, "edge": 0, "boundary_edge": 0, "mean_box_iou": 0, "pooled": ()}
    assert replace(other, **resolved) == replace(fine, **resolved)


def test_what_hardly_follows_ink_is_left_out() -> None:
    walls, maps = [walls_of(ROOM)], maps_of(ROOM)
    assert regions_of([area_of(ROOM)], hypotheses(walls), maps, drawing_of(), EvidenceOptions()) == []
    drawn = drawing_of().with_ink(walls[0].mask)
    assert len(regions_of([area_of(ROOM)], hypotheses(walls), maps, drawn, EvidenceOptions())) == 1
