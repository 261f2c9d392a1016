"""What stands beside a room's name and is none of it, as plans print it."""

import pytest

from preview.domain.room import Word
from preview.rooms.output.room_names import room_name
from preview.rooms.text.annotations import without_annotations, without_repetitions
from preview.rooms.text.labels import LabelOptions, find_labels
from preview.rooms.text.text_kinds import TextKind, kind_of
from preview.rooms.text.text_patterns import is_dimension, without_dimensions


def word(text: str, x: float, y: float) -> Word:
    return Word(text, (x, y, x + 6 * len(text), y + 10), 0.9, "textract")


def named(*lines: str) -> str | None:
    """What a room is called and numbered that holds these lines, under one another."""
    words = [
        word(token, 100 + 6 * len(" ".join([*line.split()[:index], ""])), 100 + 14 * row)
        for row, line in enumerate(lines)
        for index, token in enumerate(line.split())
    ]
    return " ".join(filter(None, room_name(find_labels(words, LabelOptions())))) or None


@pytest.mark.parametrize(
    ("name", "beside"),
    [
        ("OFFICE", "WC-2"),  # wall covering
        ("OFFICE 101", "P-1"),
        ("KITCHEN", "PT-1 CT-2 VCT-1 WD-1 F1"),
        ("MASTER BEDROOM", "(CT-1)"),
        ("KITCHEN", "D01 W3"),
        ("KITCHEN", "W1 2400/1400"),
        ("OFFICE", "CH 2700"),
        ("OFFICE 101", "CH 2700"),
        ("BEDROOM 2", "CH=2.70"),
        ("BEDROOM 2", "C.H. 2700"),
        ("BEDROOM", "CLG HT 9'-0\""),
        ("BEDROOM", "CEILING HEIGHT 2700"),
        ("BATH", "FFL +0.00"),
        ("LOBBY", "RL 12.3"),
        ("WOHNEN", "LH 2,50"),
        ("KITCHEN", "TYP."),
        ("KITCHEN", "N.I.C."),
    ],
)
def test_a_name_is_separated_from_what_stands_beside_it(name: str, beside: str) -> None:
    assert named(f"{name} {beside}") == name
    assert named(name, beside) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [("O BATH", "BATH"), ("D BATH O", "BATH"), ("( BATH", "BATH"), ("BEDROOM 1 1", "BEDROOM 1")],
)
def test_strays_and_repetitions_are_no_part_of_a_name(text: str, name: str) -> None:
    assert named(text) == name


@pytest.mark.parametrize(
    "name",
    [
        "WC 2", "WC-2", "MH 1", "MH1", "BR-2", "LAB-1", "BED-1", "MASTER BED-1", "BEDROOM 1", "BEDROOM C",
        "BEDROOM #2", "APT B", "UNIT A", "OFFICE 101", "OFFICE A-203", "P1 PARKING", "Room D1", "CH. 2",
        "CH 101", "1/2 BATH", "W/C", "KITCHEN / DINING", "K", "EXISTING BEDROOM", "C. BATH",
    ],
)  # fmt: skip
def test_a_name_that_only_looks_like_a_mark_stays(name: str) -> None:
    assert named(name) == name


@pytest.mark.parametrize("text", ["VCT-1", "P-1", "D01", "TYP.", "A/C", "CH 2700", "FFL +0.00", "2400/1400"])
def test_what_is_no_name_names_no_room(text: str) -> None:
    assert named(text) is None


def test_marks_of_a_room_apart_from_its_name_are_not_said() -> None:
    room = [word("OFFICE", 100, 100), word("WC-2", 100, 300), word("P-1", 300, 100)]
    assert room_name(find_labels(room, LabelOptions())).hint == "OFFICE"


@pytest.mark.parametrize("mark", ["WC-2", "P-1"])
def test_marks_that_repeat_are_neither_names_nor_room_numbers(mark: str) -> None:
    page = [word(mark, 100, 60.0 * i) for i in range(8)]
    labels = find_labels(page, LabelOptions())
    assert {(label.kind, label.name) for label in labels} == {(TextKind.NOISE, "")}


@pytest.mark.parametrize(
    "text", ["CH 2700", "CH: 270", "C.H. 2700", "CLG 270", "H=2,60", "FFL 12500", "NPT +0.15"]
)
def test_heights_are_dimensions(text: str) -> None:
    assert is_dimension(text)
    assert kind_of(text) is TextKind.DIMENSION


@pytest.mark.parametrize("text", ["CH 2", "CH 101", "H 101", "HT", "101/102"])
def test_rooms_are_no_heights(text: str) -> None:
    assert not is_dimension(text)


def test_text_without_a_name_is_left_alone() -> None:
    assert without_annotations("WC-2 P-1") == "WC-2 P-1"
    assert without_annotations("") == without_repetitions("") == without_dimensions("") == ""
