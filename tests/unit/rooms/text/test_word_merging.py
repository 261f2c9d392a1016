import pytest

from builders_preview import a_word
from preview.domain.room import Box, Word
from preview.rooms.text.overprint import MOST_OVER_ONE_ANOTHER, without_overprint
from preview.rooms.text.word_merging import merged_words


@pytest.mark.parametrize(
    ("box", "added"),
    [
        ((100, 100, 150, 110), False),
        ((101, 101, 149, 109), False),
        ((130, 100, 180, 110), False),
        ((145, 100, 195, 110), True),
        ((500, 500, 550, 510), True),
        ((100, 109, 150, 119), True),
        ((120, 105, 120, 105), True),
    ],
)
def test_the_text_layer_adds_words_where_textract_read_none(
    box: tuple[float, float, float, float], added: bool
) -> None:
    read, own = a_word("KITCHEN"), a_word("PANTRY", box, "text_layer")
    assert merged_words([read], [own]) == ((read, own) if added else (read,))


@pytest.mark.parametrize(
    ("text", "box", "added"),
    [
        ("1", (315.8, 631.5, 321.3, 652.6), False),
        ("1", (315.0, 631.5, 320.5, 652.6), False),
        ("1", (312.0, 631.5, 317.5, 652.6), True),
        ("2", (315.8, 631.5, 319.9, 652.6), True),
        ("1", (315.8, 660.0, 321.3, 681.0), True),
        ("BEDROOM1", (200.0, 631.0, 322.0, 652.0), False),
        ("BED", (200.0, 631.0, 240.0, 652.0), False),
    ],
)
def test_a_word_is_said_once_however_it_was_placed_or_divided(text: str, box: Box, added: bool) -> None:
    read = [
        a_word("BEDROOM", (206.2, 626.0, 300.0, 657.7)),
        a_word("1", (319.5, 623.2, 323.4, 657.3)),
    ]
    assert merged_words(read, [a_word(text, box, "text_layer")])[2:] == (
        (a_word(text, box, "text_layer"),) if added else ()
    )


@pytest.mark.parametrize(
    ("text", "wins"), [("מטבח", True), ("Кухня", True), ("厨房", True), ("Küche", False), ("m²", False)]
)
def test_letters_that_textract_does_not_know_are_taken_from_the_text_layer(text: str, wins: bool) -> None:
    misread, elsewhere = a_word("nuun"), a_word("HALL", (500, 500, 550, 510))
    own = a_word(text, source="text_layer")
    assert merged_words([misread, elsewhere], [own]) == ((elsewhere, own) if wins else (misread, elsewhere))


def test_merging_keeps_everything_textract_read() -> None:
    read = [a_word("A"), a_word("A")]
    assert merged_words(read, []) == tuple(read)
    assert merged_words([], [a_word("B", source="text_layer")])[0].text == "B"


def test_all_pairs_of_many_words_are_compared() -> None:
    read = [
        a_word(str(i), (10.0 * (i % 90), 20.0 * (i // 90), 10.0 * (i % 90) + 8, 20.0 * (i // 90) + 6))
        for i in range(2000)
    ]
    own = [a_word(word.text, word.box, "text_layer") for word in read]
    beside = a_word("beside", (950, 0, 990, 8), "text_layer")
    assert merged_words(read, [*own, beside]) == (*read, beside)


def heap(count: int) -> list[Word]:
    return [a_word(f"heaped{i}", (100 + i / count, 100, 150, 110)) for i in range(count)]


def test_words_over_one_another_are_kept_up_to_a_number() -> None:
    few = heap(MOST_OVER_ONE_ANOTHER)
    assert without_overprint(few) == few
    assert without_overprint(heap(MOST_OVER_ONE_ANOTHER + 1)) == []


def test_only_what_touches_a_heap_is_lost_with_it() -> None:
    beside, over = a_word("beside", (160, 100, 200, 110)), a_word("over", (90, 90, 120, 120))
    assert without_overprint([beside, *heap(100), over]) == [beside]


@pytest.mark.parametrize("box", [(-50, 990, 2000, 1500), (5000, 5000, 6000, 6000)])
def test_boxes_outside_the_page_do_no_harm(box: tuple[float, float, float, float]) -> None:
    words = [a_word("outside", box)] * MOST_OVER_ONE_ANOTHER + [a_word("KITCHEN", (100, 100, 150, 110))]
    assert without_overprint(words) == words
