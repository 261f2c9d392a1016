"""Numbers of rooms apart from their names."""

import pytest

from preview.rooms.text.room_numbers import without_number


@pytest.mark.parametrize(
    ("written", "name", "number"),
    [
        ("OFFICE 101", "OFFICE", "101"),
        ("OFFICE 101A", "OFFICE", "101A"),
        ("101 OFFICE", "OFFICE", "101"),
        ("OFFICE, A-203", "OFFICE", "A-203"),
        ("OFFICE 2-14", "OFFICE", "2-14"),
        ("OFFICE 04", "OFFICE", "04"),
        ("OFFICE (101)", "OFFICE", "101"),
        ("OFFICE #101", "OFFICE", "101"),
        ("EXAM ROOM 1204", "EXAM ROOM", "1204"),
        ("BEDROOM 1", "BEDROOM 1", None),
        ("OFFICE 12", "OFFICE 12", None),
        ("BEDROOM 2A", "BEDROOM 2A", None),
        ("MH1", "MH1", None),
        ("SUITE 4 BATH", "SUITE 4 BATH", None),
        ("101", None, "101"),
        ("ROOM 101", None, "101"),
        ("Bath", "Bath", None),
        ("", None, None),
    ],
)
def test_a_number_stands_apart_from_the_name(written: str, name: str | None, number: str | None) -> None:
    assert without_number(written) == (name, number)
