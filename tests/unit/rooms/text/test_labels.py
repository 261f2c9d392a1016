from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from preview.domain.room import Word
from preview.rooms.text.labels import LabelOptions, find_labels
from preview.rooms.text.text_kinds import TextKind

OPTIONS = LabelOptions()


def word(text: str, x: float, y: float, height: float = 10.0) -> Word:
    return Word(text, (x, y, x + 6 * len(text), y + height), 0.9, "textract")


def labels_of(*words: Word) -> list[tuple[TextKind, str]]:
    return [(label.kind, label.name) for label in find_labels(words, OPTIONS)]


def test_words_of_a_line_and_lines_of_a_stack_are_one_label() -> None:
    stack = [word("BEDROOM", 100, 114), word("MASTER", 100, 100), word("12'0", 100, 128), word("x", 130, 128)]
    assert labels_of(*stack, word("9'6", 142, 128)) == [(TextKind.ROOM, "MASTER BEDROOM")]


def test_misread_names_of_rooms_are_mended_and_no_others() -> None:
    remark = "please keep this tollet clean thank you"
    words = word("BEDROOM", 100, 100), word("TOLLET", 300, 100), word(remark, 100, 300)
    assert [name for _, name in labels_of(*words)] == ["BEDROOM", "TOILET", remark]


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


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (["MASTER", "BED", "ROOM"], "MASTER BED ROOM"),
        (["RECEPTION", "ROOM", "17'8 x 14'2", "5.4 x 4.3 m"], "RECEPTION ROOM"),
        (["EN-", "SUITE"], "EN-SUITE"),
        (["TEKN/", "KAUKO-", "LÄMPÖ"], "TEKN/ KAUKO-LÄMPÖ"),
        (["DINING/", "KITCHEN"], "DINING/ KITCHEN"),
        (["BEDROOM", "2"], "BEDROOM 2"),
        (["- HALL -", "3,5"], "HALL"),
        (["MAKUUHUONE", "palovaroitin"], "MAKUUHUONE"),
    ],
)
def test_a_name_may_be_broken_over_lines(lines: list[str], name: str) -> None:
    stack = [
        word(token, 100 + 6 * line.index(token), 100 + 14 * i)
        for i, line in enumerate(lines)
        for token in line.split()
    ]
    assert labels_of(*stack) == [(TextKind.ROOM, name)]


def test_names_side_by_side_but_not_level_are_two() -> None:
    # KITCHEN | WET KITCHEN, a letter and a wall between them
    lower = [word("WET", 150, 104.5), word("KITCHEN", 172, 104.5)]
    found = labels_of(word("KITCHEN", 100, 100), *lower)
    assert sorted(name for _, name in found) == ["KITCHEN", "WET KITCHEN"]


def test_names_a_room_apart_are_two_however_long() -> None:
    names = [word("LIVING", 100, 100), word("BATH", 152, 100), word("HALL", 106, 122)]
    assert sorted(name for _, name in labels_of(*names)) == ["BATH", "HALL", "LIVING"]


def test_numbers_of_rooms_in_a_row_are_not_one_line() -> None:
    row = [word(str(number), 100 + 24 * i, 100) for i, number in enumerate(range(201, 208))]
    assert [name for _, name in labels_of(*row)] == [str(number) for number in range(201, 208)]


def test_numbers_of_rooms_under_one_another_are_not_one_label() -> None:
    column = [word(str(number), 100, 100 + 14 * i) for i, number in enumerate(range(201, 208))]
    assert [name for _, name in labels_of(*column)] == [str(number) for number in range(201, 208)]


def vertical(text: str, x: float, y: float) -> Word:
    return Word(text, (x, y, x + 10, y + 6 * len(text)), 0.9, "textract")


