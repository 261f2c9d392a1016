"""Pages full of sizes and areas, as no plan is."""

from time import process_time

import pytest

from preview.domain.detection import Detection
from preview.domain.room import Room, Word
from preview.domain.scale import PageSize
from preview.measures.page_reading import with_measures
from preview.page.limits import MAX_WORDS

GENEROUS_SECONDS = 10.0
ROOMS_A_SIDE = 14


def grid_of_rooms() -> tuple[Room, ...]:
    side = 1000 / ROOMS_A_SIDE
    boxes = [
        (side * column, side * row, side * column + 0.9 * side, side * row + 0.9 * side)
        for row in range(ROOMS_A_SIDE)
        for column in range(ROOMS_A_SIDE)
    ]
    return tuple(
        Room(
            "room_001", box, ((box[0], box[1]), (box[2], box[1]), (box[2], box[3]), (box[0], box[3])), None, 1
        )
        for box in boxes
    )


@pytest.mark.parametrize("text", ["3.5x4.2m", "15'2x113", "12,5", "1:100", "1x" * 40, "1'" * 39, "9" * 79])
def test_as_many_words_as_are_read_are_measured_in_time(text: str) -> None:
    words = [
        Word(text, (x := i % 140 * 7.0, y := i // 140 * 7.0, x + 4, y + 2), 1.0, "text_layer")
        for i in range(MAX_WORDS)
    ]
    started = process_time()
    with_measures(Detection(grid_of_rooms(), ()), words, PageSize(3000, 2000, 420, 297))
    assert process_time() - started < GENEROUS_SECONDS
