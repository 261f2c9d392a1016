from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from shapely.geometry import LineString, Polygon, box

from builders_training import PLAN_PX, bare_style, canvas_for, flat_rooms, flat_walls, write_flat
from preview.rooms.text.text_patterns import is_dimension
from room_training.building_drawing import draw_building, label_map
from room_training.buildings import invent
from room_training.canvas import Canvas
from room_training.flats import read_flat
from room_training.floor_plan import FloorPlan, Space, sided_walls
from room_training.style import FILLS, Style
from room_training.words import dimension, room_words

SEEDS = range(5)
NOT_SOLID = sorted({*FILLS} - {"solid"})


def drawn(
    plan: FloorPlan, style: Style, seed: int = 0, plan_px: int = PLAN_PX
) -> tuple[Canvas, list[Polygon], NDArray[np.int32]]:
    canvas = canvas_for(plan, plan_px)
    rooms = draw_building(canvas, plan, style, Random(seed))
    labels = np.zeros(canvas.gray.shape, np.int32)
    label_map(canvas, rooms, 1, labels)
    return canvas, rooms, labels


def inside(labels: NDArray[np.int32], number: int, by_px: int = 3) -> NDArray[np.bool_]:
    """The pixels of a room but for those near its outline."""
    square = np.ones((2 * by_px + 1, 2 * by_px + 1), np.uint8)
    return cv2.erode((labels == number).astype(np.uint8), square).astype(bool)


@pytest.mark.parametrize("fill", sorted({*FILLS}))
def test_inside_its_outline_a_bare_room_is_paper(fill: str) -> None:
    checked = 0
    for seed in SEEDS[:3]:
        plan = invent(Random(seed))
        without_closet_doors = [opening for opening in plan.openings if opening.kind != "closet"]
        canvas, rooms, labels = drawn(replace(plan, openings=without_closet_doors), bare_style(fill), seed)
        for number in range(1, len(rooms) + 1):
            ground = inside(labels, number)
            if ground.sum() > 50:
                assert (canvas.gray[ground] > 200).mean() > 0.97
                checked += 1
    assert checked > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_between_rooms_there_is_ink(seed: int) -> None:
    plan = invent(Random(seed))
    canvas, _, labels = drawn(replace(plan, openings=[]), bare_style())
    whole = np.zeros(labels.shape, np.uint8)
    for space in plan.spaces:
        cv2.fillPoly(whole, [np.round(canvas.points(space.outline.exterior.coords)).astype(np.int32)], 1)
    near_rooms = cv2.dilate((labels > 0).astype(np.uint8), np.ones((3, 3), np.uint8))
    between = (cv2.erode(whole, np.ones((3, 3), np.uint8)) > 0) & (near_rooms == 0)
    if between.sum() > 50:
        assert (canvas.gray[between] < 128).mean() > 0.9


@pytest.mark.parametrize("seed", SEEDS)
def test_every_room_has_a_number_of_its_own(seed: int) -> None:
    canvas, rooms, labels = drawn(invent(Random(seed)), bare_style())
    assert sorted(np.unique(labels)) == list(range(len(rooms) + 1))
    for number, room in enumerate(rooms, start=1):
        side = canvas.px_per_mm
        assert (labels == number).sum() == pytest.approx(room.area * side**2, abs=2 * room.length * side)


def test_numbers_go_on_from_the_first() -> None:
    canvas = Canvas(np.full((40, 60), 255, np.uint8), np.eye(2, 3))
    labels = np.zeros((40, 60), np.int32)
    label_map(canvas, [box(5, 5, 15, 15), box(20, 5, 50, 35)], 7, labels)
    assert np.unique(labels).tolist() == [0, 7, 8]
    assert (labels == 7).sum() == pytest.approx(100, abs=44)
    assert labels[20, 35] == 8
    assert (canvas.gray == 255).all()


def test_doors_and_windows_leave_gaps_in_walls() -> None:
    plan = invent(Random(3))
    assert plan.openings
    canvas, _, _ = drawn(plan, bare_style())
    for opening in plan.openings:
        if opening.kind in ("door", "window", "entry") and opening.line.length * canvas.px_per_mm > 8:
            middle = opening.line.interpolate(0.5, normalized=True).coords[0]
            x, y = np.round(canvas.points([middle])[0]).astype(int)
            assert canvas.gray[y, x] == 255


@pytest.mark.parametrize(
    ("choice", "changes"),
    [
        ("furniture", {"furniture": 1.0}),
        ("tiles", {"tiles": 1.0}),
        ("floors", {"floors": True}),
        ("names", {"names": 1.0}),
        ("doors", {"door": "leaf"}),
        ("windows", {"window": "lines"}),
        ("jambs", {"jambs": True}),
    ],
)
def test_every_choice_of_a_draughtsman_shows(choice: str, changes: dict[str, float]) -> None:
    plan = invent(Random(5))
    bare, _, labels = drawn(plan, bare_style())
    dressed, _, same_labels = drawn(plan, replace(bare_style(), **changes))
    assert (dressed.gray != bare.gray).any(), choice
    assert np.array_equal(same_labels, labels)


