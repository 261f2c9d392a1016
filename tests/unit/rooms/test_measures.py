import pytest

from preview.rooms.measures import is_dimension, is_room_number

DIMENSIONS = [
    "12'-0\" x 10'-6\"",
    "12'-0\"x10'-6\"",
    "10\u2032-6\u2033 \u00d7 9\u2032",
    "16'7 x 9'7",
    "15'5'' max",
    "13'4 (4.06) max x 9'2 (2.79) min",
    '6 1/2"',
    '9\u00bd"',
    "3.2 x 4.1 m",
    "3.2x4.1m",
    "4,72m x 3,30m",
    "4,72mx3,30m",
    "(4.5m x 3.3m)",
    "3200x4100",
    "3200 X 4100",
    "4.2 m x 3.1 m / 13 m2",
    "13.4 m\u00b2",
    "13,4m2",
    "ca. 12 qm",
    "120 sq ft",
    "120sq.ft.",
    "12\u043a\u0432.\u043c",
    "14,5",
    "2.14",
    "CH 2.4",
    "CH=2.4m",
    "12 mm",
]
NOT_DIMENSIONS = [
    "101",
    "3403B",
    "A-203",
    "2400",
    "Room 4",
    "MH1",
    "H 101",
    "m",
    "x",
    "",
    "1:100",
    "Bedroom 3.2 x 4.1",
]


@pytest.mark.parametrize("text", DIMENSIONS)
def test_lengths_areas_and_heights_are_dimensions(text: str) -> None:
    assert is_dimension(text)


@pytest.mark.parametrize("text", NOT_DIMENSIONS)
def test_names_and_numbers_are_no_dimensions(text: str) -> None:
    assert not is_dimension(text)


@pytest.mark.parametrize("text", ["101", "7", "3403B", "A-203", "A203", "2-14", "(12)", "S101"])
def test_room_numbers_are_recognised(text: str) -> None:
    assert is_room_number(text)


@pytest.mark.parametrize("text", ["2.14", "3.2 x 4.1", "Room", "12345", "101 102", "12 mm", ""])
def test_other_text_is_no_room_number(text: str) -> None:
    assert not is_room_number(text)
