from itertools import combinations
from pathlib import Path
from random import Random

import pytest

from builders_training import KINDS, Element, flat_rooms, flat_walls, write_flat
from room_training.flats import BEDROOM_M2, ROOM_KINDS, read_flat
from room_training.floor_plan import FloorPlan

INNER_DOOR: Element = (150, 80, 150, 105, "door")
WINDOW: Element = (80, 50, 120, 50, "door")
FRONT_DOOR: Element = (180, 250, 210, 250, "door")
ENTRANCE: Element = (170, 230, 220, 248, "entrance")
FLAT = [*flat_walls(), *flat_rooms()]


def read(folder: Path, elements: list[Element], seed: int = 1) -> FloorPlan | None:
    return read_flat(write_flat(folder, elements), Random(seed))


def read_closed(folder: Path, elements: list[Element], seed: int = 1) -> FloorPlan:
    plan = read(folder, elements, seed)
    assert plan is not None
    return plan


def in_sides(plan: FloorPlan, outer: bool, rail: bool = False) -> float:
    """Length of such walls in sides of a room."""
    lengths = [wall.line.length for wall in plan.walls if (wall.outer, wall.rail) == (outer, rail)]
    bedroom = next(space for space in plan.spaces if space.kind == "bedroom")
    return float(sum(lengths) / bedroom.outline.area**0.5)


def test_every_room_of_a_flat_is_closed_and_named(tmp_path: Path) -> None:
    plan = read_closed(tmp_path, FLAT)
    assert sorted(space.kind for space in plan.spaces) == sorted(KINDS)
    assert all(space.outline.is_valid and space.outline.area > 0 for space in plan.spaces)
    for one, other in combinations(plan.spaces, 2):
        assert one.outline.intersection(other.outline).area < 1


@pytest.mark.parametrize("seed", range(5))
def test_a_flat_is_scaled_to_bedrooms_of_a_usual_size(tmp_path: Path, seed: int) -> None:
    bedrooms = [s for s in read_closed(tmp_path, FLAT, seed).spaces if s.kind == "bedroom"]
    assert all(BEDROOM_M2[0] <= room.outline.area / 1e6 <= BEDROOM_M2[1] for room in bedrooms)


def test_the_same_chance_gives_the_same_flat(tmp_path: Path) -> None:
    assert read(tmp_path, FLAT, 3) == read(tmp_path, FLAT, 3)
    assert read(tmp_path, FLAT, 3) != read(tmp_path, FLAT, 4)


def test_walls_know_what_lies_on_both_sides(tmp_path: Path) -> None:
    plan = read_closed(tmp_path, FLAT)
    assert in_sides(plan, outer=True) == pytest.approx(10, abs=0.1)
    assert in_sides(plan, outer=False) == pytest.approx(7, abs=0.1)


def test_a_balcony_has_rails_around_it(tmp_path: Path) -> None:
    rooms = flat_rooms()
    rooms[2] = (*rooms[2][:4], "balcony")
    plan = read_closed(tmp_path, [*flat_walls(), *rooms])
    assert in_sides(plan, outer=False, rail=True) == pytest.approx(2, abs=0.1)
    assert in_sides(plan, outer=True) == pytest.approx(10, abs=0.1)


@pytest.mark.parametrize(
    ("door", "kind"),
    [
        (INNER_DOOR, "door"),
        ((152, 80, 152, 105, "door"), "door"),
        ((150, 105, 147, 80, "door"), "door"),
        ((150, 60, 150, 140, "door"), "passage"),
        (WINDOW, "window"),
        (FRONT_DOOR, "entry"),
        ((52, 150, 77, 150, "door"), "door"),
    ],
)
def test_a_door_lies_on_its_wall(tmp_path: Path, door: Element, kind: str) -> None:
    plan = read_closed(tmp_path, [*FLAT, ENTRANCE, door])
    (opening,) = plan.openings
    assert opening.kind == kind
    assert opening.wall in plan.walls
    assert opening.wall.line.buffer(1).contains(opening.line)
    bedroom = next(space for space in plan.spaces if space.kind == "bedroom")
    length = max(abs(door[2] - door[0]), abs(door[3] - door[1]))
    assert opening.line.length == pytest.approx(length / 100 * bedroom.outline.area**0.5, rel=0.01)