def test_a_vertical_name_is_read_as_it_was_given_and_loses_its_dimensions() -> None:
    name = [vertical("MASTER", 100, 160), vertical("BEDROOM", 100, 112), vertical("2", 100, 98)]
    sizes = [vertical("3.2", 114, 170), vertical("x", 114, 158), vertical("4.1m", 114, 128)]
    assert labels_of(*name, *sizes) == [(TextKind.ROOM, "MASTER BEDROOM 2")]


def test_horizontal_words_are_not_vertical_on_a_sheet_that_is_very_wide() -> None:
    name, number = Word("OFFICE", (78, 317, 113, 338), 0.9, "textract"), (117.3, 312, 130.7, 343)
    assert labels_of(name, Word("101", number, 0.9, "textract")) != [(TextKind.ROOM, "OFFICE 101")]
    told = [replace(name, vertical=False), Word("101", number, 0.9, "textract", vertical=False)]
    assert labels_of(*told) == [(TextKind.ROOM, "OFFICE 101")]


def test_vertical_words_are_not_horizontal_on_a_sheet_that_is_very_wide() -> None:
    boxes = {"MASTER": (100, 150, 120, 175), "BATH": (100, 128, 120, 145)}
    names = [Word(text, box, 0.9, "textract", vertical=True) for text, box in boxes.items()]
    assert labels_of(*names) == [(TextKind.ROOM, "MASTER BATH")]


def test_names_that_are_read_from_the_right_begin_there() -> None:
    assert labels_of(word("שינה", 100, 100), word("חדר", 132, 100))[0][1] == "חדר שינה"


def test_a_vertical_name_takes_no_words_from_the_next_room() -> None:
    names = [vertical("BALCONY", 100, 100), vertical("BATH", 100, 160), word("KITCHEN", 90, 190)]
    assert sorted(name for _, name in labels_of(*names)) == ["BALCONY", "BATH", "KITCHEN"]


def test_letters_are_rooms_only_where_a_language_has_them() -> None:
    letters = [word("K", 300, 100), word("S", 300, 300)]
    finnish = [word("MH", 100, 100), word("KHH", 100, 300)]
    english = [word("BEDROOM", 100, 100), word("KITCHEN", 100, 300)]
    assert {name for kind, name in labels_of(*letters, *finnish) if name} == {"MH", "K", "KHH", "S"}
    assert {name for kind, name in labels_of(*letters, *english) if name} == {"BEDROOM", "KITCHEN"}


def test_the_anchor_is_on_the_line_that_names_the_room() -> None:
    (label,) = find_labels(
        [word("BATH", 100, 100), word("2.1", 100, 114), word("m", 124, 114)], LabelOptions()
    )
    assert label.anchor == (112, 105)


def test_no_words_make_no_labels() -> None:
    assert labels_of() == []
    assert labels_of(Word("  ", (0, 0, 5, 5), 1.0, "textract")) == []


WORDS = st.lists(
    st.builds(
        word,
        st.sampled_from(["BEDROOM", "2", "MH", "K", "201", "12'0", "x", "SCALE", "UP", "Orangery", "EN-"]),
        st.integers(0, 900),
        st.integers(0, 900),
    ),
    max_size=12,
    unique_by=lambda word: word.box[:2],
)


@settings(max_examples=40, deadline=None)
@given(WORDS, st.randoms(use_true_random=False))
def test_the_order_of_horizontal_words_does_not_matter(words: list[Word], random: Random) -> None:
    shuffled = random.sample(words, len(words))
    assert sorted(find_labels(words, OPTIONS), key=repr) == sorted(find_labels(shuffled, OPTIONS), key=repr)


@settings(max_examples=40, deadline=None)
@given(WORDS, st.integers(0, 50))
def test_labels_move_with_their_words(words: list[Word], by: int) -> None:
    moved = [word(w.text, w.box[0] + by, w.box[1] + by) for w in words]
    assert [(lab.kind, lab.name) for lab in find_labels(moved, OPTIONS)] == [
        (lab.kind, lab.name) for lab in find_labels(words, OPTIONS)
    ]
