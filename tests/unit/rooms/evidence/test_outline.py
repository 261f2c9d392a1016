"""Outlines of areas of ink drawn here; (0, 0) is the corner of the first pixel."""

import cv2
import numpy as np
from numpy.typing import NDArray

from preview.rooms.evidence.outline import OutlineOptions, outlines
from preview.rooms.geometry.drawing import Drawing

SIDE = 600
Ink = NDArray[np.uint8]


def room_of(ink: Ink, floor: Ink) -> list[tuple[float, float]]:
    """The outline of ``floor`` on a drawing of ``ink``, from the leftmost of the topmost corners on."""
    contours, _ = cv2.findContours(floor, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    (ring,) = outlines(contours, Drawing.whole_page(ink, 255 - ink), OutlineOptions())
    corners = [(float(x), float(y)) for x, y in ring]
    first = min(range(len(corners)), key=lambda index: corners[index][::-1])
    return corners[first:] + corners[:first]


def walls(inner: tuple[int, int, int, int], thickness: int = 8) -> Ink:
    """Walls whose inner faces are the sides of ``inner``."""
    left, top, right, bottom = inner
    ink = np.zeros((SIDE, SIDE), np.uint8)
    ink[top - thickness : bottom + thickness, left - thickness : right + thickness] = 255
    ink[top:bottom, left:right] = 0
    return ink


def area(left: int, top: int, right: int, bottom: int) -> Ink:
    """A mask that is set from ``left`` and ``top`` on and before ``right`` and ``bottom``."""
    mask = np.zeros((SIDE, SIDE), np.uint8)
    mask[top:bottom, left:right] = 255
    return mask


ROOM = (100, 150, 400, 350)
CORNERS = [(100.0, 150.0), (100.0, 350.0), (400.0, 350.0), (400.0, 150.0)]


def test_an_outline_lies_on_the_inner_faces_of_the_walls() -> None:
    assert room_of(walls(ROOM), area(*ROOM)) == CORNERS


def test_sides_that_were_traced_beside_a_face_are_put_on_it() -> None:
    assert room_of(walls(ROOM), area(103, 152, 402, 347)) == CORNERS


def test_a_side_with_no_line_near_it_stays() -> None:
    blank = np.zeros((SIDE, SIDE), np.uint8)
    assert room_of(blank, area(103, 152, 402, 347)) == [(103, 152), (103, 347), (402, 347), (402, 152)]


def test_the_leaf_of_an_open_door_cuts_no_slit() -> None:
    ink, floor = walls(ROOM), area(*ROOM)
    ink[290:350, 300:304] = 255
    floor[290:350, 300:304] = 0
    assert room_of(ink, floor) == CORNERS


def test_a_stub_as_thick_as_a_wall_stays() -> None:
    ink, floor = walls(ROOM), area(*ROOM)
    ink[260:350, 300:316] = 255
    floor[260:350, 300:316] = 0
    assert len(room_of(ink, floor)) == 8


def test_a_round_room_is_not_made_square() -> None:
    ink, floor = np.zeros((SIDE, SIDE), np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(ink, (300, 300), 150, 255, 6)
    cv2.circle(floor, (300, 300), 146, 255, -1)
    ring = np.array(room_of(ink, floor))
    assert np.hypot(*(ring - 300.5).T).min() > 140
    assert len(ring) > 8


def test_an_area_of_a_line_collapses() -> None:
    contour = np.array([[[100, 100]], [[101, 100]]], np.int32)
    blank = np.zeros((SIDE, SIDE), np.uint8)
    (ring,) = outlines([contour], Drawing.whole_page(blank, 255 - blank), OutlineOptions())
    assert np.ptp(ring, axis=0).max() <= 3


def test_no_areas_have_no_outlines() -> None:
    blank = np.zeros((SIDE, SIDE), np.uint8)
    assert outlines([], Drawing.whole_page(blank, 255 - blank), OutlineOptions()) == []
