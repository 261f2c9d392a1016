"""What a page holds costs time in proportion: pages made of nothing but words, in any arrangement."""

from collections.abc import Callable
from itertools import pairwise
from time import process_time

import pytest

from builders_regions import region
from preview.domain.room import Word
from preview.page.limits import MAX_WORDS
from preview.rooms import name_rooms
from preview.rooms.evidence.region_evidence import EvidenceOptions
from preview.rooms.text.labels import LabelOptions, find_labels
from preview.rooms.text.text_kinds import kind_of
from preview.rooms.text.text_patterns import without_dimensions
from preview.rooms.text.word_merging import merged_words

OPTIONS = LabelOptions()
GENEROUS_SECONDS = 20.0
"""What takes a second at most; with pairs compared one by one it took minutes."""


def _word(x: float, y: float, width: float, height: float, text: str = "12") -> Word:
    return Word(text, (x, y, x + width, y + height), 1.0, "text_layer")


def on_one_line(count: int) -> list[Word]:
    return [_word(1000 * i / count, 500, 800 / count, 4) for i in range(count)]


def in_one_column(count: int) -> list[Word]:
    return [_word(500, 1000 * i / count, 8, 800 / count) for i in range(count)]


def in_a_grid(count: int) -> list[Word]:
    step = 1000 / (int(count**0.5) + 1)
    places = [(step * (i % int(1000 / step)), step * (i // int(1000 / step))) for i in range(count)]
    return [_word(x, y, 0.8 * step, 0.4 * step, "ROOM") for x, y in places]


def at_one_point(count: int) -> list[Word]:
    return [_word(500, 500, 8, 4) for _ in range(count)]


def in_two_rows_over_one_another(count: int) -> list[Word]:
    return [_word(500 + i / count, 500 + 2 * (i % 2), 8, 4) for i in range(count)]


def across_the_page(count: int) -> list[Word]:
    return [_word(0, 1000 * i / count, 1000, 900 / count, "K" * 9) for i in range(count)]


def in_sixteen_layers(count: int) -> list[Word]:
    places = [divmod(i // 16, 60) for i in range(count)]
    return [
        _word(16.0 * column, 0.9 * row + i % 16 / 9, 15, 1.5, "x-") for i, (row, column) in enumerate(places)
    ]


ARRANGEMENTS = [
    on_one_line, in_one_column, in_a_grid, at_one_point, in_two_rows_over_one_another, across_the_page,
    in_sixteen_layers,
]  # fmt: skip


@pytest.mark.parametrize("arranged", ARRANGEMENTS)
@pytest.mark.parametrize("count", [3000, MAX_WORDS])
def test_as_many_words_as_are_read_are_named_in_time(
    arranged: Callable[[int], list[Word]], count: int
) -> None:
    words = arranged(count)
    started = process_time()
    name_rooms([region()], merged_words(words, words))
    assert process_time() - started < GENEROUS_SECONDS


@pytest.mark.parametrize("text", ["12 " * 20_000, "1" * 100_000 + "x", "12-" * 50_000, "a" * 200_000])
def test_text_of_any_length_gets_its_kind_in_time(text: str) -> None:
    started = process_time()
    kind_of(without_dimensions(text))
    assert process_time() - started < GENEROUS_SECONDS


@pytest.mark.parametrize("count", [100, EvidenceOptions().most_regions])
def test_as_many_regions_as_are_kept_are_chosen_from_in_time(count: int) -> None:
    side = 1000 / (int(count**0.5) + 1)
    places = [divmod(i, int(1000 / side)) for i in range(count)]
    sure = {
        "agreement": 1.0,
        "floor": 0.95,
        "boundary_edge": 0.9,
        "mean_box_iou": 0.9,
        "box_vote_share": 0.9,
        "exclusive_vote_share": 0.9,
    }
    votes = {"wall_votes": 1.0, "line_votes": 1.0, "gap_votes": 1.0, "floor_votes": 1.0}
    regions = [
        region(
            (column * side, row * side, column * side + 0.9 * side, row * side + 0.9 * side),
            mean_width=0.4 * side / 1000,
            **sure,
            **votes,
        )
        for row, column in places
    ]
    started = process_time()
    found = name_rooms(regions)
    assert process_time() - started < GENEROUS_SECONDS
    assert len(found.rooms) == count


def test_rows_of_many_words_stay_rows() -> None:
    rows = [
        _word(8.0 * i, 40.0 * row, 7, 4, ("planter", "trellis")[i % 2])
        for row in range(20)
        for i in range(120)
    ]
    labels = find_labels(rows, OPTIONS)
    assert [len(label.name.split()) for label in labels] == [120] * 20
    assert all(one.anchor[1] < other.anchor[1] for one, other in pairwise(labels))
