import pytest

from preview.domain.errors import InvalidPages
from preview.domain.page_ranges import MAX_PAGES_CHARACTERS, format_ranges, parse_pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("all", (1, 2, 3, 4, 5, 6, 7)),
        ("1", (1,)),
        ("1-3,7", (1, 2, 3, 7)),
        ("7,1-3", (1, 2, 3, 7)),
        ("2,2,1-2", (1, 2)),
        ("3-3", (3,)),
        ("007", (7,)),
    ],
)
def test_pages_come_in_order_and_once(text: str, pages: tuple[int, ...]) -> None:
    assert parse_pages(text, 7) == pages


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "1 ", "ALL", "all,1", "1-", "-1", "1--2", "1,,2", ",1", "1,", "3-1", "one", "1.0", "1\n"),
        *("\N{ARABIC-INDIC DIGIT ONE}", "1," * MAX_PAGES_CHARACTERS + "1", "99999"),
    ],
)
def test_what_names_no_pages_is_refused(text: str) -> None:
    with pytest.raises(InvalidPages):
        parse_pages(text, 7)


@pytest.mark.parametrize("text", ["0", "8", "1-8", "0-2", "9999", "0000"])
def test_a_page_that_the_document_lacks_is_refused(text: str) -> None:
    with pytest.raises(InvalidPages) as refused:
        parse_pages(text, 7)
    assert refused.value.details == {"page_count": 7}


@pytest.mark.parametrize("text", ["1", "1-3,7", "2,4,6-7", "1-7"])
def test_pages_are_written_in_the_shortest_way(text: str) -> None:
    assert format_ranges(parse_pages(text, 7)) == text


def test_no_pages_are_an_empty_text() -> None:
    assert format_ranges(()) == ""
