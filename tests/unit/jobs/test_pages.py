"""Which pages are meant, and what is said of how far they have come."""

import pytest

from jobs.domain.errors import InvalidRequest
from jobs.domain.pages import MAX_PAGES_CHARACTERS, PageCounts, format_pages, parse_pages


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("all", (1, 2, 3, 4, 5, 6, 7, 8, 9)),
        ("1", (1,)),
        ("1-3,7", (1, 2, 3, 7)),
        ("7,1-3,2,7-7", (1, 2, 3, 7)),
        ("09", (9,)),
        ("1-9", (1, 2, 3, 4, 5, 6, 7, 8, 9)),
    ],
)
def test_pages_are_named_by_all_or_by_numbers_and_ranges(text: str, pages: tuple[int, ...]) -> None:
    assert parse_pages(text, 9) == pages
    assert parse_pages(format_pages(pages), 9) == pages


def test_all_of_a_picture_is_its_one_page() -> None:
    assert parse_pages("all", 1) == (1,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "ALL",
        "all,1",
        "1,",
        ",1",
        "1-",
        "-1",
        "1--2",
        "1-2-3",
        "1 ,2",
        "1;2",
        "1.5",
        "+1",
        "\u0661",
        "1\n",
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="'all'"):
        parse_pages(text, 9)


@pytest.mark.parametrize(("text", "page"), [("0", 0), ("10", 10), ("8-10", 10), ("0-2", 0), ("1,9999", 9999)])
def test_a_page_that_the_document_lacks_is_refused(text: str, page: int) -> None:
    with pytest.raises(InvalidRequest, match=rf"no page {page}: the document has 9 pages"):
        parse_pages(text, 9)


def test_a_range_does_not_go_backwards() -> None:
    with pytest.raises(InvalidRequest, match="lower number"):
        parse_pages("3-1", 9)


def test_a_text_has_a_length() -> None:
    with pytest.raises(InvalidRequest):
        parse_pages(",".join(["1"] * MAX_PAGES_CHARACTERS), 9)


@pytest.mark.parametrize(
    ("pages", "text"),
    [((1,), "1"), ((1, 2), "1-2"), ((1, 2, 3, 7), "1-3,7"), ((1, 3, 5), "1,3,5"), ((), "")],
)
def test_a_set_of_pages_has_one_text(pages: tuple[int, ...], text: str) -> None:
    assert format_pages(pages) == text


@pytest.mark.parametrize(
    ("counts", "percent", "said"),
    [
        (PageCounts(1), 0, "1 page waits to be previewed."),
        (PageCounts(40), 0, "40 pages wait to be previewed."),
    ],
)
def test_before_any_page_is_begun(counts: PageCounts, percent: int, said: str) -> None:
    assert (counts.percent, counts.waiting, counts.all_ended) == (percent, said, False)


@pytest.mark.parametrize(
    ("counts", "percent", "said"),
    [
        (PageCounts(3), 0, "0 of 3 pages done."),
        (PageCounts(3, 2, 1), 66, "2 of 3 pages done."),
        (PageCounts(1, 1), 100, "1 of 1 page done."),
    ],
)
def test_once_pages_are_begun(counts: PageCounts, percent: int, said: str) -> None:
    assert (counts.percent, counts.summary) == (percent, said)


@pytest.mark.parametrize(
    ("counts", "rooms", "said"),
    [
        (PageCounts(1, 1), 12, "12 rooms found on 1 page."),
        (PageCounts(3, 3), 1, "1 room found on 3 pages."),
        (PageCounts(3, 3, 1), 0, "0 rooms found on 2 of 3 pages; 1 failed."),
    ],
)
def test_once_all_pages_have_ended(counts: PageCounts, rooms: int, said: str) -> None:
    assert counts.found(rooms) == said


def test_a_count_of_no_pages_has_not_ended() -> None:
    assert not PageCounts(0).all_ended
    assert PageCounts(0).percent == 0