@pytest.mark.parametrize(
    "door",
    [(90, 100, 115, 100, "door"), (150, 80, 150, 84, "door"), (135, 100, 165, 100, "door")],
    ids=["far from every wall", "too narrow", "across its wall"],
)
def test_what_cannot_be_a_door_is_left_out(tmp_path: Path, door: Element) -> None:
    assert read_closed(tmp_path, [*FLAT, door]).openings == []


def test_walls_that_nearly_meet_are_closed(tmp_path: Path) -> None:
    walls = [(x0 + 1, y0 - 1, x1 - 1, y1 + 2, kind) for x0, y0, x1, y1, kind in flat_walls()]
    assert len(read_closed(tmp_path, [*walls, *flat_rooms()]).spaces) == 6


@pytest.mark.parametrize("gone", range(12))
def test_a_flat_of_four_rooms_with_a_wall_missing_is_none(tmp_path: Path, gone: int) -> None:
    walls, rooms = flat_walls(2, 2), flat_rooms(2, 2)
    assert read(tmp_path, [*walls, *rooms]) is not None
    assert read(tmp_path, [*walls[:gone], *walls[gone + 1 :], *rooms]) is None


@pytest.mark.parametrize(("gap", "is_closed"), [(2, True), (6, True), (9, False), (20, False)])
def test_a_wall_that_stops_far_short_of_the_next_leaves_a_flat_open(
    tmp_path: Path, gap: float, is_closed: bool
) -> None:
    walls = flat_walls(2, 2)
    x0, y0, x1, y1, kind = walls[0]
    short = (x0, y0, x1 - gap, y1, kind)
    assert (read(tmp_path, [short, *walls[1:], *flat_rooms(2, 2)]) is not None) == is_closed


@pytest.mark.parametrize("count", [0, 5])
def test_a_file_of_few_walls_is_none(tmp_path: Path, count: int) -> None:
    assert read(tmp_path, [*flat_walls()[:count], *flat_rooms()]) is None


def test_a_flat_with_a_large_room_of_no_name_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, [*flat_walls(), *flat_rooms()[1:]]) is None


def test_lines_that_are_no_elements_are_skipped(tmp_path: Path) -> None:
    path = write_flat(tmp_path, FLAT)
    expected = read_flat(path, Random(1))
    path.write_text(f"\n\nno element\n1 2 3 x wall\n{path.read_text()}\n12\n")
    assert read_flat(path, Random(1)) == expected


def test_the_first_kind_listed_names_a_space_that_holds_several(tmp_path: Path) -> None:
    several = [(170.0, 70.0, 230.0, 130.0, kind) for kind in reversed(ROOM_KINDS)]
    plan = read_closed(tmp_path, [*FLAT, *several])
    assert [space.kind for space in plan.spaces].count("living_room") == 2


def test_stairs_name_their_space(tmp_path: Path) -> None:
    plan = read_closed(tmp_path, [*FLAT, (70.0, 70.0, 130.0, 130.0, "stairs")])
    assert [space.kind for space in plan.spaces].count("stairs") == 1


def test_fixtures_come_along_in_their_rooms(tmp_path: Path) -> None:
    plan = read_closed(tmp_path, [*FLAT, (90.0, 190.0, 60.0, 160.0, "toilet")])
    ((kind, (x0, y0, x1, y1)),) = plan.fixtures
    assert kind == "toilet"
    room = next(s for s in plan.spaces if s.kind == "bathroom").outline.bounds
    assert room[0] < x0 < x1 < room[2]
    assert room[1] < y0 < y1 < room[3]
