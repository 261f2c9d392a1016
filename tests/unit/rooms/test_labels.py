import pytest

from preview.domain.room import Word
from preview.rooms.labels import TextKind, find_labels, kind_of, without_dimensions
from preview.rooms.options import DetectorOptions

ROOMS = [
    "BEDROOM",
    "Master Bedroom",
    "MASTERBATH",
    "BEDROOM2",
    "Becroom",
    "W.I.C.",
    "OFFICE 101",
    "LIVING/DINING",
    "MH1",
    "Makuuhuone",
    "KEITTI\u00d6",
    "K\u00fcche",
    "Schlafzimmer",
    "Salle de bain",
    "S\u00c9JOUR",
    "Ba\u00f1o",
    "Dormitorio 2",
    "Cozinha",
    "Soggiorno",
    "Slaapkamer",
    "Sovrum",
    "\u041a\u0443\u0445\u043d\u044f",
]


@pytest.mark.parametrize("text", ROOMS)
def test_room_words_of_many_languages_name_rooms(text: str) -> None:
    assert kind_of(text) is TextKind.ROOM


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("GROUND FLOOR PLAN", TextKind.SHEET),
        ("SCALE 1:100", TextKind.SHEET),
        ("Drawn by AB", TextKind.SHEET),
        ("Bedroom plan", TextKind.SHEET),
        ("101", TextKind.NUMBER),
        ("S101", TextKind.NUMBER),
        ("3.2 x 4.1 m", TextKind.DIMENSION),
        ("Orangery", TextKind.OTHER),
        ("|=", TextKind.NOISE),
        ("1:100", TextKind.NOISE),
    ],
)
def test_other_text_is_told_apart(text: str, kind: TextKind) -> None:
    assert kind_of(text) is kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bedroom 2 12'0 x 9'6", "Bedroom 2"),
        ("MH 10.5", "MH"),
        ("Kitchen 13 m\u00b2", "Kitchen"),
        ("Bedroom 2", "Bedroom 2"),
        ("3.2 x 4.1 m", "3.2 x 4.1 m"),
    ],
)
def test_a_name_loses_the_dimensions_behind_it(text: str, name: str) -> None:
    assert without_dimensions(text) == name


def word(text: str, x: float, y: float, height: float = 10.0) -> Word:
    return Word(text, (x, y, x + 6 * len(text), y + height), 0.9, "textract")


def labels_of(*words: Word) -> list[tuple[TextKind, str]]:
    return [(label.kind, label.name) for label in find_labels(words, DetectorOptions())]


def test_words_of_a_line_and_lines_of_a_stack_are_one_label() -> None:
    stack = [word("BEDROOM", 100, 114), word("MASTER", 100, 100), word("12'0", 100, 128), word("x", 130, 128)]
    assert labels_of(*stack, word("9'6", 142, 128)) == [(TextKind.ROOM, "MASTER BEDROOM")]


def test_a_number_under_a_name_belongs_to_it() -> None:
    assert labels_of(word("OFFICE", 100, 100), word("101", 105, 114)) == [(TextKind.ROOM, "OFFICE 101")]


def test_large_letters_keep_their_number_on_a_page_of_small_ones() -> None:
    name, number = Word("BEDROOM", (100, 100, 184, 120), 0.9, "textract"), word("2", 200, 102, 16)
    small = [Word("note", (10.0 * i, 300, 10.0 * i + 8, 304), 0.9, "textract") for i in range(20)]
    assert (TextKind.ROOM, "BEDROOM 2") in labels_of(name, number, *small)


def test_far_words_are_labels_of_their_own() -> None:
    found = labels_of(word("BATH", 100, 100), word("KITCHEN", 200, 100), word("HALL", 100, 300))
    assert sorted(name for _, name in found) == ["BATH", "HALL", "KITCHEN"]


def test_words_of_a_title_block_name_nothing() -> None:
    assert labels_of(word("SCALE", 800, 900), word("KITCHEN", 800, 912)) == [(TextKind.ROOM, "KITCHEN")]
    assert labels_of(word("DRAWN", 800, 900), word("Smith", 836, 900)) == [(TextKind.SHEET, "")]


def test_the_anchor_is_on_the_line_that_names_the_room() -> None:
    (label,) = find_labels(
        [word("BATH", 100, 100), word("2.1", 100, 114), word("m", 124, 114)], DetectorOptions()
    )
    assert label.anchor == (112, 105)


def test_no_words_make_no_labels() -> None:
    assert labels_of() == []
    assert labels_of(Word("  ", (0, 0, 5, 5), 1.0, "textract")) == []
