from itertools import pairwise

import pytest

from preview.rooms.evidence.straight_sides import StraightOptions, corners_of, regularised, sides_of

LONG_SIDE = 1000.0
OPTIONS = StraightOptions(slope=0.15, jog=0.012, swing=0.09)
Ring = list[tuple[float, float]]


def regular(ring: Ring) -> Ring:
    """The corners of ``ring`` regularised, from the leftmost of the topmost on."""
    corners = [
        (round(x, 2), round(y, 2))
        for x, y in corners_of(regularised(sides_of(ring, OPTIONS.slope), LONG_SIDE, OPTIONS))
    ]
    first = min(range(len(corners)), key=lambda index: corners[index][::-1])
    return corners[first:] + corners[:first]


SQUARE: Ring = [(100, 100), (100, 300), (300, 300), (300, 100)]
L_SHAPE: Ring = [(100, 100), (100, 300), (300, 300), (300, 200), (200, 200), (200, 100)]


@pytest.mark.parametrize("ring", [SQUARE, L_SHAPE])
def test_a_regular_ring_stays_as_it_is(ring: Ring) -> None:
    assert regular(ring) == ring


def test_sides_a_little_askew_are_put_on_the_axes_where_most_of_them_lies() -> None:
    assert regular([(98, 100), (102, 300), (300, 304), (300, 100)]) == [
        (100, 100),
        (100, 302),
        (300, 302),
        (300, 100),
    ]


def test_a_corner_that_was_cut_is_square_again() -> None:
    assert regular([(100, 100), (100, 300), (292, 300), (300, 292), (300, 100)]) == SQUARE


def test_a_corner_cut_by_more_than_a_mark_stays() -> None:
    ring: Ring = [(100, 100), (100, 300), (250, 300), (300, 250), (300, 100)]
    assert regular(ring) == ring


@pytest.mark.parametrize("depth", [10, -10])
def test_a_reveal_and_a_pilaster_are_no_part_of_a_wall(depth: float) -> None:
    window: Ring = [(250, 100), (250, 100 - depth), (180, 100 - depth), (180, 100)]
    assert regular([(100, 100), (100, 300), (300, 300), (300, 100), *window]) == SQUARE


def test_a_niche_deeper_than_a_mark_stays() -> None:
    niche: Ring = [(250, 100), (250, 80), (180, 80), (180, 100)]
    assert len(regular([(100, 100), (100, 300), (300, 300), (300, 100), *niche])) == 8


ARC: Ring = [(220, 250), (205, 254), (185, 265), (173, 280)]
"""A door's swing into the room, from its leaf at x = 220 to its opening in the wall below."""


def test_the_swing_of_a_door_belongs_to_the_room_that_it_opens_into() -> None:
    ring: Ring = [
        (100, 100),
        (100, 300),
        (170, 300),
        (170, 290),
        *ARC[::-1],
        (220, 300),
        (300, 300),
        (300, 100),
    ]
    assert regular(ring) == SQUARE


def test_the_swing_of_a_door_is_no_part_of_the_room_beyond() -> None:
    bulge: Ring = [(170, 300), (170, 310), (185, 335), (205, 346), (220, 350), (220, 300)]
    assert regular([(100, 100), (100, 300), *bulge, (300, 300), (300, 100)]) == SQUARE


def test_a_bay_without_an_arc_stays() -> None:
    bay: Ring = [(170, 300), (170, 350), (220, 350), (220, 300)]
    assert len(regular([(100, 100), (100, 300), *bay, (300, 300), (300, 100)])) == 8


def test_an_oblique_wall_meets_its_neighbours_on_their_lines() -> None:
    ring: Ring = [(100, 101), (100, 300), (301, 302), (299, 200), (200, 99)]
    corners = regular(ring)
    straight = [(a, b) for a, b in pairwise([*corners, corners[0]]) if a[0] == b[0] or a[1] == b[1]]
    assert len(corners) == 5
    assert len(straight) == 4


def test_a_ring_of_four_marks_is_left_alone() -> None:
    ring: Ring = [(100, 100), (100, 105), (105, 105), (105, 100)]
    assert regular(ring) == ring
