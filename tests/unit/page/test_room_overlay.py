"""The page with its rooms drawn on it."""

import numpy as np
import pytest

from preview.domain.picture import PicturedRoom
from preview.page.room_overlay import draw_rooms

PAPER = np.full((800, 1600), 255, np.uint8)


def room(
    number: int, box: tuple[float, float, float, float], name: str = "Room", figure: str = "12.5 m²"
) -> PicturedRoom:
    x_min, y_min, x_max, y_max = box
    ring = ((x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max))
    return PicturedRoom(number, ring, (name, figure))


def is_coloured(picture: np.ndarray, x: float, y: float) -> bool:
    height, width, _ = picture.shape
    pixel = picture[int(y * height / 1000), int(x * width / 1000)].astype(int)
    return int(pixel.max() - pixel.min()) > 30


@pytest.mark.parametrize(
    ("shape", "size"),
    [
        ((800, 1600), (1600, 800)),
        ((3000, 4000), (2000, 1500)),
        ((300, 400), (1400, 1050)),
        ((1, 1), (1400, 1400)),
        ((1, 9000), (2000, 1)),
    ],
)
def test_the_picture_fits_a_screen(shape: tuple[int, int], size: tuple[int, int]) -> None:
    picture = draw_rooms(np.full(shape, 255, np.uint8), [])
    assert (picture.shape[1], picture.shape[0]) == size
    assert picture.min() == 255


def test_rooms_are_coloured_and_the_rest_is_not() -> None:
    picture = draw_rooms(PAPER, [room(1, (100, 100, 400, 400)), room(2, (600, 600, 900, 900))])
    assert is_coloured(picture, 120, 380)
    assert is_coloured(picture, 620, 880)
    assert not is_coloured(picture, 500, 500)
    assert not np.array_equal(picture[304, 192], picture[704, 992])  # each in its own


def test_ink_stays_visible_inside_a_room() -> None:
    plan = PAPER.copy()
    plan[700:710, 200:1400] = 0
    picture = draw_rooms(plan, [room(1, (50, 50, 950, 950))]).astype(int)
    assert picture[705, 400].max() < picture[600, 400].min()


def test_name_and_figure_are_written_inside_the_room() -> None:
    place = (slice(80, 320), slice(160, 640))
    blank = draw_rooms(PAPER, [])
    labelled = [
        draw_rooms(PAPER, [room(1, (100, 100, 400, 400), name, figure)])
        for name, figure in (("Kitchen", "12.5 m²"), ("Pantry", "12.5 m²"), ("Kitchen", "80 %"))
    ]
    assert len({picture[place].tobytes() for picture in labelled}) == 3
    for picture in labelled:
        around = picture.copy()
        around[76:324, 156:644] = 255
        assert np.array_equal(around, blank)


@pytest.mark.parametrize(
    "corners",
    [
        ((0, 0), (1000, 0), (1000, 1000), (0, 1000)),
        ((500, 500), (500.001, 500), (500.001, 500.001)),
        ((10, 10), (10, 900), (10.5, 900), (10.5, 10)),
        ((-50, -50), (1200, 500), (-50, 1200)),
        ((0, 0), (900, 0), (900, 100), (100, 100), (100, 900), (0, 900)),
    ],
)
def test_odd_rooms_are_drawn_without_complaint(corners: tuple[tuple[float, float], ...]) -> None:
    odd = PicturedRoom(1, corners, ("Salón de té — Büro " * 3, "12.5 m²"))
    assert draw_rooms(PAPER, [odd]).shape == (800, 1600, 3)


@pytest.mark.parametrize("pair", ["üö", "łż", "ЖЩ", "ΩΦ", "שע", "زن"])
def test_letters_of_other_alphabets_are_told_apart(pair: str) -> None:
    first, second = (draw_rooms(PAPER, [room(1, (100, 100, 400, 400), letter)]) for letter in pair)
    assert not np.array_equal(first, second)


LIVING = (100.0, 100.0, 900.0, 900.0)


@pytest.mark.parametrize(("paper", "ink"), [(255, 0), (60, 255)])
def test_a_label_hides_nothing_that_is_printed(paper: int, ink: int) -> None:
    plan = np.full((800, 1600), paper, np.uint8)
    printed = plan.copy()
    printed[390:410, 700:900:4] = ink  # as a name in the middle of the room
    picture = draw_rooms(printed, [room(1, LIVING, "Living")]).astype(int)
    shown, floor = picture[390:410, 700:900:4], picture[150, 200]
    assert (shown == shown[0, 0]).all()
    assert abs(shown[0, 0] - floor).max() > 50


def test_in_a_room_full_of_print_a_label_lets_it_show() -> None:
    hatched = PAPER.copy()
    hatched[::6] = 0
    labelled, other = (draw_rooms(hatched, [room(1, LIVING, name)]) for name in ("Living", "Dining"))
    assert not np.array_equal(labelled, other)
    lightened = labelled[90:710:6, 170:1430].min(axis=2) > 128
    assert lightened.mean() < 0.002


def test_labels_of_rooms_within_each_other_do_not_meet() -> None:
    alone = draw_rooms(PAPER, [room(1, LIVING, "Room 1", "50 %")])
    both = draw_rooms(
        PAPER, [room(1, LIVING, "Room 1", "50 %"), room(2, (450, 450, 550, 550), "Closet", "80 %")]
    )
    plates = [(picture > 240).all(axis=2)[81:720, 161:1440] for picture in (alone, both)]
    assert plates[1].sum() > 1.5 * plates[0].sum()
