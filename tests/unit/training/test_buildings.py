from itertools import combinations
from random import Random

import pytest
from shapely.ops import unary_union

from room_training.buildings import invent
from room_training.floor_plan import FloorPlan

SEEDS = range(40)


@pytest.fixture(scope="module")
def plans() -> list[FloorPlan]:
    return [invent(Random(seed)) for seed in SEEDS]


def test_rooms_do_not_overlap(plans: list[FloorPlan]) -> None:
    for plan in plans:
        whole = sum(space.outline.area for space in plan.spaces)
        assert unary_union([s.outline for s in plan.spaces]).area == pytest.approx(whole, rel=1e-6)


def test_no_room_lies_in_another(plans: list[FloorPlan]) -> None:
    for plan in plans:
        assert not any(space.outline.interiors for space in plan.spaces)


def test_rooms_are_sound_and_not_tiny(plans: list[FloorPlan]) -> None:
    for plan in plans:
        assert len(plan.spaces) >= 2
        for space in plan.spaces:
            assert space.outline.is_valid
            assert space.outline.area > 5e5


def test_walls_tell_the_open_air_from_the_next_room(plans: list[FloorPlan]) -> None:
    for plan in plans[:20]:
        indoors = unary_union([s.outline for s in plan.spaces if s.kind != "balcony"]).buffer(1).buffer(-1)
        for wall in plan.walls:
            middle = wall.line.interpolate(0.5, normalized=True)
            inside = indoors.buffer(-2).contains(middle)
            assert (wall.outer, wall.rail) == (not inside, False) or (wall.rail and not inside)


def test_every_wall_runs_along_a_room(plans: list[FloorPlan]) -> None:
    for plan in plans[:20]:
        sides = unary_union([space.outline.exterior for space in plan.spaces]).buffer(1)
        assert all(sides.contains(wall.line) for wall in plan.walls)


def test_openings_lie_within_their_walls_and_keep_off_rails(plans: list[FloorPlan]) -> None:
    openings = [opening for plan in plans for opening in plan.openings]
    assert {opening.kind for opening in openings} >= {"door", "window", "entry", "passage"}
    for opening in openings:
        assert not opening.wall.rail
        assert opening.wall.outer == (opening.kind in ("window", "entry"))
        assert opening.wall.line.buffer(1).contains(opening.line)
        assert 0 < opening.line.length < opening.wall.line.length


def test_the_same_chance_gives_the_same_plan(plans: list[FloorPlan]) -> None:
    assert [invent(Random(seed)) for seed in SEEDS[:10]] == plans[:10]
    assert not any(one == other for one, other in combinations(plans[:10], 2))


def test_plans_are_of_many_sizes_and_kinds(plans: list[FloorPlan]) -> None:
    counts = [len(plan.spaces) for plan in plans]
    assert min(counts) <= 8
    assert max(counts) >= 40
    kinds = {space.kind for plan in plans for space in plan.spaces}
    assert {"corridor", "closet", "balcony", "bathroom", "office"} <= kinds