@pytest.mark.parametrize("fill", NOT_SOLID)
def test_walls_of_other_fills_have_less_ink(fill: str) -> None:
    plan = invent(Random(5))
    style = bare_style(fill)
    if fill in ("tone", "outlined"):
        style = replace(style, outer=replace(style.outer, ink=150), inner=replace(style.inner, ink=150))
    assert drawn(plan, style)[0].gray.mean() > drawn(plan, bare_style())[0].gray.mean() + 1


@pytest.mark.parametrize("seed", SEEDS)
def test_names_lie_on_the_page_in_their_rooms(seed: int) -> None:
    plan = invent(Random(seed))
    canvas, _, labels = drawn(plan, replace(bare_style(), names=1.0, sizes=1.0), seed, plan_px=1500)
    height, width = labels.shape
    assert canvas.written
    for _, (x0, y0, x1, y1) in canvas.written:
        assert 0 <= x0 < x1 <= width
        assert 0 <= y0 < y1 <= height
    centres = [((y0 + y1) / 2, (x0 + x1) / 2) for _, (x0, y0, x1, y1) in canvas.written]
    assert np.mean([labels[int(y), int(x)] > 0 for y, x in centres]) > 0.9


def test_what_was_written_is_where_it_is_said_to_be() -> None:
    canvas = Canvas(np.full((100, 200), 255, np.uint8), np.eye(2, 3))
    canvas.text("KITCHEN", (100, 50), 16, 0)
    ((text, (x0, y0, x1, y1)),) = canvas.written
    rows, columns = np.nonzero(canvas.gray < 128)
    assert text == "KITCHEN"
    assert (columns.min(), columns.max()) == pytest.approx((x0, x1), abs=5)
    assert (rows.min(), rows.max()) == pytest.approx((y0, y1), abs=5)


def test_turned_text_stands_upright() -> None:
    canvas = Canvas(np.full((200, 200), 255, np.uint8), np.eye(2, 3))
    canvas.text("KITCHEN", (100, 100), 16, 0, 1)
    x0, y0, x1, y1 = canvas.written[0][1]
    assert y1 - y0 > 3 * (x1 - x0)


@pytest.mark.parametrize("centre", [(0, 0), (60, 40), (-90, 20), (30, 300)])
def test_what_lies_off_the_page_is_cut(centre: tuple[int, int]) -> None:
    canvas = Canvas(np.full((40, 60), 255, np.uint8), np.eye(2, 3))
    canvas.stamp(np.full((21, 21), 255, np.uint8), centre, 0)
    near = abs(centre[0] - 30) <= 30 and abs(centre[1] - 20) <= 20
    assert (canvas.gray == 0).any() == near


def test_the_same_chance_draws_the_same_pixels() -> None:
    plan, style = invent(Random(2)), replace(bare_style(), furniture=1.0, tiles=0.5, names=0.8, door="leaf")
    one, again, other = (drawn(plan, style, seed)[0].gray for seed in (4, 4, 5))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_a_flat_is_drawn_with_its_fixtures(tmp_path: Path) -> None:
    elements = [*flat_walls(), *flat_rooms()]
    empty = read_flat(write_flat(tmp_path, elements), Random(1))
    bath = (55.0, 160.0, 75.0, 190.0, "bathtub")
    equipped = read_flat(write_flat(tmp_path, [*elements, bath]), Random(1))
    assert empty is not None
    assert equipped is not None
    bare, rooms, labels = drawn(empty, bare_style())
    canvas, _, _ = drawn(equipped, bare_style())
    assert len(rooms) == 6
    changed = labels[canvas.gray != bare.gray]
    assert len(changed)
    assert len(np.unique(changed)) == 1


def test_a_room_within_a_room_keeps_its_ground() -> None:
    around, within = box(0, 0, 9000, 8000), box(3000, 3000, 6000, 5000)
    spaces = [Space(around.difference(within), "office"), Space(within, "bathroom")]
    lines = [LineString(pair) for shape in (around, within) for pair in pairwise(shape.exterior.coords)]
    plan = FloorPlan(spaces, sided_walls(lines, spaces), [])
    canvas, rooms, labels = drawn(plan, bare_style())
    x, y = np.round(canvas.points([(4500, 4000)])[0]).astype(int)
    edge_x, edge_y = np.round(canvas.points([(1500, 4000)])[0]).astype(int)
    assert len(rooms) == 2
    assert 0 < labels[y, x] != labels[edge_y, edge_x] > 0


@pytest.mark.parametrize("seed", range(8))
def test_sizes_are_read_as_sizes_and_labels_have_words(seed: int) -> None:
    random = Random(seed)
    assert is_dimension(dimension(box(0, 0, 3200, 4100), random))
    assert all(line.strip() for line in room_words("bedroom", 3, random))
