import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.rooms.text.text_patterns import (
    has_scale_or_date,
    is_dimension,
    is_flat_type,
    is_room_number,
    without_dimensions,
)

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
    "17'8 x 14'2",
    "18' (5.49) max x 16'4 (4.98) max",
    "11'-10 1/2\"",
    "10 ft 6 in x 9 ft",
    "16-0 x 12-6",
    "14X12",
    "145\u00b0x96",
    "12'6 \u00d7 8\u00b07",
    "5.37m x 4.31m",
    "(2.6m\u00d72.0m)",
    "1200x2100",
    "3,10 \u0445 4,20",
    "3m40 x 2m80",
    "2.5 mts",
    "13,4 qm",
    "8,1 kvm",
    "12 mq",
    "18\u33a1",
    "350 sq.ft.",
    "10.5m2/113sqft",
    "12.5 \u043a\u0432.\u043c",
    "12,5 \u043c\u00b2",
    "8\u5e16",
    "6.0\u7573",
    "\u7d048\u7573",
    "Surface: 12,5 m\u00b2",
    "Pow. 12,5 m2",
    "S = 12.4 m\u00b2",
    "HSP 2,50 m",
    "h=2,50",
    "\u00b10.00",
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
    "4420",
    "S101",
    "Surface",
    "Drawn 24.12.2024",
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


@pytest.mark.parametrize(
    "text", ["1:100", "M 1:50", "1/200", "1 : 75", "24.12.2024", "12/05/24", "2024-01-05", "rev. 3.4.2021"]
)
def test_scales_and_dates_are_recognised(text: str) -> None:
    assert has_scale_or_date(text)


@pytest.mark.parametrize("text", ["1/2 bath", "11:100", "1:33", "3.2 x 4.1", "1.2.3", "101", "10.5", ""])
def test_other_numbers_are_no_scales_or_dates(text: str) -> None:
    assert not has_scale_or_date(text)


@pytest.mark.parametrize("text", ["3H+K+S", "2h+kk", "1H + K", "2 rok", "4r+k", "3LDK", "2DK", "3H+KT+vh."])
def test_types_of_whole_flats_are_recognised(text: str) -> None:
    assert is_flat_type(text)


@pytest.mark.parametrize("text", ["2H", "1K", "LDK", "OH+KK", "2R", "MH 2", "A2 3H+K", ""])
def test_names_and_numbers_are_no_types_of_flats(text: str) -> None:
    assert not is_flat_type(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bedroom 2 12'0 x 9'6", "Bedroom 2"),
        ("MH 10.5", "MH"),
        ("Kitchen 13 m\u00b2", "Kitchen"),
        ("Bedroom 2", "Bedroom 2"),
        ("3.2 x 4.1 m", "3.2 x 4.1 m"),
        ("320x2.41m Kitchen", "Kitchen"),
        ("43,0 PIHA", "PIHA"),
        ("MAKUUHUONE14,5", "MAKUUHUONE"),
        ("TK2,0 wc", "TK2,0 wc"),
        ("BEDROOM2", "BEDROOM2"),
        ("Bedroom 2.1 x 3 left", "Bedroom 2.1 x 3 left"),
        ("1 Kitchen", "1 Kitchen"),
    ],
)
def test_a_name_loses_the_dimensions_around_it(text: str, name: str) -> None:
    assert without_dimensions(text) == name


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30))
def test_a_name_without_its_dimensions_has_none_left_to_lose(text: str) -> None:
    once = without_dimensions(text)
    assert set(once) <= {*text, " "}
    assert without_dimensions(once) == once
